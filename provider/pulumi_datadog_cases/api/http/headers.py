"""Parses response headers: the server's date, requested waits and rate limits."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Self, TypeAlias

Headers: TypeAlias = Mapping[str, str]
"""HTTP headers by name. In a response, names are case-insensitive."""

# X-RateLimit-Reset is in seconds from now (documented). A number of at least this size can only be
# a Unix time, which some gateways send instead.
_MIN_UNIX_TIME = 1e9
_TOO_MANY_REQUESTS = 429


@dataclass(frozen=True)
class RateLimit:
    """The rate limit that a request counted towards, according to the response.

    A limit allows a number of requests per period, and may be shared by several endpoints
    (documented: https://docs.datadoghq.com/api/latest/rate-limits/). Any of the five
    `X-RateLimit-*` headers may be missing.

    Attributes:
        name: the limit's name; "" if missing.
        requests: the number of requests per period. `requests` and `period` are None if the
            response lacks one of the two.
        period: the length of a period in seconds.
        used: the number of requests in the current period so far; 0 if unknown.
        renews: seconds until the current period ends. None if the response does not say when the
            period ends, or how many requests remain.
    """

    name: str = ""
    requests: int | None = None
    period: float | None = None
    used: int = 0
    renews: float | None = None

    @classmethod
    def read(cls, headers: Headers, now: float) -> Self:
        """Parse the headers; ignore invalid values.

        Args:
            headers: the response headers.
            now: the server's current Unix time.
        """
        name = headers.get("X-RateLimit-Name", "")
        requests = int(_number(headers, "X-RateLimit-Limit") or 0)
        period = _number(headers, "X-RateLimit-Period") or 0.0
        if requests < 1 or period <= 0:
            return cls(name)
        remaining = _number(headers, "X-RateLimit-Remaining")
        renews = _wait(headers, "X-RateLimit-Reset", now)
        if remaining is None or renews is None:
            return cls(name, requests, period)
        return cls(name, requests, period, max(0, requests - int(remaining)), renews)


def requested_wait(status: int, headers: Headers, now: float) -> float | None:
    """Return the seconds that a response asks to wait, if any.

    The header `Retry-After` requests a wait as a number of seconds or as a date. On a 429, the
    header `X-RateLimit-Reset` requests a wait as a number of seconds or as a Unix time. If both
    headers request a wait, the longer wait counts. Invalid values are ignored.
    """
    waits = [_wait(headers, "Retry-After", now)]
    if status == _TOO_MANY_REQUESTS:
        # Responses with another status have this header too, but there it does not request a wait
        # (assumed).
        waits.append(_wait(headers, "X-RateLimit-Reset", now))
    return max((wait for wait in waits if wait is not None), default=None)


def date(headers: Headers, name: str) -> float | None:
    """Parse a date header to Unix time; return None if it is missing or invalid."""
    try:
        return parsedate_to_datetime(headers.get(name, "")).timestamp()
    except (ValueError, OverflowError):
        return None


def _wait(headers: Headers, name: str, now: float) -> float | None:
    number = _number(headers, name)
    if number is None:
        number = date(headers, name)
    if number is None:
        return None
    return max(0.0, number - now if number >= _MIN_UNIX_TIME else number)


def _number(headers: Headers, name: str) -> float | None:
    try:
        number = float(headers.get(name, ""))
    except ValueError:
        return None
    return number if math.isfinite(number) else None
