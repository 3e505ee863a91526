"""Models of automation rules and notification rules."""

from collections.abc import Sequence
from datetime import datetime

from pulumi_datadog_cases.api.enums import (
    AutomationRuleActionType,
    AutomationRuleChangeType,
    AutomationRuleState,
)
from pulumi_datadog_cases.api.models.base import Model, RequestModel, ResponseModel, ToOne


class AutomationRuleTriggerData(Model):
    """The data of an automation rule's trigger. Which members it has depends on the type."""

    from_status_name: str | None = None
    to_status_name: str | None = None
    field: str | None = None
    """Name of the attribute that changes."""
    change_type: AutomationRuleChangeType | None = None
    approval_type: str | None = None


class AutomationRuleTrigger(Model):
    """When an automation rule runs."""

    type: str
    data: AutomationRuleTriggerData | None = None


class AutomationRuleActionData(Model):
    """The data of an action. Which members an action has depends on its type."""

    handle: str | None = None
    """Handle of the workflow that `EXECUTE_WORKFLOW` runs."""
    agent_type: str | None = None
    """Type of the agent that `ASSIGN_AGENT` assigns."""
    assigned_agent_id: str | None = None
    """Id of the agent that `ASSIGN_AGENT` assigns."""


class AutomationRuleAction(Model):
    """What an automation rule does."""

    type: AutomationRuleActionType
    data: AutomationRuleActionData


class AutomationRuleRequest(RequestModel):
    """The attributes of an automation rule. An update replaces the whole rule."""

    name: str
    trigger: AutomationRuleTrigger
    action: AutomationRuleAction
    state: AutomationRuleState | str | None = None


class AutomationRuleAttributes(ResponseModel):
    """The attributes of an automation rule."""

    name: str
    trigger: AutomationRuleTrigger
    action: AutomationRuleAction
    state: AutomationRuleState | str | None = None
    created_at: datetime | None = None
    modified_at: datetime | None = None


class AuthorRelationships(ResponseModel):
    """The users who created and last changed an object."""

    created_by: ToOne | None = None
    modified_by: ToOne | None = None


class NotificationTriggerData(Model):
    """The data of a notification rule's trigger. Which members it has depends on the type."""

    from_status: str | None = None
    """Id of a status."""
    to_status: str | None = None
    """Id of a status."""
    from_status_name: str | None = None
    to_status_name: str | None = None
    field: str | None = None
    """Name of the attribute that changes."""
    change_type: str | None = None


class NotificationTrigger(Model):
    """When a notification rule sends notifications."""

    type: str | None = None
    data: NotificationTriggerData | None = None


class NotificationRecipientData(Model):
    """The data of a recipient. Which members a recipient has depends on its type."""

    email: str | None = None
    workspace: str | None = None
    workspace_id: str | None = None
    channel: str | None = None
    channel_id: str | None = None
    tenant_id: str | None = None
    tenant_name: str | None = None
    team_id: str | None = None
    team_name: str | None = None
    channel_name: str | None = None
    connector_name: str | None = None
    service_name: str | None = None
    name: str | None = None


class NotificationRecipient(Model):
    """To whom a notification rule sends notifications."""

    type: str | None = None
    data: NotificationRecipientData | None = None


class NotificationRuleRequest(RequestModel):
    """The attributes of a notification rule. Pass all of them to an update."""

    recipients: Sequence[NotificationRecipient]
    triggers: Sequence[NotificationTrigger]
    query: str | None = None
    """Search query. The rule applies to cases that match it."""
    is_enabled: bool | None = None


class NotificationRuleAttributes(ResponseModel):
    """The attributes of a notification rule."""

    recipients: Sequence[NotificationRecipient] = ()
    triggers: Sequence[NotificationTrigger] = ()
    query: str | None = None
    """Search query. The rule applies to cases that match it."""
    is_enabled: bool | None = None
