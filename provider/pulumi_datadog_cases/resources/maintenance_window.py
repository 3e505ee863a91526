"""`MaintenanceWindow`: a time span in which the rules of cases are suppressed."""

from collections.abc import Iterable
from datetime import UTC, datetime

from pulumi_datadog_cases.api import ApiError, Client, NotFound
from pulumi_datadog_cases.engine import (
    Change,
    KnownInputs,
    LiveObject,
    Prop,
    Values,
    Violations,
    computed,
    warn,
)
from pulumi_datadog_cases.resources._shared.base import CaseResource, live_object, text
from pulumi_datadog_cases.resources._shared.list_reads import ListOnlyLifecycle
from pulumi_datadog_cases.resources._shared.types import Instant, NonEmptyStr

#: HTTP statuses with which the API may refuse to delete a window that has ended.
_REFUSED = (400, 405, 409, 422)


def _ended(window: Values) -> bool:
    return datetime.fromisoformat(text(window["end_at"])) <= datetime.now(UTC)


class MaintenanceWindow(CaseResource):
    """A time span in which notifications and automation rules are suppressed for matching cases.

    A matching case that occurs in the window is archived automatically. Windows apply to cases of
    Event Management (documented).

    If the program changes a window that has ended, the preview warns that the change may fail.
    `pulumi destroy` succeeds even if the API refuses to delete a window that has ended.

    Import id: `<maintenance_window_id>`.

    Destroy: the window is deleted.

    Errors: 403 if the application key has neither `event_correlation_config_write` nor
    `cases_shared_settings_write`. The API reference names the first scope, and Datadog's guides
    name the second (documented).

    Endpoints: `/api/v2/maintenance_windows`; windows can only be read from the list.
    """

    name: Prop[NonEmptyStr]
    """The name that Datadog shows. Not unique."""
    query: Prop[str]
    """Query for the cases that the window affects, in the syntax of the search bar. An example is
    `project:SEC`."""
    start_at: Prop[Instant]
    """Start of the window: a `datetime` with a time zone, or a string in RFC 3339 with an offset,
    such as `2026-12-24T18:00:00+01:00`."""
    end_at: Prop[Instant]
    """End of the window, in the same format as `start_at`. It must be after `start_at`."""

    created_by: Prop[str | None] = computed()
    """UUID of the user who created the window."""
    updated_by: Prop[str | None] = computed(volatile=True)
    """UUID of the user who last changed the window. The value is from the stack's latest create
    or update: a refresh does not change it."""

    @staticmethod
    def validate_inputs(declared: KnownInputs) -> Violations:
        """Require that the window ends after it starts."""
        start, end = (datetime.fromisoformat(text(declared[at])) for at in ("start_at", "end_at"))
        if end <= start:
            yield "end_at", f"must be after start_at, which is {declared['start_at']}"

    @staticmethod
    def preview_warning(old: Values, new: Values) -> str | None:
        """Warn if the window has ended, because the API may then reject a change."""
        del new
        if _ended(old):
            return "has ended, so the API may reject the change; for a new window, add a resource"
        return None

    class Lifecycle(ListOnlyLifecycle):
        """Finds windows in the list of all windows."""

        def __init__(self, client: Client) -> None:
            super().__init__(client, client.maintenance_windows.list)

        def create(self, new: Values) -> LiveObject:
            """Create the window in one request."""
            return live_object(self.client.maintenance_windows.create(new))

        def list(self, parent: LiveObject | None) -> Iterable[LiveObject]:
            """All windows."""
            del parent
            return map(live_object, self.client.maintenance_windows.list())

        def read(self, id_: str, known: Values) -> LiveObject | None:
            """Find the window in the list."""
            item = self.find(id_, known)
            return None if item is None else live_object(item)

        def update(self, change: Change) -> LiveObject:
            """Send the changed properties; the API keeps the others (documented)."""
            return live_object(self.client.maintenance_windows.update(change.id, change.values))

        def delete(self, id_: str, known: Values) -> None:
            """Delete the window. If the API refuses to delete an ended window, warn and succeed."""
            try:
                self.client.maintenance_windows.delete(id_)
            except NotFound:
                raise
            except ApiError as error:
                if not _ended(known) or error.status not in _REFUSED:
                    raise
                warn(f"maintenance window {id_} has ended and stays in Datadog's list: {error}")
