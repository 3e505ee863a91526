import json
import time
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
import requests

Send: TypeAlias = Callable[..., requests.Response]
Make: TypeAlias = Callable[..., dict[str, Any]]
AddFault: TypeAlias = Callable[..., None]

STANDARD = "00000000-0000-0000-0000-000000000001"


@pytest.fixture
def add_fault(send: Send) -> AddFault:
    """Adds a fault, as in `add_fault("stale_list", seconds=5)`."""

    def add(kind: str, endpoint: str = "*", **members: object) -> None:
        sent = json.dumps({"kind": kind, "endpoint": endpoint, **members}).encode()
        assert send("POST", "/sandbox/faults", body=sent).status_code == 201

    return add


def struck(send: Send) -> list[int]:
    return [fault["struck"] for fault in send("GET", "/sandbox/faults").json()]


def listed(send: Send, path: str, attribute: str) -> list[str]:
    """The values of an attribute of all objects in a list."""
    return [one["attributes"][attribute] for one in send("GET", path).json()["data"]]


def rename(send: Send, case: dict[str, Any], title: str) -> requests.Response:
    data = {"type": "case", "attributes": {"title": title}}
    return send("POST", f"/cases/{case['id']}/title", data)


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "timed out"
        time.sleep(0.02)


def test_lists_show_past_state(
    send: Send, make: Make, make_case: Make, add_fault: AddFault
) -> None:
    first, _second = make_case(title="first"), make_case(title="second")
    window = make(
        "/maintenance_windows",
        "maintenance_window",
        name="w",
        query="x",
        start_at="2030-01-01T00:00:00Z",
        end_at="2030-01-02T00:00:00Z",
    )
    add_fault("stale_list", seconds=3600)
    make_case(title="third")
    rename(send, first, "once")
    rename(send, first, "twice")
    send("DELETE", f"/maintenance_windows/{window['id']}")
    assert listed(send, "/cases", "title") == ["second", "first"]
    assert listed(send, "/maintenance_windows", "name") == ["w"]
    assert struck(send) == [2]
    # Reads of single objects show the current state. Without the fault, lists show it, too.
    assert send("GET", f"/cases/{first['id']}").json()["data"]["attributes"]["title"] == "twice"
    send("DELETE", "/sandbox/faults")
    assert listed(send, "/cases", "title") == ["third", "second", "twice"]
    assert listed(send, "/maintenance_windows", "name") == []


def test_lists_catch_up_after_delay(send: Send, make: Make, add_fault: AddFault) -> None:
    add_fault("stale_list", seconds=1)
    make("/cases/projects", "project", key="SEC", name="x")
    assert listed(send, "/cases/projects", "key") == []
    wait_for(lambda: listed(send, "/cases/projects", "key") == ["SEC"])


def test_stale_list_applies_to_counts_and_aggregations(
    send: Send, make_case: Make, add_fault: AddFault
) -> None:
    make_case()
    add_fault("stale_list", seconds=3600)
    make_case()
    by_priority = {"group_by": {"groups": ["priority"], "limit": 9}, "query_filter": ""}
    aggregate = {"type": "aggregate", "attributes": by_priority}
    for response in (send("GET", "/cases/count"), send("POST", "/cases/aggregate", aggregate)):
        assert response.json()["data"]["attributes"]["total"] == 1


def test_cascade_deleted_objects_are_still_listed(
    send: Send, project_id: str, make_case: Make, add_fault: AddFault
) -> None:
    make_case()
    add_fault("stale_list", seconds=3600)
    send("DELETE", f"/cases/projects/{project_id}")
    assert listed(send, "/cases", "key") == ["SEC-1"]
    assert listed(send, "/cases/projects", "key") == ["SEC"]


def test_named_project_of_list_is_current(
    send: Send, project_id: str, make: Make, add_fault: AddFault
) -> None:
    add_fault("stale_list", seconds=3600)
    new = make("/cases/projects", "project", key="NEW", name="x")["id"]
    for path in (f"/cases/projects/{new}/rules", f"/cases/views?project_id={new}"):
        assert send("GET", path).json()["data"] == []
    send("DELETE", f"/cases/projects/{project_id}")
    assert send("GET", f"/cases/projects/{project_id}/rules").status_code == 404


