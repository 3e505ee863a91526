"""Error responses: status, body and reason of rejected requests."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
import requests

Send: TypeAlias = Callable[..., requests.Response]
Make: TypeAlias = Callable[..., dict[str, Any]]

NOBODY = "67d80aa3-36ff-44b9-a694-c501a7591737"
STANDARD = "00000000-0000-0000-0000-000000000001"
PROJECT = {"project": {"data": {"id": NOBODY, "type": "project"}}}

E1 = {"status": "400", "title": "Bad Request"}


def detailed(detail: str) -> dict[str, object]:
    return {**E1, "detail": detail}


def parameter(name: str, place: str, expected: str) -> dict[str, object]:
    detail = f'invalid parameter "{name}" in "{place}"; expected type "{expected}"'
    return {"status": "400", "title": "Invalid Parameter", "detail": detail}


def generic(detail: str) -> dict[str, object]:
    return {"title": "Generic Error", "detail": detail}


def missing(title: str) -> dict[str, object]:
    return {"code": "resource_not_found", "title": title}


def case(**attributes: object) -> dict[str, object]:
    return {"type": "case", "attributes": attributes}


def rule(**changes: object) -> dict[str, object]:
    whole: dict[str, object] = {
        "name": "x",
        "trigger": {"type": "CASE_CREATED"},
        "action": {"type": "EXECUTE_WORKFLOW", "data": {"handle": "x"}},
    }
    return {"type": "rule", "attributes": {**whole, **changes}}


NO_PROJECT = "failed to get project: project not found"
NO_CELL = "failed to get timeline cell: timeline cell not found"
RULES = "/cases/projects/{project}/rules"


@pytest.mark.parametrize(
    ("method", "path", "data", "status", "error"),
    [
        # Invalid bodies.
        ("POST", "/cases/{case}/title", case(title=""), 400, E1),
        ("POST", "/cases/{case}/title", case(titel="x"), 400, E1),
        ("POST", "/cases/{case}/title", case(title="x", description="x"), 400, E1),
        ("POST", "/cases/{case}/title", {"type": "case"}, 400, E1),
        ("POST", "/cases/{case}/title", None, 400, E1),
        ("POST", "/cases/{case}/comment", case(comment=""), 400, E1),
        ("POST", "/cases/{case}/assign", case(assignee_id="someone"), 400, E1),
        ("POST", "/cases/{case}/status", case(), 400, E1),
        ("POST", "/cases/{case}/due_date", case(due_date="2026-02-30"), 400, E1),
        ("POST", "/cases/{case}/due_date", case(due_date="2026-02-03T00:00:00Z"), 400, E1),
        ("POST", "/cases/{case}/archive", case(), 400, E1),
        ("PATCH", "/cases/projects/{project}", {"type": "project", "id": NOBODY}, 400, E1),
        ("POST", RULES, rule(trigger={"type": "CASE_OPENED"}), 400, E1),
        ("POST", RULES, rule(action={"type": "ASSIGN_AGENT", "data": {"handle": "x"}}), 400, E1),
        ("POST", RULES, rule(state="ON"), 400, E1),
        ("POST", RULES, rule(trigger={"type": "CASE_CREATED", "data": {"to": "x"}}), 400, E1),
        # Wrong resource types. The API checks the type before it looks for the project.
        (
            "POST",
            "/cases/{case}/archive",
            {"type": "project"},
            400,
            detailed('got type "project" expected one of "case"'),
        ),
        (
            "POST",
            "/cases",
            {
                **case(title="", type_id=STANDARD),
                "relationships": {
                    **PROJECT,
                    "assignee": {"data": {"id": NOBODY, "type": "userx"}},
                },
            },
            400,
            detailed('got type "userx" expected one of "user"'),
        ),
        (
            "PATCH",
            "/cases/{case}/relationships/project",
            {"id": NOBODY, "type": "case"},
            400,
            detailed('got type "case" expected one of "project"'),
        ),
        # Wrong JSON types of attributes.
        (
            "POST",
            "/cases/{case}/attributes",
            case(attributes={"env": "prod"}),
            400,
            detailed('error decoding attribute "attributes": invalid type string'),
        ),
        (
            "POST",
            "/cases/{case}/title",
            case(title=5),
            400,
            detailed('error decoding attribute "title": invalid type number'),
        ),
        (
            "PATCH",
            "/cases/projects/{project}",
            {"type": "project", "attributes": {"name": None}},
            400,
            detailed('error decoding attribute "name": invalid type null'),
        ),
        # Invalid ids in the path.
        ("DELETE", "/cases/{case}/comment/x", None, 400, parameter("CommentID", "path", "uuid")),
        ("GET", "/cases/projects/x", None, 400, parameter("ProjectID", "path", "uuid")),
        ("GET", RULES + "/x", None, 400, parameter("RuleID", "path", "uuid")),
        # Well-formed values that are not allowed.
        (
            "POST",
            "/cases/{case}/priority",
            case(priority="P1234"),
            400,
            generic("invalid priority P1234. Must be one of P1, P2, P3, P4, P5, NOT_DEFINED"),
        ),
        (
            "POST",
            "/cases/{case}/status",
            case(status="DONE"),
            400,
            generic(
                "invalid status DONE. Must be one of NOT_STARTED, IN_PROGRESS, CLOSED, "
                "ACKNOWLEDGED, TRIGGERED, PENDING_APPROVAL, COMPLETED, CANCELLED, DECLINED, "
                "SUNKNOWN, OPEN, RESOLVED, APPROVED, IMPLEMENTING"
            ),
        ),
        (
            "POST",
            "/cases/{case}/status",
            case(status_name="Done"),
            400,
            generic("invalid status_name Done. Must be one of Open, In Progress, Closed"),
        ),
        # Missing objects.
        ("GET", f"/cases/{NOBODY}", None, 404, missing("case not found")),
        ("GET", "/cases/SEC-9", None, 404, missing("case not found")),
        (
            "POST",
            f"/cases/{NOBODY}/attributes",
            case(attributes={}),
            404,
            missing("case not found"),
        ),
        (
            "POST",
            "/cases",
            {
                **case(title="x", type_id=STANDARD),
                "relationships": {**PROJECT, "assignee": {"data": {"id": NOBODY, "type": "user"}}},
            },
            404,
            missing("project not found"),
        ),
        ("POST", "/cases/{case}/assign", case(assignee_id=NOBODY), 404, missing("user not found")),
        ("PATCH", f"/cases/projects/{NOBODY}", {"type": "project"}, 404, missing(NO_PROJECT)),
        ("GET", f"/cases/projects/{NOBODY}/rules", None, 404, missing(NO_PROJECT)),
        ("GET", f"{RULES}/{NOBODY}", None, 404, missing("rule not found")),
        ("DELETE", f"/cases/{{case}}/comment/{NOBODY}", None, 404, missing(NO_CELL)),
        ("DELETE", f"/cases/{NOBODY}/comment/{NOBODY}", None, 404, missing(NO_CELL)),
        (
            "GET",
            f"/cases/types/{NOBODY}/custom_attributes",
            None,
            404,
            missing("case_type not found"),
        ),
    ],
)
def test_error_bodies(  # noqa: PLR0913, PLR0917 - the table's columns
    send: Send,
    project_id: str,
    case_id: str,
    method: str,
    path: str,
    data: object,
    status: int,
    error: object,
) -> None:
    response = send(method, path.format(project=project_id, case=case_id), data)
    assert response.json() == {"errors": [error]}
    assert response.status_code == status
    assert response.headers["content-type"] == "application/vnd.api+json"
    assert response.headers["x-sandbox-reason"]


@pytest.mark.parametrize(
    ("method", "command"), [("POST", "UpdateCustomAttribute"), ("DELETE", "RemoveCustomAttribute")]
)
def test_undefined_custom_attribute_is_not_found(
    send: Send, case_id: str, method: str, command: str
) -> None:
    data = case(type="TEXT", is_multi=False, value="x") if method == "POST" else None
    response = send(method, f"/cases/{case_id}/custom_attributes/none", data)
    assert response.status_code == 404
    title = (
        "failed to update batch: failed to apply command: failed to apply "
        f"domain.{command} command: custom attribute configuration not found"
    )
    error = {"code": "resource_not_found", "title": title, "meta": {"key": "none"}}
    assert response.json() == {"errors": [error]}


def test_rejects_invalid_json(send: Send) -> None:
    response = send("POST", "/cases", body=b'{"data": ')
    assert (response.status_code, response.json()) == (400, {"errors": [E1]})
    assert response.headers["x-sandbox-reason"].startswith("body: Invalid JSON")
