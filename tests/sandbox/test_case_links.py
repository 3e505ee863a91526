from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
import requests

Send: TypeAlias = Callable[..., requests.Response]
Make: TypeAlias = Callable[..., dict[str, Any]]

INCIDENT = "67d80aa3-36ff-44b9-a694-c501a7591737"


def link(parent: str, relationship: str, child: str, **changes: str) -> dict[str, str]:
    ends = {
        "parent_entity_type": "CASE",
        "parent_entity_id": parent,
        "child_entity_type": "CASE",
        "child_entity_id": child,
    }
    return {**ends, "relationship": relationship, **changes}


@pytest.fixture
def case_ids(make_case: Make) -> tuple[str, str]:
    return make_case()["id"], make_case()["id"]


@pytest.mark.parametrize(
    "relationship",
    [
        "RELATES_TO",
        "CAUSES",
        "BLOCKS",
        "DUPLICATES",
        "PARENT_OF",
        "SUCCESSOR_OF",
        "ESCALATES_TO",
    ],
)
def test_link_is_listed_from_both_sides(
    send: Send, make: Make, case_ids: tuple[str, str], relationship: str
) -> None:
    attributes = link(case_ids[0], relationship, case_ids[1])
    made = make("/cases/link", "link", **attributes)
    assert (made["type"], made["attributes"]) == ("link", attributes)
    for case_id in case_ids:
        path = f"/cases/link?entity_type=CASE&entity_id={case_id}"
        assert send("GET", path).json() == {"data": [made]}
        assert send("GET", f"{path}&relationship={relationship}").json() == {"data": [made]}
        other = "BLOCKS" if relationship == "CAUSES" else "CAUSES"
        assert send("GET", f"{path}&relationship={other}").json() == {"data": []}
    gone = send("DELETE", f"/cases/link/{made['id']}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert send("DELETE", f"/cases/link/{made['id']}").status_code == 404
    assert send("GET", path).json() == {"data": []}


@pytest.mark.parametrize("entity_type", ["INCIDENT", "PAGE", "AGENT_CONVERSATION"])
def test_links_case_to_other_entity(send: Send, make: Make, case_id: str, entity_type: str) -> None:
    made = make(
        "/cases/link", "link", **link(INCIDENT, "CAUSES", case_id, parent_entity_type=entity_type)
    )
    for kind, id_ in ((entity_type, INCIDENT), ("CASE", case_id)):
        path = f"/cases/link?entity_type={kind}&entity_id={id_}"
        assert send("GET", path).json() == {"data": [made]}
    # The links of a case do not include links of an incident that has the same id.
    assert send("GET", f"/cases/link?entity_type=CASE&entity_id={INCIDENT}").json() == {"data": []}


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [
        ("0 CAUSES 1", "0 CAUSES 1", 400),
        ("0 CAUSES 1", "1 CAUSES 0", 201),
        ("0 CAUSES 1", "0 BLOCKS 1", 201),
        ("0 CAUSES 1", "0 RELATES_TO 1", 201),
        ("0 RELATES_TO 1", "0 RELATES_TO 1", 400),
        ("0 RELATES_TO 1", "1 RELATES_TO 0", 400),
        ("0 RELATES_TO 0", "0 CAUSES 0", 400),
    ],
)
def test_rejects_duplicate_links_and_self_links(
    send: Send, case_ids: tuple[str, str], first: str, second: str, status: int
) -> None:
    for text in (first, second):
        parent, relationship, child = text.split()
        attributes = link(case_ids[int(parent)], relationship, case_ids[int(child)])
        response = send("POST", "/cases/link", {"type": "link", "attributes": attributes})
    assert response.status_code == status


@pytest.mark.parametrize("side", [0, 1])
def test_link_is_deleted_with_either_case(
    send: Send, make: Make, case_ids: tuple[str, str], side: int
) -> None:
    made = make("/cases/link", "link", **link(case_ids[0], "BLOCKS", case_ids[1]))
    other = make("/cases/projects", "project", key="OPS", name="x")["id"]
    move = f"/cases/{case_ids[side]}/relationships/project"
    assert send("PATCH", move, {"id": other, "type": "project"}).status_code == 200
    assert send("DELETE", f"/cases/projects/{other}").status_code == 204
    path = f"/cases/link?entity_type=CASE&entity_id={case_ids[1 - side]}"
    assert send("GET", path).json() == {"data": []}
    assert send("GET", f"/sandbox/objects/{made['id']}").status_code == 404


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"relationship": "HELPS"}, 400),
        ({"parent_entity_type": "MONITOR"}, 400),
        ({"child_entity_id": "SEC-1"}, 400),
        ({"parent_entity_type": "INCIDENT", "child_entity_type": "PAGE"}, 400),
        ({"child_entity_id": INCIDENT}, 404),
        ({"parent_entity_id": INCIDENT}, 404),
    ],
)
def test_create_rejects_invalid_links(
    send: Send, case_ids: tuple[str, str], changes: dict[str, str], status: int
) -> None:
    attributes = {**link(case_ids[0], "BLOCKS", case_ids[1]), **changes}
    response = send("POST", "/cases/link", {"type": "link", "attributes": attributes})
    assert response.status_code == status


@pytest.mark.parametrize(
    "query",
    [
        "",
        "entity_type=CASE",
        f"entity_id={INCIDENT}",
        "entity_type=CASE&entity_id=SEC-1",
        f"entity_type=MONITOR&entity_id={INCIDENT}",
        f"entity_type=CASE&entity_id={INCIDENT}&relationship=HELPS",
    ],
)
def test_list_rejects_invalid_queries(send: Send, query: str) -> None:
    assert send("GET", f"/cases/link?{query}").status_code == 400
