"""Checks the organisation: connection, credentials, scopes, clock and rate limits."""

import math
import socket
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from requests.utils import get_environ_proxies, select_proxy

from pulumi_datadog_cases._text import printable
from pulumi_datadog_cases.api import ApiError, ConfigurationError, Settings, Unauthorized
from pulumi_datadog_cases.api.config.credentials import BearerToken, Keys
from pulumi_datadog_cases.api.endpoints.users import organization_of
from pulumi_datadog_cases.api.http.json_api import Malformed
from pulumi_datadog_cases.api.scopes import USERS_READ
from pulumi_datadog_cases.cli.doctor.check_result import CheckResult, error, ok, skipped, warning
from pulumi_datadog_cases.cli.doctor.requests import RequestSender, Result
from pulumi_datadog_cases.cli.doctor.scopes import REQUESTS, evaluate

# The acceptable clock difference in seconds. A small difference is normal, because the date in a
# response has whole seconds, and is a little old when the response arrives.
_CLOCK_TOLERANCE: Final = 30.0
# If less than this fraction of a rate limit remains, the check gives a warning.
_MIN_REMAINING: Final = 0.1


def validate(settings: Settings) -> Iterator[CheckResult]:
    """Check connection, credentials, scopes, clock and rate limits, without changing anything."""
    if not (yield from _host_is_found(settings)):
        return
    with closing(RequestSender(settings)) as sender:
        first, *others = REQUESTS.values()
        results = [sender.send(*first)]
        name = settings.credentials.name
        if isinstance(results[0].problem, ConfigurationError):
            yield error(name, str(results[0].problem))
            yield skipped("connection, scopes, clock, rate limit", "not checked: nothing was sent")
            return
        if not isinstance(results[0].problem, ApiError | None):
            yield error("connection", str(results[0].problem))
            yield skipped(
                "credentials, scopes, clock, rate limit",
                "not checked, because the API did not respond",
            )
            return
        results += [sender.send(*request) for request in others]
        times = sorted(result.seconds for result in results[1:])
        yield ok(
            "connection",
            f"{results[0].seconds:.2f} s to connect and get a response, then "
            f"{times[len(times) // 2]:.2f} s per request",
        )
        if (yield from _credentials_are_accepted(settings, sender, results)):
            for scope, result in zip(REQUESTS, results, strict=True):
                yield evaluate(scope, result)
        else:
            yield skipped("scopes", "not checked, because the credentials are not accepted")
        yield _clock(results)
        yield from _rate_limits(results)


