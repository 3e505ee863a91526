"""`Project`: a project, which contains cases and has settings for them."""

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Literal, TypeAlias
from urllib.parse import quote

from typing_extensions import TypedDict

from pulumi_datadog_cases.api import (
    ApiError,
    BadRequest,
    Client,
    Conflict,
    DatadogCasesError,
    Item,
)
from pulumi_datadog_cases.engine import (
    Change,
    Dependent,
    DependentsText,
    Input,
    LiveObject,
    Normalizer,
    Prop,
    Values,
    arg,
    computed,
    equivalent,
    sleep,
)
from pulumi_datadog_cases.resources._shared.base import (
    CaseLifecycle,
    CaseResource,
    members,
    text,
)
from pulumi_datadog_cases.resources._shared.dependents import (
    cases_of_project,
    configuration_of_project,
)
from pulumi_datadog_cases.resources._shared.hidden_projects import describe_project
from pulumi_datadog_cases.resources._shared.types import UNORDERED, NonEmptyStr, Uuid


class KeyNotReleasedError(Exception):
    """A new project cannot have the key of a deleted project yet."""

    __module__ = "pulumi_datadog_cases"

    may_have_arrived = False


class ProjectRejectedError(Exception):
    """Datadog rejected a new project, because a project that the keys cannot see has its key."""

    __module__ = "pulumi_datadog_cases"

    may_have_arrived = False


# --- settings: all members are optional; requests and responses have the same members ---------


class AutoCloseInactiveCasesArgs(TypedDict, total=False):
    """Closing of inactive cases."""

    enabled: Input[bool]
    max_inactive_time_in_secs: Input[int]
    """Seconds; Datadog's UI offers 7, 14, 30, 90 and 180 days."""


class AutoTransitionAssignedCasesArgs(TypedDict, total=False):
    """Status transition of cases when they are assigned."""

    auto_transition_assigned_cases_on_self_assigned: Input[bool]


class IncidentFieldMappingArgs(TypedDict, total=False):
    """Mapping of a case field to an incident field."""

    case_field: Input[str]
    incident_user_defined_field_id: Input[str]


class IncidentSeverityConfigArgs(TypedDict, total=False):
    """Mapping between severity and priority."""

    priority_mapping: Input[Mapping[str, Input[str]]]
    """The case priority for each incident severity."""


class IntegrationIncidentArgs(TypedDict, total=False):
    """Settings for the declaration of incidents from cases."""

    enabled: Input[bool]
    auto_escalation_query: Input[str]
    default_incident_commander: Input[str]
    incident_type: Input[str]
    field_mappings: Input[Sequence[Input[IncidentFieldMappingArgs]]]
    severity_config: Input[IncidentSeverityConfigArgs]


class AutoCreationArgs(TypedDict, total=False):
    """Whether each new case gets a Jira issue or a ServiceNow ticket."""

    enabled: Input[bool]


class JiraMetadataArgs(TypedDict, total=False):
    """Account, project and type of new issues."""

    account_id: Input[str]
    """Id of the Jira account that Datadog is connected to."""
    project_id: Input[str]
    """Id of the project in Jira."""
    issue_type_id: Input[str]
    """Id of the issue's type in Jira."""


class SyncArgs(TypedDict, total=False):
    """Synchronisation of one property."""

    sync_type: Input[str]
    """Datadog's API reference does not list the values."""


class MappedSyncArgs(SyncArgs, total=False):
    """Synchronisation of a property whose values are mapped."""

    mapping: Input[Mapping[str, Input[str]]]
    name_mapping: Input[Mapping[str, Input[str]]]


class JiraDueDateSyncArgs(SyncArgs, total=False):
    """Synchronisation of the due date."""

    jira_field_id: Input[str]


class JiraCustomFieldSyncArgs(SyncArgs, total=False):
    """Synchronisation of a custom field."""

    value: Input[object]
    """Any JSON value."""


class JiraSyncPropertiesArgs(TypedDict, total=False):
    """Properties that are synchronised with Jira."""

    assignee: Input[SyncArgs]
    comments: Input[SyncArgs]
    description: Input[SyncArgs]
    title: Input[SyncArgs]
    priority: Input[MappedSyncArgs]
    status: Input[MappedSyncArgs]
    due_date: Input[JiraDueDateSyncArgs]
    custom_fields: Input[Mapping[str, Input[JiraCustomFieldSyncArgs]]]
    """Custom fields by their id in Jira."""


