"""`datadog-cases import`: writes a program and an import file for existing objects."""

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import chdir, nullcontext
from pathlib import Path
from typing import Annotated

import typer

from pulumi_datadog_cases._text import printable
from pulumi_datadog_cases.api import Client
from pulumi_datadog_cases.cli.codegen import Declaration, name_and_order, program
from pulumi_datadog_cases.cli.documents import ImportDocument
from pulumi_datadog_cases.cli.group import FAILED, WRONG_USAGE, CommandError
from pulumi_datadog_cases.cli.inventory import Inventory, InventoryItem
from pulumi_datadog_cases.cli.organization import case_queries, connect, find_project
from pulumi_datadog_cases.cli.output import AsJson, print_json, print_table, progress
from pulumi_datadog_cases.cli.state import StackState, import_file, import_into_stack

_PROGRAM, _IMPORTS, _PROJECT = "__main__.py", "import.json", "Pulumi.yaml"

app = typer.Typer(add_completion=False)


@app.command("import")
def import_(  # noqa: PLR0913 - one argument for each option
    *,
    out: Annotated[Path, typer.Option("--out", help="The folder to write the program to.")],
    project: Annotated[
        list[str] | None,
        typer.Option(help="Key or UUID of a project to import; can be given several times."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Import all projects, and objects without a project.")
    ] = False,
    cases: Annotated[
        str | None,
        typer.Option(help="Import cases too: a search query, or '*' for all cases."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing program.")] = False,
    run: Annotated[
        bool, typer.Option("--run", help="Run `pulumi import` on the folder's selected stack.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write a Pulumi program for existing objects, and the file that imports them into a stack.

    Objects that the folder's stack already manages keep their names, so the command can be run
    again.

    Exit code: 0; 1 if something could not be read (the rest is written); 2 for wrong usage.
    """
    if everything is bool(project):
        raise CommandError(
            "choose what to import: --all, or --project once or several times", WRONG_USAGE
        )
    target = out / _PROGRAM
    if target.exists() and not force:
        raise CommandError(
            f"{target} exists and is not overwritten: choose another folder, or pass --force",
            WRONG_USAGE,
        )
    is_project = (out / _PROJECT).exists()
    stack = StackState.of(out) if is_project else StackState(is_selected=False)
    if run and not stack.is_selected:
        raise CommandError(
            f"--run needs a stack, and none is selected in {out}: run without it, then "
            f"`pulumi --cwd {out} stack init …` and the printed command",
            WRONG_USAGE,
        )
    if obstacle := _undeclarable(stack):
        raise CommandError(
            f"the stack of {out} has {obstacle}. The generated program cannot contain that, so "
            "`pulumi up` would remove it: import into another folder, and copy what is new by hand",
            WRONG_USAGE,
        )
    with chdir(out) if is_project else nullcontext(), connect() as client:
        found, missing = _read(client, project or [], cases)
    objects = {each.identity: each for each in found}
    objects |= {each.found.identity: each.found for each in stack.objects}
    names = {each.found.identity: each.name for each in stack.objects}
    declarations = name_and_order([*objects.values()], names)
    new = [each for each in declarations if each.found.identity not in names]
    files = {target: program(_docstring(project), declarations)}
    if new:
        files[out / _IMPORTS] = import_file(new)
    if not is_project:
        files[out / _PROJECT] = f"name: {out.resolve().name}\nruntime: python\n"
    _write(out, files)
    if run and new:
        import_into_stack(out, out / _IMPORTS)
        (out / _IMPORTS).unlink()
    document = _document(out, new, len(declarations) - len(new), missing, imported=run)
    if as_json:
        print_json(document)
    else:
        _print(out, document)
    raise typer.Exit(FAILED if missing else 0)


def _read(
    client: Client, named: Sequence[str], cases: str | None
) -> tuple[list[InventoryItem], Sequence[str]]:
    """Return the objects, and one message for each resource type that is incomplete."""
    projects = {find_project(client, each).id for each in named} or None
    with progress("reading the organisation") as advance:
        inventory = Inventory(client, advance)
        return inventory.read(projects, case_queries(cases)), inventory.missing


def _undeclarable(stack: StackState) -> str | None:
    """Describe something in the stack that a generated program cannot declare, or return None."""
    if stack.others:
        return f"{stack.others[0]}, which is not a Case Management resource"
    for each in stack.objects:
        if each.secret:
            return f"a secret in {each.name}, which must not be in a program in plain text"
        if each.has_options or each.config is not None:
            return f"Pulumi options on {each.name}"
    return None


def _docstring(project: Sequence[str] | None) -> str:
    subject = f"The project {', '.join(project)}" if project else "The organisation"
    return f"{subject}, as imported."


def _write(out: Path, files: Mapping[Path, str]) -> None:
    """Write files, each completely or not at all."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".import-") as unfinished:
        for path, text in files.items():
            (Path(unfinished) / path.name).write_text(text, encoding="utf-8")
        for path in files:
            (Path(unfinished) / path.name).replace(path)


def _document(
    out: Path, new: Sequence[Declaration], managed: int, missing: Sequence[str], *, imported: bool
) -> ImportDocument:
    return {
        "program": str(out / _PROGRAM),
        "import_file": str(out / _IMPORTS) if new and not imported else None,
        "imported": dict(Counter(each.found.resource_type.name for each in new)),
        "left_alone": managed,
        "missing": [*missing],
    }


def _print(out: Path, document: ImportDocument) -> None:
    new, managed = document["imported"], document["left_alone"]
    print_table(["type", "new"], [[name, str(count)] for name, count in sorted(new.items())])
    typer.echo(
        f"{document['program']} declares {sum(new.values()) + managed} objects; the stack already "
        f"manages {managed} of them."
    )
    for line in document["missing"]:
        typer.echo(f"missing: {printable(line)}", err=True)
    if document["import_file"] is None:
        typer.echo("The stack manages all of them: `pulumi preview` should show no changes.")
        return
    typer.echo(
        f"Next, with a stack selected in {out}:\n"
        f"  pulumi --cwd {out} import --file {_IMPORTS} --generate-code=false --protect=false"
    )
