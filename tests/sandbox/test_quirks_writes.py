"""Tests of quirks that reject requests, or change more than a request asks for."""

import pytest
from tests.sandbox.quirk_requests import STANDARD, AddQuirk, Make, Send, found, link, read, struck


def test_limit_lengths(send: Send, add_quirk: AddQuirk, case_id: str) -> None:
    add_quirk("limit_lengths", max_length=10)
    for title, status in (("x" * 10, 200), ("x" * 11, 400)):
        change = {"type": "case", "attributes": {"title": title}}
        response = send("POST", f"/cases/{case_id}/title", change)
        assert response.status_code == status
    assert response.json()["errors"][0]["detail"] == (
        "invalid title. Must have at most 10 characters"
    )
    assert struck(send) == [1]


def test_conflict_on_duplicates(
    send: Send, add_quirk: AddQuirk, make_case: Make, project_id: str
) -> None:
    add_quirk("conflict_on_duplicates")
    one, other = make_case()["id"], make_case()["id"]
    user = "5a9d0c00-0000-4000-8000-000000000002"
    incident = {"type": "incidents", "id": user}
    key = {"type": "project", "attributes": {"key": "SEC", "name": "Another"}}
    requests_ = (
        ("POST", f"/cases/{one}/watchers/{user}", None),
        ("POST", f"/cases/projects/{project_id}/favorites", None),
        ("POST", f"/cases/{one}/relationships/incidents", incident),
        ("POST", f"/cases/{one}/relationships/notebook", {"type": "notebook"}),
    )
    for request in requests_:
        assert send(*request).status_code in {201, 204}
        assert send(*request).status_code == 409
    assert link(send, one, other).status_code == 201
    assert link(send, other, one).status_code == 409
    assert send("POST", "/cases/projects", key).status_code == 409
    change = {"type": "case", "attributes": {"title": "A case"}}
    assert send("POST", f"/cases/{one}/title", change).status_code == 200
    assert struck(send) == [6]


def test_assignees_watch(send: Send, add_quirk: AddQuirk, make_case: Make) -> None:
    add_quirk("assignees_watch")
    add_quirk("conflict_on_duplicates")
    user, other = (f"5a9d0c00-0000-4000-8000-00000000000{number}" for number in (2, 3))
    case_id = make_case(assignee=user)["id"]
    assert send("POST", f"/cases/{case_id}/watchers/{user}").status_code == 409
    change = {"type": "case", "attributes": {"assignee_id": other}}
    send("POST", f"/cases/{case_id}/assign", change)
    watchers = read(send, f"/cases/{case_id}/watchers")
    assert [each["relationships"]["user"]["data"]["id"] for each in watchers] == [user, other]


def test_reserve_deleted_keys(send: Send, add_quirk: AddQuirk, project_id: str) -> None:
    add_quirk("reserve_deleted_keys", seconds=3600)
    new = {"type": "project", "attributes": {"key": "SEC", "name": "Security"}}
    assert send("DELETE", f"/cases/projects/{project_id}").status_code == 204
    assert send("POST", "/cases/projects", new).status_code == 400
    new["attributes"] = {"key": "OPS", "name": "Operations"}
    assert send("POST", "/cases/projects", new).status_code == 201
    send("DELETE", "/sandbox/quirks")
    new["attributes"] = {"key": "SEC", "name": "Security"}
    assert send("POST", "/cases/projects", new).status_code == 201


@pytest.mark.parametrize("status", [403, 404])
def test_inaccessible_projects(  # noqa: PLR0913, PLR0917 - a table and fixtures
    send: Send, add_quirk: AddQuirk, make: Make, make_case: Make, project_id: str, status: int
) -> None:
    ops = make("/cases/projects", "project", key="OPS", name="Operations")["id"]
    case_id = make_case()["id"]
    add_quirk("inaccessible_projects", projects=["SEC"], status=status)
    title = {"type": "case", "attributes": {"title": "Changed"}}
    new = {
        "type": "case",
        "attributes": {"title": "New", "type_id": STANDARD},
        "relationships": {"project": {"data": {"id": project_id, "type": "project"}}},
    }
    key = {"type": "project", "attributes": {"key": "SEC", "name": "Another"}}
    for method, path, data in (
        ("GET", f"/cases/projects/{project_id}", None),
        ("GET", f"/cases/projects/{project_id}/rules", None),
        ("DELETE", f"/cases/projects/{project_id}", None),
        ("GET", f"/cases/{case_id}", None),
        ("POST", "/cases/SEC-1/title", title),
        ("POST", "/cases", new),
    ):
        assert send(method, path, data).status_code == status, path
    assert [each["id"] for each in read(send, "/cases/projects")] == [ops]
    assert found(send) == []
    assert send("POST", "/cases/projects", key).status_code == 400
    unknown = "00000000-0000-0000-0000-00000000ffff"
    assert send("GET", f"/cases/projects/{unknown}").status_code == 404
    send("DELETE", "/sandbox/quirks")
    assert found(send) == [("SEC-1", "A case")]


def test_bot_edits(send: Send, add_quirk: AddQuirk, make_case: Make) -> None:
    add_quirk("bot_edits")
    case = make_case()
    labels = set[str]()
    stamps = {case["attributes"].get("modified_at")}
    for path in (f"/cases/{case['id']}", "/cases", f"/cases/{case['id']}"):
        shown = read(send, path)
        attributes = (shown[0] if isinstance(shown, list) else shown)["attributes"]
        labels.update(attributes["attributes"]["bot"])
        stamps.add(attributes["modified_at"])
        assert attributes["title"] == "A case"
    assert len(labels) == 3
    assert len(stamps) == 4


def test_bot_keeps_writes_that_a_lagging_search_does_not_show(
    send: Send, add_quirk: AddQuirk, make_case: Make
) -> None:
    case_id = make_case(title="First")["id"]
    add_quirk("lag_search", changed=3600)
    add_quirk("bot_edits")
    change = {"type": "case", "attributes": {"title": "Second"}}
    send("POST", f"/cases/{case_id}/title", change)
    assert found(send) == [("SEC-1", "First")]
    assert read(send, f"/cases/{case_id}")["attributes"]["title"] == "Second"
