"""Datadog's sites, and validation of sites and base URLs."""

import difflib
import ipaddress
import re
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from pulumi_datadog_cases.api.config.sources import Setting
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
"""The domains of Datadog's sites and the sites' names.

Datadog's documentation lists all of them except `uk1`, which is known from Datadog's official
client.
"""

ALLOW_PLAIN_HTTP = Setting("datadog-cases:allowPlainHttp", "PULUMI_DATADOG_CASES_ALLOW_PLAIN_HTTP")

DEFAULT_SITE = "datadoghq.com"
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
# Any domain of this form is accepted, because Datadog may add a site.
_LIKELY_SITE = re.compile(r"[a-z]{2}\d\.(datadoghq\.com|datadoghq\.eu|ddog-gov\.com)")
_API_ROOT = re.compile(r"/api(/v\d+)?$")


def normal_url(url: str, source: str, *, allow_plain_http: bool) -> str:
    """Validate a base URL, and remove a trailing slash and `/api/v2`.

    Args:
        url: the URL as the user wrote it.
        source: the name of the setting, for the error message.
        allow_plain_http: whether the URL may be plain http to another machine.

    Raises:
        ConfigurationError: the URL is invalid, or is plain http to another machine without
            `allow_plain_http`. Plain http would expose the keys.
    """
    example = "https://api.datadoghq.eu"
    if "://" not in url or re.search(r"\s", url) or not url.isprintable():
        raise ConfigurationError(
            f"{source} is {url!r}, which is not a full URL: write it like {example}"
        )
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
        host.encode("idna")
    except ValueError as problem:
        raise ConfigurationError(f"{source} is {url!r}: {problem}") from None
    if parts.username is not None:
        raise ConfigurationError(f"{source} contains a user name: write it like {example}")
    if not host or parts.query or parts.fragment:
        raise ConfigurationError(f"{source} is {url!r}: write only host and path, like {example}")
    if host.removeprefix("app.") in SITES:
        meant = f"https://api.{host.removeprefix('app.')}"
        raise ConfigurationError(
            f"{source} is {url!r}, the address of Datadog's web pages; did you mean {meant}?"
        )
    if parts.scheme not in {"http", "https"}:
        raise ConfigurationError(f"{source} is {url!r}: use https, like {example}")
    if parts.scheme == "http" and not (allow_plain_http or is_loopback(parts)):
        raise ConfigurationError(
            f"{source} is {url!r}: plain http would expose the keys; use https "
            f"(or, if you trust the network, set {ALLOW_PLAIN_HTTP} to true)"
        )
    path = _API_ROOT.sub("", parts.path.rstrip("/")).rstrip("/")
    return f"{parts.scheme}://{parts.netloc.lower()}{path}"


def site_url(site: str, source: str) -> str:
    """Validate a site, and return its base URL: `https://api.` and the domain of the site.

    The site can be one of `SITES` or another domain that does not look like a misspelled site.

    Args:
        site: the site as the user wrote it.
        source: the name of the setting, for the error message.

    Raises:
        ConfigurationError: the site is not valid. The message suggests what to write.
    """
    domain = site.lower()
    if domain in SITES or _LIKELY_SITE.fullmatch(domain):
        return f"https://api.{domain}"
    example = f"write a domain such as {DEFAULT_SITE} or datadoghq.eu"
    meant = _did_you_mean(domain)
    if meant is not None:
        raise ConfigurationError(
            f"{source} is {site!r}, which is not a Datadog site; did you mean {meant}? "
            f"(To use another URL, set datadog:apiUrl or DD_HOST.)"
        )
    if not _DOMAIN.fullmatch(domain):
        raise ConfigurationError(
            f"{source} is {site!r}, which is not a domain: {example}, "
            "or set a URL with datadog:apiUrl or DD_HOST"
        )
    return f"https://api.{domain}"


def web_url(base_url: str) -> str:
    """Return the URL of Datadog's web pages for a base URL of the API.

    The host is the site's domain, such as `us5.datadoghq.com`. If the domain has no subdomain, the
    host begins with `app.`, as in `app.datadoghq.com` (documented). A base URL that is not that of
    a site is returned unchanged, because the sandbox serves pages and the API under one URL.
    """
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    if not host.startswith("api.") or parts.port or parts.path:
        return base_url
    site = host.removeprefix("api.")
    return f"https://{site}" if site.count(".") > 1 else f"https://app.{site}"


def _did_you_mean(domain: str) -> str | None:
    """Return the site that the user probably meant, or None."""
    host = re.split(r"[/:?#]", domain.strip().removeprefix("https://").removeprefix("http://"))[0]
    for site in sorted(SITES, key=len, reverse=True):
        # The user wrote a URL or a host name of the site, such as the host name of the web app.
        if host == site or host.endswith(f".{site}"):
            return site
    for site, name in SITES.items():
        if host in {name.lower(), name.lower().removesuffix("1")}:
            return site
    if host.startswith(("api.", "app.")) and _DOMAIN.fullmatch(host[4:]):
        return host[4:]
    return next(iter(difflib.get_close_matches(host, SITES, n=1, cutoff=0.8)), None)


def is_loopback(url: SplitResult) -> bool:
    """Whether a URL refers to this machine."""
    try:
        return ipaddress.ip_address(url.hostname or "").is_loopback
    except ValueError:
        return url.hostname == "localhost"
