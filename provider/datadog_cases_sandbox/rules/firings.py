"""What has become of rules so far, kept in the store beside the cases it happened to."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import ClassVar, Final

from datadog_cases_sandbox import clock, errors
from datadog_cases_sandbox.families import cases
from datadog_cases_sandbox.families.cases import Case
from datadog_cases_sandbox.families.comments import Comment
from datadog_cases_sandbox.rules import events, judging
from datadog_cases_sandbox.rules.events import Event
from datadog_cases_sandbox.rules.judging import Verdict
from datadog_cases_sandbox.store import Record, Store

MAX_HAPPENINGS: Final = 10_000
"""Of how many events the firings are kept."""


class Firing(Verdict):
    """A verdict, and the event it is about.

    Attributes:
        event: The trigger that waits for it, in lower case.
        change: What has happened, in words.
        case_id: The case it happened to, if it is there.
        at: When.
    """

    event: str
    change: str
    case_id: str | None
    at: str


class Happening(Record):
    """An event, and what has become of each rule of its case's project.

    Attributes:
        case_id: The case it happened to; None in a simulation with one that is not there.
        event: The trigger that waits for it, in lower case.
        change: What has happened, in words.
        at: When.
        verdicts: What has become of the rules.
    """

    kind: ClassVar[str] = "happening"
    case_id: str | None
    event: str
    change: str
    at: str
    verdicts: list[Verdict]

    @property
    def owner(self) -> str | None:
        """Its case."""
        return self.case_id

    @property
    def firings(self) -> list[Firing]:
        """The verdicts, each with the event."""
        return [
            Firing(
                **verdict, event=self.event, change=self.change, case_id=self.case_id, at=self.at
            )
            for verdict in self.verdicts
        ]


def watch(store: Store) -> None:
    """From now on keeps what becomes of rules at each event in a store."""

    def case_written(before: Case | None, after: Case) -> None:
        for event in events.between(store, before, after):
            _keep(store, event)

    def comment_written(before: Comment | None, after: Comment) -> None:
        case = store.find(Case, after.case_id)
        if before is None and case is not None:
            _keep(store, Event(events.COMMENT_ADDED, case))

    store.watch(Case, case_written)
    store.watch(Comment, comment_written)


def kept(store: Store, case_id: str | None = None) -> list[Firing]:
    """The firings that are kept, of all cases or of one, oldest first."""
    return [firing for one in store.list(Happening, case_id) for firing in one.firings]


def selected(store: Store, query: Mapping[str, str]) -> list[Firing]:
    """The firings that are kept and that a query selects, oldest first.

    Args:
        store: Where they are kept.
        query: `case_id`, a UUID or a key; `rule_id`; `fired`, which is `true` or `false`.

    Raises:
        Refusal: There is no such case, or something else is in the query.
    """
    if unknown := {*query} - {"case_id", "rule_id", "fired"}:
        raise errors.bad_request(f"{min(unknown)}: there are case_id, rule_id and fired alone")
    rule_id, fired = query.get("rule_id"), query.get("fired")
    if fired not in {None, "true", "false"}:
        raise errors.bad_request(f"fired: it is true or false, not {fired}")
    case_id = cases.find(store, query["case_id"]).id if "case_id" in query else None
    return [
        firing
        for firing in kept(store, case_id)
        if rule_id in {None, firing["rule_id"]} and fired in {None, str(firing["fired"]).lower()}
    ]


def _keep(store: Store, event: Event) -> None:
    verdicts = [*judging.verdicts(store, event, datetime.now(UTC))]
    if not verdicts:
        return
    number = store.next("happening")
    happening = Happening(
        id=_id(number),
        case_id=event.case.id,
        event=event.type.lower(),
        change=event.words,
        at=clock.nanoseconds(),
        verdicts=verdicts,
    )
    store.put(happening)
    if oldest := store.find(Happening, _id(number - MAX_HAPPENINGS)):
        store.delete(oldest)


def _id(number: int) -> str:
    return f"happening-{number}"
