"""Quirks that show the stored objects in another form."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field, JsonValue

from datadog_cases_sandbox import errors
from datadog_cases_sandbox.endpoints import case_search, comments, registry
from datadog_cases_sandbox.endpoints.case_links import CaseLink
from datadog_cases_sandbox.endpoints.cases import Case
from datadog_cases_sandbox.endpoints.custom_attributes import CustomAttribute
from datadog_cases_sandbox.handler import ApiRequest, ApiResponse, Handler, JsonObject
from datadog_cases_sandbox.quirks.base import (
    ITEM,
    Path,
    Quirk,
    ResourceQuirk,
    attributes_of,
    decoded,
    members,
    resources_of,
    with_body,
    with_resources,
)

SEARCH: Final = ("GET", "/cases")
TIMELINE: Final = ("GET", "/cases/{case_id}/timelines")

TIMES: Final = ("created_at", "modified_at", "closed_at")
TIME: Final = re.compile(r"(?P<seconds>.+:\d\d)(\.(?P<fraction>\d{1,9}))?Z")
MICROSECOND: Final = 1000
SECOND: Final = 10**9

NEW_MEMBER: Final = "new_member"
NEW_VALUE: Final[JsonValue] = {"words": ["NEW_WORD", None], "depth": {"of": [{"three": 3.5}]}}
NEW_WORD: Final = "NEW_WORD"
NEW_TYPE: Final = "new_type"
NEW_ID: Final = "5a9d0c00-0000-4000-8000-00000000beef"

CLIENT_NAMED: Final = {
    "custom_attributes",
    "custom_fields",
    "impact_mapping",
    "mapping",
    "name_mapping",
    "priority_mapping",
    "statuses_config",
    "urgency_mapping",
}
"""The names of objects to which no new members are added.

In most of these objects, clients choose the names of the members, so the API itself adds none. In
`statuses_config`, a new member would be a new group of statuses.
"""
LABELS: Final = ("attributes", "attributes")

WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    Case.resource_type: ("creation_source", "merge_status", "status", "type"),
    CustomAttribute.resource_type: ("case_type",),
}
"""The read-only attributes whose value is a word of an enum, by resource type."""

Resources: TypeAlias = dict[str, JsonObject]


class RoundTimestamps(ResourceQuirk[Literal["round_timestamps"]]):
    """In searches, shows a case's times with nanoseconds; in other responses, with microseconds."""

    def _shown(self, request: ApiRequest, resource: JsonObject) -> JsonObject:
        if resource.get("type") != Case.resource_type:
            return resource
        exact = (request.method, request.route) == SEARCH
        attributes = members(resource, "attributes")
        times: JsonObject = {
            name: _time(text, exact=exact, salt=f"{resource['id']}{name}")
            for name in TIMES
            if isinstance(text := attributes.get(name), str)
        }
        return {**resource, "attributes": {**attributes, **times}}


class SwapSymmetricLinks(ResourceQuirk[Literal["swap_symmetric_links"]]):
    """Swaps parent and child of the links that have no direction (`RELATES_TO`)."""

    def _shown(self, _request: ApiRequest, resource: JsonObject) -> JsonObject:
        attributes = members(resource, "attributes")
        is_link = resource.get("type") == CaseLink.resource_type
        if not is_link or attributes.get("relationship") != "RELATES_TO":
            return resource
        other = {"parent": "child", "child": "parent"}
        swapped: JsonObject = {
            f"{side}_entity_{member}": attributes[f"{other[side]}_entity_{member}"]
            for side in other
            for member in ("type", "id")
        }
        return {**resource, "attributes": {**attributes, **swapped}}


class ZeroCounts(ResourceQuirk[Literal["zero_counts"]]):
    """Shows each counter as 0."""

    def _shown(self, _request: ApiRequest, resource: JsonObject) -> JsonObject:
        attributes = members(resource, "attributes")
        zeros: JsonObject = {name: 0 for name in attributes if name.endswith("_count")}
        return {**resource, "attributes": {**attributes, **zeros}} if zeros else resource


class CountComments(ResourceQuirk[Literal["count_comments"]]):
    """Shows the number of a case's comments as `comment_count`."""

    def _shown(self, request: ApiRequest, resource: JsonObject) -> JsonObject:
        if resource.get("type") != Case.resource_type:
            return resource
        cells = request.store.list(comments.Comment, str(resource["id"]))
        count = sum(cell.deleted_at is None for cell in cells)
        attributes = {**members(resource, "attributes"), "comment_count": count}
        return {**resource, "attributes": attributes}


