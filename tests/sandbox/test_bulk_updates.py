from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
import requests

Send: TypeAlias = Callable[..., requests.Response]
Make: TypeAlias = Callable[..., dict[str, Any]]

USER = "5a9d0c00-0000-4000-8000-000000000002"
NOBODY = "67d80aa3-36ff-44b9-a694-c501a7591737"
JIRA = {"jira_account_id": "1", "project_id": "10001", "issue_type_id": "3"}


def bulk(kind: str, *case_ids: str, **payload: str) -> dict[str, object]:
    attributes = {"type": kind, "case_ids": [*case_ids], "payload": payload}
    return {"type": "bulk", "attributes": attributes}


@pytest.fixture
def stored(send: Send, make_case: Make) -> Callable[[], list[dict[str, Any]]]:
    """Creates three cases. The result is a function that returns their stored fields."""
    for _ in range(3):
        make_case()
    return lambda: [send("GET", f"/sandbox/objects/SEC-{n}").json() for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("kind", "payload", "changed"),
    [
        ("priority", {"priority": "P1"}, {"priority": "P1"}),
        ("status", {"status": "CLOSED"}, {"status_name": "Closed"}),
        ("status", {"status_name": "In Progress"}, {"status_name": "In Progress"}),
        ("assign", {"assignee_id": USER}, {"assignee_id": USER}),
        ("linear", {"team": "x"}, {"linear": {"team": "x"}}),
    ],
)
def test_bulk_update_changes_only_named_cases(
    send: Send,
    stored: Callable[[], list[dict[str, Any]]],
    kind: str,
    payload: dict[str, str],
    changed: dict[str, object],
) -> None:
    first, second, third = stored()
    response = send("POST", "/cases/bulk", bulk(kind, "SEC-1", second["id"], **payload))
    assert (response.status_code, response.content) == (200, b"")
    after = stored()
    for before, now in zip((first, second), after, strict=False):
        assert now.items() >= changed.items()
        assert before["modified_at"] is None
        assert now["modified_at"] is not None
    assert after[2] == third


@pytest.mark.parametrize(
    ("do", "undo", "field", "payload"),
    [
        ("archive", "unarchive", "archived_at", {}),
        ("assign", "unassign", "assignee_id", {"assignee_id": USER}),
    ],
)
def test_bulk_update_and_its_inverse(  # noqa: PLR0913, PLR0917 - the table's columns
    send: Send,
    stored: Callable[[], list[dict[str, Any]]],
    do: str,
    undo: str,
    field: str,
    payload: dict[str, str],
) -> None:
    for data, done in ((bulk(do, "SEC-1", "SEC-2", **payload), True), (bulk(undo, "SEC-1"), False)):
        assert send("POST", "/cases/bulk", data).status_code == 200
        first, second, third = (case[field] is not None for case in stored())
        assert (first, second, third) == (done, True, False)


@pytest.mark.parametrize(
    ("kind", "payload", "attribute"),
    [
        ("jira", JIRA, "jira_issue"),
        ("servicenow", {"instance_name": "acme", "assignment_group": "x"}, "service_now_ticket"),
    ],
)
def test_bulk_update_creates_one_object_per_case(
    send: Send,
    stored: Callable[[], list[dict[str, Any]]],
    kind: str,
    payload: dict[str, str],
    attribute: str,
) -> None:
    send("POST", "/cases/bulk", bulk(kind, "SEC-1", "SEC-2", **payload))
    first, second, third = (case[attribute] for case in stored())
    assert None not in {*first["result"].values(), *second["result"].values()}
    assert first["result"] != second["result"]
    assert third is None


def test_bulk_update_moves_cases(
    send: Send, make: Make, stored: Callable[[], list[dict[str, Any]]]
) -> None:
    ids = [case["id"] for case in stored()]
    other = make("/cases/projects", "project", key="OPS", name="x")["id"]
    send("POST", "/cases/bulk", bulk("update_project", *ids[:2], project_id=other))
    cases = [send("GET", f"/cases/{case_id}").json()["data"]["attributes"] for case_id in ids]
    assert [case["key"] for case in cases] == ["OPS-1", "OPS-2", "SEC-3"]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (bulk("priority", "SEC-1", NOBODY, priority="P1"), 404),
        (bulk("priority", "SEC-1", "SEC-9", priority="P1"), 404),
        (bulk("assign", "SEC-1", assignee_id=NOBODY), 404),
        (bulk("update_project", "SEC-1", project_id=NOBODY), 404),
        (bulk("priority", priority="P1"), 400),
        (bulk("priority", "SEC-1"), 400),
        (bulk("priority", "SEC-1", priority="P9"), 400),
        (bulk("priority", "SEC-1", priority="P1", title="x"), 400),
        (bulk("status", "SEC-1", status_name="Done"), 400),
        (bulk("unassign", "SEC-1", assignee_id=USER), 400),
        (bulk("update_project", "SEC-1"), 400),
        (bulk("update_project", "SEC-1", project_id=NOBODY, key="x"), 400),
        (bulk("jira", "SEC-1"), 400),
        (bulk("jira", "SEC-1", "SEC-1", **JIRA), 400),
        (bulk("delete", "SEC-1"), 400),
        ({"type": "cases", "attributes": {}}, 400),
    ],
)
def test_rejected_case_undoes_whole_bulk_update(
    send: Send, stored: Callable[[], list[dict[str, Any]]], data: object, status: int
) -> None:
    before = stored()
    assert send("POST", "/cases/bulk", data).status_code == status
    assert stored() == before
