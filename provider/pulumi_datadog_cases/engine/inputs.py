"""Converts what a program passes to a resource: natural Python values become JSON values.

Pulumi accepts only JSON values and outputs. A program may also pass dates, datetimes,
enums, UUIDs, decimals, sets, dataclasses, and any mapping or sequence, at any depth. Values whose
meaning is ambiguous are rejected, for example a time without a time zone.
"""

import dataclasses
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import partial
from typing import Any, ClassVar, Final, Protocol, cast, runtime_checkable
from uuid import UUID
from weakref import WeakSet

import pulumi
from pulumi.output import Unknown

from pulumi_datadog_cases.engine.validation import Diagnostic, FromSet, join_path
from pulumi_datadog_cases.engine.values import UNKNOWN, Value, Values

#: The largest integer that is accepted. Pulumi sends every number as a double, and would round
#: larger integers.
_MAX_INTEGER: Final = 2**53


@dataclasses.dataclass
class ProgramInputs:
    """The converted arguments of one resource."""

    #: JSON values, mixed with outputs.
    values: dict[str, Any] = dataclasses.field(default_factory=dict[str, Any])
    #: Values that cannot be converted.
    problems: list[Diagnostic] = dataclasses.field(default_factory=list[Diagnostic])

    @property
    def known(self) -> Values:
        """The JSON values, with an unknown in place of each output."""
        declared = {name: value for name, value in self.values.items() if value is not None}
        return cast("Values", _without_outputs(declared))


#: The outputs of this package's resources. They resolve to JSON values.
_json_outputs = WeakSet[pulumi.Output[Any]]()


def remember_json(outputs: Iterable[pulumi.Output[Any]]) -> None:
    """Remember that these outputs resolve to JSON values, so that `convert` does not convert them.

    This saves time: each conversion of an output adds several tasks to the event loop.
    """
    _json_outputs.update(outputs)


def convert(arguments: Mapping[str, object], resource: object) -> ProgramInputs:
    """Convert the arguments of a constructor.

    Args:
        arguments: the arguments by name.
        resource: an object whose `str` describes the resource. `str` is called only if an output
            resolves to an invalid value, for the error message.
    """
    inputs = ProgramInputs()
    convert_value = _Converter(inputs.problems, resource).convert
    inputs.values = {name: convert_value(value, name) for name, value in arguments.items()}
    return inputs


def _without_outputs(value: object) -> object:
    if isinstance(value, dict):
        items = cast("dict[str, object]", value).items()
        return {key: _without_outputs(item) for key, item in items if item is not None}
    if isinstance(value, list):
        elements = [_without_outputs(item) for item in cast("list[object]", value)]
        return FromSet(cast("list[Value]", elements)) if isinstance(value, FromSet) else elements
    return UNKNOWN if is_output(value) else value


def is_output(value: object) -> bool:
    """Whether a value of a program becomes known later: an output or an awaitable."""
    return isinstance(value, pulumi.Output) or inspect.isawaitable(value)


