from collections.abc import Callable
from typing import Any, TypeAlias

import requests

Send: TypeAlias = Callable[..., requests.Response]
Make: TypeAlias = Callable[..., dict[str, Any]]


def test_a_projects_way_into_the_favorites_and_out(send: Send, project_id: str) -> None:
    path = f"/cases/projects/{project_id}/favorites"
    for verb, favorites in (
        ("DELETE", []),
        ("POST", [{"id": project_id, "type": "project_favorite"}]),
        ("POST", [{"id": project_id, "type": "project_favorite"}]),
        ("DELETE", []),
    ):
        changed = send(verb, path)
        assert (changed.status_code, changed.content) == (204, b"")
        assert send("GET", "/cases/projects/favorites").json() == {"data": favorites}


def test_a_deleted_project_is_nobodys_favorite(send: Send, make: Make, project_id: str) -> None:
    other = make("/cases/projects", "project", key="OPS", name="x")["id"]
    for each in (project_id, other):
        send("POST", f"/cases/projects/{each}/favorites")
    send("DELETE", f"/cases/projects/{project_id}")
    (left,) = send("GET", "/cases/projects/favorites").json()["data"]
    assert left["id"] == other
    assert send("POST", f"/cases/projects/{project_id}/favorites").status_code == 404
