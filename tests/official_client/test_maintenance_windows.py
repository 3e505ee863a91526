from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeAlias

import pytest
from datadog_api_client.v2.api.case_management_api import CaseManagementApi
from datadog_api_client.v2.model.maintenance_window_create_request import (
    MaintenanceWindowCreateRequest,
)
from datadog_api_client.v2.model.maintenance_window_update_request import (
    MaintenanceWindowUpdateRequest,
)

Body: TypeAlias = Callable[[type[Any], object], Any]
Make: TypeAlias = Callable[..., Any]


ME = "5a9d0c00-0000-4000-8000-000000000001"
START = datetime(2026, 6, 1, tzinfo=UTC)
END = datetime(2026, 6, 1, 6, tzinfo=UTC)


@pytest.fixture
def make_window(cases: CaseManagementApi, body: Body) -> Make:
    """Return a function that creates and returns a window, as in `make_window("x")`."""

    def made(name: str) -> Any:  # noqa: ANN401 - the client's own type
        times = {"start_at": START.isoformat(), "end_at": END.isoformat()}
        attributes = {"name": name, "query": "project:SEC", **times}
        data = {"type": "maintenance_window", "attributes": attributes}
        request = body(MaintenanceWindowCreateRequest, data)
        return cases.create_maintenance_window(request).data

    return made


def test_create_maintenance_window(make_window: Make) -> None:
    attributes = make_window("x").attributes
    assert (attributes.name, attributes.query) == ("x", "project:SEC")
    assert (attributes.start_at, attributes.end_at) == (START, END)
    assert attributes.created_by == ME


def test_list_maintenance_windows(cases: CaseManagementApi, make_window: Make) -> None:
    made = [make_window("x"), make_window("y")]
    assert cases.list_maintenance_windows().data == made


def test_update_maintenance_window(cases: CaseManagementApi, body: Body, make_window: Make) -> None:
    made = make_window("x")
    end = END.replace(hour=7)
    data = {"type": "maintenance_window", "attributes": {"end_at": end.isoformat()}}
    request = body(MaintenanceWindowUpdateRequest, data)
    attributes = cases.update_maintenance_window(made.id, request).data.attributes
    assert (attributes.name, attributes.start_at, attributes.end_at) == ("x", START, end)
    assert attributes.updated_by == ME


def test_delete_maintenance_window(cases: CaseManagementApi, make_window: Make) -> None:
    gone, left = make_window("x"), make_window("y")
    cases.delete_maintenance_window(gone.id)
    assert cases.list_maintenance_windows().data == [left]
