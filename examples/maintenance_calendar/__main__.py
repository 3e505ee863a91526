"""A quarter's maintenance windows, from a calendar's ICS file and a list beside it.

pip install 'pulumi-datadog-cases[calendar]'
"""

from datetime import date
from pathlib import Path

import pulumi

from pulumi_datadog_cases import components

# Backup drills each month, of which one is moved, and a move that takes two days.
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
        # What no calendar knows of, with a query of its own.
        "database-upgrade": {
            "query": "service:orders-db",
            "start_at": "2027-01-10T02:00:00Z",
            "end_at": "2027-01-10T04:00:00Z",
        },
    },
)

pulumi.export("windows", {key: window.id for key, window in calendar.windows.items()})
