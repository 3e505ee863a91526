"""Bulk updates of cases: `POST /cases/bulk`."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Final, Literal, NotRequired, TypeAlias

from pydantic import Field
from typing_extensions import TypedDict

from datadog_cases_sandbox.bodies import Document, NonEmpty, Resource
from datadog_cases_sandbox.endpoints import case_relationships, case_updates
from datadog_cases_sandbox.endpoints.cases import from_path, update_case
from datadog_cases_sandbox.handler import ApiRequest, ApiResponse, Endpoints, Handler, JsonObject

UpdateType = Literal[
    "priority",
    "status",
    "assign",
    "unassign",
    "archive",
    "unarchive",
    "jira",
    "servicenow",
    "linear",
    "update_project",
]


Payload: TypeAlias = dict[str, str]
Update: TypeAlias = Callable[[ApiRequest, Payload], None]
"""A function that updates the case in the request's path with the values in the payload."""


class BulkUpdate(TypedDict):
    """The kind of update, the cases to update, and the new values."""

    type: UpdateType
    case_ids: Annotated[list[NonEmpty], Field(min_length=1)]
    payload: NotRequired[Payload]


def _update(request: ApiRequest) -> ApiResponse:
    attributes = request.body(Document[Resource[Literal["bulk"], BulkUpdate]]).data.attributes
    update = _UPDATES[attributes["type"]]
    for case_id in attributes["case_ids"]:
        # If the update of one case is rejected, no case is updated (assumed). The error rolls back
        # all updates, because they are in one transaction.
        update(replace(request, path_params={"case_id": case_id}), attributes.get("payload", {}))
    return ApiResponse(200)


def _with(endpoints: Endpoints, method: str, path: str, resource_type: str) -> Update:
    """An update that calls the endpoint for a single case, with the payload as attributes."""
    handler = endpoints[method, f"/cases/{{case_id}}/{path}"]

    def update(request: ApiRequest, payload: Payload) -> None:
        attributes: JsonObject = {"attributes": {**payload}} if payload else {}
        _send(handler, request, {"type": resource_type, **attributes})

    return update


def _move(request: ApiRequest, payload: Payload) -> None:
    data = {"id" if name == "project_id" else name: value for name, value in payload.items()}
    handler = case_relationships.ENDPOINTS["PATCH", "/cases/{case_id}/relationships/project"]
    _send(handler, request, {**data, "type": "project"})


def _send(handler: Handler, request: ApiRequest, data: JsonObject) -> None:
    handler(replace(request, raw_body=json.dumps({"data": data}).encode()))


def _link_linear(request: ApiRequest, payload: Payload) -> None:
    # The API accepts any payload and never returns it (assumed). No other endpoint mentions Linear.
    update_case(request.store, from_path(request), {"linear": payload})


_UPDATES: Final[dict[UpdateType, Update]] = {
    "priority": _with(case_updates.ENDPOINTS, "POST", "priority", "case"),
    "status": _with(case_updates.ENDPOINTS, "POST", "status", "case"),
    "assign": _with(case_updates.ENDPOINTS, "POST", "assign", "case"),
    "unassign": _with(case_updates.ENDPOINTS, "POST", "unassign", "case"),
    "archive": _with(case_updates.ENDPOINTS, "POST", "archive", "case"),
    "unarchive": _with(case_updates.ENDPOINTS, "POST", "unarchive", "case"),
    "jira": _with(case_relationships.ENDPOINTS, "POST", "relationships/jira_issues", "issues"),
    "servicenow": _with(
        case_relationships.ENDPOINTS, "POST", "relationships/servicenow_tickets", "tickets"
    ),
    "linear": _link_linear,
    "update_project": _move,
}
ENDPOINTS: Final[Endpoints] = {("POST", "/cases/bulk"): _update}