def _host_is_found(settings: Settings) -> Generator[CheckResult, None, bool]:
    """Check that the host name of the API, or of the proxy if one is used, can be resolved."""
    url, through = settings.base_url, ""
    # Like `Session`, use no proxy for an API on this machine. A proxy on another machine could not
    # reach the API.
    proxy = None if settings.is_loopback else select_proxy(url, get_environ_proxies(url))
    if proxy:
        url = proxy if "://" in proxy else f"http://{proxy}"
        # The part before the @ may contain a password.
        where = url.partition("://")[2].rpartition("@")[2]
        through = f"through the proxy {where}: "
    started = time.monotonic()
    try:
        parts = urlsplit(url)
        socket.getaddrinfo(parts.hostname, parts.port or 443)
    except (OSError, ValueError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else problem
        yield error(
            "network",
            f"{through}the host name was not found ({reason})",
            "check the site and the URL, the network, any VPN and proxy (HTTPS_PROXY, NO_PROXY)",
        )
        return False
    took = time.monotonic() - started
    yield ok("network", f"{through}{parts.hostname} is found in {took:.2f} s")
    return True


def _credentials_are_accepted(
    settings: Settings, sender: RequestSender, results: Sequence[Result]
) -> Generator[CheckResult, None, bool]:
    """Report whether the API accepts the credentials.

    If at least one of the requests in `results` was authorized, the credentials are valid.
    """
    name = settings.credentials.name
    if any(result.is_authorized for result in results):
        current = sender.send("GET", "/current_user")
        yield ok(name, f"accepted{_who(current.document)}{_expiry(settings, sender)}")
        yield _organization(current)
        return True
    problem = results[0].problem
    if not any(result.is_forbidden for result in results):
        yield error(name, f"unknown: {problem}")
        return False
    has_keys = isinstance(settings.credentials, Keys)
    # `/validate_keys` checks the token or both keys. `/validate` checks only the API key
    # (documented). A token that got a response 401 is invalid, and needs no further check.
    is_known = has_keys or not isinstance(problem, Unauthorized)
    if is_known and sender.send("GET", "/validate_keys").problem is None:
        yield ok(name, "accepted, but without any scope")
        return True
    if not has_keys:
        yield error(name, str(problem))
        return False
    if sender.send("GET", "/validate").problem is None:
        wrong = "the API key is accepted, but the application key is not"
        advice = (
            "datadog:appKey must be the key itself, not its id, and must belong to the "
            "organisation of the API key"
        )
    else:
        wrong = "the API key, or both keys, are not accepted"
        advice = "check them, and that they belong to this site"
    yield error("keys", wrong, advice)
    return False


def _expiry(settings: Settings, sender: RequestSender) -> str:
    if sender.expires is not None:
        at = datetime.fromtimestamp(sender.expires, UTC).isoformat(timespec="seconds")
        return f"; the token expires at {at} and is renewed before"
    if isinstance(settings.credentials, BearerToken):
        # No endpoint of the API says when a token expires.
        return "; Datadog's page Access Tokens shows when it expires"
    return ""


def _organization(current: Result) -> CheckResult:
    """Check that the credentials can read their organisation with `GET /current_user`.

    `pulumi` compares this organisation with the organisation that the state records for an object.
    """
    found = f"unknown: {current.problem or 'GET /current_user does not return it'}"
    with suppress(Malformed):
        if current.document and (organization := organization_of(current.document)):
            name = organization.raw_attributes.get("name")
            label = f"{name} ({organization.id})" if name else organization.id
            return ok("organisation", printable(label))
    return warning(
        "organisation",
        found,
        # The scope `USERS_READ` suffices for `GET /current_user` (assumed).
        f"grant {USERS_READ} to the key or token and to its owner: then `pulumi` rejects keys of "
        "another organisation; with such keys, every object would seem to be deleted",
    )


def _who(user: object) -> str:
    match user:
        case {"data": {"attributes": {"name": str(name), "handle": str(handle)}}}:
            return f"; the user is {printable(name)} ({printable(handle)})"
        case _:
            return ""


def _clock(results: Sequence[Result]) -> CheckResult:
    offsets = [result.clock_offset for result in results if result.clock_offset is not None]
    if not offsets:
        return skipped("clock", "the responses have no date")
    offset = offsets[-1]
    if abs(offset) <= _CLOCK_TOLERANCE:
        return ok("clock", "agrees with the server's")
    wrong = f"{abs(offset):.0f} s {'behind' if offset > 0 else 'ahead of'} the server's"
    return warning(
        "clock", wrong, "synchronize it (NTP): certificates and the intent log depend on it"
    )


def _rate_limits(results: Sequence[Result]) -> Iterator[CheckResult]:
    limits = {result.limit.name: result.limit for result in results}
    reported = [limit for limit in limits.values() if limit.renews is not None]
    if not reported:
        yield ok("rate limit", "the responses report none")
    for limit in reported:
        requests, renews = limit.requests or 0, math.ceil(limit.renews or 0)
        name = f"{limit.name}: " if limit.name else ""
        found = (
            f"{name}{limit.used} of {requests} requests used, the next period begins in {renews} s"
        )
        if limit.used > requests * (1 - _MIN_REMAINING):
            yield warning(
                "rate limit", found, "wait, or check what else uses this organisation's API"
            )
        else:
            yield ok("rate limit", found)
