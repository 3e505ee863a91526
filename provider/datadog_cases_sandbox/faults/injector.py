"""The active faults, and how requests pass through them.

Each fault is a middleware around the API. Depending on its kind, a fault delays requests, responds
in place of the API, shows a past state of the store to the API, or withholds the API's response.
The fault that was added first is the outermost middleware. BEHAVIOUR.md documents how to use
faults.
"""

import json
from collections.abc import Iterable
from typing import Final

from pydantic import JsonValue, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from datadog_cases_sandbox.faults.types import AnyFault, StaleReadFault
from datadog_cases_sandbox.handler import JsonObject
from datadog_cases_sandbox.history import History
from datadog_cases_sandbox.middleware import HttpRequest, Outcome

FAULT: Final[TypeAdapter[AnyFault]] = TypeAdapter(AnyFault)


class InvalidFaultError(ValueError):
    """A value is not a valid fault.

    Attributes:
        problems: One line for each problem. A line names the invalid member.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class FaultInjector:
    """The active faults by id.

    Args:
        history: The store's history. It is recorded only while a fault needs past states.
    """

    def __init__(self, history: History) -> None:
        self._history = history
        self._by_id: dict[str, AnyFault] = {}
        self._ids_used = 0

    def add(self, raw: bytes) -> list[JsonObject]:
        """Adds one fault or a list of faults. If one fault is invalid, no fault is added.

        Args:
            raw: The JSON of a fault or of a list of faults.

        Returns:
            The added faults, in the form of `as_json`.

        Raises:
            InvalidFaultError: The JSON is neither a fault nor a list of faults.
        """
        ids: list[str] = []
        for fault in _parse(raw):
            self._ids_used += 1
            ids.append(f"fault-{self._ids_used}")
            self._by_id[ids[-1]] = fault
            if isinstance(fault, StaleReadFault):
                self._history.start()
        return self.as_json(ids)

    def as_json(self, ids: Iterable[str] | None = None) -> list[JsonObject]:
        """The faults with these ids, or all faults. Each has `id`, its members, and `struck`."""
        ids = self._by_id if ids is None else ids
        return [{"id": fault_id, **self._by_id[fault_id].as_json()} for fault_id in ids]

    def clear(self) -> None:
        """Removes all faults. Requests that a fault delays are dropped, not handled late."""
        for fault in self._by_id.values():
            fault.cancel()
        self._by_id.clear()
        self._history.stop()

    async def handle(self, request: HttpRequest) -> Outcome:
        """Passes a request through the matching faults to the API."""
        matching = [fault for fault in self._by_id.values() if fault.matches(request)]
        request.middleware = iter(matching)
        return await request.proceed()


def _parse(raw: bytes) -> list[AnyFault]:
    try:
        value: JsonValue = json.loads(raw)
    except ValueError as error:
        raise InvalidFaultError([f"the body is not JSON: {error}"]) from None
    is_list = isinstance(value, list)
    faults: list[AnyFault] = []
    problems: list[str] = []
    for position, item in enumerate(value if isinstance(value, list) else [value]):
        try:
            faults.append(FAULT.validate_python(item))
        except ValidationError as invalid:
            prefix = f"[{position}]." if is_list else ""
            problems += [prefix + _problem(error) for error in invalid.errors()]
    if problems:
        raise InvalidFaultError(problems)
    return faults


def _problem(error: ErrorDetails) -> str:
    match error["type"], error.get("ctx", {}):
        case "union_tag_invalid", {"tag": tag, "expected_tags": kinds}:
            return f"kind: '{tag}' is none of {kinds}"
        case "union_tag_not_found", _:
            return "kind: Field required"
        case _:
            # The first step is the fault's kind. pydantic adds it, because `AnyFault` is a tagged
            # union.
            path = ".".join(str(step) for step in error["loc"][1:]) or "fault"
            return f"{path}: {error['msg'].removeprefix('Value error, ')}"
