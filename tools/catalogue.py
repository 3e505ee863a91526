"""Write `resources/__init__.py` and `arguments.py`.

    python -m tools.catalogue           write the files
    python -m tools.catalogue --check   exit with an error if one of the files is stale

A file of `resources/` defines a resource if it has a class with the file's name: `case_view.py` has
the class `CaseView`. Type checkers and editors cannot derive exports from the files of a folder.
This program therefore writes the exports out.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tools.generated import ROOT, write_or_check

FOLDER = Path("provider/pulumi_datadog_cases/resources")
EXPORTS = ROOT / FOLDER / "__init__.py"
ARGUMENTS = ROOT / FOLDER.parent / "arguments.py"

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


if __name__ == "__main__":
    main()
