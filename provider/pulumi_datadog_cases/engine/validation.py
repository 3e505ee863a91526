"""Validates a declared value against its annotation.

`validate` walks the value and the annotation together and returns the normalized value: enums in
their listed spelling, sets sorted, times in UTC. For every problem, it collects the property path
and a message for the author of the program. In a preview, values may contain unknowns, which Pulumi
learns only during the deployment. An unknown is valid at any depth, and all other values are
validated.

A string that Python made from an output, for example in an f-string, is never valid. It contains a
text about the output instead of the output's value.

The annotation states the type: `str`, `list[...]`, `Literal[...]`, a `TypedDict`. `Literal[...] |
str` is an enum that the API may extend. `Annotated[...]` adds what a type cannot express: a
`Normalizer` or a `Validator`.
"""

import difflib
import functools
import math
import re
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import (
    Annotated,
    Any,
    ForwardRef,
    Literal,
    NotRequired,
    Required,
    TypeAlias,
    Union,
    cast,
    get_args,
    get_origin,
)

from typing_extensions import is_typeddict

from pulumi_datadog_cases._text import escape_controls
from pulumi_datadog_cases.engine.values import (
    UNKNOWN,
    Value,
    Values,
    has_unknown,
    is_list,
    is_unknown,
)

#: The result of a validator: pairs of property path and problem. The path is relative to the
#: validated value.
Violations: TypeAlias = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Diagnostic:
    """An error or a warning about one property. Its text has no control characters."""

    path: str
    message: str
    #: Whether the value is accepted nevertheless.
    warning: bool = False

    def __post_init__(self) -> None:
        # Paths contain mapping keys, which the program chooses freely.
        object.__setattr__(self, "path", escape_controls(self.path))
        object.__setattr__(self, "message", escape_controls(self.message))


@dataclass(frozen=True)
class Normalizer:
    """Converts equivalent spellings of a value to one: `Annotated[T, Normalizer(normalize)]`.

    `normalize` returns the normalized value. If the value is invalid, `normalize` raises a
    ValueError. The message for the user is "PROPERTY ..., got VALUE", with the text of the
    ValueError in place of the dots.
    """

    normalize: Callable[[Any], Value]


@dataclass(frozen=True)
class Validator:
    """Checks a condition on a whole mapping: `Annotated[T, Validator(validate)]`."""

    validate: "Callable[[KnownInputs], Violations]"


class InputNotYetKnown(Exception):  # noqa: N818 - not an error: it ends a validator
    """A validator read a value that is unknown until the deployment."""


class KnownInputs(Mapping[str, Value]):
    """The mapping that a validator receives. Reading an unknown value ends the validator."""

    def __init__(self, values: Values) -> None:
        self._values = values

    def __getitem__(self, key: str) -> Value:
        value = self._values[key]
        if has_unknown(value):
            raise InputNotYetKnown
        return value

    def __contains__(self, key: object) -> bool:
        return key in self._values  # the value may be unknown, but the key is known

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def inside(self, key: str) -> "KnownInputs":
        """Return the mapping under a key, or an empty one."""
        value = self.get(key)
        return KnownInputs(value if isinstance(value, Mapping) else {})


def validate(annotation: object, value: Value, path: str) -> tuple[Value, list[Diagnostic]]:
    """Validate a value; return the normalized value and all diagnostics."""
    remaining, diagnostics = extract_output_texts(value, path)
    has_output_text = bool(diagnostics)
    normalized = _validate(annotation, remaining, path, diagnostics)
    return value if has_output_text else normalized, diagnostics


#: Matches the text that Python makes from an output. `str`, `%s` and f-strings call
#: `Output.__str__`, which returns an explanation. `repr` returns the name of the class and an
#: address. The text of a list contains the `repr` of its elements.
#: Canary: test_validation.py::test_canary_output_as_text.
_OUTPUT_TEXT = re.compile(
    r"Calling __str__ on an Output\[T\] is not supported|<pulumi\.output\.\w+ object at 0x",
    re.IGNORECASE,  # the program may have changed the case
)
#: The message about such a text. Its subject is a property, a mapping key or a resource name.
_FROM_OUTPUT = "is a text about an output, not its value"


def is_output_text(text: object) -> bool:
    """Whether a text is a string that Python made from a Pulumi output."""
    return isinstance(text, str) and _OUTPUT_TEXT.search(text) is not None


