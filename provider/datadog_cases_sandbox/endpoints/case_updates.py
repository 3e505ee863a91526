"""Updates of a case, below `/cases/{case_id}`. Each field has its own endpoint."""

from datetime import date
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field
from typing_extensions import TypedDict

from datadog_cases_sandbox import clock, errors
from datadog_cases_sandbox.bodies import CaseBody, Document, NonEmpty, Typed, Uuid
from datadog_cases_sandbox.endpoints import case_types, custom_attributes, users
from datadog_cases_sandbox.endpoints.cases import (
    LEGACY_STATUSES,
    Case,
    case_response,
    from_path,
    legacy_status,
    require_resolved_reason,
    status_group,
    update_case,
    validate_priority,
    validate_status_name,
)
from datadog_cases_sandbox.endpoints.custom_attributes import Value
from datadog_cases_sandbox.handler import ApiRequest, ApiResponse, Endpoints


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
    """A priority. The function `validate_priority` checks its value."""

    priority: str


class Status(TypedDict, total=False):
    """A status, given as `status_name` or as the deprecated `status`. One of them is required."""

    status_name: str
    status: str


class Assignee(TypedDict):
    """The user to whom a case is assigned."""

    assignee_id: Uuid


class Labels(TypedDict):
    """All labels of a case."""

    attributes: dict[str, list[str]]


class DueDate(TypedDict):
    """A due date; null clears it."""

    due_date: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$"), AfterValidator(_day)] | None


class ResolvedReason(TypedDict):
    """The reason why a security case was resolved. Any text is accepted."""

    security_resolved_reason: str


def _set_title(request: ApiRequest) -> ApiResponse:
    title = request.body(CaseBody[Title]).data.attributes["title"]
    return _changed(request, from_path(request), {"title": title})


def _set_description(request: ApiRequest) -> ApiResponse:
    description = request.body(CaseBody[Description]).data.attributes["description"]
    return _changed(request, from_path(request), {"description": description})


def _set_priority(request: ApiRequest) -> ApiResponse:
    priority = request.body(CaseBody[Priority]).data.attributes["priority"]
    case = from_path(request)
    return _changed(request, case, {"priority": validate_priority(priority)})


def _set_status(request: ApiRequest) -> ApiResponse:
    attributes = request.body(CaseBody[Status]).data.attributes
    if not attributes:
        raise errors.bad_request("data.attributes: neither status_name nor status")
    case = from_path(request)
    case_type = case_types.find(request.store, case.type_id)
    if "status_name" in attributes:  # `status_name` takes precedence (assumed)
        name = validate_status_name(case_type, attributes["status_name"])
    else:
        name = _by_legacy_status(case_type, attributes.get("status", ""))
    closed = status_group(case_type, name) == "closed"
    if closed:
        require_resolved_reason(case_type, case.security_resolved_reason)
    closed_at = (case.closed_at or clock.nanoseconds()) if closed else None
    return _changed(request, case, {"status_name": name, "closed_at": closed_at})


def _by_legacy_status(case_type: case_types.CaseType, word: str) -> str:
    if word not in LEGACY_STATUSES:
        allowed = ", ".join(LEGACY_STATUSES)
        raise errors.generic_error(f"invalid status {word}. Must be one of {allowed}")
    if word.lower() in case_type.statuses:
        # If the request contains the name of a group of statuses, the API sets the group's default
        # status, which is its first (recorded).
        return case_type.statuses[word.lower()][0]
    names = [name for group in case_type.statuses.values() for name in group]
    for name in names:
        if legacy_status(case_type, name) == word:
            return name
    raise errors.generic_error(f"case type {case_type.name} has no status {word}")


def _assign(request: ApiRequest) -> ApiResponse:
    user_id = request.body(CaseBody[Assignee]).data.attributes["assignee_id"]
    case = from_path(request)
    users.require(request.store, user_id)
    return _changed(request, case, {"assignee_id": user_id})


def _unassign(request: ApiRequest) -> ApiResponse:
    request.body(Document[Typed[Literal["case"]]])
    return _changed(request, from_path(request), {"assignee_id": None})


def _archive(request: ApiRequest) -> ApiResponse:
    request.body(Document[Typed[Literal["case"]]])
    case = from_path(request)
    return _changed(request, case, {"archived_at": case.archived_at or clock.nanoseconds()})


def _unarchive(request: ApiRequest) -> ApiResponse:
    request.body(Document[Typed[Literal["case"]]])
    return _changed(request, from_path(request), {"archived_at": None})


def _set_labels(request: ApiRequest) -> ApiResponse:
    labels = request.body(CaseBody[Labels]).data.attributes["attributes"]
    return _changed(request, from_path(request), {"attributes": labels})


def _set_due_date(request: ApiRequest) -> ApiResponse:
    due_date = request.body(CaseBody[DueDate]).data.attributes["due_date"]
    return _changed(request, from_path(request), {"due_date": due_date})


def _set_resolved_reason(request: ApiRequest) -> ApiResponse:
    attributes = request.body(CaseBody[ResolvedReason]).data.attributes
    return _changed(
        request,
        from_path(request),
        {"security_resolved_reason": attributes["security_resolved_reason"]},
    )


def _set_custom_attribute(request: ApiRequest) -> ApiResponse:
    value = request.body(CaseBody[Value]).data.attributes
    case, key = from_path(request), request.path_params["key"]
    custom_attributes.validate_value(
        request.store, case.type_id, "UpdateCustomAttribute", key, value
    )
    return _with_custom_attributes(request, case, {**case.custom_attributes, key: value})


def _delete_custom_attribute(request: ApiRequest) -> ApiResponse:
    case, key = from_path(request), request.path_params["key"]
    custom_attributes.find_definition(request.store, case.type_id, "RemoveCustomAttribute", key)
    remaining = {name: value for name, value in case.custom_attributes.items() if name != key}
    return _with_custom_attributes(request, case, remaining)


def _with_custom_attributes(
    request: ApiRequest, case: Case, values: dict[str, Value]
) -> ApiResponse:
    # Unlike other updates, an update of custom attributes does not set `modified_by` (recorded).
    return _changed(request, case, {"custom_attributes": values}, set_modified_by=False)


def _changed(
    request: ApiRequest, case: Case, changes: dict[str, object], *, set_modified_by: bool = True
) -> ApiResponse:
    changed = update_case(request.store, case, changes, set_modified_by=set_modified_by)
    return case_response(request.store, changed)


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
