from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeAlias

import pytest
import requests

Send: TypeAlias = Callable[..., requests.Response]
Make: TypeAlias = Callable[..., dict[str, Any]]

ME = "5a9d0c00-0000-4000-8000-000000000001"
SOMEONE = "5a9d0c00-0000-4000-8000-000000000002"
STANDARD = "00000000-0000-0000-0000-000000000001"
SECURITY = "00000000-0000-0000-0000-000000000003"
CHANGE_REQUEST = "00000000-0000-0000-0000-000000000004"


def case_data(**attributes: object) -> dict[str, object]:
    return {"type": "case", "attributes": attributes}


def test_new_case(send: Send, make_case: Make) -> None:
    case = make_case(assignee=SOMEONE, title="Leak")
    attributes = case["attributes"]
    assert attributes.pop("created_at")
    assert attributes == {
        "attributes": {},
        "comment_count": 0,
        "creation_source": "MANUAL",
        "custom_attributes": {},
        "description": "",
        "insights": [],
        "internal_id": case["id"],
        "key": "SEC-1",
        "merge_status": "NOT_MERGED",
        "priority": "NOT_DEFINED",
        "public_id": "1",
        "status": "OPEN",
        "status_group": "SG_OPEN",
        "status_name": "Open",
        "title": "Leak",
        "type": "STANDARD",
        "type_id": STANDARD,
    }
    assert case["relationships"].keys() == {"project", "created_by", "assignee"}
    by_key = send("GET", "/cases/SEC-1").json()
    assert by_key == send("GET", f"/cases/{case['id']}").json()
    assert [user["id"] for user in by_key["included"]] == [ME, SOMEONE]


@pytest.mark.parametrize(
    ("attributes", "status"),
    [({"type": "STANDARD"}, 201), ({"type": "SECURITY"}, 400), ({}, 400)],
)
def test_deprecated_type_replaces_type_id(
    send: Send, project_id: str, attributes: dict[str, str], status: int
) -> None:
    home = {"project": {"data": {"id": project_id, "type": "project"}}}
    data = {**case_data(title="x", **attributes), "relationships": home}
    response = send("POST", "/cases", data)
    assert response.status_code == status
    if status == 201:
        assert response.json()["data"]["attributes"]["type_id"] == STANDARD


def test_keys_count_per_project_public_ids_per_organisation(
    send: Send, make: Make, make_case: Make
) -> None:
    make_case()
    other = make("/cases/projects", "project", key="OPS", name="x")["id"]
    data = {
        **case_data(title="x", type_id=STANDARD),
        "relationships": {"project": {"data": {"id": other, "type": "project"}}, "assignee": None},
    }
    attributes = send("POST", "/cases", data).json()["data"]["attributes"]
    assert (attributes["key"], attributes["public_id"]) == ("OPS-1", "2")


@pytest.mark.parametrize(
    ("path", "attributes", "shown"),
    [
        ("title", {"title": "x"}, {"title": "x"}),
        ("description", {"description": "x"}, {"description": "x"}),
        ("priority", {"priority": "P1"}, {"priority": "P1"}),
        ("attributes", {"attributes": {"env": ["a"]}}, {"attributes": {"env": ["a"]}}),
        ("due_date", {"due_date": "2026-02-28"}, {}),
        ("resolved_reason", {"security_resolved_reason": "FALSE_POSITIVE"}, {}),
        (
            "status",
            {"status_name": "In Progress"},
            {
                "status_name": "In Progress",
                "status": "IN_PROGRESS",
                "status_group": "SG_IN_PROGRESS",
            },
        ),
    ],
)
def test_write_changes_one_field_and_modified_at(
    send: Send, make_case: Make, path: str, attributes: dict[str, object], shown: dict[str, object]
) -> None:
    before = make_case()
    send_again = [send("POST", f"/cases/SEC-1/{path}", case_data(**attributes)) for _ in range(2)]
    first, second = (response.json()["data"] for response in send_again)
    assert first == second  # the second write has the same value and changes nothing
    assert first["attributes"].pop("modified_at")
    assert first["relationships"].pop("modified_by") == {"data": {"id": ME, "type": "user"}}
    assert first["attributes"] == {**before["attributes"], **shown}
    assert first["relationships"] == before["relationships"]
    stored = send("GET", "/sandbox/objects/SEC-1").json()
    assert stored.items() >= attributes.items()


def test_single_responses_round_times_of_searches(send: Send, make_case: Make) -> None:
    for _ in range(20):  # so many cases that some timestamps are rounded up and others down
        case = make_case(status_name="Closed")
        path = f"/cases/{case['id']}"
        single = send("POST", f"{path}/title", case_data(title="x")).json()["data"]
        (listed,) = send(
            "GET", f"/cases?filter=public_id:{case['attributes']['public_id']}"
        ).json()["data"]
        assert "modified_by" in single["relationships"]
        assert "modified_by" not in listed["relationships"]
        for name in ("modified_at", "closed_at"):
            exact, rounded = (
                Decimal(each["attributes"][name].removesuffix("Z").rpartition(":")[2])
                for each in (listed, single)
            )
            assert rounded == round(exact, 6)