class JiraSyncArgs(TypedDict, total=False):
    """Synchronisation of cases and issues."""

    enabled: Input[bool]
    properties: Input[JiraSyncPropertiesArgs]


class IntegrationJiraArgs(TypedDict, total=False):
    """Integration with Jira."""

    enabled: Input[bool]
    auto_creation: Input[AutoCreationArgs]
    metadata: Input[JiraMetadataArgs]
    sync: Input[JiraSyncArgs]


class IntegrationMonitorArgs(TypedDict, total=False):
    """Creating cases from monitors."""

    enabled: Input[bool]
    auto_resolve_enabled: Input[bool]
    case_type_id: Input[str]
    """UUID of the type of the cases."""
    handle: Input[str]
    """A monitor whose message contains `@case-<handle>` creates cases."""


class EscalationTargetArgs(TypedDict, total=False):
    """The user or team that is paged."""

    dynamic_team_paging: Input[bool]
    team_id: Input[str]
    """UUID of the team to page."""
    user_id: Input[str]
    """UUID of the user to page."""


class EscalationQueryArgs(TypedDict, total=False):
    """A query for cases, and the user or team to page about cases that match it."""

    id: Input[str]
    """Assigned by the API; leave it out."""
    enabled: Input[bool]
    query: Input[str]
    target: Input[EscalationTargetArgs]


class IntegrationOnCallArgs(TypedDict, total=False):
    """Paging through Datadog On-Call."""

    enabled: Input[bool]
    auto_assign_on_call: Input[bool]
    escalation_queries: Input[Sequence[Input[EscalationQueryArgs]]]


class ServiceNowPrioritySyncArgs(SyncArgs, total=False):
    """Synchronisation of the priority with impact and urgency."""

    impact_mapping: Input[Mapping[str, Input[str]]]
    urgency_mapping: Input[Mapping[str, Input[str]]]


class ServiceNowSyncPropertiesArgs(TypedDict, total=False):
    """Properties that are synchronised with ServiceNow."""

    comments: Input[SyncArgs]
    status: Input[MappedSyncArgs]
    priority: Input[ServiceNowPrioritySyncArgs]


class ServiceNowSyncArgs(TypedDict, total=False):
    """Synchronisation of cases and tickets."""

    enabled: Input[bool]
    properties: Input[ServiceNowSyncPropertiesArgs]


class IntegrationServiceNowArgs(TypedDict, total=False):
    """Integration with ServiceNow."""

    enabled: Input[bool]
    instance_name: Input[str]
    assignment_group: Input[str]
    auto_creation: Input[AutoCreationArgs]
    sync_config: Input[ServiceNowSyncArgs]


Destinations: TypeAlias = Annotated[Sequence[Input[Literal[1, 2, 3] | int]], UNORDERED]


class NotificationArgs(TypedDict, total=False):
    """Notifications of events on cases. By default all notifications are sent, by email."""

    enabled: Input[bool]
    destinations: Input[Destinations]
    """1 = email, 2 = Slack, 3 = in-app; in any order."""
    notify_on_case_assignment: Input[bool]
    notify_on_case_unassignment: Input[bool]
    notify_on_case_closed: Input[bool]
    notify_on_case_comment: Input[bool]
    notify_on_case_comment_mention: Input[bool]
    notify_on_case_priority_change: Input[bool]
    notify_on_case_status_change: Input[bool]


class ProjectSettingsArgs(TypedDict, total=False):
    """The settings of a project. Members that are not declared are not managed."""

    auto_close_inactive_cases: Input[AutoCloseInactiveCasesArgs]
    auto_transition_assigned_cases: Input[AutoTransitionAssignedCasesArgs]
    integration_incident: Input[IntegrationIncidentArgs]
    integration_jira: Input[IntegrationJiraArgs]
    integration_monitor: Input[IntegrationMonitorArgs]
    integration_on_call: Input[IntegrationOnCallArgs]
    integration_service_now: Input[IntegrationServiceNowArgs]
    notification: Input[NotificationArgs]


# --- columns ---------------------------------------------------------------------------------


class ColumnSortArgs(TypedDict, total=False):
    """Sorting by a column."""

    ascending: Input[bool]
    priority: Input[int]
    """Precedence among sorted columns."""


class ColumnArgs(TypedDict, total=False):
    """One column of the project's list of cases."""

    type: Input[str]
    """Name of the column. Datadog's API reference lists no names."""
    sort_field: Input[str]
    """Name of the field to sort by. Datadog's API reference lists no names."""
    sort: Input[ColumnSortArgs]


