"""Tests of quirks that store texts, lists and dates in another form than the sent form."""

import re

import pytest
from tests.sandbox.quirk_requests import (
    STANDARD,
    AddQuirk,
    Make,
    Send,
    read,
    rule,
    set_labels,
    struck,
)

TEXT = {"type": "TEXT", "is_multi": False}


def test_trim_strings(send: Send, add_quirk: AddQuirk, make_case: Make, project_id: str) -> None:
    add_quirk("trim_strings")
    case = make_case(title=" Fire\n", description="  in the data  centre ")
    assert case["attributes"]["title"] == "Fire"
    assert read(send, f"/cases/{case['id']}")["attributes"]["description"] == "in the data  centre"
    assert len(read(send, "/cases?filter=title:Fire")) == 1
    assert set_labels(send, case["id"], {" env ": [" prod "]}) == {"env": ["prod"]}
    recipient = {"type": "EMAIL", "data": {"email": " lead@example.com "}}
    path = f"/cases/projects/{project_id}/notification_rules"
    send("POST", path, {"type": "notification_rule", "attributes": rule(recipient)})
    stored = read(send, path)[0]["attributes"]["recipients"][0]
    assert stored["data"]["email"] == "lead@example.com"
    assert struck(send) == [3]


def test_blank_title_is_empty_if_trimmed(send: Send, add_quirk: AddQuirk, case_id: str) -> None:
    add_quirk("trim_strings")
    data = {"type": "case", "attributes": {"title": " "}}
    assert send("POST", f"/cases/{case_id}/title", data).status_code == 400


def test_truncate_strings(send: Send, add_quirk: AddQuirk, make_case: Make) -> None:
    add_quirk("truncate_strings", max_length=4)
    case = make_case(title="Fire in the data centre", priority="NOT_DEFINED")
    assert case["attributes"]["title"] == "Fire"
    assert read(send, "/cases")[0]["attributes"]["title"] == "Fire"
    assert case["attributes"]["priority"] == "NOT_DEFINED"
    assert case["attributes"]["type_id"] == STANDARD
    assert set_labels(send, case["id"], {"environment": ["prod-eu"]}) == {"envi": ["prod"]}


def test_lower_case_labels(send: Send, add_quirk: AddQuirk, make_case: Make) -> None:
    add_quirk("lower_case_labels")
    case = make_case(title="Fire")
    assert case["attributes"]["title"] == "Fire"
    labels = set_labels(send, case["id"], {"Env": ["Prod", "eu"]})
    assert labels == {"env": ["prod", "eu"]}
    assert len(read(send, "/cases?filter=Env:Prod")) == 1


def test_lower_case_addresses(send: Send, add_quirk: AddQuirk, project_id: str) -> None:
    add_quirk("lower_case_addresses")
    recipients = (
        {"type": "EMAIL", "data": {"email": "Lead@Example.com"}},
        {"type": "SLACK_CHANNEL", "data": {"channel": "#SOC"}},
    )
    path = f"/cases/projects/{project_id}/notification_rules"
    data = {"type": "notification_rule", "attributes": rule(*recipients)}
    written = send("POST", path, data).json()["data"]["attributes"]
    assert [each["data"] for each in written["recipients"]] == [
        {"email": "lead@example.com"},
        {"channel": "#SOC"},
    ]
    assert read(send, path)[0]["attributes"] == written


