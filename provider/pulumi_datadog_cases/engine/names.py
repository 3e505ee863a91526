"""Translates property names: `projectId` in programs of other languages, `project_id` here.

The names of properties and of the members of typed mappings are translated. The keys of free
mappings, such as the labels of a case, belong to the user and are not translated.
"""

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias, get_args, get_origin

from typing_extensions import is_typeddict

from pulumi_datadog_cases.engine.property import Property
from pulumi_datadog_cases.engine.validation import unwrap_annotation
from pulumi_datadog_cases.engine.values import Value, Values, is_list

_Translate: TypeAlias = Callable[[str], str]

#: Matches one step of a property path in Pulumi's syntax (documented): a name, a quoted key such as
#: `["b.c"]`, or an index such as `[0]`.
_STEP: Final = re.compile(r'\.?([^.\[\]]+)|\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]')

#: Resource options of Pulumi that messages name.
_PULUMI_OPTIONS: Final = (
    "custom_timeouts",
    "delete_before_replace",
    "deleted_with",
    "depends_on",
    "ignore_changes",
    "replace_on_changes",
    "retain_on_delete",
)


@functools.cache
def camel_case(name: str) -> str:
    """Return a name as programs in other languages spell it. Hidden names (`__…`) stay."""
    if name.startswith("_"):
        return name
    first, *others = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in others)


@functools.cache
def snake_case(name: str) -> str:
    """Return a name as this package spells it; the inverse of `camel_case`."""
    if name.startswith("_"):
        return name
    return re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", name)


def with_camel_case_names(properties: Mapping[str, Property], values: Values) -> dict[str, Value]:
    """Translate the names in the values of a resource for programs in other languages."""
    return _properties(properties, values, camel_case)


def with_snake_case_names(properties: Mapping[str, Property], values: Values) -> dict[str, Value]:
    """Translate the names in the values of a resource that come from other languages."""
    return _properties(properties, values, snake_case)


def in_message(properties: Mapping[str, Property], message: str) -> str:
    """Translate the names of properties, members and Pulumi's options in the text of a message."""
    return translate_words({*properties, *_member_names(properties), *_PULUMI_OPTIONS}, message)


def translate_words(words: Iterable[str], message: str) -> str:
    """Translate words in the text of a message, but not in URLs and URNs."""
    longest_first = sorted(words, key=len, reverse=True)
    known = "|".join(re.escape(word) for word in longest_first if "_" in word)
    if not known:
        return message
    return re.sub(rf"(?<![\w/?&:])({known})(?![\w])", lambda word: camel_case(word[1]), message)


def camel_case_path(properties: Mapping[str, Property], path: str) -> str:
    """Translate a property path: `trigger.data.toStatusName` for `trigger.data.to_status_name`."""
    return _path(properties, path, camel_case)


def snake_case_path(properties: Mapping[str, Property], path: str) -> str:
    """Translate a property path of another language; the inverse of `camel_case_path`."""
    return _path(properties, path, snake_case)


def _path(properties: Mapping[str, Property], path: str, translate: _Translate) -> str:
    annotation: object = object
    is_free = False
    parts = list[str]()
    for name, quoted, index in _STEP.findall(path):
        key = name or quoted
        if not parts:
            annotation = _annotation(properties, snake_case(key))
        elif key:
            annotation, is_free = _member(annotation, snake_case(key))
        text = key if is_free else translate(key)
        if index:
            parts.append(f"[{index}]")
        elif quoted:
            parts.append(f'["{text}"]')
        else:
            parts.append(f".{text}" if parts else text)
    return "".join(parts)


def _member(annotation: object, key: str) -> tuple[object, bool]:
    """Return the annotation of a member, and whether its key belongs to the user.

    The argument `annotation` may be that of a list of mappings.
    """
    members, _ = unwrap_annotation(annotation)
    for member in members:
        if is_typeddict(member):
            return _fields(member).get(key, object), False
        if get_origin(member) in (dict, Mapping):
            return get_args(member)[1], True
        if _is_sequence(member):
            return _member(get_args(member)[0], key)
    return object, True


def _annotation(properties: Mapping[str, Property], name: str) -> object:
    found = properties.get(name)
    return object if found is None else found.annotation


def _properties(
    properties: Mapping[str, Property], values: Values, translate: _Translate
) -> dict[str, Value]:
    return {
        translate(name): _value(_annotation(properties, snake_case(name)), value, translate)
        for name, value in values.items()
    }


def _value(annotation: object, value: Value, translate: _Translate) -> Value:
    members, _ = unwrap_annotation(annotation)
    if isinstance(value, Mapping):
        typed = next((member for member in members if is_typeddict(member)), None)
        if typed is not None:
            fields = _fields(typed)
            return {
                translate(key): _value(fields.get(snake_case(key), object), item, translate)
                for key, item in value.items()
            }
        inner = next((get_args(m)[1] for m in members if get_origin(m) in (dict, Mapping)), object)
        return {key: _value(inner, item, translate) for key, item in value.items()}
    if is_list(value):
        element = next((get_args(member)[0] for member in members if _is_sequence(member)), object)
        return [_value(element, item, translate) for item in value]
    return value


def _is_sequence(member: object) -> bool:
    return (
        bool(get_args(member))
        and get_origin(member) not in (dict, Mapping)
        and (isinstance(get_origin(member), type) and hasattr(get_origin(member), "__getitem__"))
    )


def _fields(typed: Any) -> Mapping[str, object]:  # noqa: ANN401 - a TypedDict class has no type of its own
    fields: Mapping[str, object] = typed.__annotations__
    return fields


def _member_names(properties: Mapping[str, Property]) -> Iterator[str]:
    seen = set[int]()

    def walk(annotation: object) -> Iterator[str]:
        members, _ = unwrap_annotation(annotation)
        for member in members:
            if is_typeddict(member):
                if id(member) not in seen:
                    seen.add(id(member))
                    for name, inner in _fields(member).items():
                        yield name
                        yield from walk(inner)
            else:
                for argument in get_args(member):
                    if not isinstance(argument, str | int):
                        yield from walk(argument)

    for each in properties.values():
        yield from walk(each.annotation)