def test_past_list_shows_replaced_object_with_same_key(
    send: Send, project_id: str, make: Make, make_case: Make, add_fault: AddFault
) -> None:
    make_case(title="old")
    add_fault("stale_list", seconds=3600)
    send("DELETE", f"/cases/projects/{project_id}")
    new = make("/cases/projects", "project", key="SEC", name="new")["id"]
    assert listed(send, "/cases/projects", "name") == ["Security"]
    assert send("GET", f"/cases/projects/{new}/rules").json()["data"] == []
    assert listed(send, "/cases", "title") == ["old"]


def test_stale_list_does_not_change_store(send: Send, make_case: Make, add_fault: AddFault) -> None:
    case = make_case()
    add_fault("stale_list", seconds=3600)
    rename(send, case, "new")
    listed(send, "/cases", "title")
    stored = send("GET", f"/sandbox/objects/{case['id']}").json()
    assert stored["title"] == "new"
    # Deleting a project still deletes its cases.
    send("DELETE", f"/cases/projects/{case['relationships']['project']['data']['id']}")
    assert send("GET", f"/sandbox/objects/{case['id']}").status_code == 404


def test_stale_list_skips_reads_of_one_object(
    send: Send, make_case: Make, add_fault: AddFault
) -> None:
    case = make_case()
    add_fault("stale_list", seconds=3600, count=1)
    send("GET", f"/cases/{case['id']}")
    send("GET", "/current_user")
    rename(send, case, "new")
    assert struck(send) == [0]


def test_new_object_is_not_found(send: Send, make_case: Make, add_fault: AddFault) -> None:
    old = make_case()
    add_fault("not_found_after_create", seconds=3600)
    case = make_case()
    missing = send("GET", "/cases/00000000-0000-0000-0000-00000000ffff")
    for name in (case["id"], case["id"].upper(), "SEC-2"):
        response = send("GET", f"/cases/{name}")
        assert (response.status_code, response.json()) == (404, missing.json())
    assert rename(send, case, "new").status_code == 404
    last = send("GET", "/sandbox/requests").json()[-1]
    assert (last["status"], last["fault"], last["handled"]) == (
        404,
        "not_found_after_create",
        True,
    )
    # An older object is found after a change. The new object is stored and listed, although
    # requests for the object itself do not find it.
    assert rename(send, old, "new").status_code == 200
    assert send("GET", f"/cases/{old['id']}").json()["data"]["attributes"]["title"] == "new"
    assert struck(send) == [4]
    assert len(send("GET", "/cases").json()["data"]) == 2
    send("DELETE", "/sandbox/faults")
    assert send("GET", f"/cases/{case['id']}").json()["data"] == case


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_new_object_is_not_found_by_any_method(
    send: Send, project_id: str, make: Make, add_fault: AddFault, method: str
) -> None:
    add_fault("not_found_after_create", f"{method} /cases/views/*", seconds=3600)
    view = make("/cases/views", "view", name="v", query="x", project_id=project_id)["id"]
    change = {"type": "view", "attributes": {"name": "new"}}
    response = send(method, f"/cases/views/{view}", change if method == "PUT" else None)
    assert response.status_code == 404
    assert listed(send, f"/cases/views?project_id={project_id}", "name") == ["v"]


def test_new_object_is_found_after_delay(send: Send, make_case: Make, add_fault: AddFault) -> None:
    add_fault("not_found_after_create", "GET /cases/*", seconds=1)
    path = f"/cases/{make_case()['id']}"
    assert send("GET", path).status_code == 404
    wait_for(lambda: send("GET", path).status_code == 200)


def test_object_that_ages_during_latency_is_found(
    send: Send, make_case: Make, add_fault: AddFault
) -> None:
    add_fault("latency", "POST /cases/*/title", seconds=0.6)
    add_fault("not_found_after_create", seconds=0.5)
    case = make_case()
    assert rename(send, case, "new").status_code == 200
    stored = send("GET", f"/sandbox/objects/{case['id']}").json()
    assert stored["title"] == "new"


def test_removing_one_fault_keeps_past_states_for_another(
    send: Send, make: Make, add_fault: AddFault
) -> None:
    add_fault("stale_list", seconds=3600)
    add_fault("stale_list", "GET /users", seconds=3600)
    make("/cases/types", "case_type", name="new")
    assert "new" not in listed(send, "/cases/types", "name")
    _first, second = [fault["id"] for fault in send("GET", "/sandbox/faults").json()]
    assert send("DELETE", f"/sandbox/faults/{second}").status_code == 204
    assert "new" not in listed(send, "/cases/types", "name")
    assert struck(send) == [2]
    again = send("DELETE", f"/sandbox/faults/{second}")
    assert (again.status_code, again.json()) == (404, {"errors": [f"{second} is not active"]})
