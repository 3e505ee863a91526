from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from datadog_api_client.v2.api.case_management_api import CaseManagementApi
from datadog_api_client.v2.model.case_aggregate_request import CaseAggregateRequest
from datadog_api_client.v2.model.case_bulk_update_request import CaseBulkUpdateRequest
from datadog_api_client.v2.model.case_sortable_field import CaseSortableField

Body: TypeAlias = Callable[[type[Any], object], Any]
Make: TypeAlias = Callable[..., Any]


BELA = "5a9d0c00-0000-4000-8000-000000000002"


@pytest.fixture(autouse=True)
def _three_cases(make_case: Make) -> None:
    make_case(title="a", priority="P1")
    make_case(title="b", priority="P3", status_name="Closed")
    make_case(title="c", priority="P2", status_name="Closed")


def test_search_cases(cases: CaseManagementApi) -> None:
    field = CaseSortableField.PRIORITY
    found = cases.search_cases(
        page_size=1, page_number=2, sort_field=field, filter="status:closed", sort_asc=True
    )
    assert [one.attributes.title for one in found.data] == ["b"]
    page = found.meta.page
    assert (page.current, page.size, page.total) == (2, 1, 2)


def test_search_cases_with_pagination(cases: CaseManagementApi) -> None:
    found = cases.search_cases_with_pagination(page_size=2, sort_asc=True)
    assert [one.attributes.title for one in found] == ["a", "b", "c"]


def test_count_cases(cases: CaseManagementApi) -> None:
    counted = cases.count_cases(query_filter="priority:P*", group_bys="status,priority", limit=2)
    status, priority = counted.data.attributes.groups
    assert (status.group, priority.group) == ("status", "priority")
    values = [(each.value, each.count) for each in status.group_values]
    assert values == [("CLOSED", 2), ("OPEN", 1)]
    assert [each.value for each in priority.group_values] == ["P1", "P2"]


def test_aggregate_cases(cases: CaseManagementApi, body: Body) -> None:
    group_by = {"groups": ["status"], "limit": 14}
    data = {"type": "aggregate", "attributes": {"query_filter": "", "group_by": group_by}}
    attributes = cases.aggregate_cases(body(CaseAggregateRequest, data)).data.attributes
    assert attributes.total == 3
    assert [(each.group, each.value) for each in attributes.groups] == [
        ("CLOSED", [2]),
        ("OPEN", [1]),
    ]


@pytest.mark.parametrize(
    ("kind", "payload", "query"),
    [
        ("priority", {"priority": "P5"}, "priority:P5"),
        ("status", {"status_name": "In Progress"}, "status_group:SG_IN_PROGRESS"),
        ("assign", {"assignee_id": BELA}, f"assignee:{BELA}"),
        ("archive", {}, "archived:true"),
    ],
)
def test_bulk_update_cases(
    cases: CaseManagementApi, body: Body, kind: str, payload: dict[str, str], query: str
) -> None:
    ids = [one.id for one in cases.search_cases(filter="status:closed").data]
    attributes = {"type": kind, "case_ids": ids, "payload": payload}
    cases.bulk_update_cases(body(CaseBulkUpdateRequest, {"type": "bulk", "attributes": attributes}))
    assert [one.id for one in cases.search_cases(filter=query).data] == ids
