"""The types of triggers of automation and notification rules.

All code that depends on the type of a trigger is in this module: validation of requests, detection
of events, evaluation of triggers, and descriptions for people. To add a type, add an entry to
`TRIGGER_TYPES`. If the `data` of the type has new members, add them to `AutomationTriggerData` or
`NotificationTriggerData`, and to `Details`.

The names of the types are documented. BEHAVIOUR.md describes, for each type, the change of a case
that triggers a rule. Most of these descriptions are assumed.
"""

import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import BaseModel
from typing_extensions import TypedDict

from datadog_cases_sandbox.bodies import one_of
from datadog_cases_sandbox.endpoints.cases import Case
from datadog_cases_sandbox.endpoints.comments import Comment
from datadog_cases_sandbox.rules.events import STATUS, CaseEvent, field_values
from datadog_cases_sandbox.store import Record, Store

STATUS_TRANSITIONED: Final = "STATUS_TRANSITIONED"
ATTRIBUTE_VALUE_CHANGED: Final = "ATTRIBUTE_VALUE_CHANGED"

SIGNAL_INSIGHT: Final = "EVENT_CORRELATION"
"""The type of insight that a correlated signal adds to a case."""

CHANGE_TYPES: Final = {
    "VALUE_ADDED": "added",
    "VALUE_DELETED": "removed",
    "ANY_CHANGES": "changed",
    "ADDED": "added",
    "REMOVED": "removed",
    "CHANGED": "changed",
}
"""The kinds of change, by the names that a trigger's `change_type` can have.

The first three names are for automation rules, and the last three for notification rules.
"""

MAX_VALUES_LENGTH: Final = 60
"""The maximum length of a field's values in a text, in characters."""


class AutomationTriggerData(TypedDict, total=False):
    """The `data` of an automation rule's trigger.

    The reference does not say which type of trigger has which members.
    """

    from_status_name: str
    to_status_name: str
    field: str
    change_type: Literal["VALUE_ADDED", "VALUE_DELETED", "ANY_CHANGES"]
    approval_type: str


class NotificationTriggerData(TypedDict, total=False):
    """The `data` of a notification rule's trigger. A member may have any text (documented)."""

    from_status: str
    to_status: str
    from_status_name: str
    to_status_name: str
    field: str
    change_type: str


class Details(BaseModel):
    """The `data` of a trigger, for both kinds of rules. Empty texts match anything (assumed)."""

    from_status: str | None = None
    to_status: str | None = None
    from_status_name: str | None = None
    to_status_name: str | None = None
    field: str | None = None
    change_type: str | None = None
    approval_type: str | None = None


Data: TypeAlias = Mapping[str, object]
"""The `data` of a stored trigger. In a seed file, it may have members that `Details` lacks."""

Detect: TypeAlias = Callable[[Store, Record | None, Record], Iterable[CaseEvent]]
"""Finds the events that a write causes. The arguments are the store and the record before and after
the write; the record before the write is None for a new record."""


def _no_mismatch(_details: Details, _event: CaseEvent) -> str | None:
    return None


def _no_events(_store: Store, _before: Record | None, _after: Record) -> Iterable[CaseEvent]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerType:
    """A type of trigger, and the event that it matches.

    Attributes:
        name: The type's name in the API, in upper case.
        in_notification_rules: Whether notification rules can have this type. Automation rules can
            have every type.
        condition: Describes when a rule acts, as in `a case is created`.
        describe: Describes the event, as in `the case was created`.
        mismatch: Explains why an event of this type does not match the trigger's `data`. Returns
            None if the event matches.
        detect: Finds the events of this type that the write of a case or comment causes.
    """

    name: str
    in_notification_rules: bool
    condition: Callable[[Data], str]
    describe: Callable[[CaseEvent], str]
    mismatch: Callable[[Details, CaseEvent], str | None] = _no_mismatch
    detect: Detect = _no_events


# --- a case is created -----------------------------------------------------------------------


