"""Counts of cases: `GET /cases/count`, `POST /cases/aggregate`."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Annotated, Final, Literal

from pydantic import Field, JsonValue
from typing_extensions import TypedDict

from datadog_cases_sandbox.bodies import Document, NonEmpty, Resource
from datadog_cases_sandbox.endpoints.case_fields import Value
from datadog_cases_sandbox.endpoints.case_index import Matches, matching
from datadog_cases_sandbox.handler import ApiRequest, ApiResponse, Endpoints, JsonObject, json_list

MAX_GROUPS: Final = 1000


class GroupBy(TypedDict):
    """The fields to group by, and the maximum number of groups."""

    groups: Annotated[list[NonEmpty], Field(min_length=1)]
    limit: Annotated[int, Field(ge=1, le=MAX_GROUPS)]


class Aggregation(TypedDict):
    """The cases to count, and how to group them."""

    query_filter: str
    group_by: GroupBy


def _count(request: ApiRequest) -> ApiResponse:
    limit = request.integer("limit", MAX_GROUPS, 1, MAX_GROUPS)
    fields = [field for field in request.query_params.get("group_bys", "").split(",") if field]
    matches = matching(request.store, request.query_params.get("query_filter", ""))
    groups: list[JsonObject] = [
        {"group": field, "group_values": _values(_tally(matches, [field])[:limit])}
        for field in fields
    ]
    # The reference mentions `total` only in its prose, not in its model.
    return _counts("count", {"groups": json_list(groups), "total": len(matches.numbers)})


def _aggregate(request: ApiRequest) -> ApiResponse:
    attributes = request.body(Document[Resource[Literal["aggregate"], Aggregation]]).data.attributes
    group_by = attributes["group_by"]
    matches = matching(request.store, attributes["query_filter"])
    groups: list[JsonObject] = [
        {"group": value, "value": [count]}
        for value, count in _tally(matches, group_by["groups"])[: group_by["limit"]]
    ]
    return _counts("aggregate", {"groups": json_list(groups), "total": len(matches.numbers)})


def _values(tally: list[tuple[str, int]]) -> JsonValue:
    return json_list([{"value": value, "count": count} for value, count in tally])


def _tally(matches: Matches, fields: list[str]) -> list[tuple[str, int]]:
    """Counts cases by the values of their fields. The most frequent value comes first.

    With several fields, each combination of their values is counted. If a case has several values
    of a field, the case counts once for each of these values. A case without a value is not counted
    (assumed).
    """
    first, *others = (matches.by_value(field.strip().lower()) for field in fields)
    groups: list[tuple[Value, Collection[int]]] = [
        (value[:1], numbers) for value, numbers in first.items()
    ]
    for by_value in others:
        values = _by_number(by_value)
        groups = [
            ((*names, value[0]), members)
            for names, numbers in groups
            for value, members in _grouped(numbers, values).items()
        ]
    counts = Counter[str]()
    for names, numbers in groups:
        counts[", ".join(names)] += len(numbers)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _by_number(by_value: Mapping[Value, Iterable[int]]) -> dict[int, list[Value]]:
    values = defaultdict[int, list[Value]](list)
    for value, numbers in by_value.items():
        for number in numbers:
            values[number].append(value)
    return values


def _grouped(numbers: Iterable[int], values: Mapping[int, list[Value]]) -> dict[Value, list[int]]:
    groups = defaultdict[Value, list[int]](list)
    for number in numbers:
        for value in values.get(number, ()):
            groups[value].append(number)
    return groups


def _counts(resource_type: str, attributes: JsonObject) -> ApiResponse:
    return ApiResponse(
        200, {"data": {"id": str(uuid.uuid4()), "type": resource_type, "attributes": attributes}}
    )


ENDPOINTS: Final[Endpoints] = {
    ("GET", "/cases/count"): _count,
    ("POST", "/cases/aggregate"): _aggregate,
}
