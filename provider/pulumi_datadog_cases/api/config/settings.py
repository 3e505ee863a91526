"""`Settings`: keys, base URL and time limits, validated before anything is sent."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from pulumi_datadog_cases.api.config.sites import (
    ALLOW_PLAIN_HTTP,
    DEFAULT_SITE,
    is_loopback,
    normal_url,
    site_url,
)
from pulumi_datadog_cases.api.config.sources import Lookup, Setting, Sources, is_duration
from pulumi_datadog_cases.api.errors import ConfigurationError

API_KEY = Setting("datadog:apiKey", "DD_API_KEY")
APP_KEY = Setting("datadog:appKey", "DD_APP_KEY")
API_URL = Setting("datadog:apiUrl", "DD_HOST")
SITE = Setting("datadog:site", "DD_SITE")
RETRY_ENABLED = Setting("datadog:httpClientRetryEnabled", "DD_HTTP_CLIENT_RETRY_ENABLED")
RETRY_TIMEOUT = Setting("datadog:httpClientRetryTimeout", "DD_HTTP_CLIENT_RETRY_TIMEOUT")
# The config keys above are also those of the provider pulumi-datadog. That provider rejects other
# keys in its namespace `datadog`, so the key below has another namespace.
RATE_LIMIT_TIMEOUT = Setting(
    "datadog-cases:rateLimitTimeout", "PULUMI_DATADOG_CASES_RATE_LIMIT_TIMEOUT"
)

# The maximum number of characters of the host in `organization_label`. Longer hosts are cut,
# because the label must be a valid file name.
_MAX_HOST = 100


@dataclass(frozen=True)
class Settings:
    """The settings of a client for one organisation on one site.

    Attributes:
        api_key: the organisation's API key. The repr does not contain it.
        app_key: an application key of the user or service account. The repr does not contain it.
        base_url: the URL of the API, such as `https://api.datadoghq.eu`. A trailing slash or
            `/api/v2` is removed.
        retry_timeout: seconds after the first attempt during which a request may be retried. 0
            disables retries. The default is long enough for several rate limit periods of a minute.
        rate_limit_timeout: seconds that a process may wait for rate limits in total. Waits of
            several requests at the same time count once.
        allow_plain_http: whether the base URL may be plain http to another machine. **Warning:**
            others on the network can then read the keys and change requests.

    Raises:
        ConfigurationError: a key is empty, a key contains invalid characters such as whitespace,
            the URL is invalid, or a time is not a finite number of at least 0.
    """

    api_key: str = field(repr=False)
    app_key: str = field(repr=False)
    base_url: str
    retry_timeout: float = 300.0
    rate_limit_timeout: float = 3600.0
    allow_plain_http: bool = False

    def __post_init__(self) -> None:
        """Validate the values and normalize the URL."""
        _check_key("API", API_KEY, self.api_key)
        _check_key("application", APP_KEY, self.app_key)
        url = normal_url(self.base_url, "the base URL", allow_plain_http=self.allow_plain_http)
        object.__setattr__(self, "base_url", url)
        for name in ("retry_timeout", "rate_limit_timeout"):
            if not is_duration(seconds := getattr(self, name)):
                raise ConfigurationError(f"{name} is {seconds!r}, not a number of seconds")

    @classmethod
    def resolve(cls, config: Lookup, environment: Mapping[str, str]) -> Self:
        """Read the settings from the stack's config and the environment.

        The config takes precedence over the environment. An empty site or URL in the config is an
        error. All other empty values count as unset.

        Users can set the base URL or a site. If the config has a URL or a site, the URL and the
        site in the environment are ignored. If both come from the same place, the URL takes
        precedence. The default site is `datadoghq.com`.

        Args:
            config: looks up `datadog:apiKey`, `datadog:appKey`, `datadog:apiUrl`,
                `datadog:site`, `datadog:httpClientRetryTimeout` (seconds),
                `datadog:httpClientRetryEnabled` (`true` or `false`; false sets the timeout to 0),
                `datadog-cases:rateLimitTimeout` (seconds) and `datadog-cases:allowPlainHttp`
                (`true` or `false`).
            environment: the environment variables, such as `DD_API_KEY`, `DD_APP_KEY`, `DD_HOST`
                (a full base URL), `DD_SITE`, `DD_HTTP_CLIENT_RETRY_TIMEOUT`,
                `DD_HTTP_CLIENT_RETRY_ENABLED`, `PULUMI_DATADOG_CASES_RATE_LIMIT_TIMEOUT` and
                `PULUMI_DATADOG_CASES_ALLOW_PLAIN_HTTP`.

        Raises:
            ConfigurationError: a setting is missing or invalid; the message says how to set it.
        """
        sources = Sources(config, environment)
        retry_timeout = sources.seconds(RETRY_TIMEOUT, cls.retry_timeout)
        allow_plain_http = sources.flag(ALLOW_PLAIN_HTTP, default=cls.allow_plain_http)
        return cls(
            api_key=sources.text(API_KEY) or "",
            app_key=sources.text(APP_KEY) or "",
            base_url=_resolve_url(sources, allow_plain_http=allow_plain_http),
            retry_timeout=retry_timeout if sources.flag(RETRY_ENABLED, default=True) else 0.0,
            rate_limit_timeout=sources.seconds(RATE_LIMIT_TIMEOUT, cls.rate_limit_timeout),
            allow_plain_http=allow_plain_http,
        )

    def redact(self, text: str) -> str:
        """Replace the keys in a text by `***`."""
        return text.replace(self.api_key, "***").replace(self.app_key, "***")

    @property
    def organization_label(self) -> str:
        """A file name for this organisation on this site.

        The name consists of the API's host and twelve hexadecimal digits, such as
        `api.datadoghq.eu-3b1f0c9a7d52`. It is valid on any file system. The digits are from a
        SHA-256 of the base URL and the API key, because each API key belongs to one organisation.
        The digits do not reveal the key. Another API key gives another name.
        """
        digest = hashlib.sha256(f"{self.base_url}\n{self.api_key}".encode()).hexdigest()
        host = re.sub(r"[^a-z0-9.-]", "-", urlsplit(self.base_url).hostname or "")
        return f"{host[:_MAX_HOST]}-{digest[:12]}"

    @property
    def is_loopback(self) -> bool:
        """Whether the API is on this machine, as the local sandbox is."""
        return is_loopback(urlsplit(self.base_url))


def _resolve_url(sources: Sources, *, allow_plain_http: bool) -> str:
    """Read the URL or the site. `normal_url` and `site_url` validate them."""
    found = sources.lookup_all(API_URL, SITE)
    place, value = found[0] if found else (SITE.variable, DEFAULT_SITE)
    if place in {API_URL.key, API_URL.variable}:
        return normal_url(value, place, allow_plain_http=allow_plain_http)
    return site_url(value, place)


def _check_key(name: str, setting: Setting, key: str) -> None:
    """Raise ConfigurationError if a key is missing or malformed, without showing the key."""
    how = f"`pulumi config set --secret {setting.key} …` or the variable {setting.variable}"
    if not key:
        raise ConfigurationError(f"the {name} key is missing: set it with {how}")
    if re.search(r"\s", key):
        raise ConfigurationError(f"the {name} key contains whitespace: set it again with {how}")
    if not (key.isascii() and key.isprintable()):
        raise ConfigurationError(
            f"the {name} key contains an invalid character: set it again with {how}"
        )
