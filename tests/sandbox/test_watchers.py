from collections.abc import Callable
from typing import Any, TypeAlias

import requests

Send: TypeAlias = Callable[..., requests.Response]
Make: TypeAlias = Callable[..., dict[str, Any]]

BELA = "5a9d0c00-0000-4000-8000-000000000002"
CLEO = "5a9d0c00-0000-4000-8000-000000000003"
NOBODY = "67d80aa3-36ff-44b9-a694-c501a7591737"


def test_add_and_remove_watchers(send: Send, make_case: Make) -> None:
    case = make_case()
    path = f"/cases/{case['id']}/watchers"
    assert send("GET", path).json() == {"data": []}
    for user in (BELA, CLEO, BELA):
        watching = send("POST", f"{path}/{user}")
        assert (watching.status_code, watching.content) == (201, b"")
    bela, cleo = send("GET", "/cases/SEC-1/watchers").json()["data"]
    assert bela.pop("id") not in {BELA, cleo["id"]}
    assert bela == {
        "type": "watcher",
        "relationships": {"user": {"data": {"id": BELA, "type": "user"}}},
    }
    assert send("DELETE", f"{path}/{BELA}").status_code == 204
    assert send("DELETE", f"{path}/{BELA}").status_code == 404
    assert send("GET", path).json() == {"data": [cleo]}
    assert (
        send("GET", f"/cases/{case['id']}").json()["data"] == case
    )  # watching does not modify the case


def test_watchers_belong_to_one_case(send: Send, make_case: Make) -> None:
    first, second = make_case()["id"], make_case()["id"]
    send("POST", f"/cases/{first}/watchers/{BELA}")
    assert send("GET", f"/cases/{second}/watchers").json() == {"data": []}
    assert send("DELETE", f"/cases/{second}/watchers/{BELA}").status_code == 404


def test_watcher_must_be_existing_user(send: Send, case_id: str) -> None:
    response = send("POST", f"/cases/{case_id}/watchers/{NOBODY}")
    assert (response.status_code, response.json()["errors"][0]["title"]) == (404, "user not found")
