"""`AutomationRule`: run a workflow, or assign an agent, when something happens to a case."""

from collections.abc import Mapping
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
    computed,
)
from pulumi_datadog_cases.resources._shared.base import CaseResource, live, text, without
from pulumi_datadog_cases.resources._shared.list_reads import ListRefreshLifecycle
from pulumi_datadog_cases.resources._shared.types import Text, Uuid, members_belong

AutomationRuleTriggerType: TypeAlias = (
    Literal[
        "CASE_CREATED",
        "STATUS_TRANSITIONED",
        "ATTRIBUTE_VALUE_CHANGED",
        "EVENT_CORRELATION_SIGNAL_CORRELATED",
        "CASE_REVIEW_APPROVED",
        "COMMENT_ADDED",
    ]
    | str
)
AutomationRuleActionType: TypeAlias = Literal["EXECUTE_WORKFLOW", "ASSIGN_AGENT"] | str
AutomationRuleChangeType: TypeAlias = Literal["VALUE_ADDED", "VALUE_DELETED", "ANY_CHANGES"] | str
AutomationRuleState: TypeAlias = Literal["ENABLED", "DISABLED"]

#: Which members of `data` belong to which trigger.
_TRIGGER_DATA: Mapping[str, tuple[str, ...]] = {
    "CASE_CREATED": (),
    "STATUS_TRANSITIONED": ("from_status_name", "to_status_name"),
    "ATTRIBUTE_VALUE_CHANGED": ("field", "change_type"),
    "EVENT_CORRELATION_SIGNAL_CORRELATED": (),
    "CASE_REVIEW_APPROVED": ("approval_type",),
    "COMMENT_ADDED": (),
}

#: Which members of `data` an action cannot do without; it has no others.
_ACTION_DATA: Mapping[str, tuple[str, ...]] = {
    "EXECUTE_WORKFLOW": ("handle",),
    "ASSIGN_AGENT": ("agent_type", "assigned_agent_id"),
}


def _trigger(declared: KnownInputs) -> Violations:
    yield from members_belong(declared, _TRIGGER_DATA)


def _action(declared: KnownInputs) -> Violations:
    yield from members_belong(declared, _ACTION_DATA)
    kind = text(declared["type"])
    for member in _ACTION_DATA.get(kind, ()):
        if member not in declared.inside("data"):
            yield f"data.{member}", f"is missing: type {kind} needs it"


class AutomationRuleTriggerDataArgs(TypedDict, total=False):
    """What narrows a trigger; each member belongs to one type of trigger."""

    from_status_name: pulumi.Input[str]
    """`STATUS_TRANSITIONED`: the status that the case leaves."""
    to_status_name: pulumi.Input[str]
    """`STATUS_TRANSITIONED`: the status that the case enters."""
    field: pulumi.Input[str]
    """`ATTRIBUTE_VALUE_CHANGED`: the attribute that is watched."""
    change_type: pulumi.Input[AutomationRuleChangeType]
    """`ATTRIBUTE_VALUE_CHANGED`: `VALUE_ADDED`, `VALUE_DELETED` or `ANY_CHANGES`."""
    approval_type: pulumi.Input[str]
    """`CASE_REVIEW_APPROVED`: the kind of approval."""


class AutomationRuleTriggerArgs(TypedDict):
    """What starts a rule."""

    type: pulumi.Input[AutomationRuleTriggerType]
    data: NotRequired[pulumi.Input[AutomationRuleTriggerDataArgs]]


class AutomationRuleActionDataArgs(TypedDict, total=False):
    """What an action works on; each member belongs to one type of action."""

    handle: pulumi.Input[str]
    """`EXECUTE_WORKFLOW`: the workflow's handle."""
    agent_type: pulumi.Input[str]
    """`ASSIGN_AGENT`: the kind of agent."""
    assigned_agent_id: pulumi.Input[str]
    """`ASSIGN_AGENT`: the agent."""


class AutomationRuleActionArgs(TypedDict):
    """What a rule does."""

    type: pulumi.Input[AutomationRuleActionType]
    data: pulumi.Input[AutomationRuleActionDataArgs]


class AutomationRule(CaseResource):
    """A rule that acts when something happens to a case of one project.

    To pause a rule declare `state="DISABLED"`: it keeps its configuration.

    Types of triggers and actions may be written in any case and are sent in upper case, as the
    official client does (the reference shows lower case). One that is not known here passes
    with a warning, since the API may know it; a misspelt one is refused.

    Import id: `<project_id>/<rule_id>`.

    Destroy: the rule is deleted.

    Errors: 400 for a trigger or action the API does not know; 404 where the project does not
    exist; 403 where the keys lack `cases_write`.

    Endpoints: `/api/v2/cases/projects/{project_id}/rules`.
    """

    project_id: Prop[Uuid] = arg(parent=True)
    """UUID of the project whose cases are watched. A change replaces."""
    name: Prop[Text]
    """Shown in Datadog. Not unique."""
    trigger: Prop[Annotated[AutomationRuleTriggerArgs, Validator(_trigger)]]
    """When the rule runs: a `type`, and `data` that narrows it."""
    action: Prop[Annotated[AutomationRuleActionArgs, Validator(_action)]]
    """What the rule does: a `type`, and the `data` it works on."""
    state: Prop[AutomationRuleState | None] = arg(default=None, server_default="ENABLED")
    """`ENABLED` or `DISABLED`. Not declared, it is left to people; the API's default is its own."""

    created_at: Prop[str] = computed()
    """When it was created (RFC 3339, UTC)."""
    modified_at: Prop[str | None] = computed(volatile=True)
    """When it was last changed (RFC 3339, UTC), as of this stack's last write."""
    created_by: Prop[str | None] = computed()
    """UUID of the user who created it."""
    modified_by: Prop[str | None] = computed(volatile=True)
    """UUID of the user who last changed it, as of this stack's last write."""

    class Lifecycle(ListRefreshLifecycle):
        """How rules live at the API."""

        parent_property = "project_id"

        def __init__(self, client: Client) -> None:
            super().__init__(client, client.automation_rules.list)

        def create(self, new: Values) -> LiveObject:
            """Create the rule in one request."""
            project_id = text(new["project_id"])
            return live(self.client.automation_rules.create(project_id, without(new, "project_id")))

        def read(self, id_: str, known: Values) -> LiveObject:
            """Read the rule."""
            return live(self.client.automation_rules.get(text(known["project_id"]), id_))

        def update(self, change: Change) -> LiveObject:
            """Switch the rule on or off, or replace it whole, as the API has it."""
            rules, project_id = self.client.automation_rules, text(change.new["project_id"])
            match change.values:
                case {"state": "ENABLED", **others} if not others:
                    return live(rules.enable(project_id, change.id))
                case {"state": "DISABLED", **others} if not others:
                    return live(rules.disable(project_id, change.id))
                case _:
                    attributes = change.full_replacement(self.read_current(change))
                    return live(rules.update(project_id, change.id, attributes))

        def delete(self, id_: str, known: Values) -> None:
            """Delete the rule."""
            self.client.automation_rules.delete(text(known["project_id"]), id_)
