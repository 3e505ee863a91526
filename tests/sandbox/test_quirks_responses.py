"""Tests of quirks with which responses show objects in another form than the stored form."""

import json
from typing import Any

from tests.sandbox.quirk_requests import AddQuirk, Make, Send, link, read, rule, set_labels


def test_round_timestamps(send: Send, add_quirk: AddQuirk, make_case: Make) -> None:
    ids = [make_case(title=f"Case {number}")["id"] for number in range(20)]
    plain = {case_id: read(send, f"/cases/{case_id}")["attributes"] for case_id in ids}
    add_quirk("round_timestamps")
    exact = {case["id"]: case["attributes"] for case in read(send, "/cases?page[size]=100")}
    up_or_down = set[bool]()
    for case_id in ids:
        rounded = read(send, f"/cases/{case_id}")["attributes"]["created_at"]
        assert rounded == plain[case_id]["created_at"]
        difference = nanoseconds(exact[case_id]["created_at"]) - nanoseconds(rounded)
        assert -500 < difference < 500
        up_or_down |= {difference > 0} if difference else set()
    assert up_or_down == {True, False}
    again = {case["id"]: case["attributes"] for case in read(send, "/cases?page[size]=100")}
    assert again == exact


def nanoseconds(text: str) -> int:
    """Return the seconds of a time, including their fraction, in nanoseconds."""
    seconds, _, fraction = text.removesuffix("Z").rpartition(":")[2].partition(".")
    return int(seconds) * 10**9 + int(fraction.ljust(9, "0"))


def test_swap_symmetric_links(send: Send, add_quirk: AddQuirk, make_case: Make) -> None:
    add_quirk("swap_symmetric_links")
    one, other = make_case()["id"], make_case()["id"]
    path = f"/cases/link?entity_type=CASE&entity_id={one}"
    for relationship, parent in (("RELATES_TO", other), ("BLOCKS", one)):
        written = link(send, one, other, relationship).json()["data"]
        assert written["attributes"]["parent_entity_id"] == parent
        assert written in read(send, path)
        # The API rejects a link that already exists. A link without a direction also counts as
        # existing if its two cases are swapped.
        assert link(send, one, other, relationship).status_code == 400
    assert link(send, other, one).status_code == 400


def test_counts(send: Send, add_quirk: AddQuirk, case_id: str) -> None:
    comment = {"type": "case", "attributes": {"comment": "Hello"}}
    cells = [send("POST", f"/cases/{case_id}/comment", comment).json()["data"][0] for _ in "abc"]
    send("DELETE", f"/cases/{case_id}/comment/{cells[0]['id']}")
    for kinds, expected in (
        ([], 0),
        (["count_comments"], 2),
        (["zero_counts", "count_comments"], 0),
    ):
        send("DELETE", "/sandbox/quirks")
        for kind in kinds:
            add_quirk(kind)
        for shown in (read(send, f"/cases/{case_id}"), *read(send, "/cases")):
            assert shown["attributes"]["comment_count"] == expected
    assert send("GET", "/cases").json()["meta"]["total_cases"] == 1


def test_unknown_members(send: Send, add_quirk: AddQuirk, make_case: Make, project_id: str) -> None:
    path = f"/cases/projects/{project_id}/notification_rules"
    recipient = {"type": "EMAIL", "data": {"email": "lead@example.com"}}
    send("POST", path, {"type": "notification_rule", "attributes": rule(recipient)})
    case_id = make_case(assignee="5a9d0c00-0000-4000-8000-000000000002")["id"]
    set_labels(send, case_id, {"env": ["prod"]})
    paths = (path, f"/cases/{case_id}", "/cases", f"/cases/projects/{project_id}", "/current_user")
    plain = [send("GET", each).json() for each in paths]
    add_quirk("unknown_members")
    for each, before in zip(paths, plain, strict=True):
        shown = send("GET", each).json()
        assert without_new_members(shown) == before
        assert "new_member" in shown
        assert "new_member" in json.dumps(shown["data"])
    assert "new_member" not in read(send, f"/cases/{case_id}")["attributes"]["attributes"]
    [shown] = read(send, path)
    assert "new_member" in shown["attributes"]["recipients"][0]["data"]
    # A client may send back a member that it has read, but must not change the member.
    update = {"type": "notification_rule", "attributes": shown["attributes"]}
    assert send("PUT", f"{path}/{shown['id']}", update).status_code == 204
    shown["attributes"]["recipients"][0]["data"]["new_member"] = None
    assert send("PUT", f"{path}/{shown['id']}", update).status_code == 400
    send("DELETE", "/sandbox/quirks")
    assert send("GET", path).json() == plain[0]


