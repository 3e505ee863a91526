from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
import requests

Send: TypeAlias = Callable[..., requests.Response]
Make: TypeAlias = Callable[..., dict[str, Any]]

SOMEONE = "5a9d0c00-0000-4000-8000-000000000002"
STANDARD = "00000000-0000-0000-0000-000000000001"


@pytest.fixture(autouse=True)
def _four_cases_and_an_archived_one(send: Send, make_case: Make) -> None:
    make_case(title="a", priority="P1", assignee=SOMEONE)
    make_case(title="b", priority="P1", status_name="Closed")
    make_case(title="c", priority="P2", status_name="Closed", assignee=SOMEONE)
    make_case(title="d", status_name="Closed")
    make_case(title="e", priority="P1")
    for key, env in (("SEC-1", ["prod", "eu"]), ("SEC-2", ["prod", "prod"])):
        labels = {"type": "case", "attributes": {"attributes": {"env": env}}}
        send("POST", f"/cases/{key}/attributes", labels)
    send("POST", "/cases/SEC-5/archive", {"type": "case"})


def aggregation(query_filter: str, *groups: str, limit: int = 10) -> dict[str, object]:
    group_by = {"groups": list(groups), "limit": limit}
    attributes = {"query_filter": query_filter, "group_by": group_by}
    return {"type": "aggregate", "attributes": attributes}


@pytest.mark.parametrize(
    ("text", "field", "counts"),
    [
        ("", "status", {"CLOSED": 3, "OPEN": 1}),
        ("", "status_group", {"SG_CLOSED": 3, "SG_OPEN": 1}),
        ("", "priority", {"P1": 2, "NOT_DEFINED": 1, "P2": 1}),
        ("", "type", {STANDARD: 4}),
        ("", "assignee", {SOMEONE: 2}),
        ("", "ENV", {"prod": 2, "eu": 1}),
        ("", "nonsense", {}),
        ("status:closed", "priority", {"NOT_DEFINED": 1, "P1": 1, "P2": 1}),
        ("status:closed -priority:P1", "priority", {"NOT_DEFINED": 1, "P2": 1}),
        ("archived:*", "archived", {"false": 4, "true": 1}),
        ("priority:P5", "status", {}),
    ],
)
def test_counts_and_aggregations_agree_with_search(
    send: Send, text: str, field: str, counts: dict[str, int]
) -> None:
    total = send("GET", f"/cases?filter={text}").json()["meta"]["total_cases"]

    counted = send("GET", f"/cases/count?query_filter={text}&group_bys={field}").json()["data"]
    assert (counted["type"], counted["attributes"]["total"]) == ("count", total)
    (group,) = counted["attributes"]["groups"]
    assert group["group"] == field
    found = [(each["value"], each["count"]) for each in group["group_values"]]
    assert found == [*counts.items()]

    aggregated = send("POST", "/cases/aggregate", aggregation(text, field)).json()["data"]
    assert (aggregated["type"], aggregated["attributes"]["total"]) == ("aggregate", total)
    groups = aggregated["attributes"]["groups"]
    assert [(each["group"], *each["value"]) for each in groups] == found


def test_counts_each_field_separately(send: Send) -> None:
    attributes = send("GET", "/cases/count?group_bys=status,priority&limit=1").json()["data"][
        "attributes"
    ]
    assert attributes["groups"] == [
        {"group": "status", "group_values": [{"value": "CLOSED", "count": 3}]},
        {"group": "priority", "group_values": [{"value": "P1", "count": 2}]},
    ]


def test_counts_without_groups(send: Send) -> None:
    assert send("GET", "/cases/count").json()["data"]["attributes"] == {"groups": [], "total": 4}


def test_aggregates_combinations_of_fields(send: Send) -> None:
    data = aggregation("", "status", "priority", limit=3)
    attributes = send("POST", "/cases/aggregate", data).json()["data"]["attributes"]
    assert attributes == {
        "groups": [
            {"group": "CLOSED, NOT_DEFINED", "value": [1]},
            {"group": "CLOSED, P1", "value": [1]},
            {"group": "CLOSED, P2", "value": [1]},
        ],
        "total": 4,
    }


@pytest.mark.parametrize(
    ("method", "path", "data"),
    [
        ("GET", "/cases/count?limit=0", None),
        ("GET", "/cases/count?limit=1001", None),
        ("GET", "/cases/count?query_filter=(", None),
        ("POST", "/cases/aggregate", aggregation("")),
        ("POST", "/cases/aggregate", aggregation("(", "status")),
        ("POST", "/cases/aggregate", aggregation("", "status", limit=0)),
        ("POST", "/cases/aggregate", aggregation("", "status", limit=1001)),
        ("POST", "/cases/aggregate", {**aggregation("", "status"), "type": "count"}),
    ],
)
def test_rejects_invalid_requests(send: Send, method: str, path: str, data: object) -> None:
    response = send(method, path, data)
    assert response.status_code == 400
    assert response.headers["x-sandbox-reason"]
