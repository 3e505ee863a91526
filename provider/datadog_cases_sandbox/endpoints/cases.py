"""Cases: `/cases`, `/cases/{case_id}`, and helpers for the other endpoints of cases."""

from collections import defaultdict
from collections.abc import Iterable
from typing import ClassVar, Final, Literal, NotRequired

from pydantic import Field, JsonValue
from typing_extensions import TypedDict

from datadog_cases_sandbox import clock, errors
from datadog_cases_sandbox.bodies import Body, Document, NonEmpty, Relationship, Typed, Uuid
from datadog_cases_sandbox.endpoints import case_types, custom_attributes, projects, tickets, users
from datadog_cases_sandbox.endpoints.case_types import CaseType
from datadog_cases_sandbox.endpoints.custom_attributes import Value
from datadog_cases_sandbox.endpoints.tickets import Ticket
from datadog_cases_sandbox.handler import (
    ApiRequest,
    ApiResponse,
    Endpoints,
    JsonObject,
    json_list,
    json_resource,
)
from datadog_cases_sandbox.resource_object import ResourceObject
from datadog_cases_sandbox.store import Record, Store

PRIORITIES: Final = ("P1", "P2", "P3", "P4", "P5", "NOT_DEFINED")

LEGACY_STATUSES: Final = (
    "NOT_STARTED",
    "IN_PROGRESS",
    "CLOSED",
    "ACKNOWLEDGED",
    "TRIGGERED",
    "PENDING_APPROVAL",
    "COMPLETED",
    "CANCELLED",
    "DECLINED",
    "SUNKNOWN",
    "OPEN",
    "RESOLVED",
    "APPROVED",
    "IMPLEMENTING",
)
"""The values of the deprecated `status`, in the API's order (recorded)."""


PUBLIC_ID: Final = "public_id"
"""The name of the counter of `public_id`. It counts the cases of the whole organisation."""

HIDDEN_FIELDS: Final = {
    "due_date",
    "security_resolved_reason",
    "incident_ids",
    "notebook_id",
    "linear",
}
"""Stored fields that the API never returns. Only `/sandbox/objects/{id}` returns them."""


class Insight(TypedDict):
    """An insight of another Datadog product.

    Any type is accepted, because Datadog adds new types.
    """

    type: NonEmpty
    ref: NonEmpty
    resource_id: NonEmpty


class Case(Record):
    """A case."""

    resource_type: ClassVar[str] = "case"
    key: str
    public_id: str
    project_id: str
    type_id: str
    title: str
    description: str = ""
    priority: str = "NOT_DEFINED"
    status_name: str
    attributes: dict[str, list[str]] = Field(default_factory=dict)
    custom_attributes: dict[str, Value] = Field(default_factory=dict)
    assignee_id: str | None = None
    due_date: str | None = None
    security_resolved_reason: str | None = None
    insights: list[Insight] = Field(default_factory=list)
    jira_issue: Ticket | None = None
    service_now_ticket: Ticket | None = None
    incident_ids: list[str] = Field(default_factory=list)
    notebook_id: str | None = None
    linear: dict[str, str] | None = None
    creation_source: str = "MANUAL"
    merge_status: str = "NOT_MERGED"
    comment_count: int = 0
    created_at: str
    created_by: str
    modified_at: str | None = None
    modified_by: str | None = None
    closed_at: str | None = None
    archived_at: str | None = None

    @classmethod
    def from_response(cls, item: ResourceObject) -> dict[str, object]:
        """The fields of the record. Jira issues and ServiceNow tickets become `Ticket` objects."""
        return {
            **item.fields(),
            "jira_issue": tickets.from_attribute(item.attribute("jira_issue")),
            "service_now_ticket": tickets.from_attribute(item.attribute("service_now_ticket")),
        }

    @property
    def owner(self) -> str:
        """The case's project."""
        return self.project_id

    @property
    def alias(self) -> str:
        """The case's key."""
        return self.key


