"""Every kind with every property that release 0.1.0 knows, and one change to each resource."""

import os
from typing import TypeVar

import pulumi

import pulumi_datadog_cases as cases

T = TypeVar("T")

config = pulumi.Config()
me = config.require("me")
changed = config.get_bool("changed")


def now(first: T, then: T) -> T:
    """What a property is at first, or once everything is changed."""
    return then if changed else first


# --- types and their attributes

intrusion = cases.CaseType(
    "intrusion", name=now("Intrusion", "Breach"), description="Somebody is in.", emoji="🚨"
)
elsewhere = cases.Provider(
    "elsewhere",
    api_url=os.environ["DD_HOST"],
    api_key=os.environ["DD_API_KEY"],
    app_key=os.environ["DD_APP_KEY"],
)
cases.CaseType(
    "through_a_provider",
    name=now("Leak", "Spill"),
    opts=pulumi.ResourceOptions(provider=elsewhere),
)
severity = cases.CustomAttribute(
    "severity",
    case_type_id=intrusion.id,
    key="severity",
    display_name=now("Severity", "How bad"),
    type="SELECT",
    is_multi=False,
    description="How bad it is.",
    type_data={"options": [{"value": "low"}, {"value": "high"}]},
    map_from="external-field",
)
hosts = cases.CustomAttribute(
    "hosts",
    case_type_id=intrusion.id,
    key="hosts",
    display_name=now("Hosts", "Machines"),
    type="TEXT",
    is_multi=True,
)
score = cases.CustomAttribute(
    "score",
    case_type_id=intrusion.id,
    key="score",
    display_name=now("Score", "Points"),
    type="NUMBER",
)

# --- projects

desk = cases.Project(
    "desk",
    key="GOLD",
    name=now("Desk", "Help desk"),
    team_uuid="7ea00000-0000-4000-8000-000000000001",
    enabled_custom_case_types=[intrusion.id],
    columns_config={
        "columns": [
            {"type": "prio", "sort_field": "prio", "sort": {"ascending": True, "priority": 1}},
            {"type": "title"},
        ]
    },
    settings={
        "auto_close_inactive_cases": {"enabled": True, "max_inactive_time_in_secs": 7776000},
        "auto_transition_assigned_cases": {"auto_transition_assigned_cases_on_self_assigned": True},
        "integration_incident": {
            "enabled": True,
            "auto_escalation_query": "priority:P1",
            "default_incident_commander": me,
            "incident_type": "security",
            "field_mappings": [{"case_field": "title", "incident_user_defined_field_id": "f-1"}],
            "severity_config": {"priority_mapping": {"SEV-1": "P1"}},
        },
        "integration_jira": {
            "enabled": True,
            "auto_creation": {"enabled": True},
            "metadata": {"account_id": "a", "project_id": "p", "issue_type_id": "t"},
            "sync": {
                "enabled": True,
                "properties": {
                    "assignee": {"sync_type": "bidirectional"},
                    "comments": {"sync_type": "bidirectional"},
                    "description": {"sync_type": "bidirectional"},
                    "title": {"sync_type": "bidirectional"},
                    "priority": {"sync_type": "outbound", "mapping": {"P1": "Highest"}},
                    "status": {"sync_type": "outbound", "name_mapping": {"Open": "To Do"}},
                    "due_date": {"sync_type": "inbound", "jira_field_id": "duedate"},
                    "custom_fields": {
                        "field_1": {"sync_type": "outbound", "value": ["a", 1, True, {"b": 2.5}]}
                    },
                },
            },
        },
        "integration_monitor": {
            "enabled": True,
            "auto_resolve_enabled": True,
            "case_type_id": intrusion.id,
            "handle": "case-gold",
        },
        "integration_on_call": {
            "enabled": True,
            "auto_assign_on_call": True,
            "escalation_queries": [
                {
                    "enabled": True,
                    "query": "priority:P1",
                    "target": {"dynamic_team_paging": True, "team_id": "t", "user_id": me},
                }
            ],
        },
        "integration_service_now": {
            "enabled": True,
            "instance_name": "acme",
            "assignment_group": "security",
            "auto_creation": {"enabled": True},
            "sync_config": {
                "enabled": True,
                "properties": {
                    "comments": {"sync_type": "bidirectional"},
                    "status": {"sync_type": "outbound", "mapping": {"Open": "New"}},
                    "priority": {
                        "sync_type": "outbound",
                        "impact_mapping": {"P1": "1"},
                        "urgency_mapping": {"P1": "1"},
                    },
                },
            },
        },
        "notification": {
            "enabled": True,
            "destinations": [1, 3],
            "notify_on_case_assignment": True,
            "notify_on_case_unassignment": False,
            "notify_on_case_closed": True,
            "notify_on_case_comment": False,
            "notify_on_case_comment_mention": True,
            "notify_on_case_priority_change": False,
            "notify_on_case_status_change": True,
        },
    },
)
annex = cases.Project("annex", key="ANNEX", name=now("Annex", "New annex"))
cases.ProjectFavorite("favorite", project_id=now(desk.id, annex.id))
cases.AutomationRule(
    "triage",
    project_id=desk.id,
    name=now("Triage", "First look"),
    trigger={
        "type": "STATUS_TRANSITIONED",
        "data": {"from_status_name": "Open", "to_status_name": "In Progress"},
    },
    action={"type": "EXECUTE_WORKFLOW", "data": {"handle": "enrich"}},
    state="ENABLED",
)
told = cases.NotificationRule(
    "told",
    project_id=desk.id,
    recipients=[
        {"type": "EMAIL", "data": {"email": "soc@example.com"}},
        {"type": "HTTP", "data": {"name": pulumi.Output.secret("a-webhook")}},
    ],
    triggers=[
        {"type": "CASE_CREATED"},
        {
            "type": "ATTRIBUTE_VALUE_CHANGED",
            "data": {"field": "priority", "change_type": "VALUE_ADDED"},
        },
    ],
    query=now("priority:P1", "priority:P2"),
    is_enabled=True,
)
cases.CaseView(
    "urgent",
    project_id=desk.id,
    name=now("Urgent", "Pressing"),
    query="priority:P1",
    np_rule_id=told.id,
)
cases.MaintenanceWindow(
    "holidays",
    name=now("Holidays", "Days off"),
    query="project:GOLD",
    start_at="2999-12-24T18:00:00+01:00",
    end_at="2999-12-27T07:00:00.5Z",
)

