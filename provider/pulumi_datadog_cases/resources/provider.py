"""`Provider`: an organisation other than the one the stack's config speaks of."""

import pulumi


class Provider(pulumi.ProviderResource):
    """Keys and site of one Datadog organisation.

    Give it to resources as `opts=ResourceOptions(provider=...)`; those without one use the
    stack's config (`datadog:apiKey` and so on) or the environment. Each provider runs in a
    process of its own. Changing a key changes no resource.

    What is left out comes from the environment.
    """

    def __init__(  # noqa: PLR0913 - the whole of an organisation's config
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        site: pulumi.Input[str] | None = None,
        api_key: pulumi.Input[str] | None = None,
        app_key: pulumi.Input[str] | None = None,
        api_url: pulumi.Input[str] | None = None,
        http_client_retry_enabled: pulumi.Input[bool] | None = None,
        http_client_retry_timeout: pulumi.Input[float] | None = None,
        rate_limit_timeout: pulumi.Input[float] | None = None,
        allow_plain_http: pulumi.Input[bool] | None = None,
    ) -> None:
        """Declare the organisation.

        Args:
            resource_name: its name in this program.
            opts: Pulumi's options.
            site: such as `datadoghq.eu`.
            api_key: an API key; kept as a secret.
            app_key: an application key with the scopes `cases_read` and `cases_write`; kept as
                a secret.
            api_url: a whole base URL instead of a site, of a sandbox or a proxy.
            http_client_retry_enabled: whether a request that failed is tried again where that is
                safe; by default it is.
            http_client_retry_timeout: seconds after its first try within which a request may be
                tried again; 300 by default.
            rate_limit_timeout: seconds for which rate limits may hold up requests in all, in one
                run; 3600 by default.
            allow_plain_http: whether `api_url` may be plain http to another machine. **Warning:**
                everybody on the way can then read the keys and change what is sent.
        """
        config = {
            "datadog:site": site,
            "datadog:apiKey": _secret(api_key),
            "datadog:appKey": _secret(app_key),
            "datadog:apiUrl": api_url,
            "datadog:httpClientRetryEnabled": _text(http_client_retry_enabled),
            "datadog:httpClientRetryTimeout": _text(http_client_retry_timeout),
            "datadog-cases:rateLimitTimeout": _text(rate_limit_timeout),
            "datadog-cases:allowPlainHttp": _text(allow_plain_http),
        }
        # Dynamic resources belong to this package, whichever module defines them.
        super().__init__("pulumi-python", resource_name, config, opts)


def _secret(key: pulumi.Input[str] | None) -> pulumi.Input[str] | None:
    return None if key is None else pulumi.Output.secret(key)


def _text(value: pulumi.Input[bool] | pulumi.Input[float] | None) -> pulumi.Input[str] | None:
    """A value as a stack's config holds it, which is text: a provider gets nothing else."""
    return None if value is None else pulumi.Output.json_dumps(value)