@pytest.mark.parametrize(
    ("kind", "project_key", "key", "case_key"),
    [
        ("upper_case_keys", "SEC", "ENV NAME", "SEC-1"),
        ("slugify_keys", "sec", "env-name", "sec-1"),
    ],
)
def test_keys_are_found_in_both_forms(  # noqa: PLR0913, PLR0917 - a table and fixtures
    send: Send,
    add_quirk: AddQuirk,
    make: Make,
    kind: str,
    project_key: str,
    key: str,
    case_key: str,
) -> None:
    add_quirk(kind)
    project = make("/cases/projects", "project", key="Sec", name="Security")
    assert project["attributes"]["key"] == project_key
    second = {"type": "project", "attributes": {"key": "sEC", "name": "Another"}}
    assert send("POST", "/cases/projects", second).status_code == 400
    case_type = make("/cases/types", "case_type", name="Fire")["id"]
    path = f"/cases/types/{case_type}/custom_attributes"
    definition = make(path, "custom_attribute", key="Env Name", display_name="Environment", **TEXT)
    assert definition["attributes"]["key"] == key
    data = {
        "type": "case",
        "attributes": {
            "title": "A case",
            "type_id": case_type,
            "custom_attributes": {"Env Name": {**TEXT, "value": "Prod"}},
        },
        "relationships": {"project": {"data": {"id": project["id"], "type": "project"}}},
    }
    case = send("POST", "/cases", data).json()["data"]
    assert case["attributes"]["key"] == case_key
    for sent in ("Env Name", key):
        change = {"type": "case", "attributes": {**TEXT, "value": sent}}
        for name in ("Sec-1", "SEC-1", "sec-1", case["id"], case["id"].upper()):
            response = send("POST", f"/cases/{name}/custom_attributes/{sent}", change)
            assert response.status_code == 200, response.text
        stored = read(send, f"/cases/{case_key}")["attributes"]["custom_attributes"]
        assert stored == {key: {**TEXT, "value": sent}}
    for name in ("Sec", "sec", "SEC"):
        assert [each["id"] for each in read(send, f"/cases?filter=project:{name}")] == [case["id"]]
    bulk = {"type": "archive", "case_ids": ["Sec-1"]}
    assert send("POST", "/cases/bulk", {"type": "bulk", "attributes": bulk}).status_code == 200
    assert "archived_at" in read(send, f"/cases/{case_key}")["attributes"]


def test_reorder_lists(send: Send, add_quirk: AddQuirk, case_id: str, project_id: str) -> None:
    add_quirk("reorder_lists")
    assert set_labels(send, case_id, {"env": ["prod", "dev", "qa"]}) == {
        "env": ["dev", "prod", "qa"]
    }
    recipients = [{"type": "EMAIL", "data": {"email": f"{name}@example.com"}} for name in "ba"]
    path = f"/cases/projects/{project_id}/notification_rules"
    send("POST", path, {"type": "notification_rule", "attributes": rule(*recipients)})
    assert read(send, path)[0]["attributes"]["recipients"] == recipients[::-1]


def test_reorder_lists_descending(send: Send, add_quirk: AddQuirk, case_id: str) -> None:
    add_quirk("reorder_lists", descending=True)
    assert set_labels(send, case_id, {"env": ["a", "c", "b"]}) == {"env": ["c", "b", "a"]}


def test_ids_for_names(send: Send, add_quirk: AddQuirk, project_id: str) -> None:
    add_quirk("ids_for_names")
    recipients = (
        {"type": "SLACK_CHANNEL", "data": {"channel": "#soc", "workspace_id": "T1"}},
        {"type": "EMAIL", "data": {"email": "lead@example.com"}},
    )
    path = f"/cases/projects/{project_id}/notification_rules"
    data = {"type": "notification_rule", "attributes": rule(*recipients)}
    written = send("POST", path, data).json()["data"]
    slack, email = (each["data"] for each in written["attributes"]["recipients"])
    assert re.fullmatch(r"C0[0-9A-F]{9}", slack["channel"])
    assert slack["workspace_id"] == "T1"
    assert email == {"email": "lead@example.com"}
    # An update with the declared name, or with the id that the client has read, changes nothing.
    for sent in (recipients, written["attributes"]["recipients"]):
        data = {"type": "notification_rule", "attributes": rule(*sent)}
        assert send("PUT", f"{path}/{written['id']}", data).status_code == 204
        assert read(send, path) == [written]


def test_dates_as_instants(send: Send, add_quirk: AddQuirk, make_case: Make) -> None:
    case = make_case()
    add_quirk("dates_as_instants")
    path = f"/cases/{case['id']}"
    for sent in ("2026-01-02", "2026-01-02T00:00:00Z"):
        data = {"type": "case", "attributes": {"due_date": sent}}
        shown = send("POST", f"{path}/due_date", data).json()["data"]["attributes"]["due_date"]
        assert shown == "2026-01-02T00:00:00Z"
        assert read(send, path)["attributes"]["due_date"] == shown
        assert read(send, "/cases")[0]["attributes"]["due_date"] == shown
    cleared = {"type": "case", "attributes": {"due_date": None}}
    assert "due_date" not in send("POST", f"{path}/due_date", cleared).json()["data"]["attributes"]


def test_keys_from_before_the_quirk_are_found(
    send: Send, add_quirk: AddQuirk, case_id: str
) -> None:
    add_quirk("slugify_keys")
    for name in ("SEC-1", case_id):
        assert read(send, f"/cases/{name}")["attributes"]["key"] == "SEC-1"