def without_new_members(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return [without_new_members(each) for each in value]
    if isinstance(value, dict):
        members = value.items()
        return {name: without_new_members(each) for name, each in members if name != "new_member"}
    return value


def test_unknown_enum_values(send: Send, add_quirk: AddQuirk, case_id: str) -> None:
    plain = read(send, f"/cases/{case_id}")["attributes"]
    add_quirk("unknown_enum_values")
    names = ("creation_source", "merge_status", "status", "type")
    for shown in (read(send, f"/cases/{case_id}"), *read(send, "/cases")):
        expected = {**plain, **dict.fromkeys(names, "NEW_WORD")}
        assert expected.items() <= shown["attributes"].items()


def test_unknown_types(send: Send, add_quirk: AddQuirk, case_id: str) -> None:
    add_quirk("unknown_types")
    case = send("GET", f"/cases/{case_id}").json()
    assert case["data"]["relationships"]["new_one"]["data"]["type"] == "new_type"
    assert case["included"][-1]["type"] == "new_type"
    comment = {"type": "case", "attributes": {"comment": "Hello"}}
    send("POST", f"/cases/{case_id}/comment", comment)
    for page, types in (
        ("page[size]=10", ["COMMENT", "NEW_WORD"]),
        ("page[size]=1", ["COMMENT"]),
        ("page[number]=1", []),
    ):
        entries = read(send, f"/cases/{case_id}/timelines?{page}")
        assert [entry["attributes"]["type"] for entry in entries] == types


def test_responses_before_write(
    send: Send, add_quirk: AddQuirk, make: Make, make_case: Make, project_id: str
) -> None:
    add_quirk("responses_before_write")
    case = make_case(title="First", priority="P1")
    assert case["id"]
    assert "title" not in case["attributes"]
    assert "project" not in case["relationships"]
    path = f"/cases/{case['id']}"
    before = read(send, path)
    assert before["attributes"]["title"] == "First"
    change = {"type": "case", "attributes": {"title": "Second"}}
    assert send("POST", f"{path}/title", change).json()["data"] == before
    assert read(send, path)["attributes"]["title"] == "Second"
    window = make(
        "/maintenance_windows",
        "maintenance_window",
        name="Night",
        query="",
        start_at="2026-01-01T00:00:00Z",
        end_at="2026-01-02T00:00:00Z",
    )
    [before] = read(send, "/maintenance_windows")
    assert (before["id"], before["attributes"]["name"]) == (window["id"], "Night")
    change = {"type": "maintenance_window", "attributes": {"name": "Day"}}
    path = f"/maintenance_windows/{window['id']}"
    assert send("PUT", path, change).json()["data"] == before
    assert read(send, "/maintenance_windows")[0]["attributes"]["name"] == "Day"
    missing = f"/cases/projects/{project_id[:-4]}0000"
    change = {"type": "project", "attributes": {"name": "x"}}
    assert send("PATCH", missing, change).status_code == 404


def test_responses_before_write_omit(send: Send, add_quirk: AddQuirk, case_id: str) -> None:
    add_quirk("responses_before_write", omit=True)
    path = f"/cases/{case_id}"
    user = "5a9d0c00-0000-4000-8000-000000000002"
    change = {"type": "case", "attributes": {"assignee_id": user}}
    assigned = send("POST", f"{path}/assign", change).json()["data"]
    assert "assignee" not in assigned["relationships"]
    assert assigned["attributes"]["title"] == "A case"
    assert read(send, path)["relationships"]["assignee"]["data"]["id"] == user
