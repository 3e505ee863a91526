import json
import time
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
import requests

Send: TypeAlias = Callable[..., requests.Response]
Make: TypeAlias = Callable[..., dict[str, Any]]
SetFault: TypeAlias = Callable[..., None]

STANDARD = "00000000-0000-0000-0000-000000000001"


@pytest.fixture
def set_fault(send: Send) -> SetFault:
    """Sets a fault: `set_fault("stale_list", seconds=5)`."""

    def set_(kind: str, endpoint: str = "*", **members: object) -> None:
        sent = json.dumps({"kind": kind, "endpoint": endpoint, **members}).encode()
        assert send("POST", "/sandbox/faults", body=sent).status_code == 201

    return set_


def struck(send: Send) -> list[int]:
    return [fault["struck"] for fault in send("GET", "/sandbox/faults").json()]


def listed(send: Send, path: str, attribute: str) -> list[str]:
    """An attribute of all that a list answers."""
    return [one["attributes"][attribute] for one in send("GET", path).json()["data"]]


def rename(send: Send, case: dict[str, Any], title: str) -> requests.Response:
    data = {"type": "case", "attributes": {"title": title}}
    return send("POST", f"/cases/{case['id']}/title", data)


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not what():
        assert time.monotonic() < deadline, "it has not come"
        time.sleep(0.02)


def test_lists_show_what_was(send: Send, make: Make, make_case: Make, set_fault: SetFault) -> None:
    first, _second = make_case(title="first"), make_case(title="second")
    window = make(
        "/maintenance_windows",
        "maintenance_window",
        name="w",
        query="x",
        start_at="2030-01-01T00:00:00Z",
        end_at="2030-01-02T00:00:00Z",
    )
    set_fault("stale_list", seconds=3600)
    make_case(title="third")
    rename(send, first, "once")
    rename(send, first, "twice")
    send("DELETE", f"/maintenance_windows/{window['id']}")
    assert listed(send, "/cases", "title") == ["second", "first"]
    assert listed(send, "/maintenance_windows", "name") == ["w"]
    assert struck(send) == [2]
    # What one asks for by itself is as it is, and so is all once the fault is gone.
    assert send("GET", f"/cases/{first['id']}").json()["data"]["attributes"]["title"] == "twice"
    send("DELETE", "/sandbox/faults")
    assert listed(send, "/cases", "title") == ["third", "second", "twice"]
    assert listed(send, "/maintenance_windows", "name") == []


def test_lists_catch_up(send: Send, make: Make, set_fault: SetFault) -> None:
    set_fault("stale_list", seconds=1)
    make("/cases/projects", "project", key="SEC", name="x")
    assert listed(send, "/cases/projects", "key") == []
    wait_for(lambda: listed(send, "/cases/projects", "key") == ["SEC"])


def test_counts_and_aggregations_are_lists_too(
    send: Send, make_case: Make, set_fault: SetFault
) -> None:
    make_case()
    set_fault("stale_list", seconds=3600)
    make_case()
    by_priority = {"group_by": {"groups": ["priority"], "limit": 9}, "query_filter": ""}
    aggregate = {"type": "aggregate", "attributes": by_priority}
    for answer in (send("GET", "/cases/count"), send("POST", "/cases/aggregate", aggregate)):
        assert answer.json()["data"]["attributes"]["total"] == 1


def test_what_a_deletion_took_along_is_still_listed(
    send: Send, project_id: str, make_case: Make, set_fault: SetFault
) -> None:
    make_case()
    set_fault("stale_list", seconds=3600)
    send("DELETE", f"/cases/projects/{project_id}")
    assert listed(send, "/cases", "key") == ["SEC-1"]
    assert listed(send, "/cases/projects", "key") == ["SEC"]


def test_what_a_list_is_of_is_as_it_is(
    send: Send, project_id: str, make: Make, set_fault: SetFault
) -> None:
    set_fault("stale_list", seconds=3600)
    new = make("/cases/projects", "project", key="NEW", name="x")["id"]
    for path in (f"/cases/projects/{new}/rules", f"/cases/views?project_id={new}"):
        assert send("GET", path).json()["data"] == []
    send("DELETE", f"/cases/projects/{project_id}")
    assert send("GET", f"/cases/projects/{project_id}/rules").status_code == 404


