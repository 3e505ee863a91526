from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
import requests

Send: TypeAlias = Callable[..., requests.Response]
Make: TypeAlias = Callable[..., dict[str, Any]]

TEAM = "5b2d8c1e-0000-4000-8000-000000000001"
SOMEONE = "5a9d0c00-0000-4000-8000-000000000002"
CASE_TYPE = "00000000-0000-0000-0000-000000000002"


def test_new_project_has_only_set_members(make: Make) -> None:
    project = make("/cases/projects", "project", key="SEC", name="Security")
    assert project.keys() == {"id", "type", "attributes"}
    assert project["attributes"].keys() == {"key", "name", "restricted", "settings"}
    assert project["attributes"]["settings"].keys() == {"notification"}


def test_team_is_only_in_relationships(send: Send, make: Make) -> None:
    project = make(
        "/cases/projects",
        "project",
        key="SEC",
        name="Security",
        team_uuid=TEAM,
        enabled_custom_case_types=[CASE_TYPE],
    )
    assert "team_uuid" not in project["attributes"]
    assert project["attributes"]["enabled_custom_case_types"] == [CASE_TYPE]
    assert project["relationships"] == {
        "member_team": {"links": {"related": f"/api/v2/team/{TEAM}/links"}}
    }
    assert send("GET", f"/sandbox/objects/{project['id']}").json()["team_uuid"] == TEAM


@pytest.mark.parametrize(
    ("key", "detail"),
    [
        ("CASE", "project key CASE is reserved"),
        ("SEC", "project key SEC is already in use"),
        ("", None),
        ("ELEVENCHARS", None),
        ("A-B", None),
    ],
)
def test_rejects_invalid_keys(send: Send, project_id: str, key: str, detail: str | None) -> None:
    data = {"type": "project", "attributes": {"key": key, "name": "x"}}
    response = send("POST", "/cases/projects", data)
    assert project_id
    assert response.status_code == 400
    assert response.json()["errors"][0].get("detail") == detail


def test_patch_merges_settings_at_first_level(send: Send, project_id: str) -> None:
    path = f"/cases/projects/{project_id}"

    def patch(**attributes: object) -> dict[str, Any]:
        response = send("PATCH", path, {"type": "project", "attributes": attributes})
        assert response.status_code == 200, response.text
        changed: dict[str, Any] = response.json()["data"]["attributes"]
        return changed

    whole = {"enabled": True, "auto_assign_on_call": True}
    columns = {"columns": [{"type": "x", "sort": {"ascending": True, "priority": 1}}]}
    patch(settings={"integration_on_call": whole}, columns_config=columns)
    changed = patch(settings={"integration_on_call": {"enabled": False}})
    assert changed["settings"]["integration_on_call"] == {"enabled": False}
    assert changed["settings"]["notification"]["enabled"] is True
    assert changed["columns_config"] == columns
    assert changed["name"] == "Security"
    assert send("GET", path).json()["data"]["attributes"] == changed


def test_custom_field_accepts_any_json(send: Send, project_id: str) -> None:
    fields = {
        "a": {"sync_type": "x", "value": None},
        "b": {"sync_type": "x", "value": [{"c": 1.5}, True]},
    }
    jira = {"sync": {"properties": {"custom_fields": fields}}}
    data = {"type": "project", "attributes": {"settings": {"integration_jira": jira}}}
    response = send("PATCH", f"/cases/projects/{project_id}", data)
    assert response.json()["data"]["attributes"]["settings"]["integration_jira"] == jira


@pytest.mark.parametrize(
    "settings",
    [
        {"notifications": {}},
        {"notification": {"enable": True}},
        {"notification": {"enabled": "true"}},
        {"notification": {"destinations": ["email"]}},
        {"integration_jira": {"sync": {"properties": {"assignee": {"type": "x"}}}}},
    ],
)
def test_rejects_unknown_settings(send: Send, project_id: str, settings: object) -> None:
    data = {"type": "project", "attributes": {"settings": settings}}
    assert send("PATCH", f"/cases/projects/{project_id}", data).status_code == 400


def test_deleting_project_deletes_its_objects(
    send: Send, make: Make, project_id: str, case_id: str
) -> None:
    path = f"/cases/projects/{project_id}"
    trigger = {"type": "CASE_CREATED"}
    workflow = {"type": "EXECUTE_WORKFLOW", "data": {"handle": "x"}}
    recipients = [{"type": "EMAIL", "data": {"email": "a@example.com"}}]
    comment = {"type": "case", "attributes": {"comment": "x"}}
    gone = [
        case_id,
        send("POST", f"/cases/{case_id}/comment", comment).json()["data"][0]["id"],
        *(
            made["id"]
            for made in (
                make(f"{path}/rules", "rule", name="x", trigger=trigger, action=workflow),
                make(
                    f"{path}/notification_rules",
                    "notification_rule",
                    recipients=recipients,
                    triggers=[trigger],
                ),
                make("/cases/views", "view", name="x", query="", project_id=project_id),
                make(
                    "/cases/link",
                    "link",
                    parent_entity_type="INCIDENT",
                    parent_entity_id=TEAM,
                    child_entity_type="CASE",
                    child_entity_id=case_id,
                    relationship="CAUSES",
                ),
            )
        ),
    ]
    send("POST", f"/cases/{case_id}/watchers/{SOMEONE}")
    (watcher,) = send("GET", f"/cases/{case_id}/watchers").json()["data"]
    other = make("/cases/projects", "project", key="OTHER", name="x")["id"]

    assert send("DELETE", path).status_code == 204
    assert send("DELETE", path).status_code == 404
    found = [send("GET", f"/sandbox/objects/{id_}") for id_ in (*gone, watcher["id"])]
    assert {response.status_code for response in found} == {404}
    assert [one["id"] for one in send("GET", "/cases/projects").json()["data"]] == [other]
