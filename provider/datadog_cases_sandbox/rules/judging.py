"""Whether an event sets off a rule, and why or why not."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final, Literal, TypeAlias

from pydantic import BaseModel
from typing_extensions import TypedDict

from datadog_cases_sandbox import errors
from datadog_cases_sandbox.families import case_fields
from datadog_cases_sandbox.families.automation_rules import Rule
from datadog_cases_sandbox.families.maintenance_windows import Window
from datadog_cases_sandbox.families.notification_rules import NotificationRule
from datadog_cases_sandbox.rules import events, wording
from datadog_cases_sandbox.rules.events import Event
from datadog_cases_sandbox.store import Store

_Selects: TypeAlias = Callable[[str], bool]

CHANGES: Final = {
    "VALUE_ADDED": "added",
    "VALUE_DELETED": "removed",
    "ANY_CHANGES": "changed",
    "ADDED": "added",
    "REMOVED": "removed",
    "CHANGED": "changed",
}
"""The kinds of change in the words of automation rules, and of notification rules."""


class Verdict(TypedDict):
    """What becomes of a rule at an event.

    Attributes:
        rule_id: The rule's id.
        rule_name: Its name; None for a notification rule, which has none.
        kind: What kind of rule it is.
        fired: Whether it is set off.
        does: What it then does, in words.
        why: Why it is or is not set off, in words.
    """

    rule_id: str
    rule_name: str | None
    kind: Literal["automation_rule", "notification_rule"]
    fired: bool
    does: str
    why: str


class Details(BaseModel):
    """What narrows a trigger of either kind of rule. Empty texts narrow nothing (assumed)."""

    from_status: str | None = None
    to_status: str | None = None
    from_status_name: str | None = None
    to_status_name: str | None = None
    field: str | None = None
    change_type: str | None = None
    approval_type: str | None = None


class Trigger(BaseModel):
    """A trigger of either kind of rule."""

    type: str = ""
    data: Details | None = None


def verdicts(store: Store, event: Event, moment: datetime) -> Iterator[Verdict]:
    """What becomes of all rules of the case's project: automation rules first, oldest first.

    Args:
        store: Where rules and maintenance windows are.
        event: What has happened.
        moment: When it has happened, for the windows.
    """
    project_id = event.case.project_id
    selects = case_fields.selector(store, event.case)
    silence = _silence(store.list(Window), selects, moment)
    for rule in store.list(Rule, project_id):
        obstacle = _automation_obstacle(rule, event)
        yield Verdict(
            rule_id=rule.id,
            rule_name=rule.name,
            kind="automation_rule",
            fired=obstacle is None,
            does=wording.action(rule.action),
            why=obstacle or event.words,
        )
    for told in store.list(NotificationRule, project_id):
        obstacle = _notification_obstacle(told, event, selects) or silence
        found = f', and "{told.query}" finds it' if told.query else ""
        yield Verdict(
            rule_id=told.id,
            rule_name=None,
            kind="notification_rule",
            fired=obstacle is None,
            does=wording.recipients(told.recipients),
            why=obstacle or event.words + found,
        )


def _automation_obstacle(rule: Rule, event: Event) -> str | None:
    return "the rule is disabled" if rule.state == "DISABLED" else _obstacle(rule.trigger, event)


def _notification_obstacle(rule: NotificationRule, event: Event, selects: _Selects) -> str | None:
    if not rule.is_enabled:
        return "the rule is disabled"
    obstacles = [_obstacle(trigger, event) for trigger in rule.triggers]
    if None not in obstacles:
        return "; ".join(dict.fromkeys(filter(None, obstacles))) or "it has no triggers"
    try:
        is_found = selects(rule.query or "")
    except errors.Refusal as refusal:
        return f"its query cannot be read: {refusal.reason}"
    return None if is_found else f'the query "{rule.query}" does not find the case'


def _silence(windows: Iterable[Window], selects: _Selects, moment: datetime) -> str | None:
    """What keeps notifications about a case back, if a maintenance window does."""
    for window in windows:
        start, end = (datetime.fromisoformat(text) for text in (window.start_at, window.end_at))
        try:
            is_silent = start <= moment < end and selects(window.query)
        except errors.Refusal:  # one that cannot be read finds nothing
            continue
        if is_silent:
            return f'the maintenance window "{window.name}" is silent until {window.end_at}'
    return None


def _obstacle(trigger: Mapping[str, object], event: Event) -> str | None:
    """Why an event does not set off a trigger, if it does not."""
    awaited = Trigger.model_validate(trigger)
    # The reference spells types in lower case, the official client in upper case.
    if awaited.type.upper() != event.type:
        return f"it waits for {awaited.type.upper() or 'nothing'}"
    details = awaited.data or Details()
    match event.type:
        case events.STATUS_TRANSITIONED:
            return _status_obstacle(details, event)
        case events.ATTRIBUTE_VALUE_CHANGED:
            return _change_obstacle(details, event)
        case events.REVIEW_APPROVED if details.approval_type not in {None, event.approval_type}:
            return f"it waits for an approval as {details.approval_type}"
        case _:
            return None


def _status_obstacle(details: Details, event: Event) -> str | None:
    (left,), (entered,) = event.before, event.after
    if details.from_status or details.to_status:
        return "it names a status by an id, and statuses have no ids here: name it by its name"
    if details.from_status_name and details.from_status_name != left:
        return f"it waits for a case that leaves {details.from_status_name}, not {left}"
    if details.to_status_name and details.to_status_name != entered:
        return f"it waits for a case that enters {details.to_status_name}, not {entered}"
    return None


def _change_obstacle(details: Details, event: Event) -> str | None:
    if details.field and details.field.lower() != event.field:
        return f"it watches {details.field}, not {event.field}"
    match CHANGES.get((details.change_type or "changed").upper()):
        case None:
            return f"it waits for a kind of change that is unknown here: {details.change_type}"
        case "added" if not event.added:
            return f"it waits for a value to be added to {event.field}"
        case "removed" if not event.deleted:
            return f"it waits for a value to be removed from {event.field}"
        case _:
            return None
