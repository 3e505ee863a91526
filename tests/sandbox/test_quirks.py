"""What a client sees under each quirk."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import requests

import datadog_cases_sandbox
from datadog_cases_sandbox.quirks.types import EXPLANATIONS

Send: TypeAlias = Callable[..., requests.Response]
Make: TypeAlias = Callable[..., dict[str, Any]]
AddQuirk: TypeAlias = Callable[..., None]

STANDARD = "00000000-0000-0000-0000-000000000001"
TEXT = {"type": "TEXT", "is_multi": False}


@pytest.fixture
def add_quirk(send: Send) -> AddQuirk:
    """Adds a quirk, as in `add_quirk("truncate_strings", max_length=5)`."""

    def add(kind: str, **members: object) -> None:
        sent = json.dumps({"kind": kind, **members}).encode()
        response = send("POST", "/sandbox/quirks", body=sent)
        assert response.status_code == 201, response.text

    return add


def struck(send: Send) -> list[int]:
    return [quirk["struck"] for quirk in send("GET", "/sandbox/quirks").json()]


def read(send: Send, path: str) -> Any:  # noqa: ANN401 - JSON
    response = send("GET", path)
    assert response.status_code == 200, response.text
    return response.json()["data"]


def set_labels(send: Send, case_id: str, labels: dict[str, list[str]]) -> Any:  # noqa: ANN401 - JSON
    """Writes the labels of a case, and checks that all reads agree with the response."""
    data = {"type": "case", "attributes": {"attributes": labels}}
    written = send("POST", f"/cases/{case_id}/attributes", data).json()["data"]["attributes"]
    assert read(send, f"/cases/{case_id}")["attributes"]["attributes"] == written["attributes"]
    assert read(send, "/cases")[0]["attributes"]["attributes"] == written["attributes"]
    return written["attributes"]


def rule(*recipients: Mapping[str, object]) -> dict[str, object]:
    return {"recipients": [*recipients], "triggers": [{"type": "CASE_CREATED", "data": {}}]}


# --- stored forms ------------------------------------------------------------------------------


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
    # Neither the name nor the id that the client has read changes the rule.
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


# --- the endpoints -----------------------------------------------------------------------------


def test_quirks_are_listed_until_removed(send: Send, make_case: Make) -> None:
    quirks: list[dict[str, object]] = [
        {"kind": "trim_strings", "endpoint": "POST /cases"},
        {"kind": "truncate_strings", "max_length": 2},
    ]
    sent = send("POST", "/sandbox/quirks", body=json.dumps(quirks).encode())
    assert sent.status_code == 201
    defaults = {"endpoint": "*", "struck": 0}
    assert sent.json() == [
        {**defaults, "id": added["id"], **quirk}
        for added, quirk in zip(sent.json(), quirks, strict=True)
    ]
    assert send("GET", "/sandbox/quirks").json() == sent.json()
    assert make_case(title=" ABC")["attributes"]["title"] == "AB"
    assert send("DELETE", "/sandbox/quirks").status_code == 204
    assert send("GET", "/sandbox/quirks").json() == []
    assert make_case(title=" ABC")["attributes"]["title"] == " ABC"


def test_reset_removes_quirks(send: Send, add_quirk: AddQuirk) -> None:
    add_quirk("trim_strings")
    send("POST", "/sandbox/reset")
    assert send("GET", "/sandbox/quirks").json() == []


def test_quirk_applies_to_matching_requests_only(
    send: Send, add_quirk: AddQuirk, case_id: str
) -> None:
    add_quirk("trim_strings", endpoint="POST /cases/*/description")
    for field, expected in (("title", " x "), ("description", "x")):
        data = {"type": "case", "attributes": {field: " x "}}
        changed = send("POST", f"/cases/{case_id}/{field}", data).json()["data"]["attributes"]
        assert changed[field] == expected


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("{", "the body is not JSON"),
        ("1", "quirk: Input should be a valid dictionary"),
        ("{}", "kind: Field required"),
        ('{"kind": "x"}', "kind: 'x' is none of 'trim_strings'"),
        ('{"kind": "trim_strings", "endpoint": "x"}', "endpoint: must be '*'"),
        ('[{"kind": "truncate_strings", "max_length": 0}]', "[0].max_length: Input should be"),
    ],
)
def test_rejects_invalid_quirks(send: Send, body: str, problem: str) -> None:
    response = send("POST", "/sandbox/quirks", body=body.encode())
    assert response.status_code == 400
    assert response.json()["errors"][0].startswith(problem)
    assert send("GET", "/sandbox/quirks").json() == []


def test_behaviour_page_explains_every_kind() -> None:
    page = Path(datadog_cases_sandbox.__file__).with_name("BEHAVIOUR.md").read_text()
    section = page.partition("\n## Quirks\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \|.*\| (.+) \|$", section, re.MULTILINE)
    assert rows == [(kind, *explanation) for kind, explanation in EXPLANATIONS.items()]


def test_every_kind_is_explained(send: Send) -> None:
    [problem] = send("POST", "/sandbox/quirks", body=b'{"kind": "x"}').json()["errors"]
    assert re.findall(r"'(\w+)'", problem)[1:] == [*EXPLANATIONS]
