"""One request to the API, and its answer, as the families of endpoints see them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar

from pydantic import BaseModel, JsonValue

from datadog_cases_sandbox import errors
from datadog_cases_sandbox.bodies import UUID_PATTERN, decode
from datadog_cases_sandbox.store import Store

Json: TypeAlias = dict[str, JsonValue]

JSON_API: Final = "application/vnd.api+json"
PLAIN_JSON: Final = "application/json"

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: a status, and a body unless the endpoint has none."""

    status: int
    body: JsonValue = None
    media_type: str = JSON_API


@dataclass(frozen=True, slots=True)
class Call:
    """A request that has got past the keys.

    Attributes:
        store: What the sandbox holds.
        path: The path's parameters by name.
        query: The query's parameters by name, the brackets part of the name (`page[size]`).
        body: The body as it came.
        async_delay: Seconds until what other systems are asked for is done.
    """

    store: Store
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    async_delay: float

    def sent(self, model: type[M]) -> M:
        """The body, read as `model`; a body that is not one is refused."""
        return decode(model, self.body)

    def uuid(self, parameter: str, name_in_errors: str) -> str:
        """A path parameter that must be a UUID.

        Args:
            parameter: Its name in the route.
            name_in_errors: What the API calls it when it refuses it.
        """
        return _uuid(name_in_errors, "path", self.path[parameter])

    def query_uuid(self, parameter: str) -> str:
        """A query parameter that must be there and a UUID."""
        return _uuid(parameter, "query", self.query.get(parameter, ""))

    def integer(self, parameter: str, default: int, lowest: int, highest: int) -> int:
        """A query parameter that must be an integer in a range."""
        text = self.query.get(parameter, str(default))
        if re.fullmatch(r"\d{1,9}", text) is None or not lowest <= int(text) <= highest:
            expected = f"integer from {lowest} to {highest}"
            raise errors.invalid_parameter(parameter, "query", expected, text)
        return int(text)

    def word(self, parameter: str, words: Sequence[str], default: str = "") -> str:
        """A query parameter that must be one of some words.

        Args:
            parameter: Its name.
            words: What it can be.
            default: What it is when absent; without one it must be there.
        """
        text = self.query.get(parameter, default)
        if text not in words:
            expected = f"one of {', '.join(words)}"
            raise errors.invalid_parameter(parameter, "query", expected, text)
        return text

    def boolean(self, parameter: str) -> bool:
        """A query parameter that is `true`, or `false`, which it also is when absent."""
        text = self.query.get(parameter, "false").lower()
        if text not in {"true", "false"}:
            raise errors.invalid_parameter(parameter, "query", "boolean", text)
        return text == "true"


def _uuid(name: str, place: str, value: str) -> str:
    if re.match(UUID_PATTERN, value) is None:
        raise errors.invalid_parameter(name, place, "uuid", value)
    return value.lower()


Handler: TypeAlias = Callable[[Call], Answer]
Endpoints: TypeAlias = dict[tuple[str, str], Handler]
"""What a family of endpoints serves: (verb, path below `/api/v2`) to its handler."""


def listed(resources: list[Json]) -> JsonValue:
    """Resources as a JSON value: a list is invariant to type checkers."""
    return [*resources]


def without_nothing(**members: JsonValue) -> Json:
    """An object of the members that are set: the API omits the unset rather than answer null."""
    return {name: value for name, value in members.items() if value is not None}
