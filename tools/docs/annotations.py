"""Describes types and arguments in Markdown, for the reference pages."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

import griffe
import pulumi
from typing_extensions import is_typeddict

from pulumi_datadog_cases.engine.docstrings import attribute_docs
from pulumi_datadog_cases.engine.validation import unwrap_annotation
from pulumi_datadog_cases.resources._shared.types import UNORDERED, Date, Instant, Uuid

_TYPE_NAMES: Mapping[object, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    object: "any JSON",
    pulumi.ResourceOptions: "Pulumi's resource options",
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
    if origin is pulumi.Output:
        return describe_type(get_args(member)[0])
    if isinstance(origin, type) and issubclass(origin, pulumi.Resource):
        return f"[{origin.__name__}](resources/{origin.__name__}.md)"
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


def mapping_tables(
    annotations: Iterable[object],
    docs_of: Callable[[type], Mapping[str, str]] = attribute_docs,
) -> Iterator[str]:
    """Yield a heading and a table of keys for each TypedDict in some types.

    Args:
        annotations: the types.
        docs_of: returns the descriptions of a TypedDict's keys.
    """
    found = {each.__name__: each for type_ in annotations for each in nested_mappings(type_)}
    for name, mapping in found.items():
        docs, required = docs_of(mapping), mapping.__required_keys__
        yield f"### {name}\n"
        yield f"{inspect.getdoc(mapping)}\n"
        yield "| key | type | |\n|---|---|---|"
        for key, annotation in mapping_keys(mapping).items():
            cells = label(key, required=key in required), describe_type(annotation)
            yield f"| {' | '.join(cells)} | {docs.get(key, '')} |"
        yield ""


def label(name: str, *, required: bool) -> str:
    """Return the cell with a name in a table of inputs or keys."""
    return f"`{name}`<br>**required**" if required else f"`{name}`"


def documented_arguments(constructor: Callable[..., None]) -> dict[str, str]:
    """Return the documented arguments of a class, without those that every resource has."""
    docstring = griffe.Docstring(inspect.getdoc(constructor) or "")
    for section in griffe.parse_google(docstring, warnings=False):
        if isinstance(section, griffe.DocstringSectionParameters):
            own = [each for each in section.value if each.name not in ("resource_name", "opts")]
            return {each.name: " ".join(each.description.split()) for each in own}
    raise LookupError(f"the docstring of {constructor.__qualname__} documents no arguments")


def capitalized(text: str) -> str:
    """Return a text with an upper-case first letter."""
    return f"{text[0].upper()}{text[1:]}"
