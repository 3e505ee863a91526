"""Evaluates a project's rules for an event, and says for each rule whether it fires and why."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Literal, TypeAlias

from typing_extensions import TypedDict

from datadog_cases_sandbox import errors
from datadog_cases_sandbox.endpoints import case_index
from datadog_cases_sandbox.endpoints.automation_rules import AutomationRule
from datadog_cases_sandbox.endpoints.notification_rules import NotificationRule
from datadog_cases_sandbox.rules import actions, maintenance, recipients, triggers
from datadog_cases_sandbox.rules.events import CaseEvent
from datadog_cases_sandbox.store import Store

_Matches: TypeAlias = Callable[[str], bool]
"""A function that says whether a query matches the event's case."""


class RuleOutcome(TypedDict):
    """The outcome of one rule for an event.

    Attributes:
        rule_id: The rule's id.
        rule_name: The rule's name; None for a notification rule, because it has no name.
        kind: The kind of rule.
        fired: Whether the rule fires.
        does: A text for people: what the rule does when it fires.
        why: A text for people: why the rule fires or does not fire.
    """

    rule_id: str
    rule_name: str | None
    kind: Literal["automation_rule", "notification_rule"]
    fired: bool
    does: str
    why: str


def evaluate(store: Store, event: CaseEvent, moment: datetime) -> Iterator[RuleOutcome]:
    """Evaluates all rules in the project of the event's case.

    Automation rules come before notification rules. Within each kind, older rules come first.

    Args:
        store: The store that has the rules and the maintenance windows.
        event: The event.
        moment: The time of the event, which decides whether a maintenance window is active.
    """
    project_id = event.case.project_id
    matches = case_index.matcher(store, event.case)
    window = maintenance.active_window(store, event.case, moment)
    suppressed = window and maintenance.effect(window, event)
    for rule in store.list(AutomationRule, project_id):
        obstacle = _automation_obstacle(rule, event) or suppressed
        yield RuleOutcome(
            rule_id=rule.id,
            rule_name=rule.name,
            kind="automation_rule",
            fired=obstacle is None,
            does=actions.effect(rule.action),
            why=obstacle or triggers.describe(event),
        )
    for notification_rule in store.list(NotificationRule, project_id):
        obstacle = _notification_obstacle(notification_rule, event, matches) or suppressed
        query = notification_rule.query
        matched = f', and the query "{query}" matches it' if query else ""
        yield RuleOutcome(
            rule_id=notification_rule.id,
            rule_name=None,
            kind="notification_rule",
            fired=obstacle is None,
            does=recipients.effect(notification_rule.recipients),
            why=obstacle or triggers.describe(event) + matched,
        )


def _automation_obstacle(rule: AutomationRule, event: CaseEvent) -> str | None:
    """Why the rule does not fire, or None if it fires. Maintenance windows are ignored."""
    if rule.state == "DISABLED":
        return "the rule is disabled"
    return triggers.mismatch(rule.trigger, event)


def _notification_obstacle(
    rule: NotificationRule, event: CaseEvent, matches: _Matches
) -> str | None:
    """Why the rule does not fire, or None if it fires. Maintenance windows are ignored."""
    if not rule.is_enabled:
        return "the rule is disabled"
    mismatches = [triggers.mismatch(trigger, event) for trigger in rule.triggers]
    if None not in mismatches:
        return "; ".join(dict.fromkeys(filter(None, mismatches))) or "the rule has no triggers"
    try:
        is_match = matches(rule.query or "")
    except errors.ApiError as error:
        return f"the query is invalid: {error.reason}"
    return None if is_match else f'the query "{rule.query}" does not match the case'
