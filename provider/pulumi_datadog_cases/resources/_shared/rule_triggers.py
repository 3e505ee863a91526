"""The triggers of automation and notification rules, and the members of a trigger's `data`.

Type checkers, validation, the reference documentation and `datadog-cases simulate --help` read this
file. To add a trigger that only automation rules have, add its name to `AutomationTrigger`. If
both kinds of rule have the trigger, add its name to `NotificationTrigger` instead.

If the trigger has `data`, also add the members of `data`. For automation rules, add them to
`AUTOMATION_TRIGGER_DATA` and `AutomationRuleTriggerDataArgs`. If notification rules also have the
trigger, add them to `NOTIFICATION_TRIGGER_DATA` and `NotificationTriggerDataArgs` as well. The
client's models in `api/models/rules.py` have the same members.

The sandbox has its own list in `datadog_cases_sandbox/rules/triggers.py`.
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

from typing_extensions import TypedDict

from pulumi_datadog_cases.api.enums import AutomationRuleChangeType
from pulumi_datadog_cases.engine import Input

NotificationTrigger: TypeAlias = Literal[
    "CASE_CREATED",
    "STATUS_TRANSITIONED",
    "ATTRIBUTE_VALUE_CHANGED",
    "EVENT_CORRELATION_SIGNAL_CORRELATED",
]
#: Automation rules have all triggers of notification rules, and further ones.
AutomationTrigger: TypeAlias = Literal[
    NotificationTrigger,
    "CASE_REVIEW_APPROVED",
    "COMMENT_ADDED",
]

NotificationTriggerType: TypeAlias = NotificationTrigger | str
AutomationRuleTriggerType: TypeAlias = AutomationTrigger | str

AUTOMATION_TRIGGER_NAMES: tuple[str, ...] = get_args(AutomationTrigger)

#: Members of `data` in automation rules, by trigger. Other triggers have no `data`.
AUTOMATION_TRIGGER_DATA: Mapping[str, tuple[str, ...]] = {
    "STATUS_TRANSITIONED": ("from_status_name", "to_status_name"),
    "ATTRIBUTE_VALUE_CHANGED": ("field", "change_type"),
    "CASE_REVIEW_APPROVED": ("approval_type",),
}

#: Members of `data` in notification rules, by trigger. Other triggers have no `data`.
NOTIFICATION_TRIGGER_DATA: Mapping[str, tuple[str, ...]] = {
    "STATUS_TRANSITIONED": ("from_status", "to_status", "from_status_name", "to_status_name"),
    "ATTRIBUTE_VALUE_CHANGED": ("field", "change_type"),
}


class AutomationRuleTriggerDataArgs(TypedDict, total=False):
    """Conditions of a trigger. Each member belongs to one type of trigger."""

    from_status_name: Input[str]
    """`STATUS_TRANSITIONED`: the status before the transition."""
    to_status_name: Input[str]
    """`STATUS_TRANSITIONED`: the status after the transition."""
    field: Input[str]
    """`ATTRIBUTE_VALUE_CHANGED`: name of the attribute."""
    change_type: Input[AutomationRuleChangeType]
    """`ATTRIBUTE_VALUE_CHANGED`: `VALUE_ADDED`, `VALUE_DELETED` or `ANY_CHANGES`."""
    approval_type: Input[str]
    """`CASE_REVIEW_APPROVED`: the kind of approval."""


class NotificationTriggerDataArgs(TypedDict, total=False):
    """Conditions of a trigger. Each member belongs to one type of trigger."""

    from_status: Input[str]
    """`STATUS_TRANSITIONED`: id of the status before the transition."""
    to_status: Input[str]
    """`STATUS_TRANSITIONED`: id of the status after the transition."""
    from_status_name: Input[str]
    """`STATUS_TRANSITIONED`: name of the status before the transition."""
    to_status_name: Input[str]
    """`STATUS_TRANSITIONED`: name of the status after the transition."""
    field: Input[str]
    """`ATTRIBUTE_VALUE_CHANGED`: name of the attribute."""
    change_type: Input[str]
    """`ATTRIBUTE_VALUE_CHANGED`: the kind of change. Datadog's API reference lists no values."""