@runtime_checkable
class _Dataclass(Protocol):
    """An instance of a dataclass, or the dataclass itself."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


@dataclasses.dataclass(frozen=True)
class _Converter:
    """Converts values, and collects the problems."""

    problems: list[Diagnostic]
    resource: object

    def convert(self, value: object, path: str) -> object:
        """Return the value as JSON. An output is converted when it resolves.

        If the value is invalid, collect a problem and return an unknown.
        """
        if is_output(value):
            if value in _json_outputs:
                return value
            later = cast("pulumi.Output[object]", pulumi.Output.from_input(cast("Any", value)))
            return later.apply(partial(_convert_resolved, path=path, resource=self.resource))
        if problem := _problem(value):
            self.problems.append(Diagnostic(path, problem))
            return UNKNOWN
        for types, to_json in _CONVERSIONS:
            if isinstance(value, types):
                return to_json(self, value, path)
        return value

    def mapping(self, mapping: Mapping[object, object], path: str) -> dict[str, object]:
        """Convert a mapping.

        Each key must be a string, or a value that converts to a string, such as an enum member.
        """
        converted: dict[str, object] = {}
        for key, item in mapping.items():
            name = self.convert(key, path)
            if name in converted:
                self.problems.append(Diagnostic(path, f"has two keys that become {name!r}"))
            elif isinstance(name, str):
                converted[name] = self.convert(item, join_path(path, name))
            else:
                problem = f"has the key {key!r}, which is not a string"
                self.problems.append(Diagnostic(path, problem))
        return converted

    def dataclass(self, value: Any, path: str) -> dict[str, object]:  # noqa: ANN401 - any dataclass
        """Convert a dataclass to a mapping of its fields."""
        fields = (each.name for each in dataclasses.fields(value))
        return self.mapping({name: getattr(value, name) for name in fields}, path)

    def sequence(self, elements: Iterable[object], path: str) -> list[object]:
        """Convert a sequence to a list."""
        return [self.convert(each, f"{path}[{at}]") for at, each in enumerate(elements)]

    def set(self, elements: Iterable[object], path: str) -> Sequence[object]:
        """Convert a set to a `FromSet`."""
        # Sort the elements, because sets of strings have another order in each run of Python.
        return FromSet(sorted(cast("list[Value]", self.sequence(elements, path)), key=repr))


_CONVERSIONS: Sequence[tuple[Any, Callable[[_Converter, Any, str], object]]] = (
    (Enum, lambda to, value, path: to.convert(value.value, path)),  # before str: a StrEnum is a str
    ((str, UUID), lambda _to, value, _path: str(value)),
    (bool, lambda _to, value, _path: value),  # before int: a bool is an int
    (int, lambda _to, value, _path: int(value)),
    (float, lambda _to, value, _path: float(value)),
    (date, lambda _to, value, _path: value.isoformat()),  # a datetime is a date, too
    (Decimal, lambda to, value, path: to.convert(_number(value), path)),
    (Mapping, _Converter.mapping),
    ((set, frozenset), _Converter.set),
    (Sequence, _Converter.sequence),
    (_Dataclass, _Converter.dataclass),
)


def _number(value: Decimal) -> float:
    return int(value) if value == value.to_integral_value() else float(value)


def _convert_resolved(value: object, path: str, resource: object) -> object:
    problems: list[Diagnostic] = []
    converted = _Converter(problems, resource).convert(value, path)
    if problems:
        lines = "; ".join(str(each) for each in problems)
        raise pulumi.RunError(f"{resource}: {lines}")
    return converted


def _problem(value: object) -> str | None:
    """Return why a value is ambiguous or has no JSON form, with advice; None if it is valid."""
    problem: str | None = None
    match value:
        case int() if abs(value) > _MAX_INTEGER:
            problem = f"is {value}, but Pulumi rounds integers above 2**53: use a smaller number"
        case datetime(tzinfo=None):
            problem = (
                "is a time without a time zone: pass one, as in datetime(..., tzinfo=UTC), or pass "
                "a date"
            )
        case Decimal() if not value.is_finite():
            problem = f"is {value}: use a finite number"
        case bytes() | bytearray() | memoryview():
            problem = "is bytes: decode them to a string"
        case pulumi.Resource():
            problem = "is a resource: pass one of its outputs, such as its id"
        case _ if hasattr(value, "__next__"):
            problem = "is a generator or an iterator, which can be read only once: pass a list"
        case type():
            problem = f"is the class {value.__name__}, not a value"
        case _ if value is not None and not isinstance(value, _CONVERTIBLE):
            problem = f"is of the type {type(value).__name__}, which has no JSON form"
        case _:
            pass
    return problem


_CONVERTIBLE = (Unknown, *(types for types, _ in _CONVERSIONS))
