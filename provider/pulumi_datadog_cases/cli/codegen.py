"""Generates a Python program that declares existing objects.

The program is formatted like the output of Black and Ruff at their default width, so neither of
these tools would change a line. Type checkers accept the program. It uses `cast(Any, ...)` for each
value that the annotations do not allow, such as a mapping with a key that its annotation lacks.
"""

import hashlib
import keyword
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeAlias

from pulumi_datadog_cases.cli.inventory import InventoryItem
from pulumi_datadog_cases.engine import Value
from pulumi_datadog_cases.engine.validation import matching_type, member_annotation
from pulumi_datadog_cases.engine.values import is_list

_WIDTH = 88
_INDENT = 4
_MAX_NAME_LENGTH = 40

#: Names that variables of the program must not have.
_RESERVED = frozenset({"cases", "cast", *keyword.kwlist, *keyword.softkwlist})


@dataclass(frozen=True)
class Declaration:
    """An object that the program declares."""

    #: The variable that the resource is assigned to.
    variable: str
    #: The name of the resource.
    name: str
    found: InventoryItem


def program(docstring: str, declarations: Sequence[Declaration]) -> str:
    """Return the text of a program.

    Args:
        docstring: the program's docstring, one line.
        declarations: the objects, each after the objects that it refers to. The program refers to
            declared objects by variable, and to all other objects by id.
    """
    lines: list[str] = []
    ids: dict[str, str] = {}
    has_cast = False
    for each in declarations:
        if each.found.listing_parent not in ids:
            lines.append("")
        inputs = {
            name: _literal(each.found.resource_type.inputs[name].annotation, value, ids)
            for name, value in each.found.declared.items()
            if value != each.found.resource_type.inputs[name].default
        }
        lines.append(_statement(each, inputs))
        has_cast = has_cast or _has_cast(inputs)
        if each.found.has_own_id:
            ids[each.found.id] = f"{each.variable}.id"
    imports = ["import pulumi_datadog_cases as cases"]
    if has_cast:
        imports = ["from typing import Any, cast", "", *imports]
    return "\n".join([f'"""{docstring}"""', "", *imports, *lines]) + "\n"


# --- names and order -------------------------------------------------------------------------


def name_and_order(
    found: Sequence[InventoryItem],
    known: Mapping[InventoryItem, str],
    reserved: AbstractSet[str] = frozenset(),
) -> list[Declaration]:
    """Name the objects, and order them so that each follows the objects that it refers to.

    Objects that the stack already manages keep their names. A new name is made from the object's
    display name, or from its resource type if it has no display name. The name of the parent is
    prepended if there is no display name, or if several objects have the same display name. If the
    result is still not unique, the object's key is appended, such as that of a case. If the object
    has no key, a digest of its type and import id is appended. So a new name does not depend on the
    order in which the API lists the objects.

    Args:
        found: the objects.
        known: the resource names of the objects that the stack already manages.
        reserved: names that new objects must not get. The names in `known` are reserved as well.
    """
    reserved = {*reserved, *known.values()}
    relations = _Relations(found)
    counts = Counter(map(_display_name, found))
    siblings = Counter((relations.parent(each), _preferred_name(each)) for each in found)
    variables: dict[InventoryItem, str] = {}
    used: set[str] = set()
    declarations: list[Declaration] = []
    for each in relations.in_order():
        name = known.get(each)
        parent, wanted = relations.parent(each), _preferred_name(each)
        variable = _identifier(name) if name else wanted
        if name is None and parent and not (_display_name(each) and counts[wanted] == 1):
            variable = f"{variables[parent]}_{variable}"
        if name is None and (siblings[parent, wanted] > 1 or variable in reserved):
            variable = f"{variable}_{_key(each) or _digest(each)}"
        if variable in used:
            variable = f"{variable}_{_digest(each)}"
        used.add(variable)
        variables[each] = variable
        declarations.append(Declaration(variable, name or variable, each))
    return declarations


class _Relations:
    """Finds the parent of each object, and the objects that each object refers to."""

    def __init__(self, found: Sequence[InventoryItem]) -> None:
        self._found = found
        self._by_id = {each.id: each for each in found if each.has_own_id}

    def parent(self, each: InventoryItem) -> InventoryItem | None:
        """Return an object's parent; None if the program does not declare the parent."""
        return self._by_id.get(each.listing_parent or "")

    def in_order(self) -> list[InventoryItem]:
        """Return the objects, each after its parent and after the objects that it refers to."""
        placed: list[InventoryItem] = []
        seen: set[InventoryItem] = set()

        def place(each: InventoryItem) -> None:
            if each not in seen:
                seen.add(each)  # before the recursion, because references may form a cycle
                for reference in each.strings():
                    if reference in self._by_id:
                        place(self._by_id[reference])
                placed.append(each)

        for each in sorted(self._found, key=self._path):
            place(each)
        return placed

    def _path(self, each: InventoryItem) -> list[str]:
        """Return an object's sort key: its parent's sort key, its type, its name, its import id."""
        parent = self.parent(each)
        return [
            *(self._path(parent) if parent else []),
            each.resource_type.name,
            _display_name(each),
            each.key,
        ]


def _preferred_name(each: InventoryItem) -> str:
    """Return an object's display name, or its resource type if it has no display name."""
    return _display_name(each) or _snake(each.resource_type.name.removeprefix("Case") or "case")


