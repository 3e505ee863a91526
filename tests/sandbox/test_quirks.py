"""The endpoints that add, list and remove quirks, and their documentation."""

import json
import re
from pathlib import Path

import pytest
from tests.sandbox.quirk_requests import AddQuirk, Make, Send, link

import datadog_cases_sandbox
from datadog_cases_sandbox.quirks.types import EXPLANATIONS


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
        ('{"kind": "lag_search"}', "quirk: new, changed or archived must be greater than 0"),
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


def test_removed_quirks_leave_no_trace(send: Send, add_quirk: AddQuirk, make_case: Make) -> None:
    one, other = make_case()["id"], make_case()["id"]
    link(send, one, other)
    paths = (
        f"/cases/{one}",
        "/cases",
        "/cases/projects",
        "/cases/types",
        f"/cases/link?entity_type=CASE&entity_id={one}",
        f"/cases/{one}/timelines",
        "/current_user",
    )
    plain = [send("GET", path).json() for path in paths]
    required = {"reserve_deleted_keys": {"seconds": 3600}, "lag_search": {"new": 3600}}
    for kind in EXPLANATIONS.keys() - {"bot_edits"}:
        add_quirk(kind, **required.get(kind, {}))
    assert all(
        send("GET", path).json() != before for path, before in zip(paths, plain, strict=True)
    )
    send("DELETE", "/sandbox/quirks")
    assert [send("GET", path).json() for path in paths] == plain
