"""Validation: a declared value, looked at through its annotation.

`examine` walks both together and answers the canonical value: enums in their listed spelling,
sets in order, times in UTC. Whatever is wrong is found with its property path, all of it at
once, in words for the person who wrote the program. Unknowns pass everywhere, so that a preview
checks the rest of a value around them.

An annotation says what it can (`str`, `list[...]`, `Literal[...]`, a `TypedDict`; a `Literal`
with `| str` beside it is an enum that the API may extend), and `Annotated[...]` adds what a type
cannot say: `Canonical` a spelling, `Rule` a condition.
"""

import difflib
import functools
import math
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
    get_args,
    get_origin,
)

from typing_extensions import is_typeddict

from pulumi_datadog_cases.engine.values import (
    Value,
    Values,
    has_unknown,
    is_list,
    is_unknown,
    printable,
)

#: What a rule finds: the property path below the value it looks at, and what is wrong there.
Violations: TypeAlias = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Diagnostic:
    """Something the person who wrote a value should know, in words that a terminal can show."""

    path: str
    message: str
    #: The value passes all the same.
    warning: bool = False

    def __post_init__(self) -> None:
        # Keys of mappings are the program's own words, and get into paths.
        object.__setattr__(self, "path", printable(self.path))
        object.__setattr__(self, "message", printable(self.message))


@dataclass(frozen=True)
class Normalizer:
    """`Annotated[T, Normalizer(normalize)]`: many spellings of one value, told apart by none.

    `normalize` answers the canonical one and raises ValueError, with the reason, for what is none.
    """

    normalize: Callable[[Any], Value]


@dataclass(frozen=True)
class Validator:
    """`Annotated[T, Validator(validate)]`: a condition on a whole mapping."""

    validate: "Callable[[KnownInputs], Violations]"


class InputNotYetKnown(Exception):  # noqa: N818 - no error: it ends a rule quietly
    """A rule has read a value that only the deployment will know."""


class KnownInputs(Mapping[str, Value]):
    """A mapping as a rule sees it: reading an unknown ends the rule."""

    def __init__(self, values: Values) -> None:
        self._values = values

    def __getitem__(self, key: str) -> Value:
        value = self._values[key]
        if has_unknown(value):
            raise InputNotYetKnown
        return value

    def __contains__(self, key: object) -> bool:
        return key in self._values  # that it is there is known, whatever it will be

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def inside(self, key: str) -> "KnownInputs":
        """The mapping under a key; an empty one where there is none."""
        value = self.get(key)
        return KnownInputs(value if isinstance(value, Mapping) else {})


def validate(annotation: object, value: Value, path: str) -> tuple[Value, list[Diagnostic]]:
    """Check a value against an annotation: its canonical form, and all that is to say."""
    findings: list[Diagnostic] = []
    return _examine(annotation, value, path, findings), findings


def run_validator(
    validator: Callable[[KnownInputs], Violations], values: Values, path: str = ""
) -> Iterator[Diagnostic]:
    """Apply a rule as far as the values are known."""
    try:
        for at, message in validator(KnownInputs(values)):
            yield Diagnostic(join_path(path, at), message)
    except InputNotYetKnown:
        return


def join_path(path: str, key: str) -> str:
    """The property path of a key below a path."""
    return f"{path}.{key}" if path and key else path or key


def did_you_mean(word: str, options: Iterable[str]) -> str:
    """`; did you mean "…"?` where a misspelt word is close to an option, else nothing."""
    spelt = {option.upper(): option for option in options}
    near = difflib.get_close_matches(word.upper(), spelt, n=1, cutoff=0.75)
    return f'; did you mean "{spelt[near[0]]}"?' if near else ""


def _examine(annotation: object, value: Value, path: str, found: list[Diagnostic]) -> Value:
    if is_unknown(value):
        return value
    members, extras = unwrap_annotation(annotation)
    before = len(found)
    value = _examine_type(members, value, path, found)
    if any(not finding.warning for finding in found[before:]) or has_unknown(value):
        return value  # the extras rely on the type, and on all elements
    for extra in extras:
        if isinstance(extra, Normalizer):
            try:
                value = extra.normalize(value)
            except ValueError as problem:
                found.append(Diagnostic(path, f"{problem}, not {quote(value)}"))
        elif isinstance(extra, Validator) and isinstance(value, Mapping):
            found.extend(run_validator(extra.validate, value, path))
    return value


