"""Case types: `/cases/types`."""

import unicodedata
from typing import Annotated, ClassVar, Final, Literal, NotRequired

from pydantic import AfterValidator, BaseModel, TypeAdapter
from typing_extensions import TypedDict

from datadog_cases_sandbox import clock, errors
from datadog_cases_sandbox.bodies import Document, NonEmpty, Resource, ResourceUpdate
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

Statuses = dict[str, tuple[str, ...]]
"""The names of a case type's statuses by group. The first name of a group is its default."""

DEFAULT_STATUSES: Final[Statuses] = {
    "open": ("Open",),
    "in_progress": ("In Progress",),
    "closed": ("Closed",),
}
CHANGE_REQUEST_STATUSES: Final[Statuses] = {
    "open": ("Open",),
    "in_progress": ("Pending Approval", "Approved", "Implementing"),
    "closed": ("Completed", "Cancelled", "Declined"),
}


class StatusOption(BaseModel):
    """A status in a response."""

    name: str


class StatusGroup(BaseModel):
    """A group of statuses in a response."""

    status_options: tuple[StatusOption, ...]
    default: str


STATUSES_CONFIG: Final = TypeAdapter(dict[str, StatusGroup])


class CaseType(Record):
    """A case type.

    Attributes:
        name: The name, which is not unique.
        description: The description, or an empty string.
        emoji: The emoji, or an empty string.
        internal: True for Datadog's built-in types.
        deleted_at: The time of the deletion, or None. Deleted types stay in the store.
        statuses: The statuses. No endpoint sets them.
        case_word: The value of the deprecated attribute `type` on cases of this type.
    """

    resource_type: ClassVar[str] = "case_type"
    name: str
    description: str = ""
    emoji: str = ""
    internal: bool = False
    deleted_at: str | None = None
    statuses: Statuses = DEFAULT_STATUSES
    case_word: str = "TUNKNOWN"

    @classmethod
    def from_response(cls, item: ResourceObject) -> dict[str, object]:
        """The fields of the record. `statuses` is converted, and `case_word` is added.

        Responses have the statuses in another form, as `statuses_config`. They have no `case_word`,
        so it is looked up by the type's id.
        """
        fields: dict[str, object] = {**item.fields()}
        fields["case_word"] = CASE_WORDS.get(item.id, "TUNKNOWN")
        if (config := item.attribute("statuses_config")) is not None:
            fields["statuses"] = {
                name: tuple(
                    dict.fromkeys(
                        [group.default, *(option.name for option in group.status_options)]
                    )
                )
                for name, group in STATUSES_CONFIG.validate_python(config).items()
            }
        return fields


def _built_in(
    number: int, case_word: str, name: str, description: str, statuses: Statuses = DEFAULT_STATUSES
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
        4,
        "CHANGE_REQUEST",
        "Change Request",
        "Request and track approvals",
        statuses=CHANGE_REQUEST_STATUSES,
    ),
    _built_in(5, "ERROR_TRACKING_ISSUE", "Error Tracking", "Triage and investigate errors"),
    # In recorded traffic, no built-in type has the number 6.
    _built_in(
        7,
        "LOGS_OPTIMIZATION",
        "Logs Optimization Insights",
        "Triage and investigate logs optimization insights",
    ),
)

SECURITY: Final = BUILT_IN[2].id

CASE_WORDS: Final = {case_type.id: case_type.case_word for case_type in BUILT_IN}


def _emoji(text: str) -> str:
    """Validates an emoji by the Unicode categories of its characters. An empty text is valid.

    Raises:
        ValueError: The text has a character that no emoji has.
    """
    # These are the categories of symbols, skin tones, variation selectors, joiners and tags. `Cn`
    # is the category of characters that are newer than Python's Unicode tables. Digits, `#` and `*`
    # occur only in keycap emojis, which end in a combining keycap.
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
    """Attributes of a case type, in the body of a POST or PUT."""

    name: NonEmpty
    description: NotRequired[str]
    emoji: NotRequired[Annotated[str, AfterValidator(_emoji)]]


def find(store: Store, case_type_id: str) -> CaseType:
    """The case type with this id. It may be marked as deleted."""
    case_type = store.find(CaseType, case_type_id)
    if case_type is None:
        raise errors.not_found("case_type not found", f"no case type has the id {case_type_id}")
    return case_type


def find_active(store: Store, case_type_id: str) -> CaseType:
    """The case type with this id. Raises an `ApiError` if the type is deleted."""
    case_type = find(store, case_type_id)
    if case_type.deleted_at is not None:
        raise errors.not_found("case_type not found", f"case type {case_type_id} is deleted")
    return case_type


def case_type_uuid(request: ApiRequest) -> str:
    """The case type id in the path."""
    return request.path_uuid("case_type_id", "CaseTypeId")


def _list(request: ApiRequest) -> ApiResponse:
    # Deleted types stay in the list (recorded).
    resources = [_resource(case_type) for case_type in request.store.list(CaseType)]
    return ApiResponse(200, {"data": json_list(resources)})


def _create(request: ApiRequest) -> ApiResponse:
    attributes = request.body(
        Document[Resource[Literal["case_type"], CaseTypeAttributes]]
    ).data.attributes
    case_type = CaseType(**attributes)
    request.store.put(case_type)
    return ApiResponse(201, {"data": _resource(case_type)})


def _update(request: ApiRequest) -> ApiResponse:
    case_type_id = case_type_uuid(request)
    attributes = request.body(
        Document[ResourceUpdate[Literal["case_type"], CaseTypeAttributes]]
    ).data.attributes
    case_type = find_active(request.store, case_type_id)
    _reject_internal(case_type)
    if attributes is not None:
        # A PUT resets omitted attributes (assumed).
        unset = {"description": "", "emoji": ""}
        case_type = case_type.model_copy(update={**unset, **attributes})
        request.store.put(case_type)
    return ApiResponse(200, {"data": _resource(case_type)})


def _delete(request: ApiRequest) -> ApiResponse:
    case_type = find(request.store, case_type_uuid(request))
    _reject_internal(case_type)
    if case_type.deleted_at is None:  # a repeated delete is 204 again (recorded)
        deleted = case_type.model_copy(update={"deleted_at": clock.microseconds()})
        request.store.put(deleted)
    return ApiResponse(204)


def _reject_internal(case_type: CaseType) -> None:
    if case_type.internal:
        raise errors.generic_error(f"case type {case_type.name} is internal")


def _resource(case_type: CaseType) -> JsonObject:
    returned = {"name", "description", "emoji", "internal", "deleted_at"}
    attributes: JsonObject = case_type.model_dump(include=returned)
    attributes["statuses_config"] = {
        group: {"status_options": [{"name": name} for name in names], "default": names[0]}
        for group, names in case_type.statuses.items()
    }
    return json_resource(case_type, attributes)


ENDPOINTS: Final[Endpoints] = {
    ("GET", "/cases/types"): _list,
    ("POST", "/cases/types"): _create,
    ("PUT", "/cases/types/{case_type_id}"): _update,
    ("DELETE", "/cases/types/{case_type_id}"): _delete,
}
