"""Timestamps in the API's format."""

import re
import time
from datetime import UTC, datetime

NANOSECONDS = 10**9


def nanoseconds() -> str:
    """The current time with nanoseconds, for `archived_at`, comments and search results.

    Returns:
        RFC 3339 in UTC with a `Z`, without trailing zeros in the fraction (recorded:
        `2025-12-30T13:49:45.40368576Z`).
    """
    return _from_epoch(time.time_ns())


def microseconds() -> str:
    """The current time with microseconds, as in `created_at` and `deleted_at`."""
    return _from_epoch(time.time_ns() // 1000 * 1000)


def rounded(timestamp: str) -> str:
    """An RFC 3339 timestamp in the API's format, rounded to the nearest microsecond."""
    return _from_epoch(round(epoch(timestamp), -3))


def epoch(timestamp: str) -> int:
    """Converts an RFC 3339 timestamp to Unix time in nanoseconds.

    Raises:
        ValueError: The text is not a valid timestamp.
    """
    second = datetime.fromisoformat(timestamp).replace(microsecond=0)
    fraction = re.search(r"\.(\d{1,9})", timestamp)
    nanoseconds = int(fraction[1].ljust(9, "0")) if fraction else 0
    return int(second.timestamp()) * NANOSECONDS + nanoseconds


def in_utc(text: str) -> str:
    """Converts an RFC 3339 timestamp to UTC and to the API's format.

    Raises:
        ValueError: The text is not a valid timestamp.
    """
    moment = datetime.fromisoformat(text).astimezone(UTC)
    return _formatted(moment, moment.microsecond * 1000)


def _from_epoch(epoch_ns: int) -> str:
    seconds, fraction = divmod(epoch_ns, NANOSECONDS)
    return _formatted(datetime.fromtimestamp(seconds, tz=UTC), fraction)


def _formatted(moment: datetime, fraction: int) -> str:
    whole = moment.strftime("%Y-%m-%dT%H:%M:%S")
    return f"{whole}.{fraction:09d}".rstrip("0").rstrip(".") + "Z"
