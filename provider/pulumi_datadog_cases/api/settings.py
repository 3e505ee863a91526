"""Where the API is and who calls it: keys, site and base URL, checked before anything is sent."""

import difflib
import hashlib
import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import SplitResult, urlsplit

from pulumi_datadog_cases.api.errors import ConfigurationError

SITES: Mapping[str, str] = {
    "datadoghq.com": "US1",
    "us3.datadoghq.com": "US3",
    "us5.datadoghq.com": "US5",
    "datadoghq.eu": "EU1",
    "uk1.datadoghq.com": "UK1",
    "ap1.datadoghq.com": "AP1",
    "ap2.datadoghq.com": "AP2",
    "ddog-gov.com": "US1-FED",
    "us2.ddog-gov.com": "US2-FED",
}
"""Datadog's sites and what it calls them (documented; `uk1` only in its own client)."""

_DEFAULT_SITE = "datadoghq.com"
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
# A site that Datadog opens after this was written will look like its sisters.
_SISTER = re.compile(r"[a-z]{2}\d\.(datadoghq\.com|datadoghq\.eu|ddog-gov\.com)")
# The longest host name DNS allows would not leave room in a file's name.
_LONGEST_HOST = 100
_API_ROOT = re.compile(r"/api(/v\d+)?$")


@dataclass(frozen=True)
class Settings:
    """One organisation on one site.

    Attributes:
        api_key: the organisation's API key. Never in the repr.
        app_key: an application key of the user or service account to act as. Never in the repr.
        base_url: such as `https://api.datadoghq.eu`; a trailing slash or `/api/v2` is dropped.

    Raises:
        ConfigurationError: a key is empty or holds whitespace, or the URL cannot be right.
    """

    api_key: str = field(repr=False)
    app_key: str = field(repr=False)
    base_url: str

    def __post_init__(self) -> None:
        """Check the keys and bring the URL into its one form."""
        _check_key("API", "apiKey", "DD_API_KEY", self.api_key)
        _check_key("application", "appKey", "DD_APP_KEY", self.app_key)
        object.__setattr__(self, "base_url", normal_url(self.base_url, "the base URL"))

    @classmethod
    def resolve(cls, config: Callable[[str], str | None], environment: Mapping[str, str]) -> Self:
        """Find the settings, in the stack's config first and then in the environment.

        Each key comes from the first place that has it. The place is one decision: a site or
        URL in the config wins over both in the environment, and in either a URL over a site.

        Args:
            config: looks up `datadog:apiKey`, `datadog:appKey`, `datadog:apiUrl` and
                `datadog:site`; None where the stack does not say.
            environment: holds `DD_API_KEY`, `DD_APP_KEY`, `DD_HOST` (a full base URL) and
                `DD_SITE`; an empty variable counts as unset. The default site is
                `datadoghq.com`.

        Raises:
            ConfigurationError: what is missing or wrong, and how to set it.
        """
        return cls(
            api_key=config("datadog:apiKey") or environment.get("DD_API_KEY", ""),
            app_key=config("datadog:appKey") or environment.get("DD_APP_KEY", ""),
            base_url=_resolve_url(config, environment),
        )

    def redact(self, text: str) -> str:
        """The text without the keys, for words that come from outside and may repeat them."""
        return text.replace(self.api_key, "***").replace(self.app_key, "***")

    @property
    def organization_label(self) -> str:
        """A name for this organisation on this site, to keep files on disk apart by.

        It is the API's host and twelve hexadecimal digits, such as
        `api.datadoghq.eu-3b1f0c9a7d52`, fit for a file's name on any system. The digits are of
        a SHA-256 over base URL and API key, as each API key belongs to one organisation; the key
        cannot be found from them. A rotated key makes another label.
        """
        digest = hashlib.sha256(f"{self.base_url}\n{self.api_key}".encode()).hexdigest()
        host = re.sub(r"[^a-z0-9.-]", "-", urlsplit(self.base_url).hostname or "")
        return f"{host[:_LONGEST_HOST]}-{digest[:12]}"

    @property
    def is_loopback(self) -> bool:
        """Whether the API is on this machine, as a sandbox is."""
        return _is_loopback(urlsplit(self.base_url))


