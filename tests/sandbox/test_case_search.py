from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
import requests

Send: TypeAlias = Callable[..., requests.Response]
Make: TypeAlias = Callable[..., dict[str, Any]]

USER = "5a9d0c00-0000-4000-8000-000000000002"
CHANGE_REQUEST = "00000000-0000-0000-0000-000000000004"


@pytest.fixture
def search(send: Send, make_case: Make) -> Callable[..., list[str]]:
    """Creates five cases. The result is a function that returns the titles of the cases found."""
    make_case(title="API leak", description="memory", priority="P1", assignee=USER)
    make_case(title="Disk full", priority="P3", status_name="Closed")
    make_case(title="Approve rollout", type_id=CHANGE_REQUEST, status_name="Pending Approval")
    make_case(title="Noise", priority="P2")
    make_case(title="Archived leak")
    labels = {"type": "case", "attributes": {"attributes": {"env": ["prod", "eu"]}}}
    send("POST", "/cases/SEC-4/attributes", labels)
    send("POST", "/cases/SEC-5/archive", {"type": "case"})

    def search_titles(**query: str) -> list[str]:
        names = {"sort_field": "sort[field]", "sort_asc": "sort[asc]"}
        sent = {names.get(name, name): value for name, value in query.items()}
        path = requests.Request("GET", "http://x/cases", params=sent).prepare().path_url
        response = send("GET", path)
        assert response.status_code == 200, response.text
        return [case["attributes"]["title"] for case in response.json()["data"]]

    return search_titles


ALL = ["Noise", "Approve rollout", "Disk full", "API leak"]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("", ALL),
        ("leak", ["API leak"]),
        ("LEAK memory", ["API leak"]),
        ("leak noise", []),
        ("leak OR noise", ["Noise", "API leak"]),
        ('"disk full"', ["Disk full"]),
        ('"full disk"', []),
        ("creation_source:manual", ALL),
        ("creation_source:ERROR_TRACKING", []),
        ("status:closed", ["Disk full"]),
        ("-status:closed", ["Noise", "Approve rollout", "API leak"]),
        ("NOT status:closed -priority:P2", ["Approve rollout", "API leak"]),
        ('status_name:"pending approval"', ["Approve rollout"]),
        ("status_group:SG_IN_PROGRESS", ["Approve rollout"]),
        ("priority:(P1 OR P2)", ["Noise", "API leak"]),
        ("priority:P*", ["Noise", "Disk full", "API leak"]),
        ("project:sec", ALL),
        ("project:ops", []),
        ("key:SEC-2", ["Disk full"]),
        ('type:"Change Request"', ["Approve rollout"]),
        ("assignee:bela@example.com", ["API leak"]),
        (f"assignee:{USER}", ["API leak"]),
        ("-assignee:*", ["Noise", "Approve rollout", "Disk full"]),
        ("env:prod env:eu", ["Noise"]),
        ("env:us", []),
        ("archived:true", ["Archived leak"]),
        ("archived:* leak", ["Archived leak", "API leak"]),
        ("(status:open AND priority:P1) OR status:closed", ["Disk full", "API leak"]),
        ("-(status:open OR status:closed)", ["Approve rollout"]),
        ("nonsense:x", []),
    ],
)
def test_filter_selects_cases(
    search: Callable[..., list[str]], text: str, titles: list[str]
) -> None:
    assert search(filter=text) == titles


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({"sort_asc": "true"}, ALL[::-1]),
        (
            {"sort_field": "priority", "sort_asc": "true"},
            ["API leak", "Noise", "Disk full", "Approve rollout"],
        ),
        (
            {"sort_field": "status"},
            ["Disk full", "Approve rollout", "API leak", "Noise"],
        ),
    ],
)
def test_sort_orders_cases(
    search: Callable[..., list[str]], query: dict[str, str], titles: list[str]
) -> None:
    assert search(**query) == titles


def test_range_of_times_includes_its_bounds(send: Send, make_case: Make) -> None:
    first, second, third = (
        make_case(title=title)["attributes"]["created_at"] for title in ("First", "Second", "Third")
    )

    def found(query: str) -> list[str]:
        response = send("GET", f"/cases?sort[asc]=true&filter={query}")
        return [case["attributes"]["title"] for case in response.json()["data"]]

    assert found(f"created_at:[{second} TO *]") == ["Second", "Third"]
    assert found(f"created_at:[* TO {second}]") == ["First", "Second"]
    assert found(f"(status:open) created_at:[{first} TO {second}] -title:First") == ["Second"]
    assert found(f"created_at:[{third.replace('Z', '001Z')} TO *]") == []
    assert found(f"title:[{first} TO *]") == []


def test_search_returns_pages(send: Send, make_case: Make) -> None:
    for number in range(3):
        make_case(title=f"Case {number}", status_name="Closed")
    make_case(title="Open")
    path = "/cases?page%5Bsize%5D=2&filter=status%3Aclosed&page%5Bnumber%5D="
    pages = [send("GET", f"{path}{number}").json() for number in (1, 2, 3)]
    assert [[case["attributes"]["title"] for case in page["data"]] for page in pages] == [
        ["Case 2", "Case 1"],
        ["Case 0"],
        [],
    ]
    assert [page["meta"] for page in pages] == [
        {"total_cases": 3, "page": {"current": number, "size": size, "total": 2}}
        for number, size in ((1, 2), (2, 1), (3, 0))
    ]
    assert len(pages[0]["included"]) == 1
    author = pages[0]["data"][0]["attributes"]["created_by_author"]
    assert author["content"]["ID"] == pages[0]["included"][0]["id"]


@pytest.mark.parametrize(
    "query",
    [
        "page[size]=101",
        "page[size]=ten",
        "page[number]=0",
        "sort[field]=title",
        "sort[asc]=yes",
        "filter=(status:open",
        'filter="open',
        "filter=status:open OR",
        "filter=)",
        "filter=status:",
        "filter=created_at:[yesterday TO *]",
    ],
)
def test_search_rejects_invalid_queries(send: Send, query: str) -> None:
    response = send("GET", f"/cases?{query}")
    assert response.status_code == 400
    assert response.headers["x-sandbox-reason"]
