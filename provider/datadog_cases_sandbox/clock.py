"""Timestamps as the API writes them."""

import time
from datetime import UTC, datetime

NANOSECONDS = 10**9


def nanoseconds() -> str:
    """The present time with nanoseconds, as in `archived_at` and on comments.

    Returns:
        RFC 3339 in UTC with a `Z`, the trailing zeros of the fraction trimmed (recorded:
        `2025-12-30T13:49:45.40368576Z`).
    """
    return _written(time.time_ns())


def microseconds() -> str:
    """The present time with microseconds, as in `created_at`, `modified_at` and `deleted_at`."""
    return _written(time.time_ns() // 1000 * 1000)


def in_utc(text: str) -> str:
    """A moment in RFC 3339 as the API writes it.

    Raises:
        ValueError: There is no such moment.
    """
    moment = datetime.fromisoformat(text).astimezone(UTC)
    return _trimmed(moment, moment.microsecond * 1000)


def _written(epoch_ns: int) -> str:
    seconds, fraction = divmod(epoch_ns, NANOSECONDS)
    return _trimmed(datetime.fromtimestamp(seconds, tz=UTC), fraction)


def _trimmed(moment: datetime, fraction: int) -> str:
    whole = moment.strftime("%Y-%m-%dT%H:%M:%S")
    return f"{whole}.{fraction:09d}".rstrip("0").rstrip(".") + "Z"
