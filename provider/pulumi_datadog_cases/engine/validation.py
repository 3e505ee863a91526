"""Validates a declared value against its annotation.

`validate` walks the value and the annotation together and returns the normalized value: enums in
their listed spelling, sets sorted, times in UTC. For every problem, it collects the property path
and a message for the author of the program. In a preview, values may contain unknowns, which Pulumi
learns only during the deployment. An unknown is valid at any depth. All other values are validated.

A string that Python made from an output, for example in an f-string, is never valid. It contains an
explanation by Pulumi instead of the output's value.

The annotation states the type: `str`, `list[...]`, `Literal[...]`, a `TypedDict`. `Annotated[...]`
adds what a type cannot express: a `Normalizer`, a `Validator` or a `DependsOn`. A `DependsOn` names
another member of the same mapping, or another property, whose type is an enum (`Literal`). The
annotated type applies only if the enum lists the declared value of that member or property.

Enums and mappings are open, because the API grows faster than its reference. An unlisted enum value
or an unknown key of a `TypedDict` causes a warning and is sent as is. A value or key that differs
in only a letter or two from a known one is an error. Validation treats `Literal[...] | str` like
`Literal[...]`. For type checkers, `| str` means that a program may use other values without a cast.
"""

import difflib
import math
import re
import textwrap
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import (
    Annotated,
    Any,
    Final,
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

#: The result of a validator: pairs of property path and problem. A path is relative to the value
#: that the validator receives.
Violations: TypeAlias = Iterable[tuple[str, str]]


#: The message about a required value that is not declared.
IS_MISSING: Final = "is missing"


@dataclass(frozen=True)
class Diagnostic:
    """An error or a warning about one property. Its text has no control characters."""

    path: str
    message: str
    #: Whether this is a warning, which means that the value is accepted. If False, it is an error.
    warning: bool = False

    def __post_init__(self) -> None:
        # Paths contain mapping keys, which the program chooses freely.
        object.__setattr__(self, "path", escape_controls(self.path))
        object.__setattr__(self, "message", escape_controls(self.message))

    def __str__(self) -> str:
        """Return path and message in one line."""
        return f"{self.path} {self.message}"

    @property
    def property(self) -> str:
        """The name of the property that the path begins with."""
        return re.split(r"[.\[]", self.path)[0]


@dataclass(frozen=True)
class Normalizer:
    """Converts equivalent spellings of a value to one: `Annotated[T, Normalizer(normalize)]`.

    `normalize` returns the normalized value. If the value is invalid, `normalize` raises a
    ValueError. The user then sees "PROPERTY ..., got VALUE", where the dots stand for the text of
    the ValueError.
    """

    normalize: Callable[[Any], Value]
    #: Whether two lists that differ only in the order of their elements have the same normalized
    #: value.
    ignores_order: bool = False


class FromSet(list["Value"]):
    """A list that a program declared as a set. It is valid only where order does not matter."""


def _as_declared(declared: Value, items: list[Value]) -> list[Value]:
    return FromSet(items) if isinstance(declared, FromSet) else items


@dataclass(frozen=True)
class Validator:
    """Checks a condition on a whole mapping: `Annotated[T, Validator(validate)]`."""

    validate: "Callable[[KnownInputs], Violations]"
    #: Whether the API may accept the value in spite of violations. If true, they are warnings.
    warning: bool = False


@dataclass(frozen=True)
class DependsOn:
    """Says that the type of a value depends on an enum in the same mapping.

    `Annotated[T, DependsOn(enum)]` means: if the enum has one of its listed values, the value must
    be a `T`. If the enum has another value, any JSON is valid.
    """

    enum: str


class InputNotYetKnown(Exception):  # noqa: N818 - not an error: it ends a validator
    """Raised when a validator reads a value that is not known yet, or not listed in its enum."""


class KnownInputs(Mapping[str, Value]):
    """The mapping that a validator receives.

    Reading a value that is not known yet raises `InputNotYetKnown`, which ends the validator.
    """

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


#: Matches the text that a program makes from an output. In Python, `str`, `%s` and f-strings call
#: `Output.__str__`, which returns an explanation. `repr` returns the class name and an address. The
#: `str` of a list contains the `repr` of its elements. In TypeScript, `toString` and `toJSON`
#: return an explanation.
#: Canary: test_validation.py::test_canary_output_as_text.
_OUTPUT_TEXT = re.compile(
    r"Calling (__str__ on an Output\[T\]|\[\w+\] on an \[Output<T>\]) is not supported"
    r"|<pulumi\.output\.\w+ object at 0x",
    re.IGNORECASE,  # the program may have changed the case
)
#: The message about a text that a program made from an output. The subject of the message is a
#: property, a mapping key or a resource name.
_FROM_OUTPUT = "is a text about an output, not its value"


def is_output_text(text: object) -> bool:
    """Whether a program made a string from a Pulumi output."""
    return isinstance(text, str) and _OUTPUT_TEXT.search(text) is not None


def extract_output_texts(value: Value, path: str) -> tuple[Value, list[Diagnostic]]:
    """Remove the strings that a program made from a Pulumi output, at any depth.

    Each such string is replaced by an unknown. If the string is a mapping key, the key and its
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
            return _as_declared(
                value, [extract(item, f"{path}[{at}]") for at, item in enumerate(value)]
            )
        return value

    return extract(value, path), diagnostics


def reject_output_texts(subject: str, arguments: Mapping[str, object]) -> None:
    """Reject arguments that contain, at any depth, a string that Python made from a Pulumi output.

    Raises:
        ValueError: an argument contains such a string. The message begins with `subject`.
    """
    _, diagnostics = extract_output_texts(cast("Values", arguments), "")
    if diagnostics:
        problems = (str(each) for each in diagnostics)
        raise ValueError(f"{subject}: {'; '.join(problems)}")


def name_problem(resource_name: str) -> str | None:
    """Return a message if Python made the resource name from a Pulumi output, else None."""
    if not is_output_text(resource_name):
        return None
    return f"the resource name {_FROM_OUTPUT}: use a name that the program knows"


def run_validator(
    validator: Validator, values: Values, path: str, found: Iterable[Diagnostic]
) -> Iterator[Diagnostic]:
    """Run a validator and yield its diagnostics. The validator ends when it reads an unknown.

    `found` has the diagnostics so far. A member of `values` counts as unknown in two cases: `found`
    has an error about the member, or a warning that the member's value is not in its enum.
    """
    known = dict(values)
    for each in found:
        below = each.path.removeprefix(path).removeprefix(".")
        member = re.split(r"[.\[]", below)[0]
        if below == member or not each.warning:
            known[member] = UNKNOWN
    try:
        for at, message in validator.validate(KnownInputs(known)):
            text = f"{message}{_SENT}" if validator.warning else message
            yield Diagnostic(join_path(path, at), text, warning=validator.warning)
    except InputNotYetKnown:
        return


def join_path(path: str, key: str) -> str:
    """Return the property path of a key below a path."""
    return f"{path}.{key}" if path and key else path or key


def closest(word: str, options: Iterable[str]) -> str:
    """Return `; did you mean "…"?` with the option that is most like a rejected word.

    Returns "" if no option is similar.
    """
    upper = {option.upper(): option for option in options}
    found = difflib.get_close_matches(word.upper(), upper, n=1)
    return "".join(f'; did you mean "{upper[each]}"?' for each in found)


def did_you_mean(word: str, options: Iterable[str]) -> str:
    """Return `; did you mean "…"?` if the word is an option with a typo, else "".

    Any other word may be new in the API, even if it looks like an option.
    """
    meant = next((option for option in options if _is_typo(word.upper(), option.upper())), None)
    return f'; did you mean "{meant}"?' if meant else ""


#: A word may have one typo per this many letters. `P0` is too short to be a typo of `P1`.
_LETTERS_PER_TYPO = 4
_MAX_TYPOS = 2
#: The maximum length of an acronym. A different acronym never counts as a typo: `ASM` is not a typo
#: of `APM`.
_MAX_ACRONYM = 3


def _is_typo(word: str, option: str) -> bool:
    """Whether a word is an option with swapped letters, or with one or two wrong letters.

    Words that only look similar, such as `COMMENT_EDITED` and `COMMENT_ADDED`, do not count. The
    words `descending` and `ascending` differ in only two letters. They do not count either, because
    they begin with different letters.
    """
    if sorted(word) == sorted(option):
        return True
    parts = word.split("_"), option.split("_")
    if len(parts[0]) == len(parts[1]) and any(
        left != right and len(left) == len(right) <= _MAX_ACRONYM
        for left, right in zip(*parts, strict=True)
    ):
        return False
    if abs(len(word) - len(option)) > _MAX_TYPOS:  # the distance would take minutes for a long text
        return False
    typos = _distance(word, option)
    allowed = min(_MAX_TYPOS, max(len(word), len(option)) // _LETTERS_PER_TYPO)
    return typos <= allowed and (typos == 1 or word[0] == option[0])


def _distance(left: str, right: str) -> int:
    """Return the number of letters to insert, remove or replace (Levenshtein's distance)."""
    row = list(range(len(right) + 1))
    for at, letter in enumerate(left, start=1):
        before, row = row, [at]
        for index, other in enumerate(right):
            replaced = before[index] + (letter != other)
            row.append(min(replaced, before[index + 1] + 1, row[index] + 1))
    return row[-1]


def _validate(annotation: object, value: Value, path: str, diagnostics: list[Diagnostic]) -> Value:
    if is_unknown(value):
        return value
    members, extras = unwrap_annotation(annotation)
    before = len(diagnostics)
    value = _validate_type(members, value, path, diagnostics)
    if isinstance(value, FromSet) and not any(_ignores_order(each) for each in extras):
        diagnostics.append(Diagnostic(path, "is a set, but the order matters here: pass a list"))
    if any(not each.warning for each in diagnostics[before:]) or has_unknown(value):
        return value  # normalizers and validators need a valid and complete value
    for extra in extras:
        if isinstance(extra, Normalizer):
            try:
                value = extra.normalize(value)
            except ValueError as problem:
                diagnostics.append(Diagnostic(path, f"{problem}, got {quote(value)}"))
        elif isinstance(extra, Validator) and isinstance(value, Mapping):
            diagnostics += [*run_validator(extra, value, path, diagnostics[before:])]
    return value


def _ignores_order(extra: object) -> bool:
    return isinstance(extra, Normalizer) and extra.ignores_order


def _validate_type(
    members: tuple[object, ...], value: Value, path: str, diagnostics: list[Diagnostic]
) -> Value:
    member = next((member for member in members if _fits(member, value)), None)
    if member is None:
        wanted = " or ".join(dict.fromkeys(map(_describe, members)))
        diagnostics.append(Diagnostic(path, f"must be {wanted}, got {quote(value)}"))
        return value
    return _validate_member(member, value, path, diagnostics)


def _validate_member(
    member: object, value: Value, path: str, diagnostics: list[Diagnostic]
) -> Value:
    if is_typeddict(member) and isinstance(value, Mapping):
        return _validate_fields(member, value, path, diagnostics)
    if get_origin(member) is Literal and isinstance(value, str | int):
        return _validate_enum(get_args(member), value, path, diagnostics)
    if isinstance(value, Mapping) and get_args(member):
        _, inner = get_args(member)
        return {
            key: _validate(inner, value[key], join_path(path, key), diagnostics) for key in value
        }
    if is_list(value) and get_args(member):
        (inner,) = get_args(member)
        items = [
            _validate(inner, item, f"{path}[{at}]", diagnostics) for at, item in enumerate(value)
        ]
        return _as_declared(value, items)
    return value


def _validate_fields(fields: Any, value: Values, path: str, diagnostics: list[Diagnostic]) -> Value:  # noqa: ANN401 - a TypedDict class has no type of its own
    known: Mapping[str, object] = fields.__annotations__
    missing = sorted(
        key
        for key in fields.__required_keys__ - value.keys()
        if type_of_member(key, known, value) is known[key]
    )
    diagnostics.extend(Diagnostic(join_path(path, key), IS_MISSING) for key in missing)
    for key in [key for key in value if key not in known]:
        # If the program also declares the known key, the unknown key is not a typo of it.
        hint = did_you_mean(key, [each for each in known if each not in value])
        end = hint or f"; known keys: {_list(known)}{_SENT}"
        diagnostics.append(
            Diagnostic(join_path(path, key), f"is not a known key{end}", warning=not hint)
        )
    return {
        key: _validate(type_of_member(key, known, value), item, join_path(path, key), diagnostics)
        for key, item in value.items()
    }


def type_of_member(key: str, annotations: Mapping[str, object], values: Values) -> object:
    """Return the annotation of a member of a mapping, or `object` if its type is not known.

    The type is not known if the key is unknown, or if the type depends on an enum whose value is
    not listed.
    """
    annotation = annotations.get(key, object)
    _, extras = unwrap_annotation(annotation)
    enums = (extra.enum for extra in extras if isinstance(extra, DependsOn))
    is_free = any(_is_unlisted(annotations[enum], values.get(enum)) for enum in enums)
    return object if is_free else annotation


def _is_unlisted(enum: object, value: Value) -> bool:
    """True if the enum does not list the value, and validation accepts it with a warning."""
    diagnostics: list[Diagnostic] = []
    _validate(enum, value, "", diagnostics)
    return any(each.warning for each in diagnostics)


def _validate_enum(
    options: tuple[str | int, ...], value: str | int, path: str, diagnostics: list[Diagnostic]
) -> Value:
    for option in options:
        if str(option).upper() == str(value).upper():
            return option
    hint = did_you_mean(value, map(str, options)) if isinstance(value, str) else ""
    is_error = bool(hint) or value == ""
    end = hint if is_error else _SENT
    text = f"{quote(value)} is not one of {_list(options)}{end}"
    diagnostics.append(Diagnostic(path, text, warning=not is_error))
    return value


#: The end of a warning about a value that this release does not know, but the API may know.
_SENT = "; sent as is"
_MAX_LISTED = 80


def _list(options: Iterable[object]) -> str:
    """List the options in one line. If the line is too long, list only the first options."""
    return textwrap.shorten(", ".join(map(str, options)), _MAX_LISTED, placeholder=" …")


#: The types in an annotation, and the metadata of all `Annotated` in it.
_Unwrapped: TypeAlias = tuple[tuple[object, ...], tuple[object, ...]]

#: The results of `unwrap_annotation`, by the id of the annotation. `functools.cache` would compute
#: the hash of an annotation, which takes longer than to unwrap it. Each entry refers to its
#: annotation, so that no other object gets the same id.
_unwrapped: dict[int, tuple[object, _Unwrapped]] = {}


def unwrap_annotation(annotation: object) -> _Unwrapped:
    """Strip `NotRequired`, `Annotated`, `Input` and `None` from an annotation.

    Returns the remaining types, and the metadata of all `Annotated`. `Input[T]` is a union of `T`,
    `Awaitable[T]` and `Output[T]`, where `Output[T]` is a forward reference.
    """
    found = _unwrapped.get(id(annotation))
    if found is None:
        found = _unwrapped[id(annotation)] = annotation, _unwrap(annotation)
    return found[1]


def _unwrap(annotation: object) -> _Unwrapped:
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


def matching_type(annotation: object, value: Value) -> object | None:
    """Return the member of an annotation that a type checker would choose for a value, or None.

    A type checker accepts less than validation. It accepts only the listed values of an enum, and
    only the known keys of a `TypedDict`. The elements of a list or mapping are not checked.
    """
    for member in unwrap_annotation(annotation)[0]:
        if is_typeddict(member):
            fields: Any = member
            required, known = fields.__required_keys__, fields.__annotations__
            if isinstance(value, Mapping) and required <= value.keys() <= known.keys():
                return member
        elif value in get_args(member) if get_origin(member) is Literal else _fits(member, value):
            return member
    return None


def member_annotation(member: object, key: str | None = None) -> object:
    """Return the annotation of a key of a mapping, or of each element of a list.

    Args:
        member: the result of `matching_type`. If it is None, the annotation is `object`.
        key: the key; None for a list.
    """
    if is_typeddict(member):
        fields: Any = member
        return fields.__annotations__[key]
    return (object, *get_args(member))[-1]


def _fits(member: object, value: Value) -> bool:
    """Whether a value has the given type. The elements of a list or mapping are not checked."""
    kind = get_origin(member) or member
    if is_typeddict(member) or kind in (dict, Mapping):
        return isinstance(value, Mapping)
    if kind is str:
        return isinstance(value, str)
    if kind is Literal:
        return not isinstance(value, bool) and isinstance(value, type(get_args(member)[0]))
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
        return f"one of {', '.join(map(str, get_args(member)))}"
    if word := _TYPE_NAMES.get(origin):
        return word
    elements, _ = unwrap_annotation(get_args(member)[0])
    plurals = (re.sub(r"^an? (\w+)", r"\1s", _describe(each)) for each in elements)
    return f"a list of {' or '.join(plurals)}"


_MAX_QUOTED = 80


def quote(value: object) -> str:
    """Format a value for a message: in one line, printable, and shortened if it is long."""
    text = escape_controls(f'"{value}"' if isinstance(value, str) else repr(value))
    return text if len(text) <= _MAX_QUOTED else f"{text[: _MAX_QUOTED - 1]}…"
