"""Evaluates rules for a hypothetical event, without storing anything."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from pydantic import Field

from datadog_cases_sandbox import clock, errors
from datadog_cases_sandbox.bodies import Body, NonEmpty, decode
from datadog_cases_sandbox.endpoints import case_types, cases, users
from datadog_cases_sandbox.endpoints.case_types import CaseType
from datadog_cases_sandbox.endpoints.cases import Case
from datadog_cases_sandbox.endpoints.maintenance_windows import Timestamp
from datadog_cases_sandbox.endpoints.projects import Project
from datadog_cases_sandbox.endpoints.users import User
from datadog_cases_sandbox.rules import evaluator, events, triggers
from datadog_cases_sandbox.rules.events import CaseEvent
from datadog_cases_sandbox.rules.recorder import Firing, RuleEvaluation
from datadog_cases_sandbox.store import Store

UNSET: Final = {"title": "", "description": "", "priority": events.NO_PRIORITY}
"""The values of these three fields if they are unset. Any other unset field is None."""


class Simulation(Body):
    """The body of `POST /sandbox/simulate`: an event, and the case on which it happens.

    The case is an existing case, or a new case in a project. The members `title` to `attributes`
    replace fields of the case. They take effect before the event.

    Attributes:
        event: The type of trigger that matches the event, in lower or upper case.
        case_id: UUID or key of an existing case.
        project: Id or key of the project of a new case; required without `case_id`.
        title: Replaces the case's title.
        description: Replaces the case's description.
        type: Replaces the case's type. It is an id or a name.
        priority: Replaces the case's priority.
        status: Replaces the case's status. It is a name.
        assignee: Replaces the case's assignee. It is an id, email or name.
        due_date: Replaces the case's due date.
        attributes: Replaces labels or custom attributes by name. Queries and triggers treat labels
            and custom attributes alike.
        field: The field that changes in the event `attribute_value_changed`: one of
            `events.FIELDS`, a label or a custom attribute.
        before: The member `from`: the values of the field before the event, or the status before a
            transition. By default, the values that the case has.
        after: The member `to`: the values of the field after the event, or the status after a
            transition. By default, empty.
        approval_type: The kind of approval in the event `case_review_approved`. Not used for other
            events.
        at: The time of the event, which decides whether a maintenance window is active. By default,
            now.
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
    at: Timestamp | None = None


def simulate(store: Store, raw: bytes) -> list[Firing]:
    """Evaluates all rules for a simulated event. Returns outcomes like `GET /sandbox/firings`.

    Args:
        store: The store that has the rules and cases.
        raw: The JSON of a `Simulation`.

    Raises:
        ApiError: The JSON is invalid, refers to a missing object, or describes an impossible event.
            The reason begins with the names of the members that are wrong, as in `to: required`.
    """
    simulation = decode(Simulation, raw)
    with _member("case_id"):
        existing = cases.find(store, simulation.case_id) if simulation.case_id else None
    case = _case(store, simulation, existing)
    event = _event(store, simulation, case)
    at = simulation.at or clock.nanoseconds()
    evaluation = RuleEvaluation(
        case_id=case.id if existing else None,
        event=event.trigger.lower(),
        change=triggers.describe(event),
        at=at,
        outcomes=[*evaluator.evaluate(store, event, datetime.fromisoformat(at))],
    )
    return evaluation.firings


@contextmanager
def _member(name: str) -> Generator[None]:
    """Lets the reason of an error begin with the name of the member that is wrong."""
    try:
        yield
    except errors.ApiError as error:
        raise errors.ApiError(error.status, error.error, f"{name}: {error.reason}") from error


def _case(store: Store, simulation: Simulation, existing: Case | None) -> Case:
    """The case before the event."""
    case_type = _case_type(store, simulation.type, existing)
    status = case_type.statuses["open"][0]
    if existing is not None and existing.type_id == case_type.id:
        status = existing.status_name
    with _member("status"):
        status = cases.validate_status_name(case_type, simulation.status or status)
    case = (existing or _new_case(store, simulation.project)).model_copy(
        update={"type_id": case_type.id, "status_name": status}
    )
    for field in ("title", "description", "priority", "assignee", "due_date"):
        value: str | None = getattr(simulation, field)
        if value is not None:
            with _member(field):
                case = _with_field(store, case, field, [value])
    for label, values in simulation.attributes.items():
        case = _with_label(case, label, values)
    return case


