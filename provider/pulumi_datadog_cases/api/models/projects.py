"""Models of projects."""

from collections.abc import Mapping, Sequence
from typing import Literal

from pulumi_datadog_cases.api.models.base import (
    Json,
    Model,
    RequestModel,
    ResponseModel,
    ToMany,
)


class AutoCloseInactiveCases(Model):
    """Closing of inactive cases."""

    enabled: bool | None = None
    max_inactive_time_in_secs: int | None = None
    """Seconds; Datadog's UI offers 7, 14, 30, 90 and 180 days."""


class AutoTransitionAssignedCases(Model):
    """Status transition of cases when they are assigned."""

    auto_transition_assigned_cases_on_self_assigned: bool | None = None


class IncidentFieldMapping(Model):
    """Mapping of a case field to an incident field."""

    case_field: str | None = None
    incident_user_defined_field_id: str | None = None


class IncidentSeverityConfig(Model):
    """Mapping between severity and priority."""

    priority_mapping: Mapping[str, str] | None = None
    """The case priority for each incident severity."""


class IntegrationIncident(Model):
    """Settings for the declaration of incidents from cases."""

    enabled: bool | None = None
    auto_escalation_query: str | None = None
    default_incident_commander: str | None = None
    incident_type: str | None = None
    field_mappings: Sequence[IncidentFieldMapping] | None = None
    severity_config: IncidentSeverityConfig | None = None


class AutoCreation(Model):
    """Whether each new case gets a Jira issue or a ServiceNow ticket."""

    enabled: bool | None = None


class JiraMetadata(Model):
    """Account, project and type of new issues."""

    account_id: str | None = None
    project_id: str | None = None
    issue_type_id: str | None = None


class Sync(Model):
    """Synchronisation of one property."""

    sync_type: str | None = None
    """Datadog's API reference does not list the values."""


class MappedSync(Sync):
    """Synchronisation of a property whose values are mapped."""

    mapping: Mapping[str, str] | None = None
    name_mapping: Mapping[str, str] | None = None


class JiraDueDateSync(Sync):
    """Synchronisation of the due date."""

    jira_field_id: str | None = None


class JiraCustomFieldSync(Sync):
    """Synchronisation of a custom field."""

    value: Json | None = None
    """Any JSON value."""


class JiraSyncProperties(Model):
    """Properties that are synchronised with Jira."""

    assignee: Sync | None = None
    comments: Sync | None = None
    description: Sync | None = None
    title: Sync | None = None
    priority: MappedSync | None = None
    status: MappedSync | None = None
    due_date: JiraDueDateSync | None = None
    custom_fields: Mapping[str, JiraCustomFieldSync] | None = None
    """Custom fields by their id in Jira."""


class JiraSync(Model):
    """Synchronisation of cases and issues."""

    enabled: bool | None = None
    properties: JiraSyncProperties | None = None


class IntegrationJira(Model):
    """Integration with Jira."""

    enabled: bool | None = None
    auto_creation: AutoCreation | None = None
    metadata: JiraMetadata | None = None
    sync: JiraSync | None = None


class IntegrationMonitor(Model):
    """Creating cases from monitors."""

    enabled: bool | None = None
    auto_resolve_enabled: bool | None = None
    case_type_id: str | None = None
    handle: str | None = None


class EscalationTarget(Model):
    """The user or team that is paged."""

    dynamic_team_paging: bool | None = None
    team_id: str | None = None
    user_id: str | None = None


class EscalationQuery(Model):
    """A query for cases, and the user or team to page about cases that match it."""

    id: str | None = None
    """Assigned by the API; leave it out."""
    enabled: bool | None = None
    query: str | None = None
    target: EscalationTarget | None = None


class IntegrationOnCall(Model):
    """Paging through Datadog On-Call."""

    enabled: bool | None = None
    auto_assign_on_call: bool | None = None
    escalation_queries: Sequence[EscalationQuery] | None = None


