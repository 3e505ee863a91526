"""`MaintenanceCalendar`: a maintenance window for each event of a calendar."""

from collections.abc import Mapping
from typing import NotRequired

import pulumi
from typing_extensions import TypedDict

from pulumi_datadog_cases.components.component import Component, words
from pulumi_datadog_cases.resources import MaintenanceWindow


class MaintenanceCalendarWindowArgs(TypedDict):
    """The properties of a `MaintenanceWindow`."""

    start_at: pulumi.Input[str]
    end_at: pulumi.Input[str]
    name: NotRequired[pulumi.Input[str]]
    """By default derived from its key."""
    query: NotRequired[pulumi.Input[str]]
    """By default the query of the calendar."""
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

    Pulumi identifies a window by its key, which for a calendar's event is its UID: moving the event
    updates the window, and the order does not matter.

    **Past windows.** The declared windows depend on the program, never on the current day: a window
    that has ended stays declared as long as it is in `windows`, and deployments leave it unchanged.
    Once you remove it, or `first_day` is later, the next deployment deletes it; if the API does not
    delete windows that have ended, the deployment continues with a warning. To leave such windows
    in Datadog (also those of cancelled events), declare
    `opts=ResourceOptions(retain_on_delete=True)`. If you remove a window before it has ended, it is
    deleted, and its cases are no longer muted.

    Destroy: the windows are deleted; a window that has ended never blocks this.

    Errors: `ComponentError` for a window without a query; otherwise those of `MaintenanceWindow`,
    at preview.

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
        query: pulumi.Input[str] | None = None,
    ) -> None:
        """Declare the calendar.

        Args:
            resource_name: its name in this program, the prefix of its windows' names.
            opts: Pulumi's options, also for its windows.
            windows: the windows, by key; `read_ics` reads them from a calendar.
            query: query, as in the search bar, for windows without their own; "" for all cases.

        Raises:
            ComponentError: neither a window nor the calendar has a query.
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
