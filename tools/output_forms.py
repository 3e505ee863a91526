"""Write `lookups/outputs.py`, the output forms of the lookups. Also write `lookups/__init__.py`.

    python -m tools.output_forms           write the files
    python -m tools.output_forms --check   exit with an error if one of the files is stale

An output form has the parameters of its lookup, but each parameter also accepts outputs of
resources (`pulumi.Input`). Type checkers and editors cannot derive such a signature from the
signature of the lookup. So this program writes the signatures out. It keeps the docstring of
`lookups/__init__.py`.
"""

import ast
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.generated import ROOT, write_or_check

LOOKUPS = ROOT / "provider" / "pulumi_datadog_cases" / "lookups"

_HEAD = '''\
"""The output forms of the lookups. Written by `make generate`.

They take inputs, wait for the resources that these come from, and return outputs. `output_form`
documents when a result is unknown in a preview.
"""
# ruff: noqa: A002 - `filter` is the API's name

from collections.abc import Sequence

import pulumi

from pulumi_datadog_cases.api import {items}
from pulumi_datadog_cases.lookups import functions
from pulumi_datadog_cases.lookups.lookup import output_form

'''

_EXPORTS = """\
{docstring}

from pulumi_datadog_cases.lookups.functions import {lookups}
from pulumi_datadog_cases.lookups.lookup import MultipleMatches, NoMatch
from pulumi_datadog_cases.lookups.outputs import {forms}

__all__ = [{names}]
"""


def main() -> None:
    """Write or check the two files."""
    found = [*lookups((LOOKUPS / "functions.py").read_text(encoding="utf-8"))]
    forms_source = [*map(output_form, found)]
    outputs = "\n\n".join([_HEAD.format(items=f"({', '.join(items(found))},)"), *forms_source])
    write_or_check(LOOKUPS / "outputs.py", formatted(outputs))
    names = sorted(each.name for each in found)
    forms = sorted(f"{name}_output" for name in names)
    exported = sorted(["MultipleMatches", "NoMatch", *names, *forms])
    package = LOOKUPS / "__init__.py"
    docstring = ast.get_docstring(ast.parse(package.read_text(encoding="utf-8")), clean=False)
    exports = _EXPORTS.format(
        docstring=f'"""{docstring}"""',
        lookups=f"({', '.join(names)},)",
        forms=f"({', '.join(forms)},)",
        names="".join(f'"{name}",' for name in exported),
    )
    write_or_check(package, formatted(exports))


def lookups(source: str) -> Iterator[ast.FunctionDef]:
    """Yield the definitions of all lookups."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.decorator_list:
            yield node


def items(found: Iterable[ast.FunctionDef]) -> list[str]:
    """Return the names of the classes of the objects that the lookups return."""
    returned = (ast.unparse(each.returns) for each in found if each.returns)
    return sorted({result.removeprefix("list[").removesuffix("]") for result in returned})


def output_form(lookup: ast.FunctionDef) -> str:
    """Return the source of the output form of a lookup."""
    *own, opts = [*lookup.args.args, *lookup.args.kwonlyargs]
    for parameter in own:
        parameter.annotation = _parsed(_input(_annotation(parameter)))
    opts.annotation = _parsed("pulumi.InvokeOptions | None")
    arguments = ", ".join(f'"{each.arg}": {each.arg}' for each in own)
    result = ast.unparse(lookup.returns) if lookup.returns else "None"
    return (
        f"def {lookup.name}_output({ast.unparse(lookup.args)}) -> pulumi.Output[{result}]:\n"
        f'    """Like `{lookup.name}`, but takes inputs and returns an output."""\n'
        f"    return output_form(functions.{lookup.name}, opts, {{{arguments}}})\n"
    )


def _parsed(expression: str) -> ast.expr:
    return ast.parse(expression, mode="eval").body


def _annotation(parameter: ast.arg) -> str:
    if parameter.annotation is None:
        raise TypeError(f"{parameter.arg} has no annotation")
    return ast.unparse(parameter.annotation)


def _input(annotation: str) -> str:
    """Return the annotation of an input: `Input[Sequence[Input[str]]]` for `Sequence[str]`."""
    return f"pulumi.Input[{annotation.replace('Sequence[str]', 'Sequence[pulumi.Input[str]]')}]"


def formatted(source: str) -> str:
    """Return source code as `ruff format` writes it."""
    ruff = str(Path(sys.executable).with_name("ruff"))
    command = [ruff, "format", "--stdin-filename", str(LOOKUPS / "any.py"), "-"]
    done = subprocess.run(command, input=source, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


if __name__ == "__main__":
    main()