class LimitHits(Quirk[Literal["limit_hits"]]):
    """Ends the pages of a search after a number of hits.

    Attributes:
        max_hits: The number of hits after which the pages end.
        beyond: The response to a request for a later page: an empty page, or an error.
        capped_total: Whether the totals in `meta` count only the hits on the pages.
    """

    max_hits: Annotated[int, Field(ge=1)] = 10_000
    beyond: Literal["empty", "error"] = "empty"
    capped_total: bool = False

    def matches(self, request: ApiRequest) -> bool:
        """Whether the request is a search."""
        return (request.method, request.route) == SEARCH and super().matches(request)

    def _sent(self, request: ApiRequest, response: ApiResponse) -> ApiResponse:
        size, number = case_search.page(request)
        left = self.max_hits - size * (number - 1)
        if left <= 0 and self.beyond == "error":
            expected = f"number of a page that begins within the first {self.max_hits} hits"
            raise errors.invalid_parameter("page[number]", "query", expected, str(number))
        body = members(response.body)
        data, meta = body.get("data"), members(body, "meta")
        found = meta.get("total_cases")
        if not isinstance(data, list) or not isinstance(found, int) or found <= self.max_hits:
            return response
        data = data[: max(left, 0)]
        total = self.max_hits if self.capped_total else found
        paging = case_search.paging(number, size, shown=len(data), found=total)
        meta = {**meta, "total_cases": total, "page": paging}
        return replace(response, body={**body, "data": data, "meta": meta})


class UnknownMembers(Quirk[Literal["unknown_members"]]):
    """Adds a member to each object of a response.

    A client may send the member back unchanged.
    """

    def _received(self, request: ApiRequest) -> ApiRequest:
        return with_body(request, _without_new_members)

    def _sent(self, _request: ApiRequest, response: ApiResponse) -> ApiResponse:
        return replace(response, body=_with_new_members(response.body))


class UnknownEnumValues(ResourceQuirk[Literal["unknown_enum_values"]]):
    """Shows an undocumented value, `NEW_WORD`, in attributes that only the API writes."""

    def _shown(self, _request: ApiRequest, resource: JsonObject) -> JsonObject:
        attributes = members(resource, "attributes")
        names = WORDS.get(str(resource.get("type")), ())
        words: JsonObject = {name: NEW_WORD for name in names if name in attributes}
        return {**resource, "attributes": {**attributes, **words}} if words else resource


class UnknownTypes(ResourceQuirk[Literal["unknown_types"]]):
    """Adds objects of new types to responses."""

    def _shown(self, _request: ApiRequest, resource: JsonObject) -> JsonObject:
        new: JsonObject = {"id": NEW_ID, "type": NEW_TYPE}
        related: JsonObject = {
            "new_one": {"data": new},
            "new_many": {"data": [new]},
            "new_none": {"data": None},
            "new_link": {"links": {"related": f"/api/v2/{NEW_TYPE}/{NEW_ID}"}},
        }
        return {**resource, "relationships": {**members(resource, "relationships"), **related}}

    def _sent(self, request: ApiRequest, response: ApiResponse) -> ApiResponse:
        response = super()._sent(request, response)
        body = members(response.body)
        if (request.method, request.route) == TIMELINE:
            return replace(response, body={**body, "data": self._timeline(request, body)})
        if isinstance(included := body.get("included"), list):
            new: JsonObject = {"id": NEW_ID, "type": NEW_TYPE, "attributes": {"name": "New"}}
            return replace(response, body={**body, "included": [*included, new]})
        return response

    @staticmethod
    def _timeline(request: ApiRequest, body: JsonObject) -> JsonValue:
        # A page must not have more entries than the client asks for.
        size, number = comments.page(request)
        data = body.get("data")
        if not isinstance(data, list) or number > 0 or len(data) >= size:
            return data
        attributes: JsonObject = {
            "type": NEW_WORD,
            "author": {"type": NEW_WORD, "content": {}},
            "cell_content": {"new": True},
            "created_at": "2025-01-01T00:00:00Z",
        }
        return [*data, {"id": NEW_ID, "type": "timeline_cell", "attributes": attributes}]


