"""A quarter's maintenance windows, from an ICS file and a list in the program.

Install the packages that read ICS files:

    pip install 'pulumi-datadog-cases[calendar]'
"""

from datetime import date
from pathlib import Path

import pulumi

from pulumi_datadog_cases import components

# The file has monthly backup drills, one of them rescheduled, and a two-day move of a data centre.
events = components.read_ics(
    Path(__file__).with_name("maintenance.ics"),
    first_day=date(2027, 1, 1),
    last_day=date(2027, 3, 31),
)

calendar = components.MaintenanceCalendar(
    "operations",
    query="env:prod",
    windows={
        **events,
        # A window that is not in the ICS file, with its own query.
        "database-upgrade": {
            "query": "service:orders-db",
            "start_at": "2027-01-10T02:00:00Z",
            "end_at": "2027-01-10T04:00:00Z",
        },
    },
)

pulumi.export("windows", {key: window.id for key, window in calendar.windows.items()})
