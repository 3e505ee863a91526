"""Request bodies: the envelope they share, and how one is read or refused."""

from typing import Annotated, Final, Generic, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, ValidationError
from pydantic_core import ErrorDetails

from datadog_cases_sandbox import errors

UUID_PATTERN: Final = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"

Uuid = Annotated[str, Field(pattern=UUID_PATTERN), AfterValidator(str.lower)]
"""A UUID of any version: not all of the API's are version 4."""

NonEmpty = Annotated[str, Field(min_length=1)]


class Body(BaseModel):
    """Part of a request: unknown members and other JSON types than the documented are refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


T = TypeVar("T")
A = TypeVar("A")
M = TypeVar("M", bound=BaseModel)


class Reference(Body, Generic[T]):
    """A resource named by type and id."""

    id: Uuid
    type: T


class Relationship(Body, Generic[T]):
    """Another resource, as the value of a relationship; also the whole body of a move."""

    data: Reference[T]


class Typed(Body, Generic[T]):
    """A resource of which only the type is said."""

    type: T


class Resource(Typed[T], Generic[T, A]):
    """A resource and its attributes."""

    attributes: A


class Change(Typed[T], Generic[T, A]):
    """A resource and those of its attributes that are to change, if any."""

    attributes: A | None = None


class Document(Body, Generic[T]):
    """The outermost object of a request."""

    data: T


CaseBody = Document[Resource[Literal["case"], A]]
"""What most writes of a case send: the type, and one or two attributes."""


def decode(model: type[M], raw: bytes) -> M:
    """Reads a request body.

    Raises:
        Refusal: It is not what the endpoint takes. A wrong resource type is told before anything
            else that is wrong (recorded); then the first fault in the order of the members.
    """
    try:
        return model.model_validate_json(raw)
    except ValidationError as invalid:
        faults = invalid.errors(include_url=False)
    for fault in faults:
        # `type` in the envelope or in a relationship; an attribute may be called `type` too.
        if fault["type"] == "literal_error" and "attributes" not in fault["loc"]:
            expected = str(fault["ctx"]["expected"]).strip("'") if "ctx" in fault else ""
            raise errors.wrong_resource_type(_place(fault), str(fault["input"]), expected)
    fault = faults[0]
    reason = f"{_place(fault)}: {fault['msg']}"
    if fault["type"].endswith("_type") and fault["loc"][:2] == ("data", "attributes"):
        attribute = str(fault["loc"][min(2, len(fault["loc"]) - 1)])
        raise errors.undecodable_attribute(attribute, _json_type(fault["input"]), reason)
    raise errors.bad_request(reason)


def _place(fault: ErrorDetails) -> str:
    return ".".join(str(step) for step in fault["loc"]) or "body"


def _json_type(value: JsonValue) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"
