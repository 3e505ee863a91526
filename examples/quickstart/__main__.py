"""A security operations project with a case type, automation rules and first cases."""

from datetime import date, timedelta

import pulumi

import pulumi_datadog_cases as cases

# The case type and its custom attributes.
intrusion = cases.CaseType(
    "intrusion",
    name="Intrusion",
    description="Unauthorised access to a system.",
    emoji="🚨",
)

severity = cases.CustomAttribute(
    "severity",
    case_type_id=intrusion.id,
    key="severity",
    display_name="Severity",
    type="SELECT",
    type_data={"options": [{"value": "low"}, {"value": "high"}, {"value": "critical"}]},
)

hosts = cases.CustomAttribute(
    "hosts",
    case_type_id=intrusion.id,
    key="hosts",
    display_name="Hosts concerned",
    type="TEXT",
    is_multi=True,
)

runbook = cases.CustomAttribute(
    "runbook",
    case_type_id=intrusion.id,
    key="runbook",
    display_name="Runbook",
    type="URL",
)

# Settings that are not declared here are unmanaged: people may set them in Datadog. A project with
# cases of other people is deleted only if it has force_destroy=True.
desk = cases.Project(
    "desk",
    key="SECOPS",
    name="Security operations",
    enabled_custom_case_types=[intrusion.id],
    settings={
        "auto_close_inactive_cases": {"enabled": True, "max_inactive_time_in_secs": 90 * 86_400},
        "notification": {"destinations": [1, 2], "notify_on_case_comment": False},
    },
    columns_config={"columns": [{"type": "priority", "sort": {"ascending": True, "priority": 1}}]},
)

# Automation rules.
triage = cases.AutomationRule(
    "triage",
    project_id=desk.id,
    name="Enrich every new case",
    trigger={"type": "CASE_CREATED"},
    action={"type": "EXECUTE_WORKFLOW", "data": {"handle": "enrich-intrusion"}},
)

review = cases.AutomationRule(
    "review",
    project_id=desk.id,
    name="Write the report once a case is closed",
    trigger={"type": "STATUS_TRANSITIONED", "data": {"to_status_name": "Closed"}},
    action={"type": "EXECUTE_WORKFLOW", "data": {"handle": "write-report"}},
)

escalate = cases.AutomationRule(
    "escalate",
    project_id=desk.id,
    name="Have an agent look when the severity changes",
    trigger={
        "type": "ATTRIBUTE_VALUE_CHANGED",
        "data": {"field": severity.key, "change_type": "ANY_CHANGES"},
    },
    action={
        "type": "ASSIGN_AGENT",
        "data": {"agent_type": "security", "assigned_agent_id": "bits-security"},
    },
    state="DISABLED",  # enable the rule once the agent has been tested
)


def days_later(moment: str, days: int) -> str:
    """Return the date `days` days after `moment`, an RFC 3339 time or a date."""
    return (date.fromisoformat(moment[:10]) + timedelta(days=days)).isoformat()


# First cases, assigned to the user who created the rule.
drill = cases.Case(
    "drill",
    project_id=desk.id,
    type_id=intrusion.id,
    title="Drill: stolen laptop",
    description="Walk through the runbook once, with a clock.",
    priority="P3",
    assignee_id=triage.created_by,
    due_date=triage.created_at.apply(lambda at: days_later(at, 14)),
    attributes={"env": ["prod"], "team": ["secops"]},
    custom_attributes={
        "severity": {"type": severity.type, "value": "low"},
        "hosts": {"type": hosts.type, "value": ["laptop-7", "vpn-2"]},
        "runbook": {"type": runbook.type, "value": "https://runbooks.example.com/stolen-laptop"},
    },
)

lessons = cases.Case(
    "lessons",
    project_id=desk.id,
    title="Write down the lessons of the drill",
    assignee_id=drill.assignee_id,
    due_date=drill.due_date.apply(lambda day: days_later(day or "", 7)),
)

pulumi.export("project", desk.key)
pulumi.export("cases", [drill.key, lessons.key])