def normal_url(url: str, source: str) -> str:
    """A base URL in its one form: no trailing slash, no `/api/v2`.

    Args:
        url: what the user wrote.
        source: where it was written, for the message.

    Raises:
        ConfigurationError: not an http or https URL, or plain http to another machine, which
            would show the keys to everybody on the way.
    """
    example = "https://api.datadoghq.eu"
    if "://" not in url or re.search(r"\s", url) or not url.isprintable():
        raise ConfigurationError(
            f"{source} is {url!r}, which is not a full URL: write it as in {example}"
        )
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
        host.encode("idna")
    except ValueError as problem:
        raise ConfigurationError(f"{source} is {url!r}: {problem}") from None
    if parts.username is not None:
        raise ConfigurationError(f"{source} holds a user name: write it as in {example}")
    if not host or parts.query or parts.fragment:
        raise ConfigurationError(f"{source} is {url!r}: write host and path only, as in {example}")
    if host.removeprefix("app.") in SITES:
        meant = f"https://api.{host.removeprefix('app.')}"
        raise ConfigurationError(f"{source} is {url!r}, Datadog's web pages; did you mean {meant}?")
    if parts.scheme not in {"http", "https"}:
        raise ConfigurationError(f"{source} is {url!r}: only https is spoken, as in {example}")
    if parts.scheme == "http" and not _is_loopback(parts):
        raise ConfigurationError(
            f"{source} is {url!r}: plain http would show the keys on the way; write https "
            "(http is for this machine alone)"
        )
    path = _API_ROOT.sub("", parts.path.rstrip("/")).rstrip("/")
    return f"{parts.scheme}://{parts.netloc.lower()}{path}"


def site_url(site: str, source: str) -> str:
    """The base URL of a site: one of `SITES`, or any other domain with an `api.` host.

    Args:
        site: what the user wrote.
        source: where it was written, for the message.

    Raises:
        ConfigurationError: it cannot be a site; says what was probably meant.
    """
    domain = site.lower()
    if domain in SITES or _SISTER.fullmatch(domain):
        return f"https://api.{domain}"
    example = f"write a domain such as {_DEFAULT_SITE} or datadoghq.eu"
    meant = _meant_site(domain)
    if meant is not None:
        raise ConfigurationError(
            f"{source} is {site!r}, which is no Datadog site; did you mean {meant}? "
            f"(A URL of your own goes into datadog:apiUrl or DD_HOST.)"
        )
    if not _DOMAIN.fullmatch(domain):
        raise ConfigurationError(
            f"{source} is {site!r}, which is not a domain: {example}, "
            "and put a URL into datadog:apiUrl or DD_HOST"
        )
    return f"https://api.{domain}"


def _resolve_url(config: Callable[[str], str | None], environment: Mapping[str, str]) -> str:
    url, site = config("datadog:apiUrl"), config("datadog:site")
    if url is not None:
        return normal_url(url, "datadog:apiUrl")
    if site is not None:
        return site_url(site, "datadog:site")
    if url := environment.get("DD_HOST"):
        return normal_url(url, "DD_HOST")
    return site_url(environment.get("DD_SITE") or _DEFAULT_SITE, "DD_SITE")


def _meant_site(domain: str) -> str | None:
    """The site that something which is none was probably meant to be."""
    host = re.split(r"[/:?#]", domain.strip().removeprefix("https://").removeprefix("http://"))[0]
    for site in sorted(SITES, key=len, reverse=True):
        # The site in a URL or among blanks, or a host on it: the API's, the web pages'.
        if host == site or host.endswith(f".{site}"):
            return site
    for site, name in SITES.items():
        if host in {name.lower(), name.lower().removesuffix("1")}:
            return site
    if host.startswith(("api.", "app.")) and _DOMAIN.fullmatch(host[4:]):
        return host[4:]
    return next(iter(difflib.get_close_matches(host, SITES, n=1, cutoff=0.8)), None)


def _is_loopback(url: SplitResult) -> bool:
    try:
        return ipaddress.ip_address(url.hostname or "").is_loopback
    except ValueError:
        return url.hostname == "localhost"


def _check_key(name: str, config_key: str, variable: str, key: str) -> None:
    """Refuse a key that cannot be one, without ever showing it."""
    how = f"`pulumi config set --secret datadog:{config_key} …` or the variable {variable}"
    if not key:
        raise ConfigurationError(f"the {name} key is missing: set it with {how}")
    if re.search(r"\s", key):
        raise ConfigurationError(
            f"the {name} key has a blank or a line break in or around it: set it again with {how}"
        )
    if not (key.isascii() and key.isprintable()):
        raise ConfigurationError(
            f"the {name} key holds a character that no key has: set it again with {how}"
        )