def extract_output_texts(value: Value, path: str) -> tuple[Value, list[Diagnostic]]:
    """Remove the strings that Python made from a Pulumi output, at any depth.

    A string of this kind is replaced by an unknown. If the string is a mapping key, the key and its
    value are removed from the mapping.

    Returns:
        The remaining value, and a diagnostic for each problem.
    """
    diagnostics: list[Diagnostic] = []

    def extract(value: Value, path: str) -> Value:
        if is_output_text(value):
            advice = "use pulumi.Output.concat, pulumi.Output.format or apply, not an f-string"
            diagnostics.append(Diagnostic(path, f"{_FROM_OUTPUT}: {advice}"))
            return UNKNOWN
        if isinstance(value, Mapping):
            kept = {key: item for key, item in value.items() if not is_output_text(key)}
            if len(kept) < len(value):  # one of the keys was made from an output
                advice = "use another key, or make the whole mapping with apply"
                diagnostics.append(Diagnostic(path, f"has a key that {_FROM_OUTPUT}: {advice}"))
            return {key: extract(item, join_path(path, key)) for key, item in kept.items()}
        if is_list(value):
            return [extract(item, f"{path}[{at}]") for at, item in enumerate(value)]
        return value

    return extract(value, path), diagnostics


def reject_output_texts(subject: str, arguments: Mapping[str, object]) -> None:
    """Reject arguments that contain, at any depth, a string that Python made from a Pulumi output.

    Raises:
        ValueError: there is such a string. The message begins with the subject.
    """
    _, diagnostics = extract_output_texts(cast("Values", arguments), "")
    if diagnostics:
        problems = (f"{each.path} {each.message}" for each in diagnostics)
        raise ValueError(f"{subject}: {'; '.join(problems)}")


def reject_output_name(class_name: str, resource_name: str) -> None:
    """Reject a resource name that Python made from a Pulumi output.

    Raises:
        ValueError: the name is such a string.
    """
    if is_output_text(resource_name):
        raise ValueError(
            f"{class_name}: the resource name {_FROM_OUTPUT}: use a name that the program knows"
        )


def run_validator(
    validator: Callable[[KnownInputs], Violations], values: Values, path: str = ""
) -> Iterator[Diagnostic]:
    """Run a validator and yield its diagnostics. The validator ends when it reads an unknown."""
    try:
        for at, message in validator(KnownInputs(values)):
            yield Diagnostic(join_path(path, at), message)
    except InputNotYetKnown:
        return


def join_path(path: str, key: str) -> str:
    """Return the property path of a key below a path."""
    return f"{path}.{key}" if path and key else path or key


def did_you_mean(word: str, options: Iterable[str]) -> str:
    """Return `; did you mean "…"?` if an option is similar to the word, else an empty string."""
    spelt = {option.upper(): option for option in options}
    near = difflib.get_close_matches(word.upper(), spelt, n=1, cutoff=0.75)
    return f'; did you mean "{spelt[near[0]]}"?' if near else ""


def _validate(annotation: object, value: Value, path: str, diagnostics: list[Diagnostic]) -> Value:
    if is_unknown(value):
        return value
    members, extras = unwrap_annotation(annotation)
    before = len(diagnostics)
    value = _validate_type(members, value, path, diagnostics)
    if any(not each.warning for each in diagnostics[before:]) or has_unknown(value):
        return value  # normalizers and validators rely on a value that is valid and complete
    for extra in extras:
        if isinstance(extra, Normalizer):
            try:
                value = extra.normalize(value)
            except ValueError as problem:
                diagnostics.append(Diagnostic(path, f"{problem}, got {quote(value)}"))
        elif isinstance(extra, Validator) and isinstance(value, Mapping):
            diagnostics.extend(run_validator(extra.validate, value, path))
    return value


def _validate_type(
    members: tuple[object, ...], value: Value, path: str, diagnostics: list[Diagnostic]
) -> Value:
    member = next((member for member in members if _fits(member, value)), None)
    if member is None:
        wanted = " or ".join(dict.fromkeys(map(_describe, members)))
        diagnostics.append(Diagnostic(path, f"must be {wanted}, got {quote(value)}"))
        return value
    return _validate_member(member, members, value, path, diagnostics)


def _validate_member(
    member: object,
    members: tuple[object, ...],
    value: Value,
    path: str,
    diagnostics: list[Diagnostic],
) -> Value:
    if is_typeddict(member) and isinstance(value, Mapping):
        return _validate_fields(member, value, path, diagnostics)
    if get_origin(member) is Literal and isinstance(value, str):
        return _validate_enum(get_args(member), value, path, diagnostics, open_ended=str in members)
    if isinstance(value, Mapping) and get_args(member):
        _, inner = get_args(member)
        return {
            key: _validate(inner, value[key], join_path(path, key), diagnostics) for key in value
        }
    if is_list(value) and get_args(member):
        (inner,) = get_args(member)
        return [
            _validate(inner, item, f"{path}[{at}]", diagnostics) for at, item in enumerate(value)
        ]
    return value