class ColumnsConfigArgs(TypedDict, total=False):
    """The columns of the project's list of cases, in order."""

    columns: Input[Sequence[Input[ColumnArgs]]]


# --- the resource ----------------------------------------------------------------------------

_MAX_KEY_LENGTH = 10


#: Words with which the API may say that a project has the key already (assumed).
_IS_TAKEN = re.compile(r"in use|taken|exist|already|duplicate|unique", re.IGNORECASE)


def _key(value: str) -> str:
    if not 1 <= len(value) <= _MAX_KEY_LENGTH or value.upper() == "CASE":
        raise ValueError('must be 1 to 10 characters, and not the reserved "CASE"')
    return value


#: The notification settings of a new project: all notifications are sent, by email. This is known
#: from recorded responses.
_DEFAULT_NOTIFICATION: Values = {
    "enabled": True,
    "destinations": [1],
    **{name: True for name in NotificationArgs.__annotations__ if name.startswith("notify_on_")},
}


class Project(CaseResource):
    """A project, which contains cases and defines the prefix of their keys.

    Import id: `<project_id>`.

    Destroy: the project is deleted, with its rules, its views and the cases that the stack manages,
    for good. The delete fails if the project has
    cases that the stack does not manage. Archived cases count too. To delete such a project, first
    set `force_destroy` to True and run `pulumi up`. Pulumi does not call providers in the preview
    of a delete, so the preview cannot show the error.

    Replacement: with a new `key`, the new project is created first. Then the cases that the stack
    manages are moved to the new project, and the old project is deleted. A replacement with the
    same key (`pulumi up --replace`) deletes the old project first, because keys are unique. Both
    kinds of replacement fail if a destroy would fail.

    Errors: 400 if the project key is malformed or taken, maybe by a project that was deleted a
    moment ago; 403 if the application key lacks `cases_write`.

    Endpoints: `/api/v2/cases/projects`. The create request accepts neither `settings` nor
    `columns_config`, so a second request sets these properties. If the second request fails, the
    new project is deleted.

    It is undocumented whether an update keeps nested members that the request does not contain. So
    an update reads the project first. If `columns_config` changes, the update sends the whole
    `columns_config`, including undeclared members. If a part of `settings`
    changes, such as `notification`, the update sends the whole part.
    """

    # The engine ignores this if `key` changes: the old and the new project can then both exist.
    delete_before_replace = True

    key: Prop[Annotated[str, Normalizer(_key)]] = arg(replace_on_changes=True, unique=True)
    """Prefix of the keys of the project's cases: 1 to 10 characters, unique. Changing it replaces
    the project; see Replacement."""
    name: Prop[NonEmptyStr]
    """The name that Datadog shows."""
    team_uuid: Prop[Uuid | None] = arg(default=None, write_only=True)
    """UUID of the team that owns the project. No response contains `team_uuid`, so changes outside
    Pulumi cannot be detected."""
    enabled_custom_case_types: Prop[Annotated[Sequence[Input[Uuid]], UNORDERED] | None] = arg(
        default=None, clears_to=[]
    )
    """UUIDs of the custom case types that the project's cases may have, in any order. Built-in
    types are always enabled."""
    columns_config: Prop[ColumnsConfigArgs | None] = arg(default=None, after_create=True)
    """The columns of the project's list of cases."""
    settings: Prop[ProjectSettingsArgs | None] = arg(
        default=None,
        after_create=True,
        keeps_members=True,
        server_default={"notification": _DEFAULT_NOTIFICATION},
    )
    """Notifications, integrations, automatic transitions. Undeclared members are not managed."""
    adopt: Prop[bool | str | None] = arg(default=None, adopts=True)
    """Whether creation adopts an existing project instead of creating one. True adopts the project
    with the same key. A UUID adopts the project with this UUID. The adopted project is updated to
    the declared properties. `adopt` has no effect once the project is in the state."""
    force_destroy: Prop[bool | None] = arg(default=None, forces_delete=True)
    """Whether the project may be deleted even if it has cases that the stack does not manage. These
    cases are deleted too. False by default. To delete such a project, set `force_destroy` to True,
    run `pulumi up`, and then delete."""

    url: Prop[str] = computed()
    """URL of the page in Datadog that lists the project's cases, such as
    `https://app.datadoghq.com/cases?query=project%3ASEC`."""
    restricted: Prop[bool | None] = computed()
    """Whether access to the project is restricted. Read-only."""

    class Lifecycle(CaseLifecycle):
        """Sets settings and columns after the creation. Updates send only changed settings."""

        dependents_text = DependentsText(
            relation="contains",
            effect="they are deleted with it",
            remedy="move the cases to another project",
        )

        def __init__(self, client: Client) -> None:
            super().__init__(client)
            #: The projects that this process has deleted: the key of each, with the time of the
            #: delete in seconds of `time.monotonic`.
            self._deleted: dict[str, float] = {}

        def create(self, new: Values) -> LiveObject:
            """Create the project. The engine then calls `update` to set settings and columns.

            The key of a deleted project may stay taken for some time (assumed). So if this process
            has deleted a project with this key, a rejected create is repeated.
            """
            key = text(new["key"])
            wait = self.timing.first_poll
            while True:
                try:
                    return self._live(self.client.projects.create(new))
                except (BadRequest, Conflict) as error:
                    if key not in self._deleted:
                        self._refuse_hidden(error, key)
                        raise
                    until = self._deleted[key] + self.timing.consistency_window
                    if time.monotonic() + wait > until:
                        raise KeyNotReleasedError(
                            f"{error} This run has deleted the project with the key {key}, and "
                            "Datadog may not have released the key yet: run `pulumi up` again later"
                        ) from error
                    sleep(wait)
                    wait = min(2 * wait, self.timing.longest_poll)

        def _refuse_hidden(self, error: ApiError, key: str) -> None:
            """After a rejected create, raise an error with advice if a hidden project has the key.

            If the project with the key is visible, the engine gives other advice.
            """
            if isinstance(error, BadRequest) and not _IS_TAKEN.search(" ".join(error.details)):
                return
            try:
                visible = [each.raw_attributes.get("key") for each in self.client.projects.list()]
            except DatadogCasesError:
                return
            if key not in visible:
                raise ProjectRejectedError(
                    f"{error} The keys of this run have no access to the project with the key "
                    f"{key}: give the owner of the application key access, or declare another key"
                ) from error

        def _live(self, item: Item) -> LiveObject:
            query = quote(f"project:{item.raw_attributes.get('key')}")
            url = f"{self.client.web_url}/cases?query={query}"
            return LiveObject(item.id, {**item.values(), "url": url})

        def list(self, parent: LiveObject | None) -> Iterable[LiveObject]:
            """All projects."""
            del parent
            return map(self._live, self.client.projects.list())

        def read(self, id_: str, known: Values) -> LiveObject:
            """Read the project."""
            del known
            return self._live(self.client.projects.get(id_))

        def update(self, change: Change) -> LiveObject:
            """Send the changed properties.

            A mapping is sent whole: with its declared members, and with its live members that the
            program does not declare. The exception is `settings`, which consists of parts, such as
            `notification`. Each part that changes is sent whole. The other parts are not sent, so
            that the request does not overwrite edits that people make at the same time.
            """
            current: Values = self.read_current(change) if change.is_partial else {}
            live = members(current.get("settings"))
            attributes = change.merged_into(current)
            settings = members(attributes.pop("settings", None))
            if parts := _changed_parts(settings, live):
                attributes["settings"] = parts
            if not attributes:
                return LiveObject(change.id, current)
            item = self.client.projects.update(change.id, attributes)
            kept = members(item.raw_attributes.get("settings")) if parts else live
            if lost := _lost_parts(live, kept):
                # It is only assumed that the API keeps the parts that are not sent. If the response
                # lacks some of them, send these parts again.
                settings = {**lost, **parts}
                item = self.client.projects.update(change.id, {"settings": settings})
            return self._live(item)

        def delete(self, id_: str, known: Values) -> None:
            """Delete the project and its cases."""
            self.client.projects.delete(id_)
            self._deleted[text(known["key"])] = time.monotonic()

        def hidden_by(self, id_: str, known: Values) -> str | None:
            """The project itself, if access to it was restricted when the state was written."""
            del id_
            return describe_project(known) if known.get("restricted") is True else None

        def dependents(self, id_: str, known: Values) -> Iterable[Dependent]:
            """The cases, rules and views of the project."""
            yield from cases_of_project(self.client, id_, text(known["key"]))
            yield from configuration_of_project(self.client, id_)


def _changed_parts(settings: Values, live: Values) -> Values:
    """Return the top-level parts of the settings that differ from the live settings."""
    return {
        name: settings[name] for name in settings if not equivalent(settings[name], live.get(name))
    }


def _lost_parts(live: Values, kept: Values) -> Values:
    """Return the parts of the settings that were set before an update and are missing after it."""
    return {name: live[name] for name in live.keys() - kept if not equivalent(live[name], None)}
