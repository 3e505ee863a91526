"""`Settings`: credentials, base URL and time limits, validated before anything is sent."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self
from urllib.parse import urlsplit

from pulumi_datadog_cases.api.config.credentials import (
    API_KEY,
    APP_KEY,
    BEARER_TOKEN,
    CLOUD_PROVIDER_TYPE,
    AwsIdentity,
    BearerToken,
    Credentials,
    Keys,
    method_setting,
    resolve_aws_identity,
)
from pulumi_datadog_cases.api.config.sites import (
    ALLOW_PLAIN_HTTP,
    DEFAULT_SITE,
    is_loopback,
    normal_url,
    site_url,
    web_url,
)
from pulumi_datadog_cases.api.config.sources import Lookup, Setting, Sources, is_duration
from pulumi_datadog_cases.api.errors import ConfigurationError

API_URL = Setting("datadog:apiUrl", "DD_HOST", "DATADOG_HOST")
SITE = Setting("datadog:site", "DD_SITE", "DATADOG_SITE")
RETRY_ENABLED = Setting("datadog:httpClientRetryEnabled", "DD_HTTP_CLIENT_RETRY_ENABLED")
RETRY_TIMEOUT = Setting("datadog:httpClientRetryTimeout", "DD_HTTP_CLIENT_RETRY_TIMEOUT")
MAX_RETRIES = Setting("datadog:httpClientRetryMaxRetries", "DD_HTTP_CLIENT_RETRY_MAX_RETRIES")
BACKOFF_BASE = Setting("datadog:httpClientRetryBackoffBase", "DD_HTTP_CLIENT_RETRY_BACKOFF_BASE")
BACKOFF_MULTIPLIER = Setting(
    "datadog:httpClientRetryBackoffMultiplier", "DD_HTTP_CLIENT_RETRY_BACKOFF_MULTIPLIER"
)
# The config keys above are also those of the provider `pulumi-datadog`. That provider rejects other
# keys in its namespace `datadog`, so the key below has another namespace.
RATE_LIMIT_TIMEOUT = Setting(
    "datadog-cases:rateLimitTimeout", "PULUMI_DATADOG_CASES_RATE_LIMIT_TIMEOUT"
)

#: The settings whose keys begin with `datadog-cases:`. The keys of others begin with `datadog:`.
_OWN_KEYS = {ALLOW_PLAIN_HTTP.key, RATE_LIMIT_TIMEOUT.key}


def config_key(name: str) -> str:
    """Return the config key of a setting of the native plugin: `datadog:site` for `site`.

    Pulumi passes a native plugin only the config keys that begin with its own name, here
    `datadog-cases:` (documented). So the plugin has settings such as `datadog-cases:site`.
    """
    own = f"datadog-cases:{name}"
    return own if own in _OWN_KEYS else f"datadog:{name}"


def is_setting(name: str) -> bool:
    """Whether an input of a provider of the native plugin is a setting.

    SDKs also pass their version and a download address, and Pulumi adds inputs of its own.
    """
    return name not in {"version", "pluginDownloadURL"} and not name.startswith("__")


def native_config(settings: Mapping[str, object]) -> dict[str, str]:
    """Return the config for the inputs of a provider of the native plugin.

    Args:
        settings: the inputs by name, such as `site`. They may be booleans and numbers. Inputs that
            are no settings are left out.
    """
    return {
        config_key(name): value if isinstance(value, str) else json.dumps(value)
        for name, value in settings.items()
        if is_setting(name)
    }


# The maximum number of characters of the host in `organization_label`. Longer hosts are cut,
# because the label must be a valid file name.
_MAX_HOST = 100


@dataclass(frozen=True)
class Settings:
    """The settings of a client for one organisation on one site.

    A client signs in with one of these: the two keys, a bearer token, or an AWS identity.

    Attributes:
        api_key: the organisation's API key. The repr does not contain it.
        app_key: an application key of the user or service account. The repr does not contain it.
        base_url: the URL of the API, such as `https://api.datadoghq.eu`. A trailing slash or
            `/api/v2` is removed.
        retry_timeout: how many seconds after the first attempt a request may still be retried. 0
            disables retries. The default of 300 seconds is long enough for several periods of a
            rate limit whose period is one minute.
        rate_limit_timeout: seconds that a process may wait for rate limits in total. If several
            requests wait at the same time, this time is counted only once.
        allow_plain_http: whether the base URL may be plain http to another machine. **Warning:**
            others on the network can then read the keys and change requests.
        bearer_token: an access token of the user or service account, used instead of the keys. The
            repr does not contain it.
        aws: an AWS identity, used instead of the keys and the bearer token.
        max_retries: how often a failed request may be retried. Retries after a 429 do not count.
        backoff_base: seconds until the first retry.
        backoff_multiplier: each further wait for a retry is the previous wait times this number.

    Raises:
        ConfigurationError: a key or token is empty or contains invalid characters such as
            whitespace, the URL is invalid, or a number is negative or not finite.
    """

    api_key: str = field(default="", repr=False)
    app_key: str = field(default="", repr=False)
    base_url: str = f"https://api.{DEFAULT_SITE}"
    retry_timeout: float = 300.0
    rate_limit_timeout: float = 3600.0
    allow_plain_http: bool = False
    bearer_token: str = field(default="", repr=False)
    aws: AwsIdentity | None = None
    max_retries: int = 3
    backoff_base: float = 0.5
    backoff_multiplier: float = 2.0

    def __post_init__(self) -> None:
        """Validate the values and normalize the URL."""
        _ = self.credentials
        url = normal_url(self.base_url, "the base URL", allow_plain_http=self.allow_plain_http)
        object.__setattr__(self, "base_url", url)
        for name in ("retry_timeout", "rate_limit_timeout"):
            if not is_duration(seconds := getattr(self, name)):
                raise ConfigurationError(f"{name} is {seconds!r}, not a number of seconds")
        for name in ("max_retries", "backoff_base", "backoff_multiplier"):
            if not is_duration(number := getattr(self, name)):
                raise ConfigurationError(f"{name} is {number!r}, not a number of at least 0")

    @cached_property
    def credentials(self) -> Credentials:
        """The credentials with which the client signs in."""
        if self.aws is not None:
            return self.aws
        if self.bearer_token:
            return BearerToken(self.bearer_token)
        return Keys(self.api_key, self.app_key)

    @classmethod
    def resolve(cls, config: Lookup, environment: Mapping[str, str]) -> Self:
        """Read the settings from the stack's config and the environment.

        The config takes precedence over the environment. An empty site or URL in the config is an
        error. All other empty values count as unset.

        Users can set the base URL or a site. If the config has a URL or a site, the URL and the
        site in the environment are ignored. If both are set in the config, or both in the
        environment, the URL takes precedence. The default site is `datadoghq.com`.

        If credentials of several kinds are set, the documentation on authentication says which are
        used.

        Args:
            config: looks up a key of the config, such as `datadog:apiKey`.
            environment: the environment variables, such as `DD_API_KEY`.

        Raises:
            ConfigurationError: a setting is missing or invalid; the message says how to set it.
        """
        sources = Sources(config, environment)
        method = method_setting(sources)
        retry_timeout = sources.seconds(RETRY_TIMEOUT, cls.retry_timeout)
        allow_plain_http = sources.flag(ALLOW_PLAIN_HTTP, default=cls.allow_plain_http)
        return cls(
            api_key=(method is API_KEY and sources.text(API_KEY)) or "",
            app_key=(method is API_KEY and sources.text(APP_KEY)) or "",
            bearer_token=(method is BEARER_TOKEN and sources.text(BEARER_TOKEN)) or "",
            aws=resolve_aws_identity(sources) if method is CLOUD_PROVIDER_TYPE else None,
            base_url=_resolve_url(sources, allow_plain_http=allow_plain_http),
            retry_timeout=retry_timeout if sources.flag(RETRY_ENABLED, default=True) else 0.0,
            rate_limit_timeout=sources.seconds(RATE_LIMIT_TIMEOUT, cls.rate_limit_timeout),
            allow_plain_http=allow_plain_http,
            max_retries=sources.integer(MAX_RETRIES, cls.max_retries),
            backoff_base=sources.seconds(BACKOFF_BASE, cls.backoff_base),
            backoff_multiplier=sources.seconds(BACKOFF_MULTIPLIER, cls.backoff_multiplier),
        )

    def redact(self, text: str) -> str:
        """Replace the credentials in a text by `***`."""
        # Replace longer secrets first, because a secret may contain a shorter secret.
        for secret in sorted(filter(None, self.credentials.secrets), key=len, reverse=True):
            text = text.replace(secret, "***")
        return text

    @property
    def organization_label(self) -> str:
        """A file name that differs between organisations and between sites.

        The name consists of the API's host and twelve hexadecimal digits, such as
        `api.datadoghq.eu-3b1f0c9a7d52`. The name is valid on any file system. The digits are from a
        SHA-256 of the base URL and `credentials.organization`. The digits do not reveal these
        values. `credentials.organization` may be an API key or a bearer token. One organisation
        therefore has several names if it is used with several API keys or bearer tokens.
        """
        text = f"{self.base_url}\n{self.credentials.organization}"
        digest = hashlib.sha256(text.encode()).hexdigest()
        host = re.sub(r"[^a-z0-9.-]", "-", urlsplit(self.base_url).hostname or "")
        return f"{host[:_MAX_HOST]}-{digest[:12]}"

    @property
    def web_url(self) -> str:
        """The URL of the site's web pages, such as `https://app.datadoghq.eu`."""
        return web_url(self.base_url)

    @property
    def is_loopback(self) -> bool:
        """Whether the API is on this machine, as the local sandbox is."""
        return is_loopback(urlsplit(self.base_url))


def _resolve_url(sources: Sources, *, allow_plain_http: bool) -> str:
    """Return the validated base URL, from the setting of the URL or of the site."""
    found = sources.lookup_all(API_URL, SITE)
    place, value = found[0] if found else (SITE.variable, DEFAULT_SITE)
    if place in {API_URL.key, *API_URL.variables}:
        return normal_url(value, place, allow_plain_http=allow_plain_http)
    return site_url(value, place)
