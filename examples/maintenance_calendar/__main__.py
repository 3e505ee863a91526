"""A quarter's maintenance windows, from a list as a team keeps it."""

import pulumi

import pulumi_datadog_cases as cases

#: What, which cases, from when, until when.
CALENDAR = [
    ("database upgrade", "service:orders-db", "2027-01-10T02:00:00Z", "2027-01-10T04:00:00Z"),
    ("network", "env:prod", "2027-02-14T01:00:00+01:00", "2027-02-14T03:30:00+01:00"),
    ("certificate change", "service:gateway", "2027-03-07T05:00:00Z", "2027-03-07T05:30:00Z"),
]

windows = {
    what: cases.MaintenanceWindow(
        what.replace(" ", "-"),
        name=f"Maintenance: {what}",
        query=query,
        start_at=start_at,
        end_at=end_at,
    )
    for what, query, start_at, end_at in CALENDAR
}

pulumi.export("windows", {what: window.id for what, window in windows.items()})