def _created(_store: Store, before: Record | None, after: Record) -> Iterator[CaseEvent]:
    if before is None and isinstance(after, Case):
        yield CaseEvent("CASE_CREATED", after)


# --- the status changes ----------------------------------------------------------------------


def _status_condition(data: Data) -> str:
    left = data.get("from_status_name") or data.get("from_status")
    entered = data.get("to_status_name") or data.get("to_status")
    return (
        "the status changes"
        + (f" from {left}" if left else "")
        + (f" to {entered}" if entered else "")
    )


def _status_changed(_store: Store, before: Record | None, after: Record) -> Iterator[CaseEvent]:
    if not isinstance(before, Case) or not isinstance(after, Case):
        return
    if before.status_name != after.status_name:
        old, new = (before.status_name,), (after.status_name,)
        yield CaseEvent(STATUS_TRANSITIONED, after, STATUS, old, new)


def _status_mismatch(details: Details, event: CaseEvent) -> str | None:
    (left,), (entered,) = event.before, event.after
    if details.from_status or details.to_status:
        return (
            "the trigger names a status by its id, and the sandbox's statuses have no ids: use"
            " from_status_name or to_status_name"
        )
    if details.from_status_name and details.from_status_name != left:
        return f"triggers on transitions from {details.from_status_name}, not from {left}"
    if details.to_status_name and details.to_status_name != entered:
        return f"triggers on transitions to {details.to_status_name}, not to {entered}"
    return None


# --- a field, a label or a custom attribute changes ------------------------------------------


def _field_condition(data: Data) -> str:
    field = data.get("field") or "an attribute"
    match CHANGE_TYPES.get(str(data.get("change_type")).upper()):
        case "added":
            return f"a value is added to {field}"
        case "removed":
            return f"a value is removed from {field}"
        case _:
            return f"{field} changes"


def _fields_changed(store: Store, before: Record | None, after: Record) -> Iterator[CaseEvent]:
    if not isinstance(before, Case) or not isinstance(after, Case):
        return
    old, new = field_values(store, before), field_values(store, after)
    for field in {**old, **new}:
        old_values, new_values = old.get(field, ()), new.get(field, ())
        if {*old_values} != {*new_values}:
            yield CaseEvent(ATTRIBUTE_VALUE_CHANGED, after, field, old_values, new_values)


def _field_mismatch(details: Details, event: CaseEvent) -> str | None:
    if details.field and details.field.lower() != event.field:
        return f"triggers on changes of {details.field}, not of {event.field}"
    match CHANGE_TYPES.get((details.change_type or "changed").upper()):
        case None:
            return f"the trigger has an unknown change_type: {details.change_type}"
        case "added" if not event.added:
            return f"triggers only if a value is added to {event.field}"
        case "removed" if not event.removed:
            return f"triggers only if a value is removed from {event.field}"
        case _:
            return None


def _describe_change(event: CaseEvent) -> str:
    before, after = (
        textwrap.shorten(", ".join(values), MAX_VALUES_LENGTH, placeholder="…") or "none"
        for values in (event.before, event.after)
    )
    return f"{event.field} changed from {before} to {after}"


# --- a signal is correlated ------------------------------------------------------------------


def _signal_correlated(_store: Store, before: Record | None, after: Record) -> Iterator[CaseEvent]:
    if not isinstance(before, Case) or not isinstance(after, Case):
        return
    if any(
        insight["type"] == SIGNAL_INSIGHT and insight not in before.insights
        for insight in after.insights
    ):
        yield CaseEvent("EVENT_CORRELATION_SIGNAL_CORRELATED", after)


# --- a review is approved --------------------------------------------------------------------


def _review_condition(data: Data) -> str:
    approval_type = data.get("approval_type")
    return "a review is approved" + (f" as {approval_type}" if approval_type else "")


def _review_mismatch(details: Details, event: CaseEvent) -> str | None:
    if not details.approval_type or details.approval_type == event.approval_type:
        return None
    return f"triggers on an approval as {details.approval_type}"


