"""Write what follows from the folder of resources: what it exports, and the README's table of it.

    python -m tools.catalogue           write both
    python -m tools.catalogue --check   fail where one of them is stale

A file of `resources/` that holds a class of its own name is a resource: `case_view.py` has
`CaseView`. The list of exports is written out, since type checkers and editors do not look through
folders; the rows of the table are what the classes declare and say of themselves.
"""

import ast
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from inspect import getdoc
from pathlib import Path
from typing import TYPE_CHECKING

from tools.generated import ROOT, put

if TYPE_CHECKING:
    from pulumi_datadog_cases.engine import Resource

FOLDER = Path("provider/pulumi_datadog_cases/resources")
EXPORTS = ROOT / FOLDER / "__init__.py"
README = ROOT / "README.md"

#: What stands around the table in the README.
BEGIN, END = "<!-- written by tools/catalogue.py -->\n", "<!-- until here -->\n"
HEAD = "| class | inputs | on destroy |\n|---|---|---|\n"

#: What stands around and between the names in the exports.
_HEAD = '''"""The catalogue: one file per resource. Written by `make generate`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
'''
_ELSE = """\
else:
    # Imported when first asked for: programs use few of them, and wait for all that is loaded.
    from importlib import import_module

    _MODULES = {
"""
_LOOK = """\
    }

    def __getattr__(name: str) -> object:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        module = import_module(f"{__name__}.{_MODULES[name]}")
        return globals().setdefault(name, getattr(module, name))


__all__ = [
"""


def main() -> None:
    """Write or check both."""
    named = dict(resources())
    put(EXPORTS, exports(named))
    text = README.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        sys.exit(f"README.md lacks its table's frame: {BEGIN.strip()} and {END.strip()}")
    put(README, "".join([before, begin, HEAD, *rows(named), end, after]))


def resources() -> Iterator[tuple[str, str]]:
    """The class and the module of each resource, by name of the class."""
    for file in sorted((ROOT / FOLDER).glob("*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and node.bases and snake(node.name) == file.stem:
                yield node.name, file.stem


def snake(name: str) -> str:
    """The module that a class is named after."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def exports(named: dict[str, str]) -> str:
    """The package's source: a resource's module is loaded when its class is first asked for."""
    package = ".".join(FOLDER.parts[1:])
    imports = (f"    from {package}.{named[name]} import {name}\n" for name in named)
    modules = (f'        "{name}": "{named[name]}",\n' for name in sorted(named))
    names = (f'    "{name}",\n' for name in sorted(named))
    return "".join([_HEAD, *imports, _ELSE, *modules, _LOOK, *names, "]\n"])


def rows(named: dict[str, str]) -> Iterator[str]:
    """The rows of the table: the kinds, in alphabetical order."""
    package = import_module(".".join(FOLDER.parts[1:]))
    for name, module in sorted(named.items()):
        kind: type[Resource] = getattr(package, name)
        if hasattr(kind, "Lifecycle"):
            cells = f"[`{name}`]({FOLDER}/{module}.py)", inputs(kind), destroy(kind)
            yield f"| {' | '.join(cells)} |\n"


def inputs(kind: "type[Resource]") -> str:
    """What a program gives: in bold what replaces, in brackets what is optional."""
    declared = kind.Provider.resource_type.inputs.values()
    required = [spelt(p.name, bold=p.replace_on_changes) for p in declared if p.required]
    optional = [spelt(p.name, bold=p.replace_on_changes) for p in declared if not p.required]
    return ", ".join([*required, *([f"[{', '.join(optional)}]"] if optional else [])])


def spelt(name: str, *, bold: bool) -> str:
    """A property's name."""
    return f"**{name}**" if bold else name


def destroy(kind: "type[Resource]") -> str:
    """What the class says that becomes of the object, in one sentence."""
    paragraphs = (getdoc(kind) or "").split("\n\n")
    (said,) = (each for each in paragraphs if each.startswith("Destroy: "))
    sentence = " ".join(said.split()).partition(". ")[0]
    return sentence.removeprefix("Destroy: ").removesuffix(".")


if __name__ == "__main__":
    main()
