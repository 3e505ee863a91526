"""Tests of the endpoints of teams."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
import requests

Send: TypeAlias = Callable[..., requests.Response]
Make: TypeAlias = Callable[..., dict[str, Any]]


@pytest.mark.parametrize(
    ("query", "handles"),
    [
        ("", ["platform", "security", "soc"]),
        ("page[size]=2&page[number]=1", ["soc"]),
        ("filter[keyword]=OPERATIONS", ["security"]),
        ("filter[keyword]=plat", ["platform"]),
        ("filter[keyword]=x", []),
    ],
)
def test_list_filters_teams(send: Send, make: Make, query: str, handles: list[str]) -> None:
    make("/team", "team", handle="soc", name="Night shift")
    response = send("GET", f"/team?{query}")
    assert response.headers["content-type"] == "application/json"
    assert [team["attributes"]["handle"] for team in response.json()["data"]] == handles


def test_deleted_team_is_not_found(send: Send, make: Make) -> None:
    team = make("/team", "team", handle="soc", name="SOC", description="At night")
    assert send("GET", f"/team/{team['id']}").json()["data"] == team
    assert team["attributes"]["description"] == "At night"
    assert send("DELETE", f"/team/{team['id']}").status_code == 204
    for method in ("GET", "DELETE"):
        assert send(method, f"/team/{team['id']}").status_code == 404


def test_handle_is_unique(send: Send) -> None:
    attributes = {"handle": "platform", "name": "Other"}
    response = send("POST", "/team", {"type": "team", "attributes": attributes})
    assert response.status_code == 409