def _describe_review(event: CaseEvent) -> str:
    return "a review was approved" + (f" as {event.approval_type}" if event.approval_type else "")


# --- a comment is added ----------------------------------------------------------------------


def _comment_added(store: Store, before: Record | None, after: Record) -> Iterator[CaseEvent]:
    if before is None and isinstance(after, Comment):
        case = store.find(Case, after.case_id)
        if case is not None:
            yield CaseEvent("COMMENT_ADDED", case)


TRIGGER_TYPES: Final = (
    TriggerType(
        name="CASE_CREATED",
        in_notification_rules=True,
        condition=lambda _data: "a case is created",
        describe=lambda _event: "the case was created",
        detect=_created,
    ),
    TriggerType(
        name=STATUS_TRANSITIONED,
        in_notification_rules=True,
        condition=_status_condition,
        describe=_describe_change,
        mismatch=_status_mismatch,
        detect=_status_changed,
    ),
    TriggerType(
        name=ATTRIBUTE_VALUE_CHANGED,
        in_notification_rules=True,
        condition=_field_condition,
        describe=_describe_change,
        mismatch=_field_mismatch,
        detect=_fields_changed,
    ),
    TriggerType(
        name="EVENT_CORRELATION_SIGNAL_CORRELATED",
        in_notification_rules=True,
        condition=lambda _data: "a signal is correlated",
        describe=lambda _event: "a signal was correlated",
        detect=_signal_correlated,
    ),
    TriggerType(
        # No endpoint approves a review, so this event can only be simulated.
        name="CASE_REVIEW_APPROVED",
        in_notification_rules=False,
        condition=_review_condition,
        describe=_describe_review,
        mismatch=_review_mismatch,
    ),
    TriggerType(
        name="COMMENT_ADDED",
        in_notification_rules=False,
        condition=lambda _data: "a comment is added",
        describe=lambda _event: "a comment was added",
        detect=_comment_added,
    ),
)

BY_NAME: Final = {trigger_type.name: trigger_type for trigger_type in TRIGGER_TYPES}

AutomationTriggerName = Annotated[str, one_of(BY_NAME)]
NotificationTriggerName = Annotated[
    str, one_of(each.name for each in TRIGGER_TYPES if each.in_notification_rules)
]


class Trigger(BaseModel):
    """A stored trigger of either kind of rule. In a seed file, its type may be unknown."""

    type: str = ""
    data: dict[str, Any] | None = None

    @property
    def name(self) -> str:
        """The type in upper case.

        In Datadog's reference, types are in lower case. In its official client, they are in upper
        case.
        """
        return self.type.upper()


def condition(trigger: Mapping[str, object]) -> str:
    """Describes when a rule with a trigger acts, as in `the status changes to Closed`."""
    parsed = Trigger.model_validate(trigger)
    trigger_type = BY_NAME.get(parsed.name)
    if trigger_type is None:
        return parsed.type or "never"
    return trigger_type.condition(parsed.data or {})


def mismatch(trigger: Mapping[str, object], event: CaseEvent) -> str | None:
    """Explains why an event does not match a trigger. Returns None if the event matches."""
    parsed = Trigger.model_validate(trigger)
    if parsed.name != event.trigger:
        return f"triggers on {parsed.name}" if parsed.name else "the trigger has no type"
    details = Details.model_validate(parsed.data or {})
    return BY_NAME[event.trigger].mismatch(details, event)


def describe(event: CaseEvent) -> str:
    """Describes an event, as in `the case was created`."""
    return BY_NAME[event.trigger].describe(event)


def detect(store: Store, before: Record | None, after: Record) -> Iterator[CaseEvent]:
    """Finds the events that the write of a case or comment causes.

    Args:
        store: The store, which has the users and cases that the record refers to.
        before: The record before the write, or None if the record is new.
        after: The record after the write.
    """
    for trigger_type in TRIGGER_TYPES:
        yield from trigger_type.detect(store, before, after)