def _display_name(each: InventoryItem) -> str:
    """Return an object's display name as a variable name, or ""."""
    return _identifier(each.display_name) if _words(each.display_name) else ""


def _identifier(name: str) -> str:
    """Return the Python variable name for an object, made from a name of the object.

    The result is `unnamed` if the name has no ASCII letters and digits. The result begins with an
    underscore if the name begins with a digit or is reserved (`_RESERVED`).
    """
    variable = "_".join(_words(name))[:_MAX_NAME_LENGTH].strip("_") or "unnamed"
    return f"_{variable}" if variable in _RESERVED or variable[0].isdigit() else variable


def _words(name: str) -> list[str]:
    """Return the words of a name in ASCII; characters that have no ASCII form are dropped."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.findall(r"[a-z0-9]+", plain.lower())


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _key(each: InventoryItem) -> str:
    """Return the key by which people know an object, as part of a variable name, or ""."""
    key = each.live.values.get("key")
    return "_".join(_words(key)) if isinstance(key, str) else ""


def _digest(each: InventoryItem) -> str:
    return hashlib.sha256("/".join(each.identity).encode()).hexdigest()[:6]


# --- text ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Expression:
    """A Python expression, such as `desk.id`, that the program contains instead of a value."""

    text: str


@dataclass(frozen=True)
class _Cast:
    """A value that type checkers reject. The program casts the value to `Any`."""

    value: "_Literal"


_Literal: TypeAlias = "Value | _Expression | _Cast | list[_Literal] | dict[str, _Literal]"


def _literal(annotation: object, value: Value, ids: Mapping[str, str]) -> _Literal:
    """Return the literal of a value.

    Expressions such as `desk.id` replace the ids of declared objects. Parts of the value that do
    not match the annotation are cast to `Any`.
    """
    matching = matching_type(annotation, value)
    literal: _Literal
    match value:
        case str() if value in ids:
            literal = _Expression(ids[value])
        case Mapping():
            literal = {
                key: _literal(member_annotation(matching, key), item, ids)
                for key, item in value.items()
            }
        case _ if is_list(value):
            literal = [_literal(member_annotation(matching), item, ids) for item in value]
        case _:
            literal = value
    return _Cast(literal) if matching is None else literal


def _has_cast(value: "_Literal | Mapping[str, _Literal]") -> bool:
    match value:
        case Mapping():
            return any(map(_has_cast, value.values()))
        case list():
            return any(map(_has_cast, value))
        case _:
            return isinstance(value, _Cast)


def _statement(declaration: Declaration, inputs: Mapping[str, _Literal]) -> str:
    head = f"{declaration.variable} = cases.{declaration.found.resource_type.name}("
    name = _text(declaration.name)
    line = head + ", ".join([name, *(f"{key}={_one_line(v)}" for key, v in inputs.items())]) + ")"
    if len(line) <= _WIDTH:
        return line
    rows = (f"{key}={_format(value, _INDENT, len(key) + 1)}" for key, value in inputs.items())
    return head + _block([name, *rows], 0) + ")"


def _format(value: _Literal, indent: int, before: int) -> str:
    """Format a value on one line if it fits, else on several lines.

    Args:
        value: the value.
        indent: the indentation of the line on which the value begins.
        before: the number of characters between the indentation and the value.
    """
    line = _one_line(value)
    if indent + before + len(line) < _WIDTH:  # not `<=`: a comma follows
        return line
    inner = indent + _INDENT
    match value:
        case dict() if value:
            keys = ((_text(key), item) for key, item in value.items())
            rows = (f"{key}: {_format(item, inner, len(key) + 2)}" for key, item in keys)
            return "{" + _block(rows, indent) + "}"
        case list() if value:
            return "[" + _block((_format(item, inner, 0) for item in value), indent) + "]"
        case _Cast(uncast):
            return "cast(" + _block(["Any", _format(uncast, inner, 0)], indent) + ")"
        case str() if len(parts := value.splitlines(keepends=True)) > 1:
            rows = (f"{' ' * inner}{_text(part)}\n" for part in parts)
            return f"(\n{''.join(rows)}{' ' * indent})"
        case _:
            return line


def _block(rows: Iterable[str], indent: int) -> str:
    """Return the text between two brackets. Each row has its own line, which ends with a comma."""
    pad = " " * (indent + _INDENT)
    return "\n" + "".join(f"{pad}{row},\n" for row in rows) + " " * indent


def _one_line(value: _Literal) -> str:
    match value:
        case _Expression():
            return value.text
        case _Cast(uncast):
            return f"cast(Any, {_one_line(uncast)})"
        case str():
            return _text(value)
        case dict():
            return (
                "{" + ", ".join(f"{_text(key)}: {_one_line(v)}" for key, v in value.items()) + "}"
            )
        case list():
            return "[" + ", ".join(map(_one_line, value)) + "]"
        case _:
            return repr(value)


def _text(text: str) -> str:
    """Return a string literal in double quotes, unless single quotes need fewer escapes."""
    quoted = repr(text)
    if quoted[0] == '"' or text.count('"') > text.count("'"):
        return quoted
    return '"' + quoted[1:-1].replace("\\'", "'").replace('"', '\\"') + '"'