def _examine_type(
    members: tuple[object, ...], value: Value, path: str, found: list[Diagnostic]
) -> Value:
    member = next((member for member in members if _fits(member, value)), None)
    if member is None:
        wanted = " or ".join(dict.fromkeys(map(_describe, members)))
        found.append(Diagnostic(path, f"must be {wanted}, not {quote(value)}"))
        return value
    return _examine_member(member, members, value, path, found)


def _examine_member(
    member: object, members: tuple[object, ...], value: Value, path: str, found: list[Diagnostic]
) -> Value:
    if is_typeddict(member) and isinstance(value, Mapping):
        return _examine_fields(member, value, path, found)
    if get_origin(member) is Literal and isinstance(value, str):
        return _examine_enum(get_args(member), value, path, found, open_ended=str in members)
    if isinstance(value, Mapping) and get_args(member):
        _, inner = get_args(member)
        return {key: _examine(inner, value[key], join_path(path, key), found) for key in value}
    if is_list(value) and get_args(member):
        (inner,) = get_args(member)
        return [_examine(inner, item, f"{path}[{at}]", found) for at, item in enumerate(value)]
    return value


def _examine_fields(fields: Any, value: Values, path: str, found: list[Diagnostic]) -> Value:  # noqa: ANN401 - a TypedDict class has no type of its own
    known: Mapping[str, object] = fields.__annotations__
    missing = sorted(fields.__required_keys__ - value.keys())
    found.extend(Diagnostic(join_path(path, key), "is missing") for key in missing)
    for key in value.keys() - known.keys():
        hint = did_you_mean(key, known) or f"; known are {', '.join(known)}"
        found.append(Diagnostic(join_path(path, key), f"is not a known key{hint}"))
    return {
        key: _examine(known[key], item, join_path(path, key), found) if key in known else item
        for key, item in value.items()
    }


def _examine_enum(
    options: tuple[str, ...], value: str, path: str, found: list[Diagnostic], *, open_ended: bool
) -> Value:
    for option in options:
        if option.upper() == value.upper():
            return option
    hint = did_you_mean(value, options)
    passes = open_ended and not hint  # a near miss is a slip, anything else may be news
    text = f"{quote(value)} is not one of {', '.join(options)}{hint}"
    found.append(Diagnostic(path, f"{text}; sent as it is" if passes else text, warning=passes))
    return value


@functools.cache
def unwrap_annotation(annotation: object) -> tuple[tuple[object, ...], tuple[object, ...]]:
    """Take off `NotRequired`, `Annotated`, `Input` and `None`: the types, and what was annotated.

    `Input[T]` is a union of `T`, `Awaitable[T]` and `Output[T]`, the last a forward reference.
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
    """Whether a value has the outer shape of a type."""
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


_WORDS: Mapping[object, str] = {
    str: "text",
    bool: "True or False",
    int: "a whole number",
    float: "a number",
    dict: "a mapping",
    Mapping: "a mapping",
    object: "JSON, which has no nan and no inf",
}


def _describe(member: object) -> str:
    """A type in the words of somebody who writes a program."""
    origin = get_origin(member) or member
    if is_typeddict(member):
        return f"a mapping of {', '.join(member.__annotations__)}"
    if origin is Literal:
        return f"one of {', '.join(get_args(member))}"
    if word := _WORDS.get(origin):
        return word
    elements, _ = unwrap_annotation(get_args(member)[0])
    return f"a list of {' or '.join(map(_describe, elements))}"


_LONGEST_SHOWN = 80


def quote(value: object) -> str:
    """A value for a message: on one line, printable, cut where it is long."""
    text = printable(f'"{value}"' if isinstance(value, str) else repr(value))
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
