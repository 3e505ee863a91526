from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import requests
from tests.sandbox.conftest import KEYS

Send: TypeAlias = Callable[..., requests.Response]
Make: TypeAlias = Callable[..., dict[str, Any]]

ME = "5a9d0c00-0000-4000-8000-000000000001"
BELA = "5a9d0c00-0000-4000-8000-000000000002"


def test_keys_belong_to_first_user(send: Send) -> None:
    current = send("GET", "/current_user")
    assert current.headers["content-type"] == "application/json"
    assert current.json()["data"]["id"] == ME
    assert send("GET", f"/users/{ME}").json() == current.json()


@pytest.mark.parametrize(
    ("query", "names", "filtered"),
    [
        ("", ["CI Account", "Bela Backend", "Cleo Cloud", "Dana Detection", "Emil Engineer"], 5),
        ("page[size]=2&page[number]=1", ["Cleo Cloud", "Dana Detection"], 5),
        ("filter=bela@example.com", ["Bela Backend"], 1),
        ("filter=CLOUD", ["Cleo Cloud"], 1),
        ("filter[status]=Disabled", [], 0),
        ("filter[status]=Active,Pending&filter=dana", ["Dana Detection"], 1),
    ],
)
def test_list_filters_users(send: Send, query: str, names: list[str], filtered: int) -> None:
    body = send("GET", f"/users?{query}").json()
    assert [user["attributes"]["name"] for user in body["data"]] == names
    assert body["meta"]["page"] == {"total_count": 5, "total_filtered_count": filtered}


def test_invited_user_is_assignable_removed_user_is_blank(
    send: Send, make: Make, make_case: Make
) -> None:
    user = make("/users", "users", email="New@Example.com", title="x")
    assert user["attributes"]["status"] == "Pending"
    case = make_case(assignee=user["id"])

    def shown() -> dict[str, Any]:
        included = send("GET", f"/cases/{case['id']}").json()["included"]
        found: dict[str, Any] = included[1]["attributes"]
        return found

    email = "new@example.com"
    assert shown() == {"active": False, "email": email, "handle": email, "name": ""}
    assert send("DELETE", f"/users/{user['id']}").status_code == 204
    assert shown() == {"active": False, "email": "", "handle": "", "name": ""}
    assert send("GET", f"/users/{user['id']}").json()["data"]["attributes"]["disabled"] is True


def test_unknown_user_is_not_found(send: Send) -> None:
    response = send("GET", "/users/67d80aa3-36ff-44b9-a694-c501a7591737")
    assert (response.status_code, response.json()) == (404, {"errors": ["User not found"]})


def test_each_data_file_is_one_organisation(start: Callable[..., str], tmp_path: Path) -> None:
    def organisations(*options: str) -> set[str]:
        """The organisation ids of two users, and of the current user before and after a reset."""
        url = start(*options)
        with requests.Session() as session:
            session.headers.update(KEYS)
            paths = ("current_user", f"users/{BELA}", f"users/{ME}")
            found = [session.get(f"{url}/api/v2/{path}").json() for path in paths]
            session.post(f"{url}/sandbox/reset").raise_for_status()
            found.append(session.get(f"{url}/api/v2/current_user").json())
        ids = {each["data"]["relationships"]["org"]["data"]["id"] for each in found}
        assert ids == {each["id"] for document in found for each in document["included"]}
        return ids

    first, second = (("--data", str(tmp_path / name)) for name in ("first", "second"))
    in_file = organisations(*first)
    assert len(in_file) == 1
    assert organisations(*first) == in_file
    assert len(in_file | organisations(*second) | organisations() | organisations()) == 4


def test_users_who_logged_in_have_last_login_time(send: Send) -> None:
    users = send("GET", "/users").json()["data"]
    logged_in = [user["id"] for user in users if "last_login_time" in user["attributes"]]
    assert ME not in logged_in  # a service account never logs in
    assert BELA in logged_in
