"""Property types that reject invalid strings, and normalise valid ones."""

import json
import re
from datetime import UTC, datetime
from typing import Annotated, TypeAlias

from pulumi_datadog_cases.engine import Normalizer, Value

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_uuid(value: str) -> bool:
    """Whether a string is a UUID.

    Any UUID version is valid, because not all ids that Datadog returns are of version 4 (recorded).
    """
    return _UUID.fullmatch(value.lower()) is not None


def _uuid(value: str) -> str:
    if not is_uuid(value):
        raise ValueError("must be a UUID, such as another resource's id")
    return value.lower()


def _non_empty(value: str) -> str:
    if not value.strip():
        raise ValueError("must be a non-empty string")
    return value


def _date(value: str) -> str:
    try:
        return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC).date().isoformat()
    except ValueError:
        raise ValueError("must be a date as YYYY-MM-DD, such as 2026-11-21") from None


def _instant(value: str) -> str:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError("must be an RFC 3339 time with an offset, such as 2026-11-21T08:00:00Z")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _sorted_set(values: list[Value]) -> list[Value]:
    unique = {json.dumps(value, sort_keys=True): value for value in values}
    return [unique[key] for key in sorted(unique)]


#: The id of an object, a UUID.
Uuid: TypeAlias = Annotated[str, Normalizer(_uuid)]
#: A string that the API rejects if it is empty.
NonEmptyStr: TypeAlias = Annotated[str, Normalizer(_non_empty)]
#: A calendar date, `YYYY-MM-DD`.
Date: TypeAlias = Annotated[str, Normalizer(_date)]
#: A point in time, in RFC 3339 with an offset. It is converted to UTC.
Instant: TypeAlias = Annotated[str, Normalizer(_instant)]
#: For lists in which order and duplicates do not matter: values are sorted, duplicates removed.
UNORDERED = Normalizer(_sorted_set, ignores_order=True)
