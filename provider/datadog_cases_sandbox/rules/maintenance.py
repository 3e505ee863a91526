"""The effects of maintenance windows on the cases that their queries match."""

from datetime import datetime

from datadog_cases_sandbox import clock, errors
from datadog_cases_sandbox.endpoints import case_index
from datadog_cases_sandbox.endpoints.cases import Case
from datadog_cases_sandbox.endpoints.maintenance_windows import MaintenanceWindow
from datadog_cases_sandbox.rules.events import CaseEvent
from datadog_cases_sandbox.store import Store


def active_window(store: Store, case: Case, moment: datetime) -> MaintenanceWindow | None:
    """The first maintenance window that is active at `moment` and matches a case, if any."""
    matches = case_index.matcher(store, case)
    for window in store.list(MaintenanceWindow):
        start, end = (datetime.fromisoformat(text) for text in (window.start_at, window.end_at))
        try:
            if start <= moment < end and matches(window.query):
                return window
        except errors.ApiError:  # an invalid query matches nothing
            continue
    return None


def effect(window: MaintenanceWindow, event: CaseEvent) -> str:
    """What an active window does when an event happens to a matching case, as a text for people."""
    archives = " and archives the new case" if event.trigger == "CASE_CREATED" else ""
    return (
        f'the maintenance window "{window.name}" suppresses rules until {window.end_at}{archives}'
    )


def archive_new_case(store: Store, case: Case, moment: datetime) -> None:
    """Archives a new case if an active window matches it."""
    if case.archived_at is None and active_window(store, case, moment):
        store.put(case.model_copy(update={"archived_at": clock.nanoseconds()}))