def _validate_fields(fields: Any, value: Values, path: str, diagnostics: list[Diagnostic]) -> Value:  # noqa: ANN401 - a TypedDict class has no type of its own
    known: Mapping[str, object] = fields.__annotations__
    missing = sorted(fields.__required_keys__ - value.keys())
    diagnostics.extend(Diagnostic(join_path(path, key), "is missing") for key in missing)
    for key in value.keys() - known.keys():
        hint = did_you_mean(key, known) or f"; known keys: {', '.join(known)}"
        diagnostics.append(Diagnostic(join_path(path, key), f"is not a known key{hint}"))
    return {
        key: _validate(known[key], item, join_path(path, key), diagnostics)
        if key in known
        else item
        for key, item in value.items()
    }


def _validate_enum(
    options: tuple[str, ...],
    value: str,
    path: str,
    diagnostics: list[Diagnostic],
    *,
    open_ended: bool,
) -> Value:
    for option in options:
        if option.upper() == value.upper():
            return option
    hint = did_you_mean(value, options)
    # A value that is similar to a listed one counts as a typo. Any other value may be new at the
    # API.
    passes = open_ended and not hint
    text = f"{quote(value)} is not one of {', '.join(options)}{hint}"
    diagnostics.append(Diagnostic(path, f"{text}; sent as is" if passes else text, warning=passes))
    return value


@functools.cache
def unwrap_annotation(annotation: object) -> tuple[tuple[object, ...], tuple[object, ...]]:
    """Strip `NotRequired`, `Annotated`, `Input` and `None` from an annotation.

    Returns the remaining types, and the metadata of all `Annotated`. `Input[T]` is a union of `T`,
    `Awaitable[T]` and `Output[T]`, where `Output[T]` is a forward reference.
    """
    origin = get_origin(annotation)
    if origin in (NotRequired, Required):
        return unwrap_annotation(get_args(annotation)[0])
    if origin is Annotated:
        inner, *outer = get_args(annotation)
        members, extras = unwrap_annotation(inner)
        return members, (*extras, *outer)
    if origin not in (Union, types.UnionType):
        return (annotation,), ()
    members, extras = (), ()
    for member in get_args(annotation):
        if isinstance(member, ForwardRef) or member is types.NoneType or _is_awaitable(member):
            continue
        inner_members, inner_extras = unwrap_annotation(member)
        members, extras = (*members, *inner_members), (*extras, *inner_extras)
    return members, extras


def _is_awaitable(member: object) -> bool:
    origin = get_origin(member)
    return isinstance(origin, type) and hasattr(origin, "__await__")


def _fits(member: object, value: Value) -> bool:
    """Whether a value has the given type. The elements of a list or mapping are not checked."""
    kind = get_origin(member) or member
    if is_typeddict(member) or kind in (dict, Mapping):
        return isinstance(value, Mapping)
    if kind in (str, Literal):
        return isinstance(value, str)
    if kind in (int, float):
        numbers = (int, float) if kind is float else int
        return isinstance(value, numbers) and not isinstance(value, bool) and math.isfinite(value)
    if kind is object:
        return _is_json(value)
    return isinstance(value, bool) if kind is bool else is_list(value)


def _is_json(value: Value) -> bool:
    if isinstance(value, Mapping):
        return all(map(_is_json, value.values()))
    if is_list(value):
        return all(map(_is_json, value))
    return not isinstance(value, float) or math.isfinite(value)


_TYPE_NAMES: Mapping[object, str] = {
    str: "a string",
    bool: "a boolean",
    int: "an integer",
    float: "a number",
    dict: "a mapping",
    Mapping: "a mapping",
    object: "any JSON value without nan and inf",
}


def _describe(member: object) -> str:
    """Describe a type to the author of a program."""
    origin = get_origin(member) or member
    if is_typeddict(member):
        return f"a mapping with {', '.join(member.__annotations__)}"
    if origin is Literal:
        return f"one of {', '.join(get_args(member))}"
    if word := _TYPE_NAMES.get(origin):
        return word
    elements, _ = unwrap_annotation(get_args(member)[0])
    plurals = (re.sub(r"^an? (\w+)", r"\1s", _describe(each)) for each in elements)
    return f"a list of {' or '.join(plurals)}"


_MAX_QUOTED = 80


def quote(value: object) -> str:
    """Format a value for a message: one line, printable, shortened if long."""
    text = escape_controls(f'"{value}"' if isinstance(value, str) else repr(value))
    return text if len(text) <= _MAX_QUOTED else f"{text[: _MAX_QUOTED - 1]}…"
