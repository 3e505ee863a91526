"""Components: several related resources, declared in a few lines.

    from pulumi_datadog_cases import components

    desk = components.CaseDesk("payments", project={"key": "PAY"}, ...)

`pulumi_datadog_cases` imports this package on first access, so programs without components do not
load it.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from pulumi_datadog_cases.components.case_desk import CaseDesk
from pulumi_datadog_cases.components.component import ComponentError
from pulumi_datadog_cases.components.escalation_ladder import EscalationLadder
from pulumi_datadog_cases.components.maintenance_calendar import MaintenanceCalendar

__all__ = ["CaseDesk", "ComponentError", "EscalationLadder", "MaintenanceCalendar", "read_ics"]

if TYPE_CHECKING:
    from pulumi_datadog_cases.components.ics import read_ics
else:
    # Import `read_ics` on first access, because it needs the optional extra `calendar`.
    def __getattr__(name: str) -> object:
        if name == "read_ics":
            return import_module(f"{__name__}.ics").read_ics
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
