"""The same change to many cases: `POST /cases/bulk`."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Final, Literal, NotRequired, TypeAlias

from pydantic import Field
from typing_extensions import TypedDict

from datadog_cases_sandbox.bodies import Document, NonEmpty, Resource
from datadog_cases_sandbox.call import Answer, Call, Endpoints, Handler, Json
from datadog_cases_sandbox.families import case_relationships, case_updates
from datadog_cases_sandbox.families.cases import addressed, changed

Kind = Literal[
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
Update: TypeAlias = Callable[[Call, Payload], None]
"""Changes the case that is addressed in the path."""


class BulkUpdate(TypedDict):
    """What to change, in which cases, and to what."""

    type: Kind
    case_ids: Annotated[list[NonEmpty], Field(min_length=1)]
    payload: NotRequired[Payload]


def _update(call: Call) -> Answer:
    sent = call.sent(Document[Resource[Literal["bulk"], BulkUpdate]]).data.attributes
    update = _UPDATES[sent["type"]]
    for case_id in sent["case_ids"]:
        # Where one is refused, the whole bulk is undone (assumed).
        update(replace(call, path={"case_id": case_id}), sent.get("payload", {}))
    return Answer(200)


def _by(family: Endpoints, verb: str, path: str, resource_type: str) -> Update:
    """Updates a case as the endpoint for one case does, with the payload as its attributes."""
    handler = family[verb, f"/cases/{{case_id}}/{path}"]

    def update(call: Call, payload: Payload) -> None:
        attributes: Json = {"attributes": {**payload}} if payload else {}
        _send(handler, call, {"type": resource_type, **attributes})

    return update


def _move(call: Call, payload: Payload) -> None:
    named = {"id" if name == "project_id" else name: value for name, value in payload.items()}
    handler = case_relationships.ENDPOINTS["PATCH", "/cases/{case_id}/relationships/project"]
    _send(handler, call, {**named, "type": "project"})


def _send(handler: Handler, call: Call, data: Json) -> None:
    handler(replace(call, body=json.dumps({"data": data}).encode()))


def _link_linear(call: Call, payload: Payload) -> None:
    # No other endpoint speaks of Linear, so this is kept and never answered (assumed).
    changed(call.store, addressed(call), {"linear": payload})


_UPDATES: Final[dict[Kind, Update]] = {
    "priority": _by(case_updates.ENDPOINTS, "POST", "priority", "case"),
    "status": _by(case_updates.ENDPOINTS, "POST", "status", "case"),
    "assign": _by(case_updates.ENDPOINTS, "POST", "assign", "case"),
    "unassign": _by(case_updates.ENDPOINTS, "POST", "unassign", "case"),
    "archive": _by(case_updates.ENDPOINTS, "POST", "archive", "case"),
    "unarchive": _by(case_updates.ENDPOINTS, "POST", "unarchive", "case"),
    "jira": _by(case_relationships.ENDPOINTS, "POST", "relationships/jira_issues", "issues"),
    "servicenow": _by(
        case_relationships.ENDPOINTS, "POST", "relationships/servicenow_tickets", "tickets"
    ),
    "linear": _link_linear,
    "update_project": _move,
}
ENDPOINTS: Final[Endpoints] = {("POST", "/cases/bulk"): _update}
