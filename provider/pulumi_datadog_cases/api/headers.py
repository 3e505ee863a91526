"""What the headers of an answer tell of time: the server's clock, waits, rate limits."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Self, TypeAlias

Headers: TypeAlias = Mapping[str, str]
"""An answer's headers, looked up in whatever case."""

# X-RateLimit-Reset counts seconds from now (documented); a number as large as this can only be
# a point in Unix time, which some gateways write instead.
_EPOCH = 1e9
_TOO_MANY_REQUESTS = 429


@dataclass(frozen=True)
class RateLimit:
    """How the limit stands that a request counted towards, as far as its answer tells.

    A limit allows so many requests per period, may be one for several endpoints, and has a name
    (documented: https://docs.datadoghq.com/api/latest/rate-limits/). Any of its five headers
    may be missing.

    Attributes:
        name: the limit's name; "" where there is none.
        requests: how many it allows per period; None where not both of them are told.
        period: seconds; as above.
        used: how many of them have been made in the present period.
        renews: seconds until that ends; None where either of these is not told.
    """

    name: str = ""
    requests: int | None = None
    period: float | None = None
    used: int = 0
    renews: float | None = None

    @classmethod
    def read(cls, headers: Headers, now: float) -> Self:
        """Read the headers, passing over what makes no sense.

        Args:
            headers: of an answer.
            now: the present as Unix time.
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


def wait_asked(status: int, headers: Headers, now: float) -> float | None:
    """Seconds an answer asks to wait, from `Retry-After` and on a 429 `X-RateLimit-Reset`.

    The first counts seconds or holds a date; the second counts seconds or names a point in Unix
    time. Where both are there, the longer one; what cannot be read is passed over.
    """
    waits = [_wait(headers, "Retry-After", now)]
    if status == _TOO_MANY_REQUESTS:
        # Other answers hold it too, to tell how the limit stands: no reason to wait (assumed).
        waits.append(_wait(headers, "X-RateLimit-Reset", now))
    return max((wait for wait in waits if wait is not None), default=None)


def date(headers: Headers, name: str) -> float | None:
    """A date as Unix time; None where there is none, or one that cannot be read."""
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
    return max(0.0, number - now if number >= _EPOCH else number)


def _number(headers: Headers, name: str) -> float | None:
    try:
        number = float(headers.get(name, ""))
    except ValueError:
        return None
    return number if math.isfinite(number) else None