class ResponsesBeforeWrite(Quirk[Literal["responses_before_write"]]):
    """Responds to writes as if they had not happened yet.

    The response to a request that creates an object omits the members of the request.

    Attributes:
        omit: What the response to a change shows. If true, it omits the changed members. If false,
            it shows their values from before the change. `omit` does not affect the responses to
            requests that create objects.
    """

    omit: bool = False

    def handle(self, request: ApiRequest, proceed: Handler) -> ApiResponse:
        """Before a write, reads the object. Responds to the write with the values of this read."""
        if request.method == "GET":
            return proceed(request)
        before = _objects_before(request, proceed)
        response = proceed(request)
        sent = with_resources(response, lambda after: self._shown(request, before, after))
        if sent != response:
            self._applied += 1
        return sent

    def _shown(self, request: ApiRequest, before: Resources, after: JsonObject) -> JsonObject:
        old = before.get(str(after.get("id")))
        if old is not None and not self.omit:
            return old
        if old is None:
            written = {*attributes_of(request), *members(decoded(request), "data", "relationships")}
            return _without(after, lambda _group, name: name in written)
        return _without(
            after,
            lambda group, name: (
                members(old, group).get(name, ...) != members(after, group).get(name)
            ),
        )


def _objects_before(request: ApiRequest, proceed: Handler) -> Resources:
    """Reads the objects that a write may change. Returns them by id.

    If the path of the write has no `GET`, reads the nearest parent path that has a `GET`. For
    example, reads `/cases/{case_id}` before a `POST` to `/cases/{case_id}/status`.
    """
    route = request.route
    while ("GET", route) not in registry.HANDLERS:
        route = route.rpartition("/")[0]
        if not route:
            return {}
    try:
        response = proceed(replace(request, method="GET", route=route, query_params={}))
    except errors.ApiError:  # the write fails for the same reason, or it creates the object
        return {}
    return {str(resource["id"]): resource for resource in resources_of(response)}


def _without(resource: JsonObject, omits: Callable[[str, str], bool]) -> JsonObject:
    shown: JsonObject = {
        group: {
            name: value
            for name, value in members(resource, group).items()
            if not omits(group, name)
        }
        for group in ("attributes", "relationships")
        if group in resource
    }
    return {**resource, **shown}


def _with_new_members(value: JsonValue, path: Path = ()) -> JsonValue:
    match value:
        case list():
            return [_with_new_members(item, (*path, ITEM)) for item in value]
        case dict():
            new = {name: _with_new_members(each, (*path, name)) for name, each in value.items()}
            if path[-2:] == LABELS or (path and path[-1] in CLIENT_NAMED):
                return new
            return {**new, NEW_MEMBER: NEW_VALUE}
        case _:
            return value


def _without_new_members(value: JsonValue) -> JsonValue:
    match value:
        case list():
            return [_without_new_members(item) for item in value]
        case dict():
            if value.get(NEW_MEMBER, NEW_VALUE) != NEW_VALUE:
                raise errors.bad_request(f"{NEW_MEMBER} is not what the API has sent")
            return {
                name: _without_new_members(each)
                for name, each in value.items()
                if name != NEW_MEMBER
            }
        case _:
            return value


def _time(text: str, *, exact: bool, salt: str) -> str:
    """Formats a stored time with nanoseconds if `exact`, otherwise rounded to microseconds.

    If `exact` is true and the stored time has no nanoseconds, this function makes some up. It moves
    about half of the times forward and the rest back, each by less than half a microsecond.
    Rounding the result to microseconds therefore gives the stored time again.
    """
    parts = TIME.fullmatch(text)
    if parts is None:
        return text
    nanoseconds = int((parts["fraction"] or "0").ljust(9, "0"))
    if exact and nanoseconds % MICROSECOND == 0:
        digest = hashlib.sha256(f"{salt}{text}".encode()).digest()
        nanoseconds += int.from_bytes(digest[:4]) % (MICROSECOND - 1) - MICROSECOND // 2 + 1
    if not exact:
        nanoseconds = (nanoseconds + MICROSECOND // 2) // MICROSECOND * MICROSECOND
    carry, nanoseconds = divmod(nanoseconds, SECOND)
    seconds = datetime.fromisoformat(parts["seconds"]) + timedelta(seconds=carry)
    return f"{seconds.isoformat()}.{nanoseconds:09d}".rstrip("0").rstrip(".") + "Z"