class NewCaseAttributes(TypedDict):
    """Attributes of a new case."""

    title: NonEmpty
    type_id: NotRequired[Uuid]
    type: NotRequired[Literal["STANDARD"]]
    description: NotRequired[str]
    priority: NotRequired[str]
    status_name: NotRequired[str]
    custom_attributes: NotRequired[dict[str, Value]]


class NewCaseRelationships(Body):
    """The project and the assignee of a new case."""

    project: Relationship[Literal["project"]]
    assignee: Relationship[Literal["user"]] | None = None


class NewCase(Typed[Literal["case"]]):
    """A new case."""

    attributes: NewCaseAttributes
    relationships: NewCaseRelationships


def from_path(request: ApiRequest) -> Case:
    """The case in the path, by its UUID or its key."""
    return find(request.store, request.path_params["case_id"])


def find(store: Store, name: str) -> Case:
    """The case with this UUID or key."""
    case = store.find(Case, name.lower()) or store.find(Case, name)
    if case is None:
        raise errors.not_found("case not found", f"no case has the id or key {name}")
    return case


def update_case(
    store: Store, case: Case, changes: dict[str, object], *, set_modified_by: bool = True
) -> Case:
    """Updates a case. If no value changes, the case is not written (recorded).

    Args:
        store: The store.
        case: The case before the update.
        changes: The new values by field.
        set_modified_by: Whether the update sets `modified_by`, as most updates do.
    """
    if case.model_copy(update=changes) == case:
        return case
    stamp = {"modified_at": clock.nanoseconds()}
    if set_modified_by:
        stamp["modified_by"] = users.CURRENT_USER
    case = case.model_copy(update={**changes, **stamp})
    store.put(case)
    return case


def require_resolved_reason(case_type: case_types.CaseType, reason: str | None) -> None:
    """Raises an `ApiError` if a case of this type cannot be closed with this reason."""
    if case_type.id == case_types.SECURITY and not reason:
        raise errors.generic_error("security_resolved_reason is required to close a security case")


def case_response(store: Store, case: Case, status: int = 200) -> ApiResponse:
    """A response with a case. `included` has the users to whom the case refers."""
    return ApiResponse(status, {"data": resource(store, case), "included": included(store, [case])})


def validate_priority(priority: str) -> str:
    """Returns the priority. Raises an `ApiError` if the priority is invalid."""
    if priority not in PRIORITIES:
        allowed = ", ".join(PRIORITIES)
        raise errors.generic_error(f"invalid priority {priority}. Must be one of {allowed}")
    return priority


def validate_status_name(case_type: CaseType, status_name: str) -> str:
    """Returns the status name. Raises an `ApiError` if the case type lacks this status."""
    allowed = [name for names in case_type.statuses.values() for name in names]
    if status_name not in allowed:
        raise errors.generic_error(
            f"invalid status_name {status_name}. Must be one of {', '.join(allowed)}"
        )
    return status_name


def status_group(case_type: CaseType, status_name: str) -> str:
    """The group of a status: `open`, `in_progress` or `closed`."""
    return next(group for group, names in case_type.statuses.items() if status_name in names)


def legacy_status(case_type: CaseType, status_name: str) -> str:
    """The value of the deprecated attribute `status`.

    This is the name of the status in capitals, such as `IN_PROGRESS`, if `LEGACY_STATUSES` contains
    that name. Otherwise, it is the name of the status's group in capitals.
    """
    word = status_name.upper().replace(" ", "_")
    return word if word in LEGACY_STATUSES else status_group(case_type, status_name).upper()


def next_key(store: Store, project: projects.Project) -> str:
    """The next key of a project: `<PROJECT_KEY>-<n>`. The first number is 1."""
    return f"{project.key}-{store.next(_counter(project.id))}"


def counters(cases: Iterable[Case]) -> dict[str, int]:
    """The current values of the counters for new keys and `public_id`s, derived from these cases.

    Raises:
        ValueError: A key or a `public_id` does not end in a number.
    """
    counts = defaultdict[str, int](int)
    for case in cases:
        for counter, number in (
            (_counter(case.project_id), case.key.rpartition("-")[2]),
            (PUBLIC_ID, case.public_id),
        ):
            counts[counter] = max(counts[counter], int(number))
    return counts


