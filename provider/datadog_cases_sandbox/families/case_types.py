"""Case types: `/cases/types`."""

import unicodedata
from typing import Annotated, ClassVar, Final, Literal, NotRequired

from pydantic import AfterValidator, BaseModel, TypeAdapter
from typing_extensions import TypedDict

from datadog_cases_sandbox import clock, errors
from datadog_cases_sandbox.answered import Answered
from datadog_cases_sandbox.bodies import Change, Document, NonEmpty, Resource
from datadog_cases_sandbox.call import Answer, Call, Endpoints, Json, listed, without_nothing
from datadog_cases_sandbox.store import Record, Store

Statuses = dict[str, tuple[str, ...]]
"""The names of a case's statuses by group, in each the default first."""

TRIO: Final[Statuses] = {
    "open": ("Open",),
    "in_progress": ("In Progress",),
    "closed": ("Closed",),
}
APPROVALS: Final[Statuses] = {
    "open": ("Open",),
    "in_progress": ("Pending Approval", "Approved", "Implementing"),
    "closed": ("Completed", "Cancelled", "Declined"),
}


class StatusOption(BaseModel):
    """A status, as answered."""

    name: str


class StatusGroup(BaseModel):
    """The statuses of a group, as answered."""

    status_options: tuple[StatusOption, ...]
    default: str


STATUSES_CONFIG: Final = TypeAdapter(dict[str, StatusGroup])


class CaseType(Record):
    """A case type.

    Attributes:
        name: Not unique.
        description: Empty if there is none.
        emoji: Empty if there is none.
        internal: True for Datadog's own.
        deleted_at: Set on the deleted, which stay.
        statuses: There is no way to set them.
        case_word: The deprecated attribute `type` of its cases.
    """

    kind: ClassVar[str] = "case_type"
    name: str
    description: str = ""
    emoji: str = ""
    internal: bool = False
    deleted_at: str | None = None
    statuses: Statuses = TRIO
    case_word: str = "TUNKNOWN"

    @classmethod
    def told_by(cls, answered: Answered) -> dict[str, object]:
        """As ever, but statuses are told in another form, and the word by cases alone."""
        told: dict[str, object] = {**answered.members()}
        told["case_word"] = WORDS.get(answered.id, "TUNKNOWN")
        if (config := answered.attribute("statuses_config")) is not None:
            told["statuses"] = {
                group: tuple(
                    dict.fromkeys([one.default, *(each.name for each in one.status_options)])
                )
                for group, one in STATUSES_CONFIG.validate_python(config).items()
            }
        return told


def _built_in(
    number: int, case_word: str, name: str, description: str, statuses: Statuses = TRIO
) -> CaseType:
    return CaseType(
        id=f"00000000-0000-0000-0000-{number:012d}",
        name=name,
        description=description,
        internal=True,
        statuses=statuses,
        case_word=case_word,
    )


BUILT_IN: Final = (
    _built_in(1, "STANDARD", "Standard", "General tasks and investigations"),
    _built_in(
        2,
        "EVENT_MANAGEMENT",
        "Event Management",
        "Triage and investigate correlated alerts and events",
    ),
    _built_in(
        3,
        "SECURITY",
        "Security",
        "Used By Datadog Security products and for general security workflows",
    ),
    _built_in(
        4, "CHANGE_REQUEST", "Change Request", "Request and track approvals", statuses=APPROVALS
    ),
    _built_in(5, "ERROR_TRACKING_ISSUE", "Error Tracking", "Triage and investigate errors"),
    # There is no number 6 (recorded).
    _built_in(
        7,
        "LOGS_OPTIMIZATION",
        "Logs Optimization Insights",
        "Triage and investigate logs optimization insights",
    ),
)

WORDS: Final = {one.id: one.case_word for one in BUILT_IN}


def _emoji(text: str) -> str:
    """Accepts emoji, judged by the category of their characters, and the empty text.

    Raises:
        ValueError: The text has a character that no emoji has.
    """
    # Symbols, skin tones, variation selectors, joiners and tags, and what is younger than Python's
    # tables; digits only as keycaps.
    parts = {"So", "Sk", "Mn", "Me", "Cf", "Cn"}
    keycap = "\N{COMBINING ENCLOSING KEYCAP}" in text
    if any(
        unicodedata.category(character) not in parts
        and not (keycap and character in "0123456789#*")
        for character in text
    ):
        raise ValueError("not an emoji")
    return text


class CaseTypeAttributes(TypedDict):
    """Attributes of a case type, the same on create and on update."""

    name: NonEmpty
    description: NotRequired[str]
    emoji: NotRequired[Annotated[str, AfterValidator(_emoji)]]


def find(store: Store, case_type_id: str) -> CaseType:
    """The case type with this id, which may be a deleted one."""
    case_type = store.find(CaseType, case_type_id)
    if case_type is None:
        raise errors.not_found("case_type not found", f"no case type has the id {case_type_id}")
    return case_type


def find_live(store: Store, case_type_id: str) -> CaseType:
    """The case type with this id, unless it has been deleted."""
    case_type = find(store, case_type_id)
    if case_type.deleted_at is not None:
        raise errors.not_found("case_type not found", f"case type {case_type_id} is deleted")
    return case_type


def case_type_uuid(call: Call) -> str:
    """The case type id in the path."""
    return call.uuid("case_type_id", "CaseTypeId")


def _list(call: Call) -> Answer:
    # The deleted are listed for ever (recorded).
    resources = [_resource(case_type) for case_type in call.store.list(CaseType)]
    return Answer(200, {"data": listed(resources)})


def _create(call: Call) -> Answer:
    sent = call.sent(Document[Resource[Literal["case_type"], CaseTypeAttributes]]).data
    case_type = CaseType(**sent.attributes)
    call.store.put(case_type)
    return Answer(201, {"data": _resource(case_type)})


def _update(call: Call) -> Answer:
    case_type_id = case_type_uuid(call)
    sent = call.sent(Document[Change[Literal["case_type"], CaseTypeAttributes]]).data.attributes
    case_type = find_live(call.store, case_type_id)
    _refuse_internal(case_type)
    if sent is not None:
        # What a PUT leaves out is reset (assumed).
        unset = {"description": "", "emoji": ""}
        case_type = case_type.model_copy(update={**unset, **sent})
        call.store.put(case_type)
    return Answer(200, {"data": _resource(case_type)})


def _delete(call: Call) -> Answer:
    case_type = find(call.store, case_type_uuid(call))
    _refuse_internal(case_type)
    if case_type.deleted_at is None:  # a repeated delete is 204 again (recorded)
        deleted = case_type.model_copy(update={"deleted_at": clock.microseconds()})
        call.store.put(deleted)
    return Answer(204)


def _refuse_internal(case_type: CaseType) -> None:
    if case_type.internal:
        raise errors.generic_error(f"case type {case_type.name} is internal")


def _resource(case_type: CaseType) -> Json:
    told = {"name", "description", "emoji", "internal", "deleted_at"}
    attributes = without_nothing(**case_type.model_dump(include=told))
    attributes["statuses_config"] = {
        group: {"status_options": [{"name": name} for name in names], "default": names[0]}
        for group, names in case_type.statuses.items()
    }
    return {"id": case_type.id, "type": CaseType.kind, "attributes": attributes}


ENDPOINTS: Final[Endpoints] = {
    ("GET", "/cases/types"): _list,
    ("POST", "/cases/types"): _create,
    ("PUT", "/cases/types/{case_type_id}"): _update,
    ("DELETE", "/cases/types/{case_type_id}"): _delete,
}
