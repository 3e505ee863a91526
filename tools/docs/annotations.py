"""Types of properties, in the words of somebody who writes a program."""

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Literal, get_args, get_origin

from typing_extensions import get_original_bases, is_typeddict

from pulumi_datadog_cases.engine.validation import unwrap_annotation
from pulumi_datadog_cases.resources._shared.types import UNORDERED, Date, Instant, Uuid

_WORDS: Mapping[object, str] = {
    str: "text",
    bool: "bool",
    int: "whole number",
    float: "number",
    object: "any JSON",
}
_SPECIAL = {
    unwrap_annotation(alias): word
    for alias, word in ((Uuid, "UUID"), (Date, "day"), (Instant, "time"))
}


def in_words(annotation: object) -> str:
    """A type as Markdown; a mapping with known keys is a link to the table of its keys."""
    if word := _SPECIAL.get(unwrap_annotation(annotation)):
        return word
    members, extras = unwrap_annotation(annotation)
    words = " or ".join(dict.fromkeys(map(_member, members)))
    return f"{words}, in any order" if UNORDERED in extras else words


def _member(member: object) -> str:
    if is_typeddict(member):
        name = getattr(member, "__name__", "")
        return f"[{name}](#{name.lower()})"
    origin = get_origin(member) or member
    if origin is Literal:
        return ", ".join(f"`{option}`" for option in get_args(member))
    if word := _WORDS.get(origin):
        return word
    *_, inner = get_args(member)
    return f"{'mapping' if issubclass(origin, Mapping) else 'list'} of {in_words(inner)}"  # type: ignore[arg-type] # what is left are classes of collections


def mappings(annotation: object) -> Iterator[Any]:
    """The mappings with known keys (TypedDicts) in a type, outer ones first."""
    for member in unwrap_annotation(annotation)[0]:
        if is_typeddict(member):
            yield member
            for inner in fields(member).values():
                yield from mappings(inner)
        elif get_origin(member) is not Literal:
            for inner in get_args(member):
                yield from mappings(inner)


def fields(mapping: Any) -> Mapping[str, object]:  # noqa: ANN401 - a TypedDict class has no type of its own
    """The keys of a mapping and their types."""
    known: Mapping[str, object] = mapping.__annotations__
    return known


def about(declaring: type) -> dict[str, str]:
    """What a class says of its fields, in the texts below them."""
    said: dict[str, str] = {}
    for base in get_original_bases(declaring):
        if is_typeddict(base):
            said |= about(base)
    written = ast.walk(ast.parse(textwrap.dedent(inspect.getsource(declaring))))
    definition = next(node for node in written if isinstance(node, ast.ClassDef))
    for declaration, text in pairwise(definition.body):
        match declaration, text:
            case ast.AnnAssign(target=ast.Name(name)), ast.Expr(value=ast.Constant(str(words))):
                said[name] = " ".join(words.split())
            case _:
                pass
    return said