def _counter(project_id: str) -> str:
    return f"case in project {project_id}"


def resource(store: Store, case: Case, **more_attributes: JsonValue) -> JsonObject:
    """A case as the API returns it, including undocumented attributes."""
    case_type = case_types.find(store, case.type_id)
    hidden = {"id", "project_id", "assignee_id", "created_by", "modified_by"}
    external = {"jira_issue", "service_now_ticket"}
    stored: JsonObject = case.model_dump(exclude=hidden | external | HIDDEN_FIELDS)
    # Only searches return the nanoseconds of these attributes (recorded).
    times = {"modified_at": case.modified_at, "closed_at": case.closed_at}
    attributes: JsonObject = {
        **stored,
        **{name: at and clock.rounded(at) for name, at in times.items()},
        **more_attributes,
        "internal_id": case.id,
        "jira_issue": tickets.to_attribute(case.jira_issue),
        "service_now_ticket": tickets.to_attribute(case.service_now_ticket),
        "status": legacy_status(case_type, case.status_name),
        "status_group": f"SG_{status_group(case_type, case.status_name).upper()}",
        "type": case_type.case_word,
    }
    people = {role: (user_id, "user") for role, user_id in _people(case).items()}
    return json_resource(case, attributes, {"project": (case.project_id, "project"), **people})


def included(store: Store, cases: list[Case]) -> JsonValue:
    """The creators, assignees and last editors of cases, as API resources without duplicates."""
    ids = dict.fromkeys(user_id for case in cases for user_id in _people(case).values())
    return json_list(
        [
            {"id": user_id, "type": "user", "attributes": users.included_attributes(store, user_id)}
            for user_id in ids
        ]
    )


def _people(case: Case) -> dict[str, str]:
    roles = {
        "created_by": case.created_by,
        "assignee": case.assignee_id,
        "modified_by": case.modified_by,
    }
    return {role: user_id for role, user_id in roles.items() if user_id is not None}


def _create(request: ApiRequest) -> ApiResponse:
    data = request.body(Document[NewCase]).data
    attributes, relationships = data.attributes, data.relationships
    # Until August 2025, the API accepted the deprecated `type` in place of `type_id` (recorded).
    standard = case_types.BUILT_IN[0].id if attributes.pop("type", None) else ""
    type_id = attributes.setdefault("type_id", standard)
    if not type_id:
        raise errors.bad_request("data.attributes.type_id: required")
    # A missing project is reported before a missing assignee (recorded).
    project = projects.find(request.store, relationships.project.data.id)
    case_type = case_types.find_active(request.store, type_id)
    assignee = relationships.assignee
    if assignee is not None:
        users.require(request.store, assignee.data.id)
    validate_priority(attributes.get("priority", "NOT_DEFINED"))
    status_name = attributes.get("status_name", case_type.statuses["open"][0])
    group = status_group(case_type, validate_status_name(case_type, status_name))
    if group == "closed":
        require_resolved_reason(case_type, None)
    for key, value in attributes.get("custom_attributes", {}).items():
        custom_attributes.validate_value(
            request.store, case_type.id, "UpdateCustomAttribute", key, value
        )
    now = clock.microseconds()
    case = Case.model_validate(
        {
            **attributes,
            "key": next_key(request.store, project),
            "public_id": str(request.store.next(PUBLIC_ID)),
            "project_id": project.id,
            "status_name": status_name,
            "assignee_id": assignee and assignee.data.id,
            "created_at": now,
            "created_by": users.CURRENT_USER,
            "closed_at": clock.nanoseconds() if group == "closed" else None,
        }
    )
    request.store.put(case)
    return case_response(request.store, case, 201)


def _get(request: ApiRequest) -> ApiResponse:
    return case_response(request.store, from_path(request))


ENDPOINTS: Final[Endpoints] = {
    ("POST", "/cases"): _create,
    ("GET", "/cases/{case_id}"): _get,
}
