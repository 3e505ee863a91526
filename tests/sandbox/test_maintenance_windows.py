from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
import requests

Send: TypeAlias = Callable[..., requests.Response]
Make: TypeAlias = Callable[..., dict[str, Any]]

ME = "5a9d0c00-0000-4000-8000-000000000001"
PATH = "/maintenance_windows"
WINDOW = {
    "name": "Upgrade",
    "query": "project:SEC",
    "start_at": "2026-06-01T00:00:00Z",
    "end_at": "2026-06-01T06:00:00Z",
}


def window(**attributes: object) -> dict[str, object]:
    return {"type": "maintenance_window", "attributes": attributes}


def test_window_lifecycle(send: Send, make: Make) -> None:
    made = make(PATH, "maintenance_window", **WINDOW)
    assert made["attributes"] == {**WINDOW, "created_by": ME}
    path = f"{PATH}/{made['id']}"
    assert send("PUT", path, {"type": "maintenance_window"}).json()["data"] == made
    assert send("PUT", path, window(name="Upgrade")).json()["data"] == made
    changed = send("PUT", path, window(name="x")).json()["data"]
    assert changed["attributes"] == {**made["attributes"], "name": "x", "updated_by": ME}
    assert send("GET", PATH).json() == {"data": [changed]}
    gone = send("DELETE", path)
    assert (gone.status_code, gone.content) == (204, b"")
    assert send("DELETE", path).status_code == 404
    assert send("PUT", path, window(name="y")).status_code == 404
    assert send("GET", PATH).json() == {"data": []}


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        ("2026-06-01T02:00:00+02:00", "2026-06-01T00:00:00Z"),
        ("2026-05-31T22:30:00.250-01:30", "2026-06-01T00:00:00.25Z"),
        ("2026-06-01T00:00:00.000Z", "2026-06-01T00:00:00Z"),
    ],
)
def test_timestamps_are_returned_in_utc(make: Make, sent: str, answered: str) -> None:
    made = make(PATH, "maintenance_window", **{**WINDOW, "start_at": sent})
    assert made["attributes"]["start_at"] == answered


@pytest.mark.parametrize(
    "changes",
    [
        {"end_at": "2026-06-01T00:00:00Z"},
        {"end_at": "2026-06-01T01:00:00+02:00"},
        {"start_at": "2026-06-01T06:00:00.001Z"},
        {"start_at": "2026-06-01"},
        {"start_at": "2026-06-01T00:00:00"},
        {"start_at": "2026-06-31T00:00:00Z"},
        {"start_at": "0001-01-01T00:00:00+14:00"},
        {"start_at": 1780272000},
        {"name": ""},
        {"created_by": ME},
    ],
)
def test_rejects_invalid_windows(send: Send, make: Make, changes: dict[str, object]) -> None:
    assert send("POST", PATH, window(**{**WINDOW, **changes})).status_code == 400
    made = make(PATH, "maintenance_window", **WINDOW)
    assert send("PUT", f"{PATH}/{made['id']}", window(**changes)).status_code == 400
    assert send("GET", PATH).json() == {"data": [made]}


@pytest.mark.parametrize("missing", [*WINDOW])
def test_create_requires_all_attributes(send: Send, missing: str) -> None:
    left = {name: value for name, value in WINDOW.items() if name != missing}
    assert send("POST", PATH, window(**left)).status_code == 400
