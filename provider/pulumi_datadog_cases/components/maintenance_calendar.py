"""`MaintenanceCalendar`: a maintenance window for each event of a calendar."""

from collections.abc import Mapping
from typing import NotRequired

import pulumi
from typing_extensions import TypedDict

from pulumi_datadog_cases.components.component import Component, words
from pulumi_datadog_cases.engine import Input
from pulumi_datadog_cases.resources import MaintenanceWindow


class MaintenanceCalendarWindowArgs(TypedDict):
    """The properties of a `MaintenanceWindow`."""

    start_at: Input[str]
    end_at: Input[str]
    name: NotRequired[Input[str]]
    """By default derived from the window's key."""
    query: NotRequired[Input[str]]
    """By default the `query` of the `MaintenanceCalendar`."""
    opts: NotRequired[pulumi.ResourceOptions]


class MaintenanceCalendar(Component):
    """A maintenance calendar: one `MaintenanceWindow` for each event.

        components.MaintenanceCalendar(
            "operations",
            query="env:prod",
            windows={
                "database-upgrade": {
                    "start_at": "2027-01-10T02:00:00+01:00",
                    "end_at": "2027-01-10T04:00:00+01:00",
                    "query": "service:orders-db",
                },
                **components.read_ics(
                    Path("maintenance.ics"),
                    first_day=date(2027, 1, 1),
                    last_day=date(2027, 3, 31),
                ),
            },
        )

    Pulumi identifies a window by its key. The key of a window from `read_ics` is the event's UID,
    so moving the event updates the window. The order of the windows does not matter.

    **Past windows.** A window is declared as long as it is in `windows`, whatever the current day
    is. So deployments do not change a window that has ended. If you remove such a window from
    `windows`, or pass a later `first_day` to `read_ics`, the next deployment deletes the window. If
    the API refuses to delete it, the deployment continues with a warning. If you remove a window
    that has not ended yet, the next deployment deletes the window, which then no longer suppresses
    rules. To keep removed windows in Datadog, including windows of cancelled events, pass
    `opts=ResourceOptions(retain_on_delete=True)`.

    Destroy: the windows are deleted. A window that has ended never makes a destroy fail.

    Errors: `ComponentError` if a window has no query. The preview reports all other errors, as
    documented for `MaintenanceWindow`.

    Type token: `datadog-cases:components:MaintenanceCalendar`. It is stored in states and never
    changes.
    """

    token = "datadog-cases:components:MaintenanceCalendar"  # noqa: S105 - a type token

    windows: Mapping[str, MaintenanceWindow]
    """The windows, by key."""

    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        windows: Mapping[str, MaintenanceCalendarWindowArgs],
        query: Input[str] | None = None,
    ) -> None:
        """Declare the calendar.

        Args:
            resource_name: the calendar's name in this program. The windows' names begin with it.
            opts: Pulumi's resource options. The windows inherit them.
            windows: the windows, by key; `read_ics` reads them from a calendar.
            query: a query as in the search bar, for windows without a query of their own. ""
                matches all cases.

        Raises:
            ComponentError: a window has no query, and there is no `query` for all windows.
        """
        super().__init__(resource_name, opts)
        windows = self.by_key("windows", windows)
        missing = [key for key, window in windows.items() if "query" not in window]
        if query is None and missing:
            raise self.error(
                *(
                    f"windows.{key} has no query: add one to the window, or to the calendar for "
                    "all windows without one"
                    for key in missing
                )
            )
        self.windows = {
            key: self.declare(MaintenanceWindow, key, window, name=words(key), query=query)
            for key, window in windows.items()
        }
        self.register_outputs({})
