"""What rules would make of an event that has not happened. Nothing is stored."""

from datetime import datetime
from typing import Final

from pydantic import Field

from datadog_cases_sandbox import clock, errors
from datadog_cases_sandbox.bodies import Body, NonEmpty, decode
from datadog_cases_sandbox.families import case_types, cases, users
from datadog_cases_sandbox.families.case_types import CaseType
from datadog_cases_sandbox.families.cases import Case
from datadog_cases_sandbox.families.maintenance_windows import Moment
from datadog_cases_sandbox.families.projects import Project
from datadog_cases_sandbox.families.users import User
from datadog_cases_sandbox.rules import events, judging
from datadog_cases_sandbox.rules.events import Event
from datadog_cases_sandbox.rules.firings import Firing, Happening
from datadog_cases_sandbox.store import Store

UNSET: Final = {"title": "", "description": "", "priority": events.NO_PRIORITY}
"""What a field of a case is that has no value, where that is not None."""


class Simulation(Body):
    """An event, and the case it happens to: one that is there, a new one, or something of both.

    Attributes:
        event: The trigger that waits for it, in lower or upper case.
        case_id: UUID or key of a case that is there.
        project: Where there is no such case: id or key of the project of a new one.
        title: What the case's title is; so for all that follow, as far as the case is to be
            otherwise than it is or than new ones are.
        description: Its description.
        type: Id or name of its type.
        priority: Its priority.
        status: The name of its status.
        assignee: Id, email or name of its assignee.
        due_date: The day it is due.
        attributes: Its labels or custom attributes: to queries and triggers they are the same.
        field: What changes in an `attribute_value_changed`: one of `events.FIELDS`, a label or a
            custom attribute.
        before: The values of what changes; what the case has by default.
        after: Its values then; none by default.
        approval_type: The outcome in a `case_review_approved`.
        at: When it happens, for maintenance windows; now by default.
    """

    event: str
    case_id: NonEmpty | None = None
    project: NonEmpty | None = None
    title: str | None = None
    description: str | None = None
    type: str | None = None
    priority: str | None = None
    status: str | None = None
    assignee: str | None = None
    due_date: str | None = None
    attributes: dict[str, list[str]] = Field(default_factory=dict[str, list[str]])
    field: NonEmpty | None = None
    before: list[str] | None = Field(None, alias="from")
    after: list[str] = Field(default_factory=list[str], alias="to")
    approval_type: str | None = None
    at: Moment | None = None


def simulated(store: Store, raw: bytes) -> list[Firing]:
    """What would become of all rules, in the form of `GET /sandbox/firings`.

    Args:
        store: Where rules and cases are.
        raw: The JSON of a `Simulation`.

    Raises:
        Refusal: It is none, or names what is not there or cannot be.
    """
    asked = decode(Simulation, raw)
    case = _described(store, asked, cases.find(store, asked.case_id) if asked.case_id else None)
    event = _event(store, asked, case)
    at = asked.at or clock.nanoseconds()
    happening = Happening(
        case_id=case.id if asked.case_id else None,
        event=event.type.lower(),
        change=event.words,
        at=at,
        verdicts=[*judging.verdicts(store, event, datetime.fromisoformat(at))],
    )
    return happening.firings


def _described(store: Store, asked: Simulation, case: Case | None) -> Case:
    """The case, as it is described."""
    case_type = _case_type(store, asked.type, case)
    status = case_type.statuses["open"][0]
    if case is not None and case.type_id == case_type.id:
        status = case.status_name
    status = cases.checked_status_name(case_type, asked.status or status)
    case = (case or _new(store, asked.project)).model_copy(
        update={"type_id": case_type.id, "status_name": status}
    )
    for field in ("title", "description", "priority", "assignee", "due_date"):
        value: str | None = getattr(asked, field)
        if value is not None:
            case = _with(store, case, field, [value])
    for label, values in asked.attributes.items():
        case = _with_label(case, label, values)
    return case


def _new(store: Store, named: str | None) -> Case:
    project = store.find(Project, named or "")
    if project is None:
        there = ", ".join(one.key for one in store.list(Project)) or "none"
        what = f"no project has the id or key {named}" if named else "neither project nor case_id"
        raise errors.bad_request(f"{what}; projects that are there: {there}")
    return Case(
        key=f"{project.key}-0",
        public_id="0",
        project_id=project.id,
        type_id="",
        title="",
        status_name="",
        created_at=clock.microseconds(),
        created_by=users.CURRENT_USER,
    )


def _case_type(store: Store, named: str | None, case: Case | None) -> CaseType:
    if named is None:
        return case_types.find(store, case.type_id if case else case_types.BUILT_IN[0].id)
    for one in store.list(CaseType):
        if named in {one.id, one.name} and one.deleted_at is None:
            return one
    raise errors.bad_request(f"no case type has the id or name {named}")


def _event(store: Store, asked: Simulation, case: Case) -> Event:
    match event_type := asked.event.upper():
        case events.STATUS_TRANSITIONED:
            case_type = case_types.find(store, case.type_id)
            (left,) = _one("from", asked.before or [case.status_name])
            (entered,) = _one("to", asked.after)
            before, after = (
                case.model_copy(update={"status_name": cases.checked_status_name(case_type, one)})
                for one in (left, entered)
            )
        case events.ATTRIBUTE_VALUE_CHANGED:
            if asked.field is None:
                raise errors.bad_request("field: missing; it says which one changes")
            after = _with(store, case, asked.field, asked.after)
            before = case
            if asked.before is not None:
                before = _with(store, case, asked.field, asked.before)
        case _ if event_type in events.WORDS:
            return Event(event_type, case, approval_type=asked.approval_type)
        case _:
            there = (events.STATUS_TRANSITIONED, events.ATTRIBUTE_VALUE_CHANGED, *events.WORDS)
            known = ", ".join(sorted(one.lower() for one in there))
            raise errors.bad_request(f"event: there is no {asked.event}; there are {known}")
    for event in events.between(store, before, after):
        return event
    raise errors.bad_request("from and to: they are the same, so that nothing changes")


def _with(store: Store, case: Case, field: str, values: list[str]) -> Case:
    """The case with other values of a field, none for one that is not set."""
    field = field.lower()
    if field == events.STATUS:
        raise errors.bad_request("field: changes of the status are the event status_transitioned")
    if field not in events.FIELDS:
        return _with_label(case, field, values)
    value = _one(field, values)[0] if values else UNSET.get(field)
    if value and field == "priority":
        cases.checked_priority(value)
    if value and field == "assignee":
        value = _person(store, value)
    return case.model_copy(update={events.FIELDS[field]: value})


def _with_label(case: Case, label: str, values: list[str]) -> Case:
    labels, customs = (
        {name: value for name, value in there.items() if name.lower() != label.lower()}
        for there in (case.attributes, case.custom_attributes)
    )
    return case.model_copy(
        update={"attributes": {**labels, label: values}, "custom_attributes": customs}
    )


def _one(what: str, values: list[str]) -> list[str]:
    if len(values) != 1:
        raise errors.bad_request(f"{what}: there must be one value, not {len(values)}")
    return values


def _person(store: Store, named: str) -> str:
    for user in store.list(User):
        if named in {user.id, user.email, user.name}:
            return user.id
    raise errors.bad_request(f"no user has the id, email or name {named}")
