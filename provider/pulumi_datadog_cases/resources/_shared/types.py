"""What resource classes declare with: types that say more than Python's, and shared rules."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, TypeAlias

from pulumi_datadog_cases.engine import KnownInputs, Normalizer, Value, Violations

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _uuid(value: str) -> str:
    # The shape only: ids of other versions than 4 occur (recorded).
    if not _UUID.fullmatch(value.lower()):
        raise ValueError("must be a UUID, such as another resource's id")
    return value.lower()


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("must be a non-empty string")
    return value


def _date(value: str) -> str:
    try:
        return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC).date().isoformat()
    except ValueError:
        raise ValueError("must be a day as YYYY-MM-DD, such as 2026-11-21") from None


def _instant(value: str) -> str:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError("must be an RFC 3339 time with an offset, such as 2026-11-21T08:00:00Z")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _set(values: list[Value]) -> list[Value]:
    unique = {json.dumps(value, sort_keys=True): value for value in values}
    return [unique[key] for key in sorted(unique)]


#: The id of an object, a UUID.
Uuid: TypeAlias = Annotated[str, Normalizer(_uuid)]
#: Text that the API refuses to have empty.
Text: TypeAlias = Annotated[str, Normalizer(_filled)]
#: A calendar day, `YYYY-MM-DD`.
Date: TypeAlias = Annotated[str, Normalizer(_date)]
#: A point in time, RFC 3339; every spelling of one instant is the same.
Instant: TypeAlias = Annotated[str, Normalizer(_instant)]
#: For lists whose order and repetitions mean nothing.
UNORDERED = Normalizer(_set)


def members_belong(declared: KnownInputs, belonging: Mapping[str, tuple[str, ...]]) -> Violations:
    """Refuse members of `data` that belong to another `type`; types not listed may have any."""
    kind = str(declared["type"])
    if (own := belonging.get(kind)) is None:
        return
    for member in declared.inside("data"):
        if member not in own:
            yield (
                f"data.{member}",
                f"does not belong to {kind}, which has {', '.join(own) or 'none'}",
            )
