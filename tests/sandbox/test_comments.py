from collections.abc import Callable
from typing import Any, TypeAlias

import requests

Send: TypeAlias = Callable[..., requests.Response]
Make: TypeAlias = Callable[..., dict[str, Any]]


def comment(text: str) -> dict[str, object]:
    return {"type": "case", "attributes": {"comment": text}}


def test_comment_lifecycle(send: Send, make_case: Make) -> None:
    case = make_case()
    path = f"/cases/{case['id']}/comment"
    created = send("POST", path, comment("Grüße"))
    (cell,) = created.json()["data"]
    assert (created.status_code, cell["type"]) == (200, "timeline_cell")
    assert cell["attributes"]["cell_content"] == {"message": "Grüße"}
    assert cell["attributes"]["content"] == '{"message":"Grüße"}'
    commented = send("GET", f"/cases/{case['id']}").json()["data"]
    # `comment_count` stays 0, although the case has a comment (recorded).
    assert commented["attributes"] == {**case["attributes"], "comment_count": 0}

    updated = send("PUT", f"{path}/{cell['id']}", comment("x"))
    assert (updated.status_code, updated.content) == (200, b"")
    (listed,) = send("GET", f"/cases/{case['id']}/timelines").json()["data"]
    assert listed["attributes"]["cell_content"] == {"message": "x"}
    assert listed["attributes"]["modified_at"]

    assert send("DELETE", f"{path}/{cell['id']}").status_code == 204
    again = send("DELETE", f"{path}/{cell['id']}")
    assert again.json()["errors"][0]["title"] == "timeline cell not found"
    assert send("PUT", f"{path}/{cell['id']}", comment("y")).status_code == 404
    assert send("GET", f"/cases/{case['id']}/timelines").json() == {"data": []}
    assert send("GET", f"/cases/{case['id']}").json()["data"] == case


def test_comment_is_not_found_on_other_case(send: Send, make_case: Make) -> None:
    first, second = make_case(), make_case()
    (cell,) = send("POST", f"/cases/{first['id']}/comment", comment("x")).json()["data"]
    assert send("DELETE", f"/cases/{second['id']}/comment/{cell['id']}").status_code == 404
    assert send("GET", f"/cases/{second['id']}/timelines").json() == {"data": []}


def test_timeline_returns_pages(send: Send, case_id: str) -> None:
    for text in "abc":
        send("POST", f"/cases/{case_id}/comment", comment(text))

    def messages(query: str) -> str:
        cells = send("GET", f"/cases/{case_id}/timelines?{query}").json()["data"]
        return "".join(cell["attributes"]["cell_content"]["message"] for cell in cells)

    assert messages("") == "cba"
    assert messages("page[size]=2") == "cb"
    assert messages("page[size]=2&page[number]=1") == "a"
    assert messages("page[size]=2&sort[ascending]=true") == "ab"
