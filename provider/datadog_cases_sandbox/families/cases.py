"""Cases: how one is stored, made, found, changed and answered. `/cases`, `/cases/{case_id}`."""

from collections import defaultdict
from collections.abc import Iterable
from typing import ClassVar, Final, Literal, NotRequired

from pydantic import Field, JsonValue
from typing_extensions import TypedDict

from datadog_cases_sandbox import clock, errors
from datadog_cases_sandbox.answered import Answered
from datadog_cases_sandbox.bodies import Body, Document, NonEmpty, Relationship, Typed, Uuid
from datadog_cases_sandbox.call import Answer, Call, Endpoints, Json, listed, without_nothing
from datadog_cases_sandbox.families import case_types, custom_attributes, projects, tickets, users
from datadog_cases_sandbox.families.case_types import CaseType
from datadog_cases_sandbox.families.custom_attributes import Value
from datadog_cases_sandbox.families.tickets import Ticket
from datadog_cases_sandbox.store import Record, Store

PRIORITIES: Final = ("P1", "P2", "P3", "P4", "P5", "NOT_DEFINED")

STATUS_WORDS: Final = (
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
"""What the deprecated `status` can be, in the order in which the API enumerates it (recorded)."""


PUBLIC_ID: Final = "public_id"
"""The counter of the whole organisation, which has nothing to do with the numbers in keys."""

UNANSWERED: Final = {
    "due_date",
    "security_resolved_reason",
    "incident_ids",
    "notebook_id",
    "linear",
}
"""What is kept of a case but never answered: `/sandbox/objects/{id}` shows it."""


class Insight(TypedDict):
    """What another product knows of a case. New types come by and by, so any is taken."""

    type: NonEmpty
    ref: NonEmpty
    resource_id: NonEmpty


class Case(Record):
    """A case."""

    kind: ClassVar[str] = "case"
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
    def told_by(cls, answered: Answered) -> dict[str, object]:
        """As ever, but what other systems have made is told in another form."""
        return {
            **answered.members(),
            "jira_issue": tickets.restored(answered.attribute("jira_issue")),
            "service_now_ticket": tickets.restored(answered.attribute("service_now_ticket")),
        }

    @property
    def owner(self) -> str:
        """Its project."""
        return self.project_id

    @property
    def alias(self) -> str:
        """A case can be addressed by its key."""
        return self.key


class NewCaseAttributes(TypedDict):
    """Attributes of a new case."""

    title: NonEmpty
    type_id: Uuid
    description: NotRequired[str]
    priority: NotRequired[str]
    status_name: NotRequired[str]
    custom_attributes: NotRequired[dict[str, Value]]


class NewCaseRelationships(Body):
    """Where a new case goes, and to whom."""

    project: Relationship[Literal["project"]]
    assignee: Relationship[Literal["user"]] | None = None


class NewCase(Typed[Literal["case"]]):
    """A new case."""

    attributes: NewCaseAttributes
    relationships: NewCaseRelationships


def addressed(call: Call) -> Case:
    """The case in the path, by its UUID or its key."""
    return find(call.store, call.path["case_id"])


def find(store: Store, name: str) -> Case:
    """The case with this UUID or key."""
    case = store.find(Case, name.lower()) or store.find(Case, name)
    if case is None:
        raise errors.not_found("case not found", f"no case has the id or key {name}")
    return case


def changed(store: Store, case: Case, changes: dict[str, object], *, signed: bool = True) -> Case:
    """Writes changes to a case; where they change nothing, the case stays untouched (recorded).

    Args:
        store: Where it is kept.
        case: The case as it was.
        changes: New values by name.
        signed: Whether the write is also noted as `modified_by`, as nearly all are.
    """
    if case.model_copy(update=changes) == case:
        return case
    stamp = {"modified_at": clock.microseconds()}
    if signed:
        stamp["modified_by"] = users.CURRENT_USER
    case = case.model_copy(update={**changes, **stamp})
    store.put(case)
    return case


def answer(store: Store, case: Case, status: int = 200) -> Answer:
    """A case and, included, the people it names."""
    return Answer(status, {"data": resource(store, case), "included": included(store, [case])})


def checked_priority(priority: str) -> str:
    """The priority, if it is one."""
    if priority not in PRIORITIES:
        allowed = ", ".join(PRIORITIES)
        raise errors.generic_error(f"invalid priority {priority}. Must be one of {allowed}")
    return priority


def checked_status_name(case_type: CaseType, status_name: str) -> str:
    """The status name, if it is one of the case type's."""
    allowed = [name for names in case_type.statuses.values() for name in names]
    if status_name not in allowed:
        raise errors.generic_error(
            f"invalid status_name {status_name}. Must be one of {', '.join(allowed)}"
        )
    return status_name


def group_of(case_type: CaseType, status_name: str) -> str:
    """The group a status is in: `open`, `in_progress` or `closed`."""
    return next(group for group, names in case_type.statuses.items() if status_name in names)


def status_word(case_type: CaseType, status_name: str) -> str:
    """The deprecated `status` of a case: its status in capitals if the API knows that word."""
    word = status_name.upper().replace(" ", "_")
    return word if word in STATUS_WORDS else group_of(case_type, status_name).upper()


def next_key(store: Store, project: projects.Project) -> str:
    """The key of a case that comes into a project: `<PROJECT_KEY>-<n>`, from 1."""
    return f"{project.key}-{store.next(_counter(project.id))}"


def counters(cases: Iterable[Case]) -> dict[str, int]:
    """How far the counters have come that have given these cases their numbers.

    Raises:
        ValueError: A key or a `public_id` does not end in a number.
    """
    reached = defaultdict[str, int](int)
    for case in cases:
        for counter, number in (
            (_counter(case.project_id), case.key.rpartition("-")[2]),
            (PUBLIC_ID, case.public_id),
        ):
            reached[counter] = max(reached[counter], int(number))
    return reached


def _counter(project_id: str) -> str:
    return f"case in project {project_id}"


def resource(store: Store, case: Case, **more_attributes: JsonValue) -> Json:
    """A case as the API answers it, with the attributes that no page mentions."""
    case_type = case_types.find(store, case.type_id)
    hidden = {"id", "project_id", "assignee_id", "created_by", "modified_by"}
    made_elsewhere = {"jira_issue", "service_now_ticket"}
    stored: Json = case.model_dump(exclude=hidden | made_elsewhere | UNANSWERED)
    relationships: Json = {"project": {"data": {"id": case.project_id, "type": "project"}}}
    for role, user_id in _people(case).items():
        relationships[role] = {"data": {"id": user_id, "type": "user"}}
    return {
        "id": case.id,
        "type": Case.kind,
        "attributes": without_nothing(
            **stored,
            **more_attributes,
            internal_id=case.id,
            jira_issue=tickets.answered(case.jira_issue),
            service_now_ticket=tickets.answered(case.service_now_ticket),
            status=status_word(case_type, case.status_name),
            status_group=f"SG_{group_of(case_type, case.status_name).upper()}",
            type=case_type.case_word,
        ),
        "relationships": relationships,
    }


def included(store: Store, cases: list[Case]) -> JsonValue:
    """The distinct users that cases refer to; of one case first its creator, then its assignee."""
    ids = dict.fromkeys(user_id for case in cases for user_id in _people(case).values())
    return listed(
        [
            {"id": user_id, "type": "user", "attributes": users.in_case(store, user_id)}
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


def _create(call: Call) -> Answer:
    sent = call.sent(Document[NewCase]).data
    attributes, relationships = sent.attributes, sent.relationships
    # A missing project is told before a missing assignee (recorded).
    project = projects.find(call.store, relationships.project.data.id)
    case_type = case_types.find_live(call.store, attributes["type_id"])
    assignee = relationships.assignee
    if assignee is not None:
        users.require(call.store, assignee.data.id)
    checked_priority(attributes.get("priority", "NOT_DEFINED"))
    status_name = attributes.get("status_name", case_type.statuses["open"][0])
    group = group_of(case_type, checked_status_name(case_type, status_name))
    for key, value in attributes.get("custom_attributes", {}).items():
        custom_attributes.checked(call.store, case_type.id, "UpdateCustomAttribute", key, value)
    now = clock.microseconds()
    case = Case.model_validate(
        {
            **attributes,
            "key": next_key(call.store, project),
            "public_id": str(call.store.next(PUBLIC_ID)),
            "project_id": project.id,
            "status_name": status_name,
            "assignee_id": assignee and assignee.data.id,
            "created_at": now,
            "created_by": users.CURRENT_USER,
            "closed_at": now if group == "closed" else None,
        }
    )
    call.store.put(case)
    return answer(call.store, case, 201)


def _get(call: Call) -> Answer:
    return answer(call.store, addressed(call))


ENDPOINTS: Final[Endpoints] = {
    ("POST", "/cases"): _create,
    ("GET", "/cases/{case_id}"): _get,
}
