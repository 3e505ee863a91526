"""A program with every form of declaration that type checkers must accept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import assert_type
from uuid import UUID

import pulumi

import pulumi_datadog_cases as cases

eu = cases.Provider("eu", site="datadoghq.eu", api_key=pulumi.Output.secret("k"), app_key="k")

project = cases.Project(
    "desk",
    pulumi.ResourceOptions(protect=True, provider=eu),
    key="SECOPS",
    name="Security operations",
    settings={
        "auto_close_inactive_cases": {"enabled": True, "max_inactive_time_in_secs": 86_400},
        "notification": {"destinations": [1, 4]},
    },
    columns_config={"columns": [{"type": "priority", "sort": {"ascending": True}}]},
)
kind = cases.CaseType("intrusion", name="Intrusion", emoji=None, opts=None)
hosts = cases.CustomAttribute(
    "hosts", case_type_id=kind.id, key="hosts", display_name="Hosts", type="TEXT", is_multi=True
)
# The API may know values that this package does not list, such as the type `DATE`.
seen = cases.CustomAttribute(
    "seen", case_type_id=kind.id, key="seen", display_name="Last seen", type="DATE"
)
rule = cases.AutomationRule(
    "rule",
    project_id=project.id,
    name=pulumi.Output.concat("Triage of ", project.key),
    trigger={"type": "SOMETHING_NEW"},
    action={"type": "EXECUTE_WORKFLOW", "data": {"handle": project.name}},
)
case = cases.Case(
    "drill",
    project_id=project.id,
    type_id=kind.id,
    title="Drill",
    priority="P3",
    assignee_id=rule.created_by,
    attributes={"env": ["prod", project.key]},
    custom_attributes={"hosts": {"type": "TEXT", "value": ["laptop-7", project.name]}},
)


class Urgency(Enum):
    """The priorities of this program."""

    HIGH = "P1"


@dataclass
class Label:
    """A dataclass whose fields are the members of a mapping."""

    env: Sequence[str]


drill = cases.Case(
    "natural values",
    project_id=UUID("5a9d0c00-0000-4000-8000-00000000000a"),
    title="Drill",
    priority=Urgency.HIGH,
    due_date=date(2031, 1, 2),
    attributes=Label(env=("prod",)),
    custom_attributes={"score": {"type": "NUMBER", "value": [Decimal(7), 2.5]}},
)
cases.Project(
    "sets",
    key="SETS",
    name="Sets",
    enabled_custom_case_types={kind.id, UUID("5a9d0c00-0000-4000-8000-00000000000b")},
    settings={"notification": {"destinations": frozenset({1, 2})}},
)
cases.MaintenanceWindow(
    "night",
    name="Night",
    query="project:SECOPS",
    start_at=datetime(2031, 1, 2, tzinfo=UTC),
    end_at=pulumi.Output.from_input(datetime(2031, 1, 3, tzinfo=UTC)),
)

assert_type(project.id, pulumi.Output[str])
assert_type(project.key, pulumi.Output[str])
assert_type(case.archived, pulumi.Output[bool | None])
assert_type(hosts.is_multi, pulumi.Output[bool])
assert_type(
    cases.get_project(key="SECOPS", opts=pulumi.InvokeOptions(provider=eu)), cases.ProjectItem
)
assert_type(
    cases.search_cases_output(
        pulumi.Output.concat("project:", project.key),
        opts=pulumi.InvokeOutputOptions(depends_on=[case]),
    ),
    pulumi.Output[list[cases.CaseItem]],
)
assert_type(cases.get_project(key="SECOPS").attributes.name, str)
assert_type(
    cases.get_case_output("SEC-1").apply(lambda found: found.attributes.archived_at),
    pulumi.Output[datetime | None],
)
found = cases.get_case("SEC-1")
assert_type(found.relationships.assignee, cases.models.ToOne | None)
cases.models.ProjectUpdate(settings=cases.models.ProjectSettings(), name=None)
assert_type(cases.Case.get("lessons", "SEC-1").title, pulumi.Output[str])
assert_type(cases.AutomationRule.get("r", "id", project_id=project.id), cases.AutomationRule)

pulumi.export("key", case.key.apply(str.upper))
