"""Tests of quirks in which the search index differs from the stored cases."""

import pytest
from tests.sandbox.quirk_requests import AddQuirk, Make, Send, found, read


def test_lag_search_hides_new_cases(send: Send, add_quirk: AddQuirk, make_case: Make) -> None:
    make_case(title="Old")
    add_quirk("lag_search", new=3600)
    new = make_case(title="New")
    change = {"type": "case", "attributes": {"title": "Changed"}}
    for name in ("SEC-1", "SEC-2"):
        assert send("POST", f"/cases/{name}/title", change).status_code == 200
    assert found(send) == [("SEC-1", "Changed")]
    assert read(send, f"/cases/{new['id']}")["attributes"]["title"] == "Changed"
    send("DELETE", "/sandbox/quirks")
    assert found(send) == [("SEC-1", "Changed"), ("SEC-2", "Changed")]


def test_lag_search_shows_old_values(send: Send, add_quirk: AddQuirk, make_case: Make) -> None:
    make_case(title="Old")
    add_quirk("lag_search", changed=3600)
    make_case(title="New")
    for title in ("Second", "Third"):
        change = {"type": "case", "attributes": {"title": title}}
        for name in ("SEC-1", "SEC-2"):
            assert send("POST", f"/cases/{name}/title", change).status_code == 200
    assert found(send) == [("SEC-1", "Old"), ("SEC-2", "New")]
    assert found(send, "title:Third") == []
    send("POST", "/cases/SEC-2/archive", {"type": "case"})
    assert found(send) == [("SEC-1", "Old")]
    assert found(send, "archived:true") == [("SEC-2", "New")]


def test_lag_search_of_archived_cases(send: Send, add_quirk: AddQuirk, make_case: Make) -> None:
    make_case(title="Old")
    add_quirk("lag_search", archived=3600)
    send("POST", "/cases/SEC-1/archive", {"type": "case"})
    change = {"type": "case", "attributes": {"title": "Changed"}}
    send("POST", "/cases/SEC-1/title", change)
    assert found(send) == [("SEC-1", "Changed")]
    assert found(send, "archived:true") == []


def test_lag_search_and_faults_share_the_history(
    send: Send, add_quirk: AddQuirk, make_case: Make
) -> None:
    fault = b'{"kind": "stale_list", "endpoint": "GET /cases/types", "seconds": 3600}'
    send("POST", "/sandbox/faults", body=fault)
    add_quirk("lag_search", new=3600)
    make_case()
    send("DELETE", "/sandbox/faults")
    assert found(send) == []


def test_hide_archived_cases(send: Send, add_quirk: AddQuirk, make_case: Make) -> None:
    add_quirk("hide_archived_cases")
    case_id = make_case()["id"]
    make_case()
    send("POST", f"/cases/{case_id}/archive", {"type": "case"})
    assert found(send, "archived:true") == []
    assert [key for key, _ in found(send, "archived:true OR archived:false")] == ["SEC-2"]
    assert "archived_at" in read(send, f"/cases/{case_id}")["attributes"]


@pytest.mark.parametrize("capped_total", [False, True])
def test_limit_hits(
    send: Send,
    add_quirk: AddQuirk,
    make_case: Make,
    capped_total: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    ids = [make_case()["id"] for _ in range(5)]
    add_quirk("limit_hits", max_hits=3, capped_total=capped_total)
    for number, expected in ((1, ids[:2]), (2, ids[2:3]), (3, [])):
        page = send("GET", f"/cases?sort[asc]=true&page[size]=2&page[number]={number}").json()
        assert [case["id"] for case in page["data"]] == expected
        total = 3 if capped_total else 5
        assert page["meta"]["total_cases"] == total
        expected_paging = {
            "current": number,
            "size": len(expected),
            "total": 2 if capped_total else 3,
        }
        assert page["meta"]["page"] == expected_paging
    # A narrower search finds cases that the wider search leaves out.
    assert len(read(send, "/cases?filter=key:SEC-5")) == 1


def test_limit_hits_with_error(send: Send, add_quirk: AddQuirk, make_case: Make) -> None:
    for _ in range(5):
        make_case()
    add_quirk("limit_hits", max_hits=3, beyond="error")
    assert len(read(send, "/cases?page[size]=2&page[number]=2")) == 1
    assert send("GET", "/cases?page[size]=2&page[number]=3").status_code == 400
