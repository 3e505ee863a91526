"""Describes types in Markdown, for the reference pages."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

from typing_extensions import is_typeddict

from pulumi_datadog_cases.engine.validation import unwrap_annotation
from pulumi_datadog_cases.resources._shared.types import UNORDERED, Date, Instant, Uuid

_TYPE_NAMES: Mapping[object, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    object: "any JSON",
}
_ALIAS_NAMES = {
    unwrap_annotation(alias): name
    for alias, name in ((Uuid, "UUID"), (Date, "date"), (Instant, "time"))
}


def describe_type(annotation: object) -> str:
    """Describe a type in Markdown. A mapping with known keys becomes a link to its table."""
    if name := _ALIAS_NAMES.get(unwrap_annotation(annotation)):
        return name
    members, extras = unwrap_annotation(annotation)
    description = " or ".join(dict.fromkeys(map(_describe_member, members)))
    return f"{description}, in any order" if UNORDERED in extras else description


def _describe_member(member: object) -> str:
    if is_typeddict(member):
        name = getattr(member, "__name__", "")
        return f"[{name}](#{name.lower()})"
    origin = get_origin(member) or member
    if origin is Literal:
        return ", ".join(f"`{option}`" for option in get_args(member))
    if name := _TYPE_NAMES.get(origin):
        return name
    *_, item = get_args(member)
    return f"{'mapping' if issubclass(origin, Mapping) else 'list'} of {describe_type(item)}"  # type: ignore[arg-type] # only collection classes are left


def nested_mappings(annotation: object) -> Iterator[Any]:
    """Yield the TypedDicts in a type, and after each of them the TypedDicts of its values."""
    for member in unwrap_annotation(annotation)[0]:
        if is_typeddict(member):
            yield member
            for value_type in mapping_keys(member).values():
                yield from nested_mappings(value_type)
        elif get_origin(member) is not Literal:
            for argument in get_args(member):
                yield from nested_mappings(argument)


def mapping_keys(mapping: Any) -> Mapping[str, object]:  # noqa: ANN401 - a TypedDict class has no type of its own
    """Return the keys of a TypedDict with their types."""
    keys: Mapping[str, object] = mapping.__annotations__
    return keys
