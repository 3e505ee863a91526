"""Writing a program that declares what is there: Python as a person would write it.

The layout is Black's and Ruff's at their usual width: neither would change a line.
"""

import hashlib
import keyword
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pulumi_datadog_cases.cli.inventory import InventoryItem
from pulumi_datadog_cases.engine import Value

_WIDTH = 88
_STEP = 4
_LONGEST_NAME = 40

#: Variables that would mean something else in a program.
_TAKEN = frozenset({"cases", *keyword.kwlist, *keyword.softkwlist})


@dataclass(frozen=True)
class Declaration:
    """An object in a program."""

    variable: str
    #: The resource's name, by which the state knows it.
    name: str
    found: InventoryItem
    #: Whether it is part of nothing that is declared before it.
    is_root: bool


def program(about: str, declarations: Sequence[Declaration]) -> str:
    """The text of a program.

    Args:
        about: what it declares, in a line.
        declarations: the objects, what others refer to before them.
    """
    lines = [f'"""{about}"""', "", "import pulumi_datadog_cases as cases"]
    ids: dict[str, str] = {}
    for each in declarations:
        if each.is_root:
            lines.append("")
        inputs = {
            name: _refer(value, ids)
            for name, value in each.found.declared.items()
            if value != each.found.resource_type.inputs[name].default
        }
        lines.append(_statement(each, inputs))
        if each.found.has_own_id:
            ids[each.found.id] = f"{each.variable}.id"
    return "\n".join(lines) + "\n"


# --- names and order -------------------------------------------------------------------------


def declare(
    found: Sequence[InventoryItem], known: Mapping[tuple[str, str], str]
) -> list[Declaration]:
    """Give each object a name, and bring them into an order in which they can be declared.

    A name is what people call the object. Where several are called the same, the name of what
    they are part of comes in front, and if that is not enough, a digest of their ids behind: so
    a name depends on the object, and not on the order of a list.

    Args:
        found: the objects.
        known: the names of those that stand in a stack, by kind and key.
    """
    relations = _Relations(found)
    often = Counter(map(_called, found))
    siblings = Counter((relations.owner(each), _wanted(each)) for each in found)
    variables: dict[InventoryItem, str] = {}
    used: set[str] = set()
    declarations: list[Declaration] = []
    for each in relations.in_order():
        name = known.get(each.at)
        owner, wanted = relations.owner(each), _wanted(each)
        variable = _identifier(name) if name else wanted
        if name is None and owner and not (_called(each) and often[wanted] == 1):
            variable = f"{variables[owner]}_{variable}"
        if (name is None and siblings[owner, wanted] > 1) or variable in used:
            variable = f"{variable}_{_digest(each)}"
        used.add(variable)
        variables[each] = variable
        declarations.append(Declaration(variable, name or variable, each, owner is None))
    return declarations


class _Relations:
    """What objects are part of, and what they refer to."""

    def __init__(self, found: Sequence[InventoryItem]) -> None:
        self._found = found
        self._by_id = {each.id: each for each in found if each.has_own_id}

    def owner(self, each: InventoryItem) -> InventoryItem | None:
        """What an object is part of, where that is declared too."""
        return self._by_id.get(each.listing_parent_id or "")

    def in_order(self) -> list[InventoryItem]:
        """What is part of something right after it; what something refers to before that."""
        placed: list[InventoryItem] = []
        seen: set[InventoryItem] = set()

        def place(each: InventoryItem) -> None:
            if each not in seen:
                seen.add(each)  # what refers to itself, by whatever way, does not wait for itself
                for text in each.texts():
                    if text in self._by_id:
                        place(self._by_id[text])
                placed.append(each)

        for each in sorted(self._found, key=self._path):
            place(each)
        return placed

    def _path(self, each: InventoryItem) -> list[str]:
        """By kind and name, as far as there is one, within what it is part of."""
        owner = self.owner(each)
        return [
            *(self._path(owner) if owner else []),
            each.resource_type.name,
            _called(each),
            each.key,
        ]


def _wanted(each: InventoryItem) -> str:
    """What an object is called within what it is part of: by its kind if by nothing else."""
    return _called(each) or _snake(each.resource_type.name.removeprefix("Case") or "case")


def _called(each: InventoryItem) -> str:
    """What people call an object, as a variable; "" where they call it nothing."""
    return _identifier(each.called) if _words(each.called) else ""


def _identifier(name: str) -> str:
    variable = "_".join(_words(name))[:_LONGEST_NAME].strip("_") or "unnamed"
    return f"_{variable}" if variable in _TAKEN or variable[0].isdigit() else variable


def _words(name: str) -> list[str]:
    """The words of a name in plain letters, as far as there are any for it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.findall(r"[a-z0-9]+", plain.lower())


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _digest(each: InventoryItem) -> str:
    return hashlib.sha256("/".join(each.at).encode()).hexdigest()[:6]


# --- text ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Expression:
    """Python that stands for a value: `desk.id`."""

    text: str


_Shown: TypeAlias = "Value | _Expression | list[_Shown] | dict[str, _Shown]"


def _refer(value: Value, ids: Mapping[str, str]) -> _Shown:
    """A value in which ids of objects that are declared are references to them."""
    match value:
        case str() if value in ids:
            return _Expression(ids[value])
        case Mapping():
            return {key: _refer(item, ids) for key, item in value.items()}
        case list() | tuple():
            return [_refer(item, ids) for item in value]
        case _:
            return value


def _statement(declaration: Declaration, inputs: Mapping[str, _Shown]) -> str:
    head = f"{declaration.variable} = cases.{declaration.found.resource_type.name}("
    name = _text(declaration.name)
    line = head + ", ".join([name, *(f"{key}={_flat(v)}" for key, v in inputs.items())]) + ")"
    if len(line) <= _WIDTH:
        return line
    rows = (f"{key}={_laid_out(value, _STEP, len(key) + 1)}" for key, value in inputs.items())
    return head + _block([name, *rows], 0) + ")"


def _laid_out(value: _Shown, indent: int, before: int) -> str:
    """A value: on one line where it fits, with so much before it; else a line for each part."""
    line = _flat(value)
    if indent + before + len(line) < _WIDTH:  # a comma follows
        return line
    inner = indent + _STEP
    match value:
        case dict() if value:
            keys = ((_text(key), item) for key, item in value.items())
            rows = (f"{key}: {_laid_out(item, inner, len(key) + 2)}" for key, item in keys)
            return "{" + _block(rows, indent) + "}"
        case list() if value:
            return "[" + _block((_laid_out(item, inner, 0) for item in value), indent) + "]"
        case str() if len(parts := value.splitlines(keepends=True)) > 1:
            rows = (f"{' ' * inner}{_text(part)}\n" for part in parts)
            return f"(\n{''.join(rows)}{' ' * indent})"
        case _:
            return line


def _block(rows: Iterable[str], indent: int) -> str:
    """Rows with a comma each, between brackets."""
    pad = " " * (indent + _STEP)
    return "\n" + "".join(f"{pad}{row},\n" for row in rows) + " " * indent


def _flat(value: _Shown) -> str:
    match value:
        case _Expression():
            return value.text
        case str():
            return _text(value)
        case dict():
            return "{" + ", ".join(f"{_text(key)}: {_flat(v)}" for key, v in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_flat, value)) + "]"
        case _:
            return repr(value)


def _text(text: str) -> str:
    """A literal in double quotes, unless single ones spare escapes."""
    quoted = repr(text)
    if quoted[0] == '"' or text.count('"') > text.count("'"):
        return quoted
    return '"' + quoted[1:-1].replace("\\'", "'").replace('"', '\\"') + '"'
