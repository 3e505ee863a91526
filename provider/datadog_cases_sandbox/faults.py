"""The faults that are set: what goes wrong between clients and the API, on demand.

Each lies as a layer around the API: it delays the requests that it strikes, answers in the API's
place, shows it an older store, or takes its answer away. Those set first lie outermost. How to use
them is told in BEHAVIOUR.md.
"""

import json
from collections.abc import Iterable
from typing import Final

from pydantic import JsonValue, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from datadog_cases_sandbox.call import Json
from datadog_cases_sandbox.exchange import Exchange, Outcome
from datadog_cases_sandbox.fault_kinds import AnyFault, Late
from datadog_cases_sandbox.history import History

FAULT: Final[TypeAdapter[AnyFault]] = TypeAdapter(AnyFault)


class MalformedFaultError(ValueError):
    """Something that is no fault.

    Attributes:
        complaints: What is wrong, each in a line that names the member.
    """

    def __init__(self, complaints: list[str]) -> None:
        super().__init__("; ".join(complaints))
        self.complaints = complaints


class Faults:
    """The faults that are set, by their ids.

    Args:
        history: The store's; it is kept while a fault needs it.
    """

    def __init__(self, history: History) -> None:
        self._history = history
        self._by_id: dict[str, AnyFault] = {}
        self._ever_set = 0

    def set(self, raw: bytes) -> list[Json]:
        """Adds one fault, or all of a list, or, if one is malformed, none.

        Args:
            raw: The JSON of a fault or of a list of faults.

        Returns:
            What has been set, as `shown` shows it.

        Raises:
            MalformedFaultError: It is neither.
        """
        ids: list[str] = []
        for fault in _read(raw):
            self._ever_set += 1
            ids.append(f"fault-{self._ever_set}")
            self._by_id[ids[-1]] = fault
            if isinstance(fault, Late):
                self._history.begin()
        return self.shown(ids)

    def shown(self, ids: Iterable[str] | None = None) -> list[Json]:
        """Some faults, or all, as they were set, with their `id` and how often they `struck`."""
        ids = self._by_id if ids is None else ids
        return [{"id": one, **self._by_id[one].shown()} for one in ids]

    def clear(self) -> None:
        """Takes all away. What they still delay comes to nothing, rather than late."""
        for fault in self._by_id.values():
            fault.end()
        self._by_id.clear()
        self._history.end()

    async def outcome(self, exchange: Exchange) -> Outcome:
        """Has the API handle a request, as far as the faults let it."""
        matching = [fault for fault in self._by_id.values() if fault.matches(exchange)]
        exchange.layers = iter(matching)
        return await exchange.proceed()


def _read(raw: bytes) -> list[AnyFault]:
    try:
        sent: JsonValue = json.loads(raw)
    except ValueError as error:
        raise MalformedFaultError([f"the body is not JSON: {error}"]) from None
    several = isinstance(sent, list)
    faults: list[AnyFault] = []
    complaints: list[str] = []
    for position, one in enumerate(sent if isinstance(sent, list) else [sent]):
        try:
            faults.append(FAULT.validate_python(one))
        except ValidationError as invalid:
            place = f"[{position}]." if several else ""
            complaints += [place + _complaint(error) for error in invalid.errors()]
    if complaints:
        raise MalformedFaultError(complaints)
    return faults


def _complaint(error: ErrorDetails) -> str:
    match error["type"], error.get("ctx", {}):
        case "union_tag_invalid", {"tag": tag, "expected_tags": kinds}:
            return f"kind: '{tag}' is none of {kinds}"
        case "union_tag_not_found", _:
            return "kind: Field required"
        case _:
            # The first step is the kind, by which the model was chosen.
            place = ".".join(str(step) for step in error["loc"][1:]) or "fault"
            return f"{place}: {error['msg'].removeprefix('Value error, ')}"