# --- cases, one after the other, so that the numbers in their keys are always the same

laptop = cases.Case(
    "laptop",
    project_id=desk.id,
    title=now("Stolen laptop", "Lost laptop"),
    type_id=intrusion.id,
    description=pulumi.Output.secret("The serial number is 8126."),
    priority="P2",
    status_name="Closed",
    assignee_id=me,
    attributes={"env": ["prod", "staging"], "service": ["api"]},
    custom_attributes={
        "severity": {"type": "SELECT", "value": "low"},
        "hosts": {"type": "TEXT", "value": ["db-1", "db-2"], "is_multi": True},
    },
    due_date="2999-11-21",
    security_resolved_reason="FALSE_POSITIVE",
    archived=True,
    opts=pulumi.ResourceOptions(depends_on=[severity, hosts]),
)
drill = cases.Case(
    "drill",
    project_id=desk.id,
    title=now("Drill", "Exercise"),
    opts=pulumi.ResourceOptions(depends_on=[laptop]),
)
other = cases.Case(
    "other",
    project_id=desk.id,
    title=now("Other", "Another"),
    type_id=intrusion.id,
    opts=pulumi.ResourceOptions(depends_on=[drill]),
)
case = now(drill, other)
cases.CaseCustomAttribute(
    "points",
    case_id=other.id,
    key=score.key,
    type="NUMBER",
    value=now(7.5, 8),
    is_multi=False,
)
cases.CaseComment(
    "comment",
    case_id=drill.id,
    comment=now("Only a *drill*.", "Over."),
    opts=pulumi.ResourceOptions(additional_secret_outputs=["comment"]),
)
cases.CaseWatcher("watcher", case_id=case.id, user_uuid=me)
cases.CaseInsight(
    "insight", case_id=drill.id, type="MONITOR", ref=now("/monitors/1", "/m/1"), resource_id="1"
)
cases.CaseLink(
    "link",
    parent_entity_type="CASE",
    parent_entity_id=drill.id,
    child_entity_type="CASE",
    child_entity_id=other.id,
    relationship=now("BLOCKS", "CAUSES"),
)
cases.CaseIncident("incident", case_id=case.id, incident_id="6f8a1e9e-0000-4000-8000-000000000001")
linked = cases.CaseJiraIssue(
    "linked_issue",
    case_id=drill.id,
    jira_issue_url=now("https://acme.example/browse/A-1", "https://acme.example/browse/A-2"),
)
cases.CaseJiraIssue(
    "new_issue",
    case_id=other.id,
    jira_account_id="account",
    jira_project_id="project",
    issue_type_id=now("task", "bug"),
    fields={"labels": ["golden"], "points": 3},
    opts=pulumi.ResourceOptions(depends_on=[linked]),  # the sandbox numbers issues
)
cases.CaseServiceNowTicket(
    "ticket", case_id=case.id, instance_name="acme", assignment_group="security"
)
cases.CaseNotebook("notebook", case_id=case.id)
