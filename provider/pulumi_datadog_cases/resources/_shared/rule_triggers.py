"""The triggers of automation and notification rules, and the members of `data` that each takes.

Type checkers, validation, the reference and `datadog-cases simulate --help` all read this list. To
add a trigger, add its name here, and its members, if it has any, to the `…TriggerDataArgs` of the
resource. Nothing of Pulumi is imported here, so that `--help` stays quick.
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

_NotificationTrigger: TypeAlias = Literal[
    "CASE_CREATED",
    "STATUS_TRANSITIONED",
    "ATTRIBUTE_VALUE_CHANGED",
    "EVENT_CORRELATION_SIGNAL_CORRELATED",
]
#: An automation rule has all triggers of a notification rule, and more.
_AutomationTrigger: TypeAlias = Literal[
    _NotificationTrigger,
    "CASE_REVIEW_APPROVED",
    "COMMENT_ADDED",
]

NotificationTriggerType: TypeAlias = _NotificationTrigger | str
AutomationRuleTriggerType: TypeAlias = _AutomationTrigger | str

NOTIFICATION_TRIGGERS: tuple[str, ...] = get_args(_NotificationTrigger)
AUTOMATION_TRIGGERS: tuple[str, ...] = get_args(_AutomationTrigger)

#: Members of a trigger's `data` in a notification rule. Triggers that are not listed have none.
NOTIFICATION_TRIGGER_DATA: Mapping[str, tuple[str, ...]] = {
    "STATUS_TRANSITIONED": ("from_status", "to_status", "from_status_name", "to_status_name"),
    "ATTRIBUTE_VALUE_CHANGED": ("field", "change_type"),
}

#: Members of a trigger's `data` in an automation rule. Triggers that are not listed have none.
AUTOMATION_TRIGGER_DATA: Mapping[str, tuple[str, ...]] = {
    "STATUS_TRANSITIONED": ("from_status_name", "to_status_name"),
    "ATTRIBUTE_VALUE_CHANGED": ("field", "change_type"),
    "CASE_REVIEW_APPROVED": ("approval_type",),
}
