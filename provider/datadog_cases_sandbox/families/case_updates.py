"""Changes to a case: the API has one endpoint per field, below `/cases/{case_id}`."""

from datetime import date
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field
from typing_extensions import TypedDict

from datadog_cases_sandbox import clock, errors
from datadog_cases_sandbox.bodies import CaseBody, Document, NonEmpty, Typed, Uuid
from datadog_cases_sandbox.call import Answer, Call, Endpoints
from datadog_cases_sandbox.families import case_types, custom_attributes, users
from datadog_cases_sandbox.families.cases import (
    STATUS_WORDS,
    Case,
    addressed,
    answer,
    changed,
    checked_priority,
    checked_status_name,
    group_of,
    status_word,
)
from datadog_cases_sandbox.families.custom_attributes import Value


def _day(text: str) -> str:
    date.fromisoformat(text)
    return text


class Title(TypedDict):
    """A title."""

    title: NonEmpty


class Description(TypedDict):
    """A description, which may be empty."""

    description: str


class Priority(TypedDict):
    """A priority; which ones there are is not the body's business: see `checked_priority`."""

    priority: str


class Status(TypedDict, total=False):
    """A status by its name or, deprecated, by its word. One of the two is needed."""

    status_name: str
    status: str


class Assignee(TypedDict):
    """A user."""

    assignee_id: Uuid


class Labels(TypedDict):
    """The whole map of labels."""

    attributes: dict[str, list[str]]


class DueDate(TypedDict):
    """A day; null clears."""

    due_date: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$"), AfterValidator(_day)] | None


class ResolvedReason(TypedDict):
    """Why a security case was resolved: any text."""

    security_resolved_reason: str


def _set_title(call: Call) -> Answer:
    title = call.sent(CaseBody[Title]).data.attributes["title"]
    return _changed(call, {"title": title})


def _set_description(call: Call) -> Answer:
    description = call.sent(CaseBody[Description]).data.attributes["description"]
    return _changed(call, {"description": description})


def _set_priority(call: Call) -> Answer:
    priority = call.sent(CaseBody[Priority]).data.attributes["priority"]
    case = addressed(call)
    return answer(call.store, changed(call.store, case, {"priority": checked_priority(priority)}))


def _set_status(call: Call) -> Answer:
    sent = call.sent(CaseBody[Status]).data.attributes
    if not sent:
        raise errors.bad_request("data.attributes: neither status_name nor status")
    case = addressed(call)
    case_type = case_types.find(call.store, case.type_id)
    if "status_name" in sent:  # it wins where both are sent (assumed)
        name = checked_status_name(case_type, sent["status_name"])
    else:
        name = _named(case_type, sent.get("status", ""))
    closed = group_of(case_type, name) == "closed"
    closed_at = (case.closed_at or clock.microseconds()) if closed else None
    changes: dict[str, object] = {"status_name": name, "closed_at": closed_at}
    return answer(call.store, changed(call.store, case, changes))


def _named(case_type: case_types.CaseType, word: str) -> str:
    if word not in STATUS_WORDS:
        allowed = ", ".join(STATUS_WORDS)
        raise errors.generic_error(f"invalid status {word}. Must be one of {allowed}")
    if word.lower() in case_type.statuses:  # a group stands for its default (recorded)
        return case_type.statuses[word.lower()][0]
    names = [name for group in case_type.statuses.values() for name in group]
    for name in names:
        if status_word(case_type, name) == word:
            return name
    raise errors.generic_error(f"case type {case_type.name} has no status {word}")


def _assign(call: Call) -> Answer:
    user_id = call.sent(CaseBody[Assignee]).data.attributes["assignee_id"]
    case = addressed(call)
    users.require(call.store, user_id)
    return answer(call.store, changed(call.store, case, {"assignee_id": user_id}))


def _unassign(call: Call) -> Answer:
    call.sent(Document[Typed[Literal["case"]]])
    return _changed(call, {"assignee_id": None})


def _archive(call: Call) -> Answer:
    call.sent(Document[Typed[Literal["case"]]])
    case = addressed(call)
    archived_at = case.archived_at or clock.nanoseconds()
    return answer(call.store, changed(call.store, case, {"archived_at": archived_at}))


def _unarchive(call: Call) -> Answer:
    call.sent(Document[Typed[Literal["case"]]])
    return _changed(call, {"archived_at": None})


def _set_labels(call: Call) -> Answer:
    labels = call.sent(CaseBody[Labels]).data.attributes["attributes"]
    return _changed(call, {"attributes": labels})


def _set_due_date(call: Call) -> Answer:
    due_date = call.sent(CaseBody[DueDate]).data.attributes["due_date"]
    return _changed(call, {"due_date": due_date})


def _set_resolved_reason(call: Call) -> Answer:
    sent = call.sent(CaseBody[ResolvedReason]).data.attributes
    return _changed(call, {"security_resolved_reason": sent["security_resolved_reason"]})


def _set_custom_attribute(call: Call) -> Answer:
    value = call.sent(CaseBody[Value]).data.attributes
    case, key = addressed(call), call.path["key"]
    custom_attributes.checked(call.store, case.type_id, "UpdateCustomAttribute", key, value)
    return _with_custom_attributes(call, case, {**case.custom_attributes, key: value})


def _delete_custom_attribute(call: Call) -> Answer:
    case, key = addressed(call), call.path["key"]
    custom_attributes.configured(call.store, case.type_id, "RemoveCustomAttribute", key)
    left = {name: value for name, value in case.custom_attributes.items() if name != key}
    return _with_custom_attributes(call, case, left)


def _with_custom_attributes(call: Call, case: Case, values: dict[str, Value]) -> Answer:
    # Unlike other writes, this one leaves no `modified_by` (recorded).
    changes: dict[str, object] = {"custom_attributes": values}
    return answer(call.store, changed(call.store, case, changes, signed=False))


def _changed(call: Call, changes: dict[str, object]) -> Answer:
    return answer(call.store, changed(call.store, addressed(call), changes))


_CASE: Final = "/cases/{case_id}"
ENDPOINTS: Final[Endpoints] = {
    ("POST", f"{_CASE}/title"): _set_title,
    ("POST", f"{_CASE}/description"): _set_description,
    ("POST", f"{_CASE}/status"): _set_status,
    ("POST", f"{_CASE}/priority"): _set_priority,
    ("POST", f"{_CASE}/assign"): _assign,
    ("POST", f"{_CASE}/unassign"): _unassign,
    ("POST", f"{_CASE}/archive"): _archive,
    ("POST", f"{_CASE}/unarchive"): _unarchive,
    ("POST", f"{_CASE}/attributes"): _set_labels,
    ("POST", f"{_CASE}/due_date"): _set_due_date,
    ("POST", f"{_CASE}/resolved_reason"): _set_resolved_reason,
    ("POST", f"{_CASE}/custom_attributes/{{key}}"): _set_custom_attribute,
    ("DELETE", f"{_CASE}/custom_attributes/{{key}}"): _delete_custom_attribute,
}
