"""Tests of the component `MaintenanceCalendar`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.components.conftest import Declare

CALENDAR = 'components.MaintenanceCalendar("ops", windows={}, {})'
SPAN = {"start_at": "2027-01-01T00:00:00Z", "end_at": "2027-01-02T00:00:00Z"}


def test_windows_are_named_by_key(declare: "Declare") -> None:
    windows = {
        "database-upgrade": SPAN,
        "uid@acme.example": {**SPAN, "name": "Network", "query": "env:dev"},
    }
    declared = declare(CALENDAR.format(windows, 'query="env:prod"'))
    assert declared.resources == {
        ("MaintenanceCalendar", "ops"): {},
        ("MaintenanceWindow", "ops-database-upgrade"): {
            **SPAN,
            "name": "Database upgrade",
            "query": "env:prod",
        },
        ("MaintenanceWindow", "ops-uid@acme.example"): {
            **SPAN,
            "name": "Network",
            "query": "env:dev",
        },
    }


def test_empty_query_counts_as_query(declare: "Declare") -> None:
    declared = declare(CALENDAR.format({"a": SPAN}, 'query=""'))
    assert declared["MaintenanceWindow", "ops-a"]["query"] == ""


def test_window_without_query_is_rejected_before_registration(declare: "Declare") -> None:
    windows = {"a": {**SPAN, "query": "env:dev"}, "b": SPAN, "c": SPAN}
    declared = declare(CALENDAR.format(windows, ""))
    assert declared.names == {("MaintenanceCalendar", "ops")}
    assert declared.error == "\n".join(
        f'MaintenanceCalendar "ops": windows.{key} has no query: add one to the window, or '
        "to the calendar for all windows without one"
        for key in "bc"
    )
