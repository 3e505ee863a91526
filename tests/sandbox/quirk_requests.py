"""Requests for the tests of quirks."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import requests

Send: TypeAlias = Callable[..., requests.Response]
Make: TypeAlias = Callable[..., dict[str, Any]]
AddQuirk: TypeAlias = Callable[..., None]

STANDARD = "00000000-0000-0000-0000-000000000001"


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


def link(send: Send, parent: str, child: str, relationship: str = "RELATES_TO") -> Any:  # noqa: ANN401 - JSON
    attributes = {
        "parent_entity_type": "CASE",
        "parent_entity_id": parent,
        "child_entity_type": "CASE",
        "child_entity_id": child,
        "relationship": relationship,
    }
    return send("POST", "/cases/link", {"type": "link", "attributes": attributes})


def found(send: Send, text: str = "") -> list[tuple[str, str]]:
    """The keys and titles of the cases that a search finds, oldest first.

    Checks that the count endpoint returns the same number of cases.
    """
    cases = read(send, f"/cases?sort[asc]=true&filter={text}")
    assert send("GET", f"/cases/count?query_filter={text}").json()["data"]["attributes"][
        "total"
    ] == len(cases)
    return [(case["attributes"]["key"], case["attributes"]["title"]) for case in cases]
