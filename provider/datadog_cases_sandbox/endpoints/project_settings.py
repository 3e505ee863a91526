"""The settings of projects: `settings` and `columns_config` in a project's PATCH.

Every member is optional and is returned as sent (documented). The classes are typed dictionaries
instead of models, so that only the members of the request are stored. Unknown members and wrong
JSON types are rejected, as in the rest of the body. Members of type `str` or `dict` accept any
content, as in the reference.
"""

# ruff: noqa: D101 - the classes mirror the API's settings, and their names explain them

from pydantic import JsonValue
from typing_extensions import TypedDict


class Enabled(TypedDict, total=False):
    enabled: bool


class Sort(TypedDict, total=False):
    ascending: bool
    priority: int


class Column(TypedDict, total=False):
    type: str
    sort_field: str
    sort: Sort


class ColumnsConfig(TypedDict, total=False):
    columns: list[Column]


class AutoCloseInactiveCases(TypedDict, total=False):
    enabled: bool
    max_inactive_time_in_secs: int


class AutoTransitionAssignedCases(TypedDict, total=False):
    auto_transition_assigned_cases_on_self_assigned: bool


class FieldMapping(TypedDict, total=False):
    case_field: str
    incident_user_defined_field_id: str


class SeverityConfig(TypedDict, total=False):
    priority_mapping: dict[str, str]


class IntegrationIncident(TypedDict, total=False):
    enabled: bool
    auto_escalation_query: str
    default_incident_commander: str
    incident_type: str
    field_mappings: list[FieldMapping]
    severity_config: SeverityConfig


class JiraMetadata(TypedDict, total=False):
    account_id: str
    project_id: str
    issue_type_id: str


class Synced(TypedDict, total=False):
    sync_type: str


class SyncedByName(Synced, total=False):
    mapping: dict[str, str]
    name_mapping: dict[str, str]


class SyncedDueDate(Synced, total=False):
    jira_field_id: str


class SyncedCustomField(Synced, total=False):
    value: JsonValue


class JiraSyncProperties(TypedDict, total=False):
    assignee: Synced
    comments: Synced
    description: Synced
    title: Synced
    priority: SyncedByName
    status: SyncedByName
    due_date: SyncedDueDate
    custom_fields: dict[str, SyncedCustomField]


class JiraSync(TypedDict, total=False):
    enabled: bool
    properties: JiraSyncProperties


class IntegrationJira(TypedDict, total=False):
    enabled: bool
    auto_creation: Enabled
    metadata: JiraMetadata
    sync: JiraSync


class IntegrationMonitor(TypedDict, total=False):
    enabled: bool
    auto_resolve_enabled: bool
    case_type_id: str
    handle: str


class EscalationTarget(TypedDict, total=False):
    dynamic_team_paging: bool
    team_id: str
    user_id: str


class EscalationQuery(TypedDict, total=False):
    id: str
    enabled: bool
    query: str
    target: EscalationTarget


class IntegrationOnCall(TypedDict, total=False):
    enabled: bool
    auto_assign_on_call: bool
    escalation_queries: list[EscalationQuery]


class SyncedServiceNowPriority(Synced, total=False):
    impact_mapping: dict[str, str]
    urgency_mapping: dict[str, str]


class ServiceNowSyncProperties(TypedDict, total=False):
    comments: Synced
    status: SyncedByName
    priority: SyncedServiceNowPriority


class ServiceNowSync(TypedDict, total=False):
    enabled: bool
    properties: ServiceNowSyncProperties


class IntegrationServiceNow(TypedDict, total=False):
    enabled: bool
    instance_name: str
    assignment_group: str
    auto_creation: Enabled
    sync_config: ServiceNowSync


class Notification(TypedDict, total=False):
    enabled: bool
    destinations: list[int]
    notify_on_case_assignment: bool
    notify_on_case_unassignment: bool
    notify_on_case_closed: bool
    notify_on_case_comment: bool
    notify_on_case_comment_mention: bool
    notify_on_case_priority_change: bool
    notify_on_case_status_change: bool


class Settings(TypedDict, total=False):
    auto_close_inactive_cases: AutoCloseInactiveCases
    auto_transition_assigned_cases: AutoTransitionAssignedCases
    integration_incident: IntegrationIncident
    integration_jira: IntegrationJira
    integration_monitor: IntegrationMonitor
    integration_on_call: IntegrationOnCall
    integration_service_now: IntegrationServiceNow
    notification: Notification


def fresh_settings() -> Settings:
    """The settings that a new project has in recorded responses."""
    return {
        "notification": {
            "enabled": True,
            "destinations": [1],
            "notify_on_case_assignment": True,
            "notify_on_case_unassignment": True,
            "notify_on_case_closed": True,
            "notify_on_case_priority_change": True,
            "notify_on_case_comment": True,
            "notify_on_case_comment_mention": True,
            "notify_on_case_status_change": True,
        }
    }
