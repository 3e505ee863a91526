from collections.abc import Callable
from typing import TypeAlias

import pytest
import requests

Send: TypeAlias = Callable[..., requests.Response]


def insight(resource_id: str, ref: str = "/monitors/1", kind: str = "MONITOR") -> dict[str, str]:
    return {"type": kind, "ref": ref, "resource_id": resource_id}


def insights(*wanted: object) -> dict[str, object]:
    return {"type": "case", "attributes": {"insights": [*wanted]}}


A, B = insight("a"), insight("b")


@pytest.mark.parametrize(
    ("method", "sent", "left"),
    [
        ("PUT", [insight("c")], [A, B, insight("c")]),
        ("PUT", [A], [A, B]),
        ("PUT", [insight("a", ref="/x")], [insight("a", ref="/x"), B]),
        ("PUT", [insight("a", kind="NEW_TYPE")], [A, B, insight("a", kind="NEW_TYPE")]),
        ("DELETE", [A], [B]),
        ("DELETE", [insight("a", ref="/x")], [B]),
        ("DELETE", [insight("a", kind="EVENT")], [A, B]),
        ("DELETE", [A, B], []),
    ],
)
def test_adds_and_removes_insights(
    send: Send, case_id: str, method: str, sent: list[object], left: list[object]
) -> None:
    path = f"/cases/{case_id}/insights"
    before = send("PUT", path, insights(A, B)).json()["data"]
    assert before["attributes"]["insights"] == [A, B]
    changed = send(method, path, insights(*sent))
    assert (changed.status_code, changed.json()["data"]["attributes"]["insights"]) == (200, left)
    assert changed.json() == send("GET", f"/cases/{case_id}").json()
    if left == [A, B]:
        assert changed.json()["data"] == before


@pytest.mark.parametrize(
    "sent",
    [
        [],
        [insight(str(number)) for number in range(101)],
        [{"type": "MONITOR", "resource_id": "a"}],
        [{**A, "name": "x"}],
        [insight("")],
    ],
)
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_rejects_invalid_insights(
    send: Send, case_id: str, method: str, sent: list[object]
) -> None:
    assert send(method, f"/cases/{case_id}/insights", insights(*sent)).status_code == 400
