"""`MaintenanceWindow`: a time in which cases of event management are kept quiet."""

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
from pulumi_datadog_cases.resources._shared.base import CaseResource, live, text
from pulumi_datadog_cases.resources._shared.list_reads import ListOnlyLifecycle
from pulumi_datadog_cases.resources._shared.types import Instant, Text

#: How an API says that it will not, other than for the caller's sake.
_REFUSED = (400, 405, 409, 422)


def _ended(window: Values) -> bool:
    return datetime.fromisoformat(text(window["end_at"])) <= datetime.now(UTC)


class MaintenanceWindow(CaseResource):
    """A time span in which matching cases of event management are muted.

    A window that has ended never stands in the way: a preview that changes it says that it has
    ended, and to destroy it succeeds even if the API does not delete ended windows.

    Import id: `<maintenance_window_id>`.

    Destroy: the window is deleted.

    Errors: 403 where the keys lack `event_correlation_config_write` (these windows have scopes
    of their own).

    Endpoints: `/api/v2/maintenance_windows`, of which only the list can be read.
    """

    name: Prop[Text]
    """Shown in Datadog. Not unique."""
    query: Prop[str]
    """Which cases it is about, as in the search bar: `project:SEC`."""
    start_at: Prop[Instant]
    """When it begins, RFC 3339 with an offset: `2026-12-24T18:00:00+01:00`."""
    end_at: Prop[Instant]
    """When it ends, after `start_at`, in the same form."""

    created_by: Prop[str | None] = computed()
    """UUID of the user who created it."""
    updated_by: Prop[str | None] = computed(volatile=True)
    """UUID of the user who last changed it, as of this stack's last write."""

    @staticmethod
    def validate_inputs(declared: KnownInputs) -> Violations:
        """Time goes forward."""
        start, end = (datetime.fromisoformat(text(declared[at])) for at in ("start_at", "end_at"))
        if end <= start:
            yield "end_at", f"must be after start_at, which is {declared['start_at']}"

    @staticmethod
    def preview_warning(old: Values, new: Values) -> str | None:
        """Say what becomes of a change to a window that has ended."""
        del new
        if _ended(old):
            return "has ended, so the API may refuse the change; a new window is a new resource"
        return None

    class Lifecycle(ListOnlyLifecycle):
        """How maintenance windows live at the API."""

        def __init__(self, client: Client) -> None:
            super().__init__(client, client.maintenance_windows.list)

        def create(self, new: Values) -> LiveObject:
            """Create the window in one request."""
            return live(self.client.maintenance_windows.create(new))

        def list(self, parent: LiveObject | None) -> Iterable[LiveObject]:
            """All windows."""
            del parent
            return map(live, self.client.maintenance_windows.list())

        def read(self, id_: str, known: Values) -> LiveObject | None:
            """Find the window in the list."""
            item = self.find(id_, known)
            return None if item is None else live(item)

        def update(self, change: Change) -> LiveObject:
            """Change what has changed; the rest stays (documented)."""
            return live(self.client.maintenance_windows.update(change.id, change.values))

        def delete(self, id_: str, known: Values) -> None:
            """Delete the window; one that has ended is as good as deleted."""
            try:
                self.client.maintenance_windows.delete(id_)
            except NotFound:
                raise
            except ApiError as error:
                if not _ended(known) or error.status not in _REFUSED:
                    raise
                warn(f"maintenance window {id_} has ended and stays listed in Datadog: {error}")