def _new_case(store: Store, project_name: str | None) -> Case:
    project = store.find(Project, project_name or "")
    if project is None:
        known = ", ".join(each.key for each in store.list(Project)) or "none"
        problem = (
            f"no project has the id or key {project_name}"
            if project_name
            else "required without a case"
        )
        raise errors.bad_request(f"project: {problem}; existing projects: {known}")
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


def _case_type(store: Store, name: str | None, case: Case | None) -> CaseType:
    if name is None:
        return case_types.find(store, case.type_id if case else case_types.BUILT_IN[0].id)
    for case_type in store.list(CaseType):
        if name in {case_type.id, case_type.name} and case_type.deleted_at is None:
            return case_type
    known = ", ".join(each.name for each in store.list(CaseType) if each.deleted_at is None)
    raise errors.bad_request(
        f"type: no case type has the id or name {name}; existing types: {known}"
    )


def _event(store: Store, simulation: Simulation, case: Case) -> CaseEvent:
    match trigger := simulation.event.upper():
        case triggers.STATUS_TRANSITIONED:
            with _member("from"):
                before = _with_status(store, case, simulation.before or [case.status_name])
            with _member("to"):
                after = _with_status(store, case, simulation.after)
        case triggers.ATTRIBUTE_VALUE_CHANGED:
            if simulation.field is None:
                raise errors.bad_request(
                    f"field: required, one of {', '.join(events.FIELDS)}, or the name of a label "
                    "or custom attribute"
                )
            if simulation.field.lower() == events.STATUS:
                raise errors.bad_request(
                    "field: use the event status_transitioned to change the status"
                )
            with _member("to"):
                after = _with_field(store, case, simulation.field, simulation.after)
            before = case
            if simulation.before is not None:
                with _member("from"):
                    before = _with_field(store, case, simulation.field, simulation.before)
        case _ if trigger in triggers.BY_NAME:
            return CaseEvent(trigger, case, approval_type=simulation.approval_type)
        case _:
            known = ", ".join(sorted(name.lower() for name in triggers.BY_NAME))
            raise errors.bad_request(f"event: {simulation.event} is unknown; known events: {known}")
    for event in triggers.detect(store, before, after):
        return event
    raise errors.bad_request("from and to: must differ, otherwise nothing changes")


def _with_status(store: Store, case: Case, values: list[str]) -> Case:
    case_type = case_types.find(store, case.type_id)
    if not values:
        names = [name for names in case_type.statuses.values() for name in names]
        raise errors.bad_request(f"required, one of {', '.join(names)}")
    status = cases.validate_status_name(case_type, _one(values))
    return case.model_copy(update={"status_name": status})


def _with_field(store: Store, case: Case, field: str, values: list[str]) -> Case:
    """The case, with these values in a field. An empty list unsets the field."""
    field = field.lower()
    if field not in events.FIELDS:
        return _with_label(case, field, values)
    value = _one(values) if values else UNSET.get(field)
    if value and field == "priority":
        cases.validate_priority(value)
    if value and field == "assignee":
        value = _user_id(store, value)
    return case.model_copy(update={events.FIELDS[field]: value})


def _with_label(case: Case, label: str, values: list[str]) -> Case:
    labels, custom_attributes = (
        {name: value for name, value in attributes.items() if name.lower() != label.lower()}
        for attributes in (case.attributes, case.custom_attributes)
    )
    return case.model_copy(
        update={"attributes": {**labels, label: values}, "custom_attributes": custom_attributes}
    )


def _one(values: list[str]) -> str:
    if len(values) != 1:
        raise errors.bad_request(f"must have one value, not {len(values)}")
    return values[0]


def _user_id(store: Store, name: str) -> str:
    for user in store.list(User):
        if name in {user.id, user.email, user.name}:
            return user.id
    raise errors.bad_request(f"no user has the id, email or name {name}")
