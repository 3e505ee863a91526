from collections.abc import Callable
from typing import Any, TypeAlias

import requests

Send: TypeAlias = Callable[..., requests.Response]
Make: TypeAlias = Callable[..., dict[str, Any]]


def test_add_and_remove_favorite(send: Send, project_id: str) -> None:
    path = f"/cases/projects/{project_id}/favorites"
    for method, favorites in (
        ("DELETE", []),
        ("POST", [{"id": project_id, "type": "project_favorite"}]),
        ("POST", [{"id": project_id, "type": "project_favorite"}]),
        ("DELETE", []),
    ):
        changed = send(method, path)
        assert (changed.status_code, changed.content) == (204, b"")
        assert send("GET", "/cases/projects/favorites").json() == {"data": favorites}


def test_deleting_project_deletes_favorite(send: Send, make: Make, project_id: str) -> None:
    other = make("/cases/projects", "project", key="OPS", name="x")["id"]
    for each in (project_id, other):
        send("POST", f"/cases/projects/{each}/favorites")
    send("DELETE", f"/cases/projects/{project_id}")
    (left,) = send("GET", "/cases/projects/favorites").json()["data"]
    assert left["id"] == other
    assert send("POST", f"/cases/projects/{project_id}/favorites").status_code == 404
