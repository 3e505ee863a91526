"""`Project`: where cases live, with the settings that govern them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, TypeAlias

import pulumi
from typing_extensions import TypedDict

from pulumi_datadog_cases.engine import (
    Change,
    LiveObject,
    Normalizer,
    Prop,
    Values,
    arg,
    computed,
    equivalent,
)
from pulumi_datadog_cases.resources._shared.base import CaseLifecycle, CaseResource, live, members
from pulumi_datadog_cases.resources._shared.types import UNORDERED, Text, Uuid

# --- settings: the same tree in requests and answers, every member optional ------------------


def _positive(value: int) -> int:
    if value <= 0:
        raise ValueError("must be more than 0 seconds")
    return value


_DESTINATIONS = {1: "email", 2: "Slack", 3: "in-app"}


def _destination(value: int) -> int:
    if value not in _DESTINATIONS:
        known = ", ".join(f"{number} ({name})" for number, name in _DESTINATIONS.items())
        raise ValueError(f"must be one of {known}")
    return value


class AutoCloseInactiveCasesArgs(TypedDict, total=False):
    """Close cases that nothing happens to."""

    enabled: pulumi.Input[bool]
    max_inactive_time_in_secs: pulumi.Input[Annotated[int, Normalizer(_positive)]]
    """Seconds; Datadog's UI offers 7, 14, 30, 90 and 180 days."""


class AutoTransitionAssignedCasesArgs(TypedDict, total=False):
    """Move a case on when somebody takes it."""

    auto_transition_assigned_cases_on_self_assigned: pulumi.Input[bool]


class IncidentFieldMappingArgs(TypedDict, total=False):
    """Which field of a case fills which field of an incident."""

    case_field: pulumi.Input[str]
    incident_user_defined_field_id: pulumi.Input[str]


class IncidentSeverityConfigArgs(TypedDict, total=False):
    """How severity and priority correspond."""

    priority_mapping: pulumi.Input[Mapping[str, pulumi.Input[str]]]
    """Case priority by incident severity."""


class IntegrationIncidentArgs(TypedDict, total=False):
    """Declare incidents from cases."""

    enabled: pulumi.Input[bool]
    auto_escalation_query: pulumi.Input[str]
    default_incident_commander: pulumi.Input[str]
    incident_type: pulumi.Input[str]
    field_mappings: pulumi.Input[Sequence[pulumi.Input[IncidentFieldMappingArgs]]]
    severity_config: pulumi.Input[IncidentSeverityConfigArgs]


class AutoCreationArgs(TypedDict, total=False):
    """Whether each new case gets a counterpart in the other system."""

    enabled: pulumi.Input[bool]


class JiraMetadataArgs(TypedDict, total=False):
    """Where issues are created."""

    account_id: pulumi.Input[str]
    project_id: pulumi.Input[str]
    issue_type_id: pulumi.Input[str]


class SyncArgs(TypedDict, total=False):
    """How one property is kept in step."""

    sync_type: pulumi.Input[str]
    """Not listed in the reference."""


class MappedSyncArgs(SyncArgs, total=False):
    """How a property with other values over there is kept in step."""

    mapping: pulumi.Input[Mapping[str, pulumi.Input[str]]]
    name_mapping: pulumi.Input[Mapping[str, pulumi.Input[str]]]


class JiraDueDateSyncArgs(SyncArgs, total=False):
    """How the due date is kept in step."""

    jira_field_id: pulumi.Input[str]


class JiraCustomFieldSyncArgs(SyncArgs, total=False):
    """How a custom field is kept in step."""

    value: pulumi.Input[object]
    """Any JSON value."""


class JiraSyncPropertiesArgs(TypedDict, total=False):
    """What is kept in step with Jira."""

    assignee: pulumi.Input[SyncArgs]
    comments: pulumi.Input[SyncArgs]
    description: pulumi.Input[SyncArgs]
    title: pulumi.Input[SyncArgs]
    priority: pulumi.Input[MappedSyncArgs]
    status: pulumi.Input[MappedSyncArgs]
    due_date: pulumi.Input[JiraDueDateSyncArgs]
    custom_fields: pulumi.Input[Mapping[str, pulumi.Input[JiraCustomFieldSyncArgs]]]
    """By the field's id in Jira."""


class JiraSyncArgs(TypedDict, total=False):
    """Keep cases and issues in step."""

    enabled: pulumi.Input[bool]
    properties: pulumi.Input[JiraSyncPropertiesArgs]


class IntegrationJiraArgs(TypedDict, total=False):
    """Work with Jira."""

    enabled: pulumi.Input[bool]
    auto_creation: pulumi.Input[AutoCreationArgs]
    metadata: pulumi.Input[JiraMetadataArgs]
    sync: pulumi.Input[JiraSyncArgs]


