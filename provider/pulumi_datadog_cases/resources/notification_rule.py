"""`NotificationRule`: sends notifications of events on cases to channels, services or people."""

from collections.abc import Iterable, Sequence
from typing import Annotated, NotRequired

from typing_extensions import TypedDict

from pulumi_datadog_cases.api import Client
from pulumi_datadog_cases.engine import (
    Change,
    DependsOn,
    Input,
    KnownInputs,
    LiveObject,
    Prop,
    Validator,
    Values,
    Violations,
    arg,
)
from pulumi_datadog_cases.resources._shared.base import (
    CaseResource,
    live_object,
    parent_id,
    text,
    without,
)
from pulumi_datadog_cases.resources._shared.list_reads import ListOnlyLifecycle
from pulumi_datadog_cases.resources._shared.recipients import (
    RECIPIENT_DATA,
    NotificationRecipientDataArgs,
    NotificationRecipientType,
)
from pulumi_datadog_cases.resources._shared.rule_triggers import (
    NOTIFICATION_TRIGGER_DATA,
    NotificationTriggerDataArgs,
    NotificationTriggerType,
)
from pulumi_datadog_cases.resources._shared.typed_data import foreign_members
from pulumi_datadog_cases.resources._shared.types import UNORDERED, Uuid


def _require_data(declared: KnownInputs) -> Violations:
    members = " or ".join(RECIPIENT_DATA[text(declared["type"])])
    if not declared.inside("data"):
        yield "data", f"is missing: give the recipient's {members}"


class NotificationRecipientArgs(TypedDict):
    """A recipient of notifications."""

    type: Input[NotificationRecipientType]
    data: NotRequired[Input[Annotated[NotificationRecipientDataArgs, DependsOn("type")]]]


class NotificationTriggerArgs(TypedDict):
    """An event that sends a notification."""

    type: Input[NotificationTriggerType]
    data: NotRequired[Input[Annotated[NotificationTriggerDataArgs, DependsOn("type")]]]


class NotificationRule(CaseResource):
    """A rule that sends notifications when an event happens to a case of one project.

    To pause a rule, declare `is_enabled=False`. The rule keeps its configuration.

    The program can write types of recipients and triggers in upper or lower case.

    Import id: `<project_id>/<notification_rule_id>`.

    Destroy: the rule is deleted.

    Errors: 400 for a recipient or trigger that the API does not know; 404 if the project does not
    exist; 403 if the application key lacks `cases_write`.

    Endpoints: `/api/v2/cases/projects/{project_id}/notification_rules`; rules can only be read
    from the list. It is undocumented whether an update keeps properties that the request lacks. So
    an update reads the rule and sends all properties.
    """

    project_id: Prop[Uuid] = arg(parent=True)
    """UUID of the project whose cases the rule applies to. Changing it replaces the rule."""
    recipients: Prop[
        Annotated[
            Sequence[
                Input[
                    Annotated[
                        NotificationRecipientArgs,
                        foreign_members(RECIPIENT_DATA),
                        Validator(_require_data),
                    ]
                ]
            ],
            UNORDERED,
        ]
    ]
    """Recipients, in any order. Each has a `type`, and `data` with the address."""
    triggers: Prop[
        Annotated[
            Sequence[
                Input[
                    Annotated[NotificationTriggerArgs, foreign_members(NOTIFICATION_TRIGGER_DATA)]
                ]
            ],
            UNORDERED,
        ]
    ]
    """Events that send a notification, in any order. Each has a `type`, and `data` with
    conditions."""
    query: Prop[str | None] = arg(default=None, clears_to="")
    """Query for the cases that the rule applies to, in the syntax of the search bar. By default the
    rule applies to all cases of the project."""
    is_enabled: Prop[bool | None] = arg(default=None, server_default=True, imports_default=True)
    """Whether the rule sends notifications. If `is_enabled` is not declared, it is not managed: the
    API chooses the default, and people may change the value in Datadog."""

    class Lifecycle(ListOnlyLifecycle):
        """Finds rules in the list of their project. Updates replace whole rules."""

        parent_property = "project_id"

        def __init__(self, client: Client) -> None:
            super().__init__(client, client.notification_rules.list)

        def create(self, new: Values) -> LiveObject:
            """Create the rule in one request."""
            project_id = text(new["project_id"])
            attributes = without(new, "project_id")
            return live_object(self.client.notification_rules.create(project_id, attributes))

        def list(self, parent: LiveObject | None) -> Iterable[LiveObject]:
            """The rules of a project."""
            return map(live_object, self.client.notification_rules.list(parent_id(parent)))

        def read(self, id_: str, known: Values) -> LiveObject | None:
            """Find the rule in the list of its project."""
            item = self.find(id_, known, text(known["project_id"]))
            return None if item is None else live_object(item)

        def update(self, change: Change) -> LiveObject:
            """Replace the whole rule.

            The response is empty. So the result has the values that the request sent.
            `LiveObject.unread` says that these values are not from a response.
            """
            current = self.read_current(change)
            attributes = change.full_replacement(current)
            project_id = text(change.new["project_id"])
            self.client.notification_rules.update(project_id, change.id, attributes)
            return LiveObject(change.id, {**current, **attributes}, unread=frozenset(attributes))

        def delete(self, id_: str, known: Values) -> None:
            """Delete the rule."""
            self.client.notification_rules.delete(text(known["project_id"]), id_)
