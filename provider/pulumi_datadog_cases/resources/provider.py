"""`Provider`: credentials and site of an organisation other than the one in the stack's config."""

import json
from collections.abc import Mapping
from typing import Literal

import pulumi

from pulumi_datadog_cases.api.config.credentials import SECRETS

_SECRET_KEYS = {setting.key for setting in SECRETS}


class Provider(pulumi.ProviderResource):
    """Credentials and site of one Datadog organisation.

    Pass a provider to resources as `opts=ResourceOptions(provider=...)`. Resources without a
    provider use the stack's config (`datadog:apiKey` and so on) or the environment. Each provider
    runs in its own process. If you change a key of a provider, its resources are not updated or
    replaced.

    Omitted settings come from the environment.
    """

    def __init__(  # noqa: PLR0913 - one parameter for each setting
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        site: pulumi.Input[str] | None = None,
        api_key: pulumi.Input[str] | None = None,
        app_key: pulumi.Input[str] | None = None,
        bearer_token: pulumi.Input[str] | None = None,
        cloud_provider_type: pulumi.Input[Literal["aws"]] | None = None,
        cloud_provider_region: pulumi.Input[str] | None = None,
        org_uuid: pulumi.Input[str] | None = None,
        aws_access_key_id: pulumi.Input[str] | None = None,
        aws_secret_access_key: pulumi.Input[str] | None = None,
        aws_session_token: pulumi.Input[str] | None = None,
        api_url: pulumi.Input[str] | None = None,
        http_client_retry_enabled: pulumi.Input[bool] | None = None,
        http_client_retry_timeout: pulumi.Input[float] | None = None,
        http_client_retry_max_retries: pulumi.Input[int] | None = None,
        http_client_retry_backoff_base: pulumi.Input[float] | None = None,
        http_client_retry_backoff_multiplier: pulumi.Input[float] | None = None,
        rate_limit_timeout: pulumi.Input[float] | None = None,
        allow_plain_http: pulumi.Input[bool] | None = None,
    ) -> None:
        """Declare the provider of an organisation.

        Args:
            resource_name: the provider's name in the program.
            opts: Pulumi's resource options.
            site: the Datadog site, such as `datadoghq.eu`.
            api_key: an API key; kept as a secret.
            app_key: an application key; `datadog-cases doctor` checks its scopes. It is kept as
                a secret.
            bearer_token: an access token of a user or service account, used instead of the keys;
                kept as a secret.
            cloud_provider_type: `aws` to sign in with an AWS identity, without keys and tokens.
            cloud_provider_region: the AWS region whose STS endpoint confirms the AWS identity, such
                as `eu-west-1`; by default the global endpoint.
            org_uuid: the UUID of the Datadog organisation to which the AWS identity signs in.
            aws_access_key_id: an AWS access key; by default botocore finds the AWS credentials, for
                example in a profile. Kept as a secret.
            aws_secret_access_key: the secret of the AWS access key; kept as a secret.
            aws_session_token: the session token of temporary AWS credentials; kept as a secret.
            api_url: a base URL instead of a site, for a sandbox or a reverse proxy.
            http_client_retry_enabled: whether the provider retries failed requests; True by
                default. A request is retried only if the retry is safe.
            http_client_retry_timeout: how many seconds after the first attempt a request may still
                be retried; 300 by default.
            http_client_retry_max_retries: the maximum number of retries of a failed request; 3 by
                default. Retries after a 429 do not count.
            http_client_retry_backoff_base: seconds until the first retry; 0.5 by default.
            http_client_retry_backoff_multiplier: each further wait for a retry is the previous wait
                times this number; 2 by default. The maximum wait is 8 seconds, or
                `http_client_retry_backoff_base` if that is longer.
            rate_limit_timeout: seconds that the requests of a run may wait for rate limits in
                total; 3600 by default.
            allow_plain_http: whether `api_url` may be plain http to another machine. **Warning:**
                anyone on the network path can then read the keys and change the requests.
        """
        settings = {
            "datadog:site": site,
            "datadog:apiKey": api_key,
            "datadog:appKey": app_key,
            "datadog:bearerToken": bearer_token,
            "datadog:cloudProviderType": cloud_provider_type,
            "datadog:cloudProviderRegion": cloud_provider_region,
            "datadog:orgUuid": org_uuid,
            "datadog:awsAccessKeyId": aws_access_key_id,
            "datadog:awsSecretAccessKey": aws_secret_access_key,
            "datadog:awsSessionToken": aws_session_token,
            "datadog:apiUrl": api_url,
            "datadog:httpClientRetryEnabled": _text(http_client_retry_enabled),
            "datadog:httpClientRetryTimeout": _text(http_client_retry_timeout),
            "datadog:httpClientRetryMaxRetries": _text(http_client_retry_max_retries),
            "datadog:httpClientRetryBackoffBase": _text(http_client_retry_backoff_base),
            "datadog:httpClientRetryBackoffMultiplier": _text(http_client_retry_backoff_multiplier),
            "datadog-cases:rateLimitTimeout": _text(rate_limit_timeout),
            "datadog-cases:allowPlainHttp": _text(allow_plain_http),
        }
        #: The settings that were passed, by config key. Lookups with this provider read them.
        self.config: Mapping[str, pulumi.Input[str]] = {
            key: value for key, value in settings.items() if value is not None
        }
        # In Pulumi, all dynamic resources of Python belong to the package `pulumi-python`.
        super().__init__("pulumi-python", resource_name, {**self.config, **self._secrets()}, opts)

    def _secrets(self) -> Mapping[str, pulumi.Output[str]]:
        config = self.config.items()
        return {key: pulumi.Output.secret(value) for key, value in config if key in _SECRET_KEYS}


def _text(
    value: pulumi.Input[bool] | pulumi.Input[float] | pulumi.Input[int] | None,
) -> pulumi.Input[str] | None:
    """Convert a value to a string, because a provider's config accepts only strings."""
    if value is None or isinstance(value, bool | float | int):
        return None if value is None else json.dumps(value)
    return pulumi.Output.json_dumps(value)