class IntegrationMonitorArgs(TypedDict, total=False):
    """Create cases from monitors."""

    enabled: pulumi.Input[bool]
    auto_resolve_enabled: pulumi.Input[bool]
    case_type_id: pulumi.Input[str]
    handle: pulumi.Input[str]


class EscalationTargetArgs(TypedDict, total=False):
    """Who is paged."""

    dynamic_team_paging: pulumi.Input[bool]
    team_id: pulumi.Input[str]
    user_id: pulumi.Input[str]


class EscalationQueryArgs(TypedDict, total=False):
    """Which cases page whom."""

    id: pulumi.Input[str]
    """Given by the server; leave it out."""
    enabled: pulumi.Input[bool]
    query: pulumi.Input[str]
    target: pulumi.Input[EscalationTargetArgs]


class IntegrationOnCallArgs(TypedDict, total=False):
    """Page people through Datadog On-Call."""

    enabled: pulumi.Input[bool]
    auto_assign_on_call: pulumi.Input[bool]
    escalation_queries: pulumi.Input[Sequence[pulumi.Input[EscalationQueryArgs]]]


class ServiceNowPrioritySyncArgs(SyncArgs, total=False):
    """How priority is kept in step with impact and urgency."""

    impact_mapping: pulumi.Input[Mapping[str, pulumi.Input[str]]]
    urgency_mapping: pulumi.Input[Mapping[str, pulumi.Input[str]]]


class ServiceNowSyncPropertiesArgs(TypedDict, total=False):
    """What is kept in step with ServiceNow."""

    comments: pulumi.Input[SyncArgs]
    status: pulumi.Input[MappedSyncArgs]
    priority: pulumi.Input[ServiceNowPrioritySyncArgs]


class ServiceNowSyncArgs(TypedDict, total=False):
    """Keep cases and tickets in step."""

    enabled: pulumi.Input[bool]
    properties: pulumi.Input[ServiceNowSyncPropertiesArgs]


class IntegrationServiceNowArgs(TypedDict, total=False):
    """Work with ServiceNow."""

    enabled: pulumi.Input[bool]
    instance_name: pulumi.Input[str]
    assignment_group: pulumi.Input[str]
    auto_creation: pulumi.Input[AutoCreationArgs]
    sync_config: pulumi.Input[ServiceNowSyncArgs]


Destinations: TypeAlias = Annotated[
    Sequence[pulumi.Input[Annotated[int, Normalizer(_destination)]]], UNORDERED
]


class NotificationArgs(TypedDict, total=False):
    """Who is told of what. Datadog starts with everything on, by email."""

    enabled: pulumi.Input[bool]
    destinations: pulumi.Input[Destinations]
    """1 = email, 2 = Slack, 3 = in-app; the order means nothing."""
    notify_on_case_assignment: pulumi.Input[bool]
    notify_on_case_unassignment: pulumi.Input[bool]
    notify_on_case_closed: pulumi.Input[bool]
    notify_on_case_comment: pulumi.Input[bool]
    notify_on_case_comment_mention: pulumi.Input[bool]
    notify_on_case_priority_change: pulumi.Input[bool]
    notify_on_case_status_change: pulumi.Input[bool]


class ProjectSettingsArgs(TypedDict, total=False):
    """The settings of a project. Each member that is not declared is left to people."""

    auto_close_inactive_cases: pulumi.Input[AutoCloseInactiveCasesArgs]
    auto_transition_assigned_cases: pulumi.Input[AutoTransitionAssignedCasesArgs]
    integration_incident: pulumi.Input[IntegrationIncidentArgs]
    integration_jira: pulumi.Input[IntegrationJiraArgs]
    integration_monitor: pulumi.Input[IntegrationMonitorArgs]
    integration_on_call: pulumi.Input[IntegrationOnCallArgs]
    integration_service_now: pulumi.Input[IntegrationServiceNowArgs]
    notification: pulumi.Input[NotificationArgs]


# --- columns ---------------------------------------------------------------------------------


class ColumnSortArgs(TypedDict, total=False):
    """How a column takes part in sorting."""

    ascending: pulumi.Input[bool]
    priority: pulumi.Input[int]
    """Which column sorts first."""


class ColumnArgs(TypedDict, total=False):
    """One column of the project's list of cases."""

    type: pulumi.Input[str]
    sort_field: pulumi.Input[str]
    sort: pulumi.Input[ColumnSortArgs]


class ColumnsConfigArgs(TypedDict, total=False):
    """The columns of the project's list of cases, in order."""

    columns: pulumi.Input[Sequence[pulumi.Input[ColumnArgs]]]


