"""Tests that components' public names, and their type tokens in users' states, do not change."""

import inspect
import subprocess
import sys
from typing import Any

import pytest

import pulumi_datadog_cases as cases
from pulumi_datadog_cases import components
from pulumi_datadog_cases.components import case_desk, escalation_ladder, maintenance_calendar
from pulumi_datadog_cases.components.component import Component
from pulumi_datadog_cases.engine import Resource

TOKENS = {
    "CaseDesk": "datadog-cases:components:CaseDesk",
    "EscalationLadder": "datadog-cases:components:EscalationLadder",
    "MaintenanceCalendar": "datadog-cases:components:MaintenanceCalendar",
}

#: The TypedDict of each kind of child, with three facts about it: the child's resource class; the
#: properties of this class that the TypedDict lacks, because the component sets them; and the keys
#: of the TypedDict that are not properties of the class.
ARGS: dict[Any, tuple[type[Resource], str, str]] = {
    case_desk.CaseDeskProjectArgs: (cases.Project, "", ""),
    case_desk.CaseDeskTypeArgs: (cases.CaseType, "", "custom_attributes"),
    case_desk.CaseDeskAttributeArgs: (cases.CustomAttribute, "case_type_id type_data", "options"),
    case_desk.CaseDeskNotificationRuleArgs: (cases.NotificationRule, "project_id", ""),
    case_desk.CaseDeskViewArgs: (cases.CaseView, "project_id", "notification_rule"),
    case_desk.CaseDeskAutomationRuleArgs: (cases.AutomationRule, "project_id", ""),
    escalation_ladder.EscalationRungArgs: (cases.NotificationRule, "project_id", ""),
    maintenance_calendar.MaintenanceCalendarWindowArgs: (cases.MaintenanceWindow, "", ""),
}


def python(program: str) -> str:
    """Run a program in a new Python process; return its output."""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=300
    )
    return done.stdout.strip()


def test_type_tokens_are_unchanged() -> None:
    exported = [getattr(components, name) for name in components.__all__]
    tokens = {
        each.__name__: each.token
        for each in exported
        if isinstance(each, type) and issubclass(each, Component)
    }
    assert tokens == TOKENS


@pytest.mark.parametrize("name", TOKENS)
def test_component_docstrings_have_all_headings(name: str) -> None:
    documentation = inspect.getdoc(getattr(components, name)) or ""
    assert f"components.{name}(" in documentation  # the beginning of an example
    assert f"Type token: `{TOKENS[name]}`" in documentation
    lines = documentation.splitlines()
    assert {"Destroy:", "Errors:"} <= {line.partition(" ")[0] for line in lines}


@pytest.mark.parametrize("name", components.__all__)
def test_public_names_exist_and_are_documented(name: str) -> None:
    assert inspect.getdoc(getattr(components, name))


@pytest.mark.parametrize("args", ARGS, ids=lambda args: args.__name__)
def test_child_args_have_all_resource_properties(args: Any) -> None:  # noqa: ANN401 - a TypedDict class has no type of its own
    resource, set_by_component, additional = ARGS[args]
    inputs = {p.name for p in resource.properties.values() if not p.computed}
    expected = (inputs - set(set_by_component.split())) | set(additional.split()) | {"opts"}
    assert args.__required_keys__ | args.__optional_keys__ == expected


def test_components_are_imported_on_first_access() -> None:
    loaded = (
        "print(any(name.startswith('pulumi_datadog_cases.components') for name in sys.modules))"
    )
    assert (
        python(f"import sys, pulumi_datadog_cases as c; c.Project, c.get_case; {loaded}") == "False"
    )


def test_only_read_ics_requires_icalendar() -> None:
    missing = "import sys; sys.modules['icalendar'] = None; import pulumi_datadog_cases as c; "
    assert python(f"{missing}print(c.components.MaintenanceCalendar.token)")
    tried = "try: c.components.read_ics\nexcept ImportError as error: print(error)"
    assert python(f"{missing}\n{tried}") == (
        "read_ics requires icalendar and recurring-ical-events: "
        "pip install 'pulumi-datadog-cases[calendar]'"
    )
