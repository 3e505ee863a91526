"""`NotificationRule`: tell a channel, a service or a person what happens to cases."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Literal, NotRequired, TypeAlias

import pulumi
from typing_extensions import TypedDict

from pulumi_datadog_cases.api import Client
from pulumi_datadog_cases.engine import (
    Change,
    KnownInputs,
    LiveObject,
    Prop,
    Validator,
    Values,
    Violations,
    arg,
)
from pulumi_datadog_cases.resources._shared.base import CaseResource, id_of, live, text, without
from pulumi_datadog_cases.resources._shared.list_reads import ListOnlyLifecycle
from pulumi_datadog_cases.resources._shared.types import UNORDERED, Uuid, members_belong

NotificationRecipientType: TypeAlias = (
    Literal["EMAIL", "SLACK_CHANNEL", "MS_TEAMS_CHANNEL", "PAGERDUTY_SERVICE", "HTTP"] | str
)
NotificationTriggerType: TypeAlias = (
    Literal[
        "CASE_CREATED",
        "STATUS_TRANSITIONED",
        "ATTRIBUTE_VALUE_CHANGED",
        "EVENT_CORRELATION_SIGNAL_CORRELATED",
    ]
    | str
)

#: Which members of `data` belong to which recipient (grouped so by the reference's prose).
_RECIPIENT_DATA: Mapping[str, tuple[str, ...]] = {
    "EMAIL": ("email",),
    "SLACK_CHANNEL": ("workspace", "workspace_id", "channel", "channel_id"),
    "MS_TEAMS_CHANNEL": (
        "tenant_id",
        "tenant_name",
        "team_id",
        "team_name",
        "channel_id",
        "channel_name",
        "connector_name",
    ),
    "PAGERDUTY_SERVICE": ("service_name",),
    "HTTP": ("name",),
}

#: Which members of `data` belong to which trigger.
_TRIGGER_DATA: Mapping[str, tuple[str, ...]] = {
    "CASE_CREATED": (),
    "STATUS_TRANSITIONED": ("from_status", "to_status", "from_status_name", "to_status_name"),
    "ATTRIBUTE_VALUE_CHANGED": ("field", "change_type"),
    "EVENT_CORRELATION_SIGNAL_CORRELATED": (),
}


def _recipient(declared: KnownInputs) -> Violations:
    yield from members_belong(declared, _RECIPIENT_DATA)
    if not declared.inside("data"):
        wanted = " or ".join(_RECIPIENT_DATA.get(text(declared["type"]), ()))
        yield "data", f"is missing: say whom to tell, by {wanted or 'its members'}"


def _trigger(declared: KnownInputs) -> Violations:
    yield from members_belong(declared, _TRIGGER_DATA)


class NotificationRecipientDataArgs(TypedDict, total=False):
    """Whom a recipient stands for; each member belongs to one or two types of recipient."""

    email: pulumi.Input[str]
    """`EMAIL`: the address."""
    workspace: pulumi.Input[str]
    """`SLACK_CHANNEL`: the workspace's name."""
    workspace_id: pulumi.Input[str]
    """`SLACK_CHANNEL`: the workspace's id."""
    channel: pulumi.Input[str]
    """`SLACK_CHANNEL`: the channel's name."""
    channel_id: pulumi.Input[str]
    """`SLACK_CHANNEL`: the channel's id."""
    tenant_id: pulumi.Input[str]
    """`MS_TEAMS_CHANNEL`: the tenant's id."""
    tenant_name: pulumi.Input[str]
    """`MS_TEAMS_CHANNEL`: the tenant's name."""
    team_id: pulumi.Input[str]
    """`MS_TEAMS_CHANNEL`: the team's id."""
    team_name: pulumi.Input[str]
    """`MS_TEAMS_CHANNEL`: the team's name."""
    channel_name: pulumi.Input[str]
    """`MS_TEAMS_CHANNEL`: the channel's name."""
    connector_name: pulumi.Input[str]
    """`MS_TEAMS_CHANNEL`: the connector's name."""
    service_name: pulumi.Input[str]
    """`PAGERDUTY_SERVICE`: the service's name."""
    name: pulumi.Input[str]
    """`HTTP`: the webhook's name."""


