"""The organisation: whether it is reached, knows the keys, and what limits and clocks say."""

import math
import socket
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from typing import Final
from urllib.parse import urlsplit

from requests.utils import get_environ_proxies, select_proxy

from pulumi_datadog_cases.api import ApiError, Settings
from pulumi_datadog_cases.cli.common import printable
from pulumi_datadog_cases.cli.doctor.check_result import CheckResult, error, ok, skipped, warning
from pulumi_datadog_cases.cli.doctor.requests import RequestSender, Result
from pulumi_datadog_cases.cli.doctor.scopes import SCOPES, judge

# Seconds by which a clock may be wrong. Answers tell the time in whole ones, and take a while.
_CLOCK_TOLERANCE: Final = 30.0
# The part of a rate limit that should be left.
_HEADROOM: Final = 0.1


def validate(settings: Settings) -> Iterator[CheckResult]:
    """All that can be found out without changing anything."""
    if not (yield from _finds_host(settings)):
        return
    with closing(RequestSender(settings)) as probe:
        results = [probe.ask(*scope.request) for scope in SCOPES[:1]]
        if not isinstance(results[0].problem, ApiError | None):
            yield error("connection", str(results[0].problem))
            yield skipped("keys, scopes, clock, rate limit", "no answer of the API's tells of them")
            return
        results += [probe.ask(*scope.request) for scope in SCOPES[1:]]
        times = sorted(result.seconds for result in results[1:])
        yield ok(
            "connection",
            f"{results[0].seconds:.2f} s to connect and get an answer, then "
            f"{times[len(times) // 2]:.2f} s for each",
        )
        if (yield from _accepts_keys(probe, results)):
            for scope, result in zip(SCOPES, results, strict=True):
                yield judge(scope, result)
        else:
            yield skipped("scopes", "only keys that are accepted have any")
        yield _clock(results)
        yield from _rate_limits(results)


def _finds_host(settings: Settings) -> Generator[CheckResult, None, bool]:
    """Look up the host's name, or the proxy's where one is on the way."""
    url, through = settings.base_url, ""
    # As `Connections` does it: a proxy could not reach an API on this machine.
    proxy = None if settings.is_loopback else select_proxy(url, get_environ_proxies(url))
    if proxy:
        url = proxy if "://" in proxy else f"http://{proxy}"
        # What stands before the @ may be a password.
        where = url.partition("://")[2].rpartition("@")[2]
        through = f"through a proxy of the environment, {where}: "
    started = time.monotonic()
    try:
        parts = urlsplit(url)
        socket.getaddrinfo(parts.hostname, parts.port or 443)
    except (OSError, ValueError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else problem
        yield error(
            "network",
            f"{through}the host is not found ({reason})",
            "check the site and the URL, the network, any VPN and proxy (HTTPS_PROXY, NO_PROXY)",
        )
        return False
    took = time.monotonic() - started
    yield ok("network", f"{through}{parts.hostname} is found in {took:.2f} s")
    return True


def _accepts_keys(
    probe: RequestSender, results: Sequence[Result]
) -> Generator[CheckResult, None, bool]:
    """Whether the API knows the keys, which it does if they may do anything at all."""
    if any(result.accepted for result in results):
        user = probe.ask("GET", "/current_user").document
        yield ok("keys", f"accepted{_who(user)}")
        return True
    if not any(result.refused for result in results):
        yield error("keys", f"not known: {results[0].problem}")
        return False
    # Documented: the one looks at both keys, the other at the API key alone.
    if probe.ask("GET", "/validate_keys").problem is None:
        yield ok("keys", "accepted, but without any of the scopes")
        return True
    if probe.ask("GET", "/validate").problem is None:
        wrong = "the API key is accepted, the application key is not"
        advice = "datadog:appKey must hold the key itself, not its id, of the same organisation"
    else:
        wrong = "the API does not accept the API key, or not both keys"
        advice = "check them, and whether they belong to this site"
    yield error("keys", wrong, advice)
    return False


def _who(user: object) -> str:
    match user:
        case {"data": {"attributes": {"name": str(name), "handle": str(handle)}}}:
            return f"; what is done with them is done as {printable(name)} ({printable(handle)})"
        case _:
            return ""


def _clock(results: Sequence[Result]) -> CheckResult:
    offsets = [result.clock_offset for result in results if result.clock_offset is not None]
    if not offsets:
        return skipped("clock", "the answers do not tell the time")
    offset = offsets[-1]
    if abs(offset) <= _CLOCK_TOLERANCE:
        return ok("clock", "agrees with that of the answers")
    wrong = f"{abs(offset):.0f} s {'behind' if offset > 0 else 'ahead of'} that of the answers"
    return warning("clock", wrong, "set it (NTP): certificates and the journal go by it")


def _rate_limits(results: Sequence[Result]) -> Iterator[CheckResult]:
    limits = {result.limit.name: result.limit for result in results}
    told = [limit for limit in limits.values() if limit.renews is not None]
    if not told:
        yield ok("rate limit", "the answers tell of none")
    for limit in told:
        requests, renews = limit.requests or 0, math.ceil(limit.renews or 0)
        name = f"{limit.name}: " if limit.name else ""
        found = f"{name}{limit.used} of {requests} requests used, the next period is in {renews} s"
        if limit.used > requests * (1 - _HEADROOM):
            yield warning(
                "rate limit", found, "wait, or see what else uses this organisation's API"
            )
        else:
            yield ok("rate limit", found)