# --- the resource ----------------------------------------------------------------------------

_LONGEST_KEY = 10


def _key(value: str) -> str:
    if not 1 <= len(value) <= _LONGEST_KEY or value.upper() == "CASE":
        raise ValueError('must be 1 to 10 characters, and not the reserved "CASE"')
    return value


#: Datadog starts with everything on, by email (recorded).
_USUAL_NOTIFICATION: Values = {
    "enabled": True,
    "destinations": [1],
    **{name: True for name in NotificationArgs.__annotations__ if name.startswith("notify_on_")},
}


class Project(CaseResource):
    """A project: the home of cases, and the prefix of their keys.

    Import id: `<project_id>`.

    Destroy: **the project is deleted, and with it its cases, for ever**: declare
    `opts=ResourceOptions(protect=True)` for one that matters.

    Replacement: the new project has no cases. As a key can be taken only once, the old one is
    deleted first.

    Errors: 400 for a key that is taken or malformed; 403 where the keys lack `cases_write`.

    Endpoints: `/api/v2/cases/projects`. Creation takes neither `settings` nor `columns_config`:
    they are set by a second request, and if that fails the project is deleted again. How deep
    an update merges is undocumented: `columns_config`, and each part of `settings` that changes,
    is read and sent back whole, with the declared members changed.
    """

    delete_before_replace = True

    key: Prop[Annotated[str, Normalizer(_key)]] = arg(replace_on_changes=True, unique=True)
    """Prefix of the keys of its cases, 1 to 10 characters, unique. A change replaces."""
    name: Prop[Text]
    """Shown in Datadog."""
    team_uuid: Prop[Uuid | None] = arg(default=None, write_only=True)
    """UUID of the team that owns it. No answer holds it, so a change elsewhere is not seen."""
    enabled_custom_case_types: Prop[Annotated[Sequence[pulumi.Input[Uuid]], UNORDERED] | None] = (
        arg(default=None, clears_to=[])
    )
    """UUIDs of the case types that its cases may have beside the built-in ones, in any order."""
    columns_config: Prop[ColumnsConfigArgs | None] = arg(default=None, after_create=True)
    """The columns of its list of cases."""
    settings: Prop[ProjectSettingsArgs | None] = arg(
        default=None, after_create=True, server_default={"notification": _USUAL_NOTIFICATION}
    )
    """Notifications, integrations and automatic transitions, each owned as far as declared."""
    adopt: Prop[bool | str | None] = arg(default=None, adopts=True)
    """True, or a UUID: creation takes over the project of the same key, or of that UUID, if it is
    there, and brings it to what is declared. Means nothing once the project stands in the state."""

    restricted: Prop[bool | None] = computed()
    """Whether access to it is restricted; the API has no way to set it."""

    @staticmethod
    def preview_warning(old: Values, new: Values) -> str | None:
        """Say in the preview what a replacement takes with it."""
        if old["key"] == new["key"]:
            return None
        return "gets a new key, so it is replaced: all its cases are deleted with the old one"

    class Lifecycle(CaseLifecycle):
        """How projects live at the API."""

        def create(self, new: Values) -> LiveObject:
            """Create the project, without settings and columns."""
            return live(self.client.projects.create(new))

        def list(self, parent: LiveObject | None) -> Iterable[LiveObject]:
            """All projects."""
            del parent
            return map(live, self.client.projects.list())

        def read(self, id_: str, known: Values) -> LiveObject:
            """Read the project."""
            del known
            return live(self.client.projects.get(id_))

        def update(self, change: Change) -> LiveObject:
            """Change what has changed, keeping what stands beside it inside a mapping.

            Of the settings only the parts that change are sent (`notification`, say), each whole:
            what somebody else does to the others at this moment stays.
            """
            current: Values = self.read_current(change) if change.is_partial else {}
            attributes, there = change.merged_into(current), members(current.get("settings"))
            settings = members(attributes.pop("settings", None))
            if parts := {
                n: settings[n] for n in settings if not equivalent(settings[n], there.get(n))
            }:
                attributes["settings"] = parts
            if not attributes:
                return LiveObject(change.id, current)
            answer = self.client.projects.update(change.id, attributes)
            kept = members(answer.attributes.get("settings")) if parts else there
            if lost := {n: there[n] for n in there.keys() - kept if not equivalent(there[n], None)}:
                # The API keeps the parts that are not sent (assumed). If not, they are put back.
                settings = {**lost, **parts}
                answer = self.client.projects.update(change.id, {"settings": settings})
            return live(answer)

        def delete(self, id_: str, known: Values) -> None:
            """Delete the project and its cases."""
            del known
            self.client.projects.delete(id_)