class NotificationRecipientArgs(TypedDict):
    """Who is told."""

    type: pulumi.Input[NotificationRecipientType]
    data: NotRequired[pulumi.Input[NotificationRecipientDataArgs]]


class NotificationTriggerDataArgs(TypedDict, total=False):
    """What narrows a trigger; each member belongs to one type of trigger."""

    from_status: pulumi.Input[str]
    """`STATUS_TRANSITIONED`: id of the status that the case leaves."""
    to_status: pulumi.Input[str]
    """`STATUS_TRANSITIONED`: id of the status that the case enters."""
    from_status_name: pulumi.Input[str]
    """`STATUS_TRANSITIONED`: name of the status that the case leaves."""
    to_status_name: pulumi.Input[str]
    """`STATUS_TRANSITIONED`: name of the status that the case enters."""
    field: pulumi.Input[str]
    """`ATTRIBUTE_VALUE_CHANGED`: the attribute that is watched."""
    change_type: pulumi.Input[str]
    """`ATTRIBUTE_VALUE_CHANGED`: described as added, removed or changed; not an enum there."""


class NotificationTriggerArgs(TypedDict):
    """What people are told of."""

    type: pulumi.Input[NotificationTriggerType]
    data: NotRequired[pulumi.Input[NotificationTriggerDataArgs]]


class NotificationRule(CaseResource):
    """A rule that tells somebody when something happens to a case of one project.

    To pause a rule declare `is_enabled=False`: it keeps its configuration.

    Types of recipients and triggers may be written in any case. One that is not known here
    passes with a warning, since the API may know it; a misspelt one is refused.

    Import id: `<project_id>/<notification_rule_id>`.

    Destroy: the rule is deleted.

    Errors: 400 for a recipient or trigger the API does not know; 404 where the project does not
    exist; 403 where the keys lack `cases_write`.

    Endpoints: `/api/v2/cases/projects/{project_id}/notification_rules`, of which only the list
    can be read. Whether an update replaces the rule or merges is undocumented: it is read, and
    all of it is sent.
    """

    project_id: Prop[Uuid] = arg(parent=True)
    """UUID of the project whose cases are watched. A change replaces."""
    recipients: Prop[
        Annotated[
            Sequence[pulumi.Input[Annotated[NotificationRecipientArgs, Validator(_recipient)]]],
            UNORDERED,
        ]
    ]
    """Who is told, in any order: each a `type`, and the `data` that says who exactly."""
    triggers: Prop[
        Annotated[
            Sequence[pulumi.Input[Annotated[NotificationTriggerArgs, Validator(_trigger)]]],
            UNORDERED,
        ]
    ]
    """What they are told of, in any order: each a `type`, and `data` that narrows it."""
    query: Prop[str | None] = arg(default=None, clears_to="")
    """Which cases it is about, as in the search bar; all of the project's by default."""
    is_enabled: Prop[bool | None] = arg(default=None, server_default=True)
    """Whether it tells anybody. Not declared, it is left to people; the API has its default."""

    class Lifecycle(ListOnlyLifecycle):
        """How notification rules live at the API."""

        parent_property = "project_id"

        def __init__(self, client: Client) -> None:
            super().__init__(client, client.notification_rules.list)

        def create(self, new: Values) -> LiveObject:
            """Create the rule in one request."""
            project_id = text(new["project_id"])
            attributes = without(new, "project_id")
            return live(self.client.notification_rules.create(project_id, attributes))

        def list(self, parent: LiveObject | None) -> Iterable[LiveObject]:
            """The rules of a project."""
            return map(live, self.client.notification_rules.list(id_of(parent)))

        def read(self, id_: str, known: Values) -> LiveObject | None:
            """Find the rule in the list of its project."""
            item = self.find(id_, known, text(known["project_id"]))
            return None if item is None else live(item)

        def update(self, change: Change) -> LiveObject:
            """Replace the whole rule; the answer is empty."""
            current = self.read_current(change)
            attributes = change.full_replacement(current)
            project_id = text(change.new["project_id"])
            self.client.notification_rules.update(project_id, change.id, attributes)
            return LiveObject(change.id, {**current, **attributes})

        def delete(self, id_: str, known: Values) -> None:
            """Delete the rule."""
            self.client.notification_rules.delete(text(known["project_id"]), id_)
