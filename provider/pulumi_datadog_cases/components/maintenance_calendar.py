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
    """By default its key, in words."""
    query: NotRequired[pulumi.Input[str]]
    """By default the calendar's."""
    opts: NotRequired[pulumi.ResourceOptions]


class MaintenanceCalendar(Component):
    """A calendar of maintenance: one `MaintenanceWindow` for each event.

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

    A window is known to Pulumi by its key, of a calendar's event its UID: moving the event moves
    the window, and their order means nothing.

    **The day after.** A window that has ended stays declared as long as it is in `windows`, and a
    deployment has nothing to do for it: what this declares depends on the program, never on the
    day. Once it is taken out, or `first_day` moves past it, the next deployment deletes it, which
    mutes nothing any more; if the API does not delete windows that have ended, a warning says so
    and the deployment goes on. Declare `opts=ResourceOptions(retain_on_delete=True)` to leave such
    windows in Datadog (the ones of cancelled events, too). Taken out while it lasts, a window is
    deleted, and cases are heard again from that moment.

    Destroy: the windows are deleted; an ended one never stands in the way.

    Errors: `ComponentError` for a window without a query; for the rest those of
    `MaintenanceWindow`, at preview.

    Type token: `datadog-cases:components:MaintenanceCalendar`, which states remember, so it never
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
            resource_name: its name in this program, with which those of its windows begin.
            opts: Pulumi's options, for its windows too.
            windows: the windows, by key; see `read_ics` for those of a calendar.
            query: which cases a window without a query of its own is about, as in the search bar;
                "" for all.

        Raises:
            ComponentError: neither a window nor the calendar has a query.
        """
        super().__init__(resource_name, opts)
        windows = self.by_key("windows", windows)
        if query is None and (
            bare := [k for k, window in windows.items() if "query" not in window]
        ):
            raise self.error(
                *(
                    f"windows.{key} has no query: say which cases it is about, or give the "
                    "calendar a query for all windows that have none"
                    for key in bare
                )
            )
        self.windows = {
            key: self.declare(MaintenanceWindow, key, window, name=words(key), query=query)
            for key, window in windows.items()
        }
        self.register_outputs({})