class ServiceNowPrioritySync(Sync):
    """Synchronisation of the priority with impact and urgency."""

    impact_mapping: Mapping[str, str] | None = None
    urgency_mapping: Mapping[str, str] | None = None


class ServiceNowSyncProperties(Model):
    """Properties that are synchronised with ServiceNow."""

    comments: Sync | None = None
    status: MappedSync | None = None
    priority: ServiceNowPrioritySync | None = None


class ServiceNowSync(Model):
    """Synchronisation of cases and tickets."""

    enabled: bool | None = None
    properties: ServiceNowSyncProperties | None = None


class IntegrationServiceNow(Model):
    """Integration with ServiceNow."""

    enabled: bool | None = None
    instance_name: str | None = None
    assignment_group: str | None = None
    auto_creation: AutoCreation | None = None
    sync_config: ServiceNowSync | None = None


class Notification(Model):
    """Notifications of events on cases. By default all notifications are sent, by email."""

    enabled: bool | None = None
    destinations: Sequence[Literal[1, 2, 3] | int] | None = None
    """1 = email, 2 = Slack, 3 = in-app; in any order."""
    notify_on_case_assignment: bool | None = None
    notify_on_case_unassignment: bool | None = None
    notify_on_case_closed: bool | None = None
    notify_on_case_comment: bool | None = None
    notify_on_case_comment_mention: bool | None = None
    notify_on_case_priority_change: bool | None = None
    notify_on_case_status_change: bool | None = None


class ProjectSettings(Model):
    """The settings of a project."""

    auto_close_inactive_cases: AutoCloseInactiveCases | None = None
    auto_transition_assigned_cases: AutoTransitionAssignedCases | None = None
    integration_incident: IntegrationIncident | None = None
    integration_jira: IntegrationJira | None = None
    integration_monitor: IntegrationMonitor | None = None
    integration_on_call: IntegrationOnCall | None = None
    integration_service_now: IntegrationServiceNow | None = None
    notification: Notification | None = None


class ColumnSort(Model):
    """Sorting by a column."""

    ascending: bool | None = None
    priority: int | None = None
    """Precedence among sorted columns."""


class Column(Model):
    """One column of the project's list of cases."""

    type: str | None = None
    sort_field: str | None = None
    sort: ColumnSort | None = None


class ColumnsConfig(Model):
    """The columns of the project's list of cases, in order."""

    columns: Sequence[Column] | None = None


class ProjectAttributes(ResponseModel):
    """The attributes of a project. The response to an update omits some of them (recorded)."""

    key: str
    """Key of the project, such as `SEC`. The keys of its cases begin with this key."""
    name: str
    """Name of the project."""
    enabled_custom_case_types: Sequence[str] = ()
    """UUIDs of the case types that the project's cases may have."""
    columns_config: ColumnsConfig | None = None
    """Columns of the project's list of cases."""
    settings: ProjectSettings | None = None
    """Settings of the project."""
    restricted: bool | None = None
    """Whether access to the project is restricted."""


class ProjectRelationships(ResponseModel):
    """The relationships of a project."""

    member_team: ToMany | None = None
    """Links between the project and teams. `links.related` contains the id of the team."""
    member_user: ToMany | None = None
    """Users who are members of the project."""


class ProjectRequest(RequestModel):
    """The attributes of a project to create."""

    key: str
    """Key of the project: 1 to 10 characters, not `CASE`."""
    name: str
    """Name of the project."""
    enabled_custom_case_types: Sequence[str] | None = None
    """UUIDs of the case types that the project's cases may have."""
    team_uuid: str | None = None
    """UUID of the team that owns the project. The API does not return it."""


class ProjectUpdate(RequestModel):
    """The attributes of a project to update."""

    name: str | None = None
    enabled_custom_case_types: Sequence[str] | None = None
    team_uuid: str | None = None
    columns_config: ColumnsConfig | None = None
    """It is not documented whether the API keeps members that the request omits."""
    settings: ProjectSettings | None = None
    """If the request omits whole parts, such as `notification`, the API keeps them (assumed)."""
