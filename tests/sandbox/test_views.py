from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
import requests

Send: TypeAlias = Callable[..., requests.Response]
Make: TypeAlias = Callable[..., dict[str, Any]]

ME = "5a9d0c00-0000-4000-8000-000000000001"
NOBODY = "67d80aa3-36ff-44b9-a694-c501a7591737"
RULE = {"recipients": [{"type": "HTTP"}], "triggers": [{"type": "CASE_CREATED"}]}


def view(**attributes: object) -> dict[str, object]:
    return {"type": "view", "attributes": attributes}


def test_view_lifecycle(send: Send, make: Make, project_id: str) -> None:
    made = make("/cases/views", "view", name="v", query="status:open", project_id=project_id)
    attributes = made["attributes"]
    assert attributes.keys() == {"name", "query", "created_at"}
    assert made["relationships"] == {
        "created_by": {"data": {"id": ME, "type": "user"}},
        "project": {"data": {"id": project_id, "type": "project"}},
    }
    path = f"/cases/views/{made['id']}"
    assert send("GET", path).json() == {"data": made}
    assert send("PUT", path, {"type": "view"}).json()["data"] == made
    assert send("PUT", path, view(name="v")).json()["data"] == made
    changed = send("PUT", path, view(name="w")).json()["data"]
    assert changed["attributes"].pop("modified_at")
    assert changed["attributes"] == {**attributes, "name": "w"}
    assert changed["relationships"]["modified_by"]["data"]["id"] == ME
    gone = send("DELETE", path)
    assert (gone.status_code, gone.content) == (204, b"")
    for method, data in (("GET", None), ("PUT", view(name="x")), ("DELETE", None)):
        assert send(method, path, data).status_code == 404


def test_views_are_listed_by_project(send: Send, make: Make, project_id: str) -> None:
    other = make("/cases/projects", "project", key="OPS", name="x")["id"]
    made = make("/cases/views", "view", name="v", query="", project_id=project_id)
    assert send("GET", f"/cases/views?project_id={project_id}").json() == {"data": [made]}
    assert send("GET", f"/cases/views?project_id={other}").json() == {"data": []}
    assert send("GET", f"/cases/views?project_id={NOBODY}").status_code == 404
    assert send("GET", "/cases/views?project_id=SEC").status_code == 400
    assert send("GET", "/cases/views").status_code == 400


def test_view_refers_to_notification_rule(send: Send, make: Make, project_id: str) -> None:
    rules = f"/cases/projects/{project_id}/notification_rules"
    first, second = (make(rules, "notification_rule", **RULE)["id"] for _ in range(2))
    data = {"name": "v", "query": "", "project_id": project_id}
    made = make("/cases/views", "view", **data, np_rule_id=first)
    assert made["attributes"]["np_rule_id"] == first
    path = f"/cases/views/{made['id']}"
    changed = send("PUT", path, view(np_rule_id=second)).json()["data"]
    assert changed["attributes"]["np_rule_id"] == second
    send("DELETE", f"{rules}/{second}")
    assert "np_rule_id" not in send("GET", path).json()["data"]["attributes"]

    other = make("/cases/projects", "project", key="OPS", name="x")["id"]
    for sent in (
        send("PUT", path, view(np_rule_id=second)),
        send("POST", "/cases/views", view(**data, np_rule_id=NOBODY)),
        send("POST", "/cases/views", view(**{**data, "project_id": other}, np_rule_id=first)),
    ):
        assert sent.status_code == 404
        assert sent.json()["errors"][0]["title"] == "notification rule not found"


@pytest.mark.parametrize(
    ("attributes", "status"),
    [
        ({"name": "v", "query": ""}, 400),
        ({"name": "v", "query": "", "project_id": "SEC"}, 400),
        ({"name": "v", "query": "", "project_id": NOBODY}, 404),
        ({"name": "", "query": "", "project_id": NOBODY}, 400),
        ({"name": "v", "project_id": NOBODY}, 400),
    ],
)
def test_rejects_invalid_views(send: Send, attributes: dict[str, object], status: int) -> None:
    assert send("POST", "/cases/views", view(**attributes)).status_code == status


def test_update_cannot_change_project(send: Send, make: Make, project_id: str) -> None:
    made = make("/cases/views", "view", name="v", query="", project_id=project_id)
    assert send("PUT", f"/cases/views/{made['id']}", view(project_id=project_id)).status_code == 400
