"""The requests and responses of endpoint handlers, and helpers for parameters and JSON."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar

from pydantic import BaseModel, JsonValue

from datadog_cases_sandbox import errors
from datadog_cases_sandbox.bodies import UUID_PATTERN, decode
from datadog_cases_sandbox.store import Record, Store

JsonObject: TypeAlias = dict[str, JsonValue]

JSON_API: Final = "application/vnd.api+json"
PLAIN_JSON: Final = "application/json"

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """A response of the API: a status, and the body if there is one."""

    status: int
    body: JsonValue = None
    media_type: str = JSON_API


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """An authenticated request to one endpoint.

    Attributes:
        store: The sandbox's objects.
        method: The HTTP method.
        route: The path below `/api/v2`, with the names of its parameters, as in `/cases/{case_id}`.
        path_params: The path's parameters by name.
        query_params: The query's parameters by name. Brackets are part of the name (`page[size]`).
        raw_body: The body's bytes.
        async_delay: Seconds that the creation of a Jira issue or a ServiceNow ticket takes.
    """

    store: Store
    method: str
    route: str
    path_params: Mapping[str, str]
    query_params: Mapping[str, str]
    raw_body: bytes
    async_delay: float

    @property
    def path(self) -> str:
        """The path below `/api/v2`, with the values of its parameters, as in `/cases/SEC-12`."""
        return self.route.format_map(self.path_params)

    def body(self, model: type[M]) -> M:
        """The body as `model`.

        Raises:
            ApiError: The body does not fit the model.
        """
        return decode(model, self.raw_body)

    def path_uuid(self, parameter: str, name_in_errors: str) -> str:
        """A path parameter that must be a UUID.

        Args:
            parameter: The parameter's name in the route.
            name_in_errors: The parameter's name in the API's error message.
        """
        return _uuid(name_in_errors, "path", self.path_params[parameter])

    def query_uuid(self, parameter: str) -> str:
        """A required query parameter that must be a UUID."""
        return _uuid(parameter, "query", self.query_params.get(parameter, ""))

    def integer(self, parameter: str, default: int, lowest: int, highest: int) -> int:
        """A query parameter that must be an integer in a range."""
        text = self.query_params.get(parameter, str(default))
        if re.fullmatch(r"\d{1,9}", text) is None or not lowest <= int(text) <= highest:
            expected = f"integer from {lowest} to {highest}"
            raise errors.invalid_parameter(parameter, "query", expected, text)
        return int(text)

    def choice(self, parameter: str, choices: Sequence[str], default: str = "") -> str:
        """A query parameter that must have one of the given values.

        Args:
            parameter: The parameter's name.
            choices: The allowed values.
            default: The value if the parameter is absent. Without a default, the parameter is
                required.
        """
        text = self.query_params.get(parameter, default)
        if text not in choices:
            expected = f"one of {', '.join(choices)}"
            raise errors.invalid_parameter(parameter, "query", expected, text)
        return text

    def boolean(self, parameter: str) -> bool:
        """A query parameter that must be `true` or `false`. An absent parameter is false."""
        text = self.query_params.get(parameter, "false").lower()
        if text not in {"true", "false"}:
            raise errors.invalid_parameter(parameter, "query", "boolean", text)
        return text == "true"


def _uuid(name: str, location: str, value: str) -> str:
    if re.match(UUID_PATTERN, value) is None:
        raise errors.invalid_parameter(name, location, "uuid", value)
    return value.lower()


Handler: TypeAlias = Callable[[ApiRequest], ApiResponse]
Endpoints: TypeAlias = dict[tuple[str, str], Handler]
"""The endpoints of a module: each handler by its method and its path below `/api/v2`."""


def json_list(resources: list[JsonObject]) -> JsonValue:
    """Copies a list, because type checkers do not accept a list of objects as a JSON value."""
    return [*resources]


def json_resource(
    record: Record,
    attributes: JsonObject,
    related: Mapping[str, tuple[str | None, str]] | None = None,
) -> JsonObject:
    """A record as the API returns it: a JSON:API resource.

    Args:
        record: The record.
        attributes: The record's attributes. Attributes that are None are omitted, as in the API.
        related: The id and type of each related resource, by the name of the relationship. A
            relationship whose id is None is omitted. Omit this argument for resource types without
            relationships.
    """
    result: JsonObject = {
        "id": record.id,
        "type": record.resource_type,
        "attributes": {name: value for name, value in attributes.items() if value is not None},
    }
    if related is not None:
        result["relationships"] = {
            name: {"data": {"id": id_, "type": type_}}
            for name, (id_, type_) in related.items()
            if id_ is not None
        }
    return result
