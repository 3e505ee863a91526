"""Behaviours of the sandbox that clients switch on and off: the base of faults and quirks."""

import json
import re
from collections.abc import Iterable
from typing import Annotated, ClassVar, Final, Generic, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    JsonValue,
    PrivateAttr,
    TypeAdapter,
    ValidationError,
)
from pydantic_core import ErrorDetails

from datadog_cases_sandbox.handler import JsonObject
from datadog_cases_sandbox.history import History

K_co = TypeVar("K_co", bound=str, covariant=True)

ENDPOINT: Final = re.compile(r"\*|(\*|DELETE|GET|PATCH|POST|PUT) (\*|/(?!api/)[^\s?]*)")


def _endpoint(text: str) -> str:
    if ENDPOINT.fullmatch(text) is None:
        raise ValueError(
            "must be '*', or a method, a space and the path below /api/v2; '*' can replace the "
            "method or the path"
        )
    return text


Endpoint = Annotated[str, AfterValidator(_endpoint)]
"""The requests to which a behaviour applies.

The text consists of a method, a space, and the path below `/api/v2` without its query. A method `*`
matches any method, and a path `*` matches any path. Within a path, `*` matches any text in one path
segment, and `**` matches any number of segments. The text `*` alone matches any request.
"""


class Behaviour(BaseModel, Generic[K_co]):
    """A behaviour that a client can switch on.

    Attributes:
        kind: The kind of the behaviour. Each subclass has its own kind.
        endpoint: The requests to which the behaviour applies.
        needs_history: Whether the behaviour needs the past states of the store.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    needs_history: ClassVar[bool] = False
    kind: K_co
    endpoint: Endpoint
    _pattern: re.Pattern[str] = PrivateAttr()
    _applied: int = PrivateAttr(default=0)

    def model_post_init(self, _context: object) -> None:
        """Compiles the pattern."""
        self._pattern = _pattern(self.endpoint)

    def is_for(self, method: str, path: str) -> bool:
        """Whether `endpoint` matches a request with this method and this path."""
        return self._pattern.fullmatch(f"{method} {path}") is not None

    def cancel(self) -> None:
        """Ends the delays that the behaviour causes. `ActiveBehaviours.remove` calls it."""

    def as_json(self) -> JsonObject:
        """The members, and `struck`: the number of requests to which the behaviour has applied."""
        return {**self.model_dump(exclude_none=True), "struck": self._applied}


B = TypeVar("B", bound=Behaviour[str])


class InvalidBehaviourError(ValueError):
    """A value is not a valid behaviour.

    Attributes:
        problems: One line for each problem. A line names the invalid member.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class ActiveBehaviours(Generic[B]):
    """The active behaviours by id, in the order in which they were added.

    Args:
        noun: The word for these behaviours in ids and messages, such as `fault`.
        adapter: Parses and validates these behaviours.
        history: The store's history. It is recorded only while a behaviour needs past states.
    """

    def __init__(self, noun: str, adapter: TypeAdapter[B], history: History) -> None:
        self._noun = noun
        self._adapter = adapter
        self._history = history
        self._by_id: dict[str, B] = {}
        self._ids_used = 0

    def active(self) -> list[B]:
        """The active behaviours."""
        return [*self._by_id.values()]

    def add(self, raw: bytes) -> list[JsonObject]:
        """Adds one behaviour or a list of behaviours. If one is invalid, none is added.

        Args:
            raw: The JSON of a behaviour or of a list of behaviours.

        Returns:
            The added behaviours, in the form of `as_json`.

        Raises:
            InvalidBehaviourError: The JSON is neither a behaviour nor a list of behaviours.
        """
        ids: list[str] = []
        for behaviour in self._parse(raw):
            self._ids_used += 1
            ids.append(f"{self._noun}-{self._ids_used}")
            self._by_id[ids[-1]] = behaviour
            if behaviour.needs_history:
                self._history.start(self)
        return self.as_json(ids)

    def as_json(self, ids: Iterable[str] | None = None) -> list[JsonObject]:
        """The members of each behaviour, including `id` and `struck`.

        Args:
            ids: The ids of the behaviours; all behaviours by default.
        """
        ids = self._by_id if ids is None else ids
        return [{"id": id_, **self._by_id[id_].as_json()} for id_ in ids]

    def remove(self, id_: str) -> bool:
        """Removes a behaviour, and closes the connections of the requests that it delays.

        Returns:
            False if no behaviour has this id.
        """
        behaviour = self._by_id.pop(id_, None)
        if behaviour is None:
            return False
        behaviour.cancel()
        if not any(each.needs_history for each in self._by_id.values()):
            self._history.stop(self)
        return True

    def clear(self) -> None:
        """Removes all behaviours."""
        for id_ in [*self._by_id]:
            self.remove(id_)

    def _parse(self, raw: bytes) -> list[B]:
        try:
            value: JsonValue = json.loads(raw)
        except ValueError as error:
            raise InvalidBehaviourError([f"the body is not JSON: {error}"]) from None
        is_list = isinstance(value, list)
        behaviours: list[B] = []
        problems: list[str] = []
        for position, item in enumerate(value if isinstance(value, list) else [value]):
            try:
                behaviours.append(self._adapter.validate_python(item))
            except ValidationError as invalid:
                prefix = f"[{position}]." if is_list else ""
                problems += [prefix + self._problem(error) for error in invalid.errors()]
        if problems:
            raise InvalidBehaviourError(problems)
        return behaviours

    def _problem(self, error: ErrorDetails) -> str:
        match error["type"], error.get("ctx", {}):
            case "union_tag_invalid", {"tag": tag, "expected_tags": kinds}:
                return f"kind: '{tag}' is none of {kinds}"
            case "union_tag_not_found", _:
                return "kind: Field required"
            case _:
                # The first step of the location is the kind, which pydantic adds for tagged unions.
                path = ".".join(str(step) for step in error["loc"][1:]) or self._noun
                return f"{path}: {error['msg'].removeprefix('Value error, ')}"


def _pattern(endpoint: str) -> re.Pattern[str]:
    """A regular expression for a method, a space and a path."""
    method, _, path = endpoint.partition(" ")
    if path in {"", "*"}:
        path = "**"
    globs = {"*": "[^/]*", "**": ".*"}
    parts = re.split(r"(\*\*?)", f"{method} {path}")
    return re.compile("".join(globs.get(part, re.escape(part)) for part in parts))
