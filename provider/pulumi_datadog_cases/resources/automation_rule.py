"""`AutomationRule`: runs a workflow, or assigns an agent, when an event happens to a case."""

from collections.abc import Mapping
from typing import Annotated, NotRequired

from typing_extensions import TypedDict

from pulumi_datadog_cases.api import Client
from pulumi_datadog_cases.api.enums import AutomationRuleActionType, AutomationRuleState
from pulumi_datadog_cases.engine import (
    Change,
    DependsOn,
    Input,
    LiveObject,
    Prop,
    Values,
    arg,
    computed,
)
from pulumi_datadog_cases.resources._shared.base import CaseResource, live_object, text, without
from pulumi_datadog_cases.resources._shared.list_reads import ListRefreshLifecycle
from pulumi_datadog_cases.resources._shared.rule_triggers import (
    AUTOMATION_TRIGGER_DATA,
    AutomationRuleTriggerDataArgs,
    AutomationRuleTriggerType,
)
from pulumi_datadog_cases.resources._shared.typed_data import foreign_members, missing_members
from pulumi_datadog_cases.resources._shared.types import NonEmptyStr, Uuid

#: Members of an action's `data`, by type of action. All of these members are required.
_ACTION_DATA: Mapping[str, tuple[str, ...]] = {
    "EXECUTE_WORKFLOW": ("handle",),
    "ASSIGN_AGENT": ("agent_type", "assigned_agent_id"),
}


class AutomationRuleTriggerArgs(TypedDict):
    """The event that starts a rule."""

    type: Input[AutomationRuleTriggerType]
    data: NotRequired[Input[Annotated[AutomationRuleTriggerDataArgs, DependsOn("type")]]]


class AutomationRuleActionDataArgs(TypedDict, total=False):
    """Parameters of an action. Each member belongs to one type of action."""

    handle: Input[str]
    """`EXECUTE_WORKFLOW`: the workflow's handle."""
    agent_type: Input[str]
    """`ASSIGN_AGENT`: the kind of agent."""
    assigned_agent_id: Input[str]
    """`ASSIGN_AGENT`: the agent's id."""


class AutomationRuleActionArgs(TypedDict):
    """The action of a rule."""

    type: Input[AutomationRuleActionType]
    data: Input[Annotated[AutomationRuleActionDataArgs, DependsOn("type")]]


class AutomationRule(CaseResource):
    """A rule that runs an action when an event happens to a case of one project.

    To pause a rule, declare `state="DISABLED"`. The rule keeps its configuration.

    The program can write types of triggers and actions in upper or lower case. The provider sends
    them in upper case, as Datadog's official client does. Datadog's API reference shows them in
    lower case.

    Import id: `<project_id>/<rule_id>`.

    Destroy: the rule is deleted.

    Errors: 400 for a trigger or action that the API does not know; 404 if the project does not
    exist; 403 if the application key lacks `cases_write`.

    Endpoints: `/api/v2/cases/projects/{project_id}/rules`.
    """

    project_id: Prop[Uuid] = arg(parent=True)
    """UUID of the project whose cases the rule applies to. Changing it replaces the rule."""
    name: Prop[NonEmptyStr]
    """The name that Datadog shows. Not unique."""
    trigger: Prop[Annotated[AutomationRuleTriggerArgs, foreign_members(AUTOMATION_TRIGGER_DATA)]]
    """The event that starts the rule: a `type`, and `data` with its conditions."""
    action: Prop[
        Annotated[
            AutomationRuleActionArgs, foreign_members(_ACTION_DATA), missing_members(_ACTION_DATA)
        ]
    ]
    """What the rule does: a `type`, and `data` with its parameters."""
    state: Prop[AutomationRuleState | None] = arg(
        default=None, server_default="ENABLED", imports_default=True
    )
    """`ENABLED` or `DISABLED`. If `state` is not declared, it is not managed: the API chooses the
    default, and people may change the state in Datadog."""

    created_at: Prop[str] = computed()
    """When the rule was created (RFC 3339, UTC)."""
    modified_at: Prop[str | None] = computed(volatile=True)
    """When the rule was last changed (RFC 3339, UTC). The value is from the stack's latest create
    or update: a refresh does not change it."""
    created_by: Prop[str | None] = computed()
    """UUID of the user who created the rule."""
    modified_by: Prop[str | None] = computed(volatile=True)
    """UUID of the user who last changed the rule. The value is from the stack's latest create
    or update: a refresh does not change it."""

    class Lifecycle(ListRefreshLifecycle):
        """Reads all rules of a project with one request when rules are refreshed."""

        parent_property = "project_id"

        def __init__(self, client: Client) -> None:
            super().__init__(client, client.automation_rules.list)

        def create(self, new: Values) -> LiveObject:
            """Create the rule in one request."""
            project_id = text(new["project_id"])
            return live_object(
                self.client.automation_rules.create(project_id, without(new, "project_id"))
            )

        def read(self, id_: str, known: Values) -> LiveObject:
            """Read the rule."""
            return live_object(self.client.automation_rules.get(text(known["project_id"]), id_))

        def update(self, change: Change) -> LiveObject:
            """Enable or disable the rule if only `state` changes, else replace the whole rule.

            The API has no request that changes single properties other than the state.
            """
            rules, project_id = self.client.automation_rules, text(change.new["project_id"])
            match change.values:
                case {"state": "ENABLED", **others} if not others:
                    return live_object(rules.enable(project_id, change.id))
                case {"state": "DISABLED", **others} if not others:
                    return live_object(rules.disable(project_id, change.id))
                case _:
                    attributes = change.full_replacement(self.read_current(change))
                    return live_object(rules.update(project_id, change.id, attributes))

        def delete(self, id_: str, known: Values) -> None:
            """Delete the rule."""
            self.client.automation_rules.delete(text(known["project_id"]), id_)
