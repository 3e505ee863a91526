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
        """
        config = {
            "datadog:site": site,
            "datadog:apiKey": _secret(api_key),
            "datadog:appKey": _secret(app_key),
            "datadog:apiUrl": api_url,
        }
        # Dynamic resources belong to this package, whichever module defines them.
        super().__init__("pulumi-python", resource_name, config, opts)


def _secret(key: pulumi.Input[str] | None) -> pulumi.Input[str] | None:
    return None if key is None else pulumi.Output.secret(key)