def test_security_case_is_closed_only_with_a_reason(send: Send, make_case: Make) -> None:
    case_id = make_case(type_id=SECURITY)["id"]
    closed = case_data(status_name="Closed")
    refused = send("POST", f"/cases/{case_id}/status", closed)
    assert refused.status_code == 400
    assert "security_resolved_reason is required" in refused.text
    reason = case_data(security_resolved_reason="FALSE_POSITIVE")
    assert send("POST", f"/cases/{case_id}/resolved_reason", reason).ok
    assert send("POST", f"/cases/{case_id}/status", closed).ok


def test_null_clears_due_date(send: Send, case_id: str) -> None:
    for due_date in ("2026-02-28", None):
        response = send("POST", f"/cases/{case_id}/due_date", case_data(due_date=due_date))
        assert response.status_code == 200
        assert send("GET", f"/sandbox/objects/{case_id}").json()["due_date"] == due_date


@pytest.mark.parametrize("path", ["unassign", "unarchive"])
def test_repeated_unassign_or_unarchive_changes_nothing(
    send: Send, make_case: Make, path: str
) -> None:
    before = make_case()
    assert send("POST", f"/cases/{before['id']}/{path}", {"type": "case"}).json()["data"] == before


def test_assign(send: Send, case_id: str) -> None:
    assigned = send("POST", f"/cases/{case_id}/assign", case_data(assignee_id=SOMEONE)).json()
    assert assigned["data"]["relationships"]["assignee"]["data"]["id"] == SOMEONE
    unassigned = send("POST", f"/cases/{case_id}/unassign", {"type": "case"}).json()
    assert "assignee" not in unassigned["data"]["relationships"]


def test_archive_keeps_status_and_first_archived_at(send: Send, case_id: str) -> None:
    archived = [
        send("POST", f"/cases/{case_id}/archive", {"type": "case"}).json()["data"]["attributes"]
        for _ in range(2)
    ]
    assert archived[0] == archived[1]
    assert (archived[0]["status"], "closed_at" in archived[0]) == ("OPEN", False)
    back = send("POST", f"/cases/{case_id}/unarchive", {"type": "case"}).json()["data"]
    assert "archived_at" not in back["attributes"]


@pytest.mark.parametrize(
    ("sent", "name", "status", "group"),
    [
        ({"status": "CLOSED"}, "Completed", "COMPLETED", "SG_CLOSED"),
        ({"status": "IN_PROGRESS"}, "Pending Approval", "PENDING_APPROVAL", "SG_IN_PROGRESS"),
        ({"status": "DECLINED"}, "Declined", "DECLINED", "SG_CLOSED"),
        ({"status_name": "Approved"}, "Approved", "APPROVED", "SG_IN_PROGRESS"),
        ({"status_name": "Open", "status": "CLOSED"}, "Open", "OPEN", "SG_OPEN"),
    ],
)
def test_status_must_be_of_case_type(  # noqa: PLR0913, PLR0917 - the table's columns
    send: Send, make_case: Make, sent: dict[str, str], name: str, status: str, group: str
) -> None:
    make_case(type_id=CHANGE_REQUEST)
    changed = send("POST", "/cases/SEC-1/status", case_data(**sent)).json()["data"]["attributes"]
    assert [changed[f"status{suffix}"] for suffix in ("_name", "", "_group")] == [
        name,
        status,
        group,
    ]
    assert ("closed_at" in changed) == (group == "SG_CLOSED")


def test_reopening_removes_closed_at(send: Send, make_case: Make) -> None:
    assert "closed_at" in make_case(status_name="Closed")["attributes"]
    reopened = send("POST", "/cases/SEC-1/status", case_data(status_name="Open")).json()["data"]
    assert "closed_at" not in reopened["attributes"]


def test_custom_attribute_write_sets_no_modified_by(
    send: Send, make: Make, make_case: Make
) -> None:
    type_id = make("/cases/types", "case_type", name="x")["id"]
    defined = {"key": "k", "display_name": "K", "type": "TEXT", "is_multi": False}
    make(f"/cases/types/{type_id}/custom_attributes", "custom_attribute", **defined)
    before = make_case(type_id=type_id)
    path = "/cases/SEC-1/custom_attributes/k"
    assert send("DELETE", path).json()["data"] == before
    value = {"type": "TEXT", "is_multi": False, "value": "x"}
    changed = send("POST", path, {"type": "case", "attributes": value}).json()["data"]
    assert changed["attributes"]["custom_attributes"] == {"k": value}
    assert "modified_at" in changed["attributes"]
    assert "modified_by" not in changed["relationships"]
    cleared = send("DELETE", path)
    assert (cleared.status_code, cleared.json()["data"]["attributes"]["custom_attributes"]) == (
        200,
        {},
    )


def test_move_assigns_key_of_new_project(send: Send, make: Make, case_id: str) -> None:
    other = make("/cases/projects", "project", key="OPS", name="x")["id"]
    path = f"/cases/{case_id}/relationships/project"
    moved = send("PATCH", path, {"id": other, "type": "project"}).json()["data"]
    assert moved["attributes"]["key"] == "OPS-1"
    assert moved["relationships"]["project"]["data"]["id"] == other
    assert send("PATCH", path, {"id": other, "type": "project"}).json()["data"] == moved
    assert send("GET", "/cases/SEC-1").status_code == 404
    assert send("GET", "/cases/OPS-1").json()["data"]["id"] == case_id
