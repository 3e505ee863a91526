"""Write `resources/__init__.py`, `arguments.py` and the table of resources in the README.

    python -m tools.catalogue           write the files
    python -m tools.catalogue --check   exit with an error if one of the files is stale

A file of `resources/` defines a resource if it has a class with the file's name: `case_view.py` has
the class `CaseView`. Type checkers and editors cannot derive exports from the files of a folder.
This program therefore writes the exports out. It builds the table from the properties and
docstrings of the classes.
"""

import ast
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from inspect import getdoc
from pathlib import Path
from typing import TYPE_CHECKING

from tools.generated import ROOT, write_or_check

if TYPE_CHECKING:
    from pulumi_datadog_cases.engine import Resource

FOLDER = Path("provider/pulumi_datadog_cases/resources")
EXPORTS = ROOT / FOLDER / "__init__.py"
ARGUMENTS = ROOT / FOLDER.parent / "arguments.py"
README = ROOT / "README.md"

#: The comments around the table in the README.
BEGIN, END = "<!-- written by tools/catalogue.py -->\n", "<!-- until here -->\n"
HEAD = "| class | inputs | on destroy |\n|---|---|---|\n"

#: The fixed parts of `resources/__init__.py`. `exports` inserts generated lines between them.
_HEAD = '''"""All resource classes, one file per class. Written by `make generate`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
'''
_ELSE = """\
else:
    # Imported on first use: a program uses few resources, and every import delays its start.
    from importlib import import_module

    _MODULES = {
"""
_GETATTR = """\
    }

    def __getattr__(name: str) -> object:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        module = import_module(f"{__name__}.{_MODULES[name]}")
        return globals().setdefault(name, getattr(module, name))


__all__ = [
"""


_ARGUMENTS = '''\
"""The types of mappings that are arguments of resources. Written by `make generate`.

A mapping is a plain `dict`. With these types, editors and type checkers know its keys also where a
program stores it in a variable or builds it in a function.
"""

'''


def main() -> None:
    """Write or check the files."""
    modules = dict(resources())
    write_or_check(EXPORTS, exports(modules))
    write_or_check(ARGUMENTS, arguments())
    text = README.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        sys.exit(f"error: README.md lacks {BEGIN.strip()} or {END.strip()} around its table")
    write_or_check(README, "".join([before, begin, HEAD, *rows(modules), end, after]))


def resources() -> Iterator[tuple[str, str]]:
    """Yield the class name and the module name of each resource."""
    for file in sorted((ROOT / FOLDER).glob("*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and node.bases and snake_case(node.name) == file.stem:
                yield node.name, file.stem


def snake_case(name: str) -> str:
    """Return the module name for a class name."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def exports(modules: dict[str, str]) -> str:
    """Return the source of `resources/__init__.py`, which imports a resource on first use."""
    package = ".".join(FOLDER.parts[1:])
    imports = (f"    from {package}.{modules[name]} import {name}\n" for name in modules)
    entries = (f'        "{name}": "{modules[name]}",\n' for name in sorted(modules))
    names = (f'    "{name}",\n' for name in sorted(modules))
    return "".join([_HEAD, *imports, _ELSE, *entries, _GETATTR, *names, "]\n"])


def arguments() -> str:
    """Return the source of `arguments.py`, which exports the types of mappings."""
    found: dict[str, list[str]] = {}
    for file in sorted((ROOT / FOLDER).rglob("*.py")):
        module = ".".join(file.relative_to(ROOT / FOLDER.parts[0]).with_suffix("").parts)
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and node.name.endswith("Args"):
                found.setdefault(module, []).append(node.name)
    imports = (_import(module, names) for module, names in found.items())
    names = sorted(name for names in found.values() for name in names)
    exported = "".join(f'    "{name}",\n' for name in names)
    return f"{_ARGUMENTS}{''.join(imports)}\n__all__ = [\n{exported}]\n"


def _import(module: str, names: list[str]) -> str:
    if len(names) == 1:
        return f"from {module} import {names[0]}\n"
    lines = "".join(f"    {name},\n" for name in sorted(names, key=str.lower))
    return f"from {module} import (\n{lines})\n"


def rows(modules: dict[str, str]) -> Iterator[str]:
    """Yield the rows of the README's table: the resource types, in alphabetical order."""
    package = import_module(".".join(FOLDER.parts[1:]))
    for name, module in sorted(modules.items()):
        resource: type[Resource] = getattr(package, name)
        if hasattr(resource, "Lifecycle"):
            cells = f"[`{name}`]({FOLDER}/{module}.py)", inputs(resource), on_destroy(resource)
            yield f"| {' | '.join(cells)} |\n"


def inputs(resource: "type[Resource]") -> str:
    """Return a resource's inputs, in Markdown.

    Optional inputs are in brackets. An input is bold if its change replaces the resource.
    """
    declared = resource.Provider.resource_type.inputs.values()
    required = [cell(p.name, bold=p.replace_on_changes) for p in declared if p.required]
    optional = [cell(p.name, bold=p.replace_on_changes) for p in declared if not p.required]
    return ", ".join([*required, *([f"[{', '.join(optional)}]"] if optional else [])])


def cell(name: str, *, bold: bool) -> str:
    """Return a property's name in Markdown."""
    return f"**{name}**" if bold else name


def on_destroy(resource: "type[Resource]") -> str:
    """Return the first sentence of the docstring paragraph that begins with `Destroy:`."""
    paragraphs = (getdoc(resource) or "").split("\n\n")
    (paragraph,) = (each for each in paragraphs if each.startswith("Destroy: "))
    sentence = " ".join(paragraph.split()).partition(". ")[0]
    return sentence.removeprefix("Destroy: ").removesuffix(".")


if __name__ == "__main__":
    main()
