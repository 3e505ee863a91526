"""Models of the common parts of request bodies, and the parsing of request bodies."""

from collections.abc import Iterable
from typing import Annotated, Final, Generic, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetPydanticSchema,
    JsonValue,
    ValidationError,
)
from pydantic_core import ErrorDetails, core_schema

from datadog_cases_sandbox import errors

UUID_PATTERN: Final = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"

Uuid = Annotated[str, Field(pattern=UUID_PATTERN), AfterValidator(str.lower)]
"""A UUID of any version, because some of the API's UUIDs are not version 4."""

NonEmpty = Annotated[str, Field(min_length=1)]


def one_of(names: Iterable[str]) -> GetPydanticSchema:
    """A type annotation that accepts only these names, with the same errors as `Literal[...]`."""
    schema = core_schema.literal_schema([*names])
    return GetPydanticSchema(lambda _type, _handler: schema)


class Body(BaseModel):
    """Part of a request body. Unknown members and undocumented JSON types are rejected."""

    model_config = ConfigDict(extra="forbid", strict=True)


T = TypeVar("T")
A = TypeVar("A")
M = TypeVar("M", bound=BaseModel)


class Reference(Body, Generic[T]):
    """A reference to a resource by type and id."""

    id: Uuid
    type: T


class Relationship(Body, Generic[T]):
    """A relationship to a resource. The whole body of some requests is one relationship."""

    data: Reference[T]


class Typed(Body, Generic[T]):
    """A resource with only its type."""

    type: T


class Resource(Typed[T], Generic[T, A]):
    """A resource with its attributes."""

    attributes: A


class ResourceUpdate(Typed[T], Generic[T, A]):
    """A resource with the attributes to change, if any."""

    attributes: A | None = None


class Document(Body, Generic[T]):
    """The outermost object of a request body."""

    data: T


CaseBody = Document[Resource[Literal["case"], A]]
"""The body of most requests that update a case. It has the type, and one or two attributes."""


def decode(model: type[M], raw: bytes) -> M:
    """Parses a request body.

    Raises:
        ApiError: The body does not fit the model. A wrong resource type is reported before any
            other problem (recorded). Other problems are reported in the order of the members.
    """
    try:
        return model.model_validate_json(raw)
    except ValidationError as invalid:
        problems = invalid.errors(include_url=False)
    for problem in problems:
        # Outside of `attributes`, a wrong literal is a resource type. Within `attributes`, a wrong
        # literal is the value of an attribute, which may also be called `type`.
        if problem["type"] == "literal_error" and "attributes" not in problem["loc"]:
            expected = str(problem["ctx"]["expected"]).strip("'") if "ctx" in problem else ""
            raise errors.wrong_resource_type(_path(problem), str(problem["input"]), expected)
    problem = problems[0]
    reason = f"{_path(problem)}: {problem['msg']}"
    if problem["type"].endswith("_type") and problem["loc"][:2] == ("data", "attributes"):
        attribute = str(problem["loc"][min(2, len(problem["loc"]) - 1)])
        raise errors.undecodable_attribute(attribute, _json_type(problem["input"]), reason)
    raise errors.bad_request(reason)


def _path(problem: ErrorDetails) -> str:
    return ".".join(str(step) for step in problem["loc"]) or "body"


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
