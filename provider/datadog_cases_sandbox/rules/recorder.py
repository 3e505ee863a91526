"""Evaluates the rules for every event on a case, and stores the outcomes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import ClassVar, Final

from pydantic import ConfigDict, Field

from datadog_cases_sandbox import clock, errors
from datadog_cases_sandbox.endpoints import cases
from datadog_cases_sandbox.endpoints.cases import Case
from datadog_cases_sandbox.endpoints.comments import Comment
from datadog_cases_sandbox.rules import evaluator, maintenance, triggers
from datadog_cases_sandbox.rules.evaluator import RuleOutcome
from datadog_cases_sandbox.rules.events import CaseEvent
from datadog_cases_sandbox.store import Record, Store

MAX_EVALUATIONS: Final = 10_000
"""The number of evaluations that are kept; older evaluations are deleted."""

COUNTER: Final = "happening"


class Firing(RuleOutcome):
    """An item of `GET /sandbox/firings`: an event, and the outcome of one rule for the event.

    Attributes:
        event: The type of trigger that matches the event, in lower case.
        change: A text for people that describes the event.
        case_id: The event's case, or None for a new case in a simulation.
        at: The time of the event.
    """

    event: str
    change: str
    case_id: str | None
    at: str


class RuleEvaluation(Record):
    """An event, and the outcome of each rule in the project of the event's case.

    Attributes:
        case_id: The event's case, or None for a new case in a simulation.
        event: The type of trigger that matches the event, in lower case.
        change: A text for people that describes the event.
        at: The time of the event.
        outcomes: The outcomes of the rules.
    """

    model_config = ConfigDict(populate_by_name=True)

    # `happening` and `verdicts` are names of the first release. They are kept, so that data files
    # of that release stay readable.
    resource_type: ClassVar[str] = "happening"
    case_id: str | None
    event: str
    change: str
    at: str
    outcomes: list[RuleOutcome] = Field(validation_alias="verdicts", serialization_alias="verdicts")

    @property
    def owner(self) -> str | None:
        """The case."""
        return self.case_id

    @property
    def firings(self) -> list[Firing]:
        """The outcomes of the rules, each together with the event."""
        return [
            Firing(
                **outcome, event=self.event, change=self.change, case_id=self.case_id, at=self.at
            )
            for outcome in self.outcomes
        ]


def start(store: Store) -> None:
    """Starts to record the outcomes of rules for all later events in a store.

    Maintenance windows also take effect from then on: they suppress rules and archive new cases.
    """

    def written(before: Record | None, after: Record) -> None:
        for event in triggers.detect(store, before, after):
            _record(store, event)
        if before is None and isinstance(after, Case):
            maintenance.archive_new_case(store, after, datetime.now(UTC))

    store.on_put(Case, written)
    store.on_put(Comment, written)


def firings(store: Store, case_id: str | None = None) -> list[Firing]:
    """The recorded outcomes for all cases or for one case, oldest first."""
    return [
        firing
        for evaluation in store.list(RuleEvaluation, case_id)
        for firing in evaluation.firings
    ]


def query_firings(store: Store, query: Mapping[str, str]) -> list[Firing]:
    """The recorded outcomes that a query selects, oldest first.

    Args:
        store: The store.
        query: The query's parameters. All are optional: `case_id` is a UUID or a key, `rule_id` is
            a UUID, and `fired` is `true` or `false`.

    Raises:
        ApiError: The case does not exist, or the query has other parameters or values.
    """
    if unknown := {*query} - {"case_id", "rule_id", "fired"}:
        raise errors.bad_request(
            f"{min(unknown)}: unknown parameter; known are case_id, rule_id and fired"
        )
    rule_id, fired = query.get("rule_id"), query.get("fired")
    if fired not in {None, "true", "false"}:
        raise errors.bad_request(f"fired: must be true or false, not {fired}")
    case_id = cases.find(store, query["case_id"]).id if "case_id" in query else None
    return [
        firing
        for firing in firings(store, case_id)
        if rule_id in {None, firing["rule_id"]} and fired in {None, str(firing["fired"]).lower()}
    ]


def _record(store: Store, event: CaseEvent) -> None:
    outcomes = [*evaluator.evaluate(store, event, datetime.now(UTC))]
    if not outcomes:
        return
    number = store.next(COUNTER)
    evaluation = RuleEvaluation(
        id=_id(number),
        case_id=event.case.id,
        event=event.trigger.lower(),
        change=triggers.describe(event),
        at=clock.nanoseconds(),
        outcomes=outcomes,
    )
    store.put(evaluation)
    if oldest := store.find(RuleEvaluation, _id(number - MAX_EVALUATIONS)):
        store.delete(oldest)


def _id(number: int) -> str:
    return f"happening-{number}"
