"""Numbers of cases: `GET /cases/count`, `POST /cases/aggregate`."""

import uuid
from collections import Counter
from itertools import product
from typing import Annotated, Final, Literal

from pydantic import Field, JsonValue
from typing_extensions import TypedDict

from datadog_cases_sandbox.bodies import Document, NonEmpty, Resource
from datadog_cases_sandbox.call import Answer, Call, Endpoints, Json, listed
from datadog_cases_sandbox.families.case_fields import Found, matching

MAX_GROUPS: Final = 1000


class GroupBy(TypedDict):
    """What to group by, and how many groups to answer."""

    groups: Annotated[list[NonEmpty], Field(min_length=1)]
    limit: Annotated[int, Field(ge=1, le=MAX_GROUPS)]


class Aggregation(TypedDict):
    """Which cases to count, and how."""

    query_filter: str
    group_by: GroupBy


def _count(call: Call) -> Answer:
    limit = call.integer("limit", MAX_GROUPS, 1, MAX_GROUPS)
    fields = [field for field in call.query.get("group_bys", "").split(",") if field]
    found = matching(call.store, call.query.get("query_filter", ""))
    groups: list[Json] = [
        {"group": field, "group_values": _values(_tally(found, [field])[:limit])}
        for field in fields
    ]
    # The reference promises the total in its prose and leaves it out of its model.
    return _numbers("count", {"groups": listed(groups), "total": len(found)})


def _aggregate(call: Call) -> Answer:
    sent = call.sent(Document[Resource[Literal["aggregate"], Aggregation]]).data.attributes
    wanted = sent["group_by"]
    found = matching(call.store, sent["query_filter"])
    groups: list[Json] = [
        {"group": value, "value": [count]}
        for value, count in _tally(found, wanted["groups"])[: wanted["limit"]]
    ]
    return _numbers("aggregate", {"groups": listed(groups), "total": len(found)})


def _values(tally: list[tuple[str, int]]) -> JsonValue:
    return listed([{"value": value, "count": count} for value, count in tally])


def _tally(found: list[Found], fields: list[str]) -> list[tuple[str, int]]:
    """How many cases have each value, or each combination of values, the most frequent first.

    A case with several values counts for each, one without any for none (assumed).
    """
    counts = Counter(
        ", ".join(name for name, *_others in values)
        for _case, known in found
        for values in {*product(*(known.get(field.strip().lower(), []) for field in fields))}
    )
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _numbers(kind: str, attributes: Json) -> Answer:
    return Answer(200, {"data": {"id": str(uuid.uuid4()), "type": kind, "attributes": attributes}})


ENDPOINTS: Final[Endpoints] = {
    ("GET", "/cases/count"): _count,
    ("POST", "/cases/aggregate"): _aggregate,
}