def test_a_successor_of_the_same_key_does_not_stand_in_the_way(
    send: Send, project_id: str, make: Make, make_case: Make, set_fault: SetFault
) -> None:
    make_case(title="old")
    set_fault("stale_list", seconds=3600)
    send("DELETE", f"/cases/projects/{project_id}")
    new = make("/cases/projects", "project", key="SEC", name="new")["id"]
    assert listed(send, "/cases/projects", "name") == ["Security"]
    assert send("GET", f"/cases/projects/{new}/rules").json()["data"] == []
    assert listed(send, "/cases", "title") == ["old"]


def test_a_late_list_changes_nothing(send: Send, make_case: Make, set_fault: SetFault) -> None:
    case = make_case()
    set_fault("stale_list", seconds=3600)
    rename(send, case, "new")
    listed(send, "/cases", "title")
    stored = send("GET", f"/sandbox/objects/{case['id']}").json()
    assert stored["title"] == "new"
    # Deletions still take along what they must.
    send("DELETE", f"/cases/projects/{case['relationships']['project']['data']['id']}")
    assert send("GET", f"/sandbox/objects/{case['id']}").status_code == 404


def test_strikes_only_what_reads_many(send: Send, make_case: Make, set_fault: SetFault) -> None:
    case = make_case()
    set_fault("stale_list", seconds=3600, count=1)
    send("GET", f"/cases/{case['id']}")
    send("GET", "/current_user")
    rename(send, case, "new")
    assert struck(send) == [0]


def test_what_is_new_is_not_found(send: Send, make_case: Make, set_fault: SetFault) -> None:
    old = make_case()
    set_fault("not_found_after_create", seconds=3600)
    case = make_case()
    missing = send("GET", "/cases/00000000-0000-0000-0000-00000000ffff")
    for name in (case["id"], case["id"].upper(), "SEC-2"):
        answer = send("GET", f"/cases/{name}")
        assert (answer.status_code, answer.json()) == (404, missing.json())
    assert rename(send, case, "new").status_code == 404
    last = send("GET", "/sandbox/requests").json()[-1]
    assert (last["status"], last["fault"], last["handled"]) == (
        404,
        "not_found_after_create",
        True,
    )
    # What is only changed is found, and what is not found is there all the same.
    assert rename(send, old, "new").status_code == 200
    assert send("GET", f"/cases/{old['id']}").json()["data"]["attributes"]["title"] == "new"
    assert struck(send) == [4]
    assert len(send("GET", "/cases").json()["data"]) == 2
    send("DELETE", "/sandbox/faults")
    assert send("GET", f"/cases/{case['id']}").json()["data"] == case


@pytest.mark.parametrize("verb", ["GET", "PUT", "DELETE"])
def test_no_verb_finds_what_is_new(
    send: Send, project_id: str, make: Make, set_fault: SetFault, verb: str
) -> None:
    set_fault("not_found_after_create", f"{verb} /cases/views/*", seconds=3600)
    view = make("/cases/views", "view", name="v", query="x", project_id=project_id)["id"]
    change = {"type": "view", "attributes": {"name": "new"}}
    answer = send(verb, f"/cases/views/{view}", change if verb == "PUT" else None)
    assert answer.status_code == 404
    assert listed(send, f"/cases/views?project_id={project_id}", "name") == ["v"]


def test_what_is_new_is_found_in_time(send: Send, make_case: Make, set_fault: SetFault) -> None:
    set_fault("not_found_after_create", "GET /cases/*", seconds=1)
    path = f"/cases/{make_case()['id']}"
    assert send("GET", path).status_code == 404
    wait_for(lambda: send("GET", path).status_code == 200)


def test_what_came_of_age_on_the_way_is_found(
    send: Send, make_case: Make, set_fault: SetFault
) -> None:
    set_fault("latency", "POST /cases/*/title", seconds=0.6)
    set_fault("not_found_after_create", seconds=0.5)
    case = make_case()
    assert rename(send, case, "new").status_code == 200
    stored = send("GET", f"/sandbox/objects/{case['id']}").json()
    assert stored["title"] == "new"
