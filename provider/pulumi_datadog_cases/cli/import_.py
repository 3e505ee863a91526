"""`datadog-cases import`: writes a program and an import file for existing objects."""

import shlex
from collections import Counter
from collections.abc import Sequence
from contextlib import chdir, nullcontext
from pathlib import Path
from typing import Annotated

import typer

from pulumi_datadog_cases._text import printable
from pulumi_datadog_cases.api import Client
from pulumi_datadog_cases.cli.codegen import name_and_order
from pulumi_datadog_cases.cli.documents import ImportDocument
from pulumi_datadog_cases.cli.files import write_files
from pulumi_datadog_cases.cli.group import FAILED, WRONG_USAGE, CommandError
from pulumi_datadog_cases.cli.import_file import complete_import_file
from pulumi_datadog_cases.cli.import_targets import (
    ImportTarget,
    Language,
    OtherLanguage,
    Plan,
    PythonModule,
    PythonProgram,
    language_of,
)
from pulumi_datadog_cases.cli.inventory import Inventory, InventoryItem, ObjectKeys
from pulumi_datadog_cases.cli.organization import case_queries, connect, find_project
from pulumi_datadog_cases.cli.output import AsJson, print_json, print_table, progress
from pulumi_datadog_cases.cli.pulumi_cli import project_file_in
from pulumi_datadog_cases.cli.state import StackState, import_file, import_into_stack

_IMPORTS = "import.json"

app = typer.Typer(add_completion=False)


@app.command("import")
def import_(  # noqa: PLR0913 - one argument for each option
    *,
    out: Annotated[
        Path | None, typer.Option("--out", help="The folder to write the program to.")
    ] = None,
    complete: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write no program, but complete a file that `pulumi preview --import-file` wrote. "
            "Replace the placeholders in it by the ids first.",
        ),
    ] = None,
    project: Annotated[
        list[str] | None,
        typer.Option(help="Key or UUID of a project to import; can be given several times."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Import all projects, and objects without a project.")
    ] = False,
    cases: Annotated[
        str | None,
        typer.Option(
            help="Also import the cases that this search query finds; '*' finds all cases."
        ),
    ] = None,
    children: Annotated[
        bool,
        typer.Option(
            help="Import the comments, watchers, links and other children of these cases, which "
            "takes three to four requests for each case."
        ),
    ] = True,
    new_only: Annotated[
        bool,
        typer.Option(
            "--new-only",
            help="Write only the objects that the folder's selected stack does not manage yet. "
            "They are written to imported.py, and the program stays as it is.",
        ),
    ] = False,
    language: Annotated[
        Language | None,
        typer.Option(
            help="The language of the program; by default that of the folder's Pulumi project, or "
            "Python. In other languages than Python, `pulumi import` writes the declarations, and "
            "the native plugin deploys them."
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite an existing program, and keep a backup.")
    ] = False,
    run: Annotated[
        bool, typer.Option("--run", help="Run `pulumi import` on the folder's selected stack.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write a Pulumi program for existing objects, and the file that imports them into a stack.

    Objects that the folder's selected stack already manages are not imported again, and keep their
    names. So the command can be run again. If it overwrites a file, it keeps the old content in
    `FILE.bak`, or in `FILE.bak-2` and so on if older backups exist.

    Exit code: 0 on success; 1 if something could not be read (the rest is written); 2 for wrong
    usage.
    """
    if complete is not None:
        others = out, project, everything, cases, not children, new_only, language, force, run
        if any(others):
            raise CommandError("--complete takes no other option than --json", WRONG_USAGE)
        document = complete_import_file(complete)
        target = None
    else:
        if out is None:
            raise CommandError(
                "choose where to write the program with --out, or an import file with --complete",
                WRONG_USAGE,
            )
        if everything is bool(project):
            raise CommandError(
                "choose what to import: --all, or --project once or several times", WRONG_USAGE
            )
        target = _target(out, _language(out, language), project, new_only=new_only, force=force)
        document = _import(target, project or [], cases, children=children, run=run)
    if as_json:
        print_json(document)
    elif target is None:
        _print_completed(document)
    else:
        _print(target, document)
    raise typer.Exit(FAILED if document["missing"] else 0)


def _language(out: Path, chosen: Language | None) -> Language:
    """Return the language of a folder's project; without a project, the chosen one or Python."""
    language = language_of(out)
    if language is None:
        return chosen or "python"
    if chosen not in {None, language}:
        raise CommandError(
            f"the program in {out} is in {language}, not in {chosen}: leave out --language, or "
            "choose another folder",
            WRONG_USAGE,
        )
    return language


def _target(
    out: Path, language: Language, project: Sequence[str] | None, *, new_only: bool, force: bool
) -> ImportTarget:
    """Return what the options choose to write."""
    if language != "python":
        if new_only or force:
            raise CommandError(
                f"--new-only and --force are only for Python programs: in {language}, an import "
                "always leaves the program as it is, and declares only new objects",
                WRONG_USAGE,
            )
        return OtherLanguage(out, language)
    if new_only:
        return PythonModule(out, force)
    subject = f"The project {', '.join(project)}" if project else "The organisation"
    return PythonProgram(out, subject, force)


def _import(
    target: ImportTarget, project: Sequence[str], cases: str | None, *, children: bool, run: bool
) -> ImportDocument:
    """Write the declarations and the import file; with `run`, import the objects."""
    out = target.out
    stack = target.stack()
    if run and not stack.is_selected:
        raise CommandError(
            f"--run needs a stack, and none is selected in {out}: run this command without --run. "
            f"Then run `pulumi --cwd {out} stack init …`, and the command that was printed",
            WRONG_USAGE,
        )
    with chdir(out) if project_file_in(out) else nullcontext(), connect() as client:
        found, missing = _read(client, project, cases, children=children)
    plan = _plan(found, stack)
    files = {**target.files(plan, stack)}
    if plan.new:
        files[_IMPORTS] = import_file(plan.new, native=target.is_native)
    backups = write_files(out, files)
    if run and plan.new:
        import_into_stack(out, out / _IMPORTS, target.import_options)
        (out / _IMPORTS).unlink()
    is_declared = target.file_name in files or (target.is_native and run and plan.new)
    return {
        "program": str(target.declarations) if is_declared else None,
        "import_file": str(out / _IMPORTS) if plan.new and not run else None,
        "imported": dict(Counter(each.found.resource_type.name for each in plan.new)),
        "left_alone": len(plan.declarations) - len(plan.new),
        "left_out": plan.left_out,
        "backups": [*map(str, backups)],
        "missing": missing,
    }


def _read(
    client: Client, named: Sequence[str], cases: str | None, *, children: bool
) -> tuple[list[InventoryItem], Sequence[str]]:
    """Return the objects, and one message for each resource type that is incomplete."""
    projects = {find_project(client, each).id for each in named} or None
    with progress("reading the organisation") as advance:
        inventory = Inventory(client, advance)
        queries = case_queries(cases)
        return inventory.read(projects, queries, children_of_cases=children), inventory.missing


def _plan(found: Sequence[InventoryItem], stack: StackState) -> Plan:
    keys = ObjectKeys([*found, *(each.found for each in (*stack.objects, *stack.known))])
    managed = {keys.of(each.found) for each in stack.objects}
    known = {keys.of(each.found): each.name for each in stack.known}
    names = {each.found: each.name for each in stack.objects}
    unmanaged = [each for each in found if keys.of(each) not in managed]
    importable = [each for each in unmanaged if keys.of(each) not in known]
    declarations = name_and_order([*importable, *names], names, {each.name for each in stack.known})
    return Plan(
        declarations,
        [each for each in declarations if each.found not in names],
        [
            f"{each.resource_type.name} {each.key}: the stack has this object as "
            f"{known[keys.of(each)]}. The program reads it with `get`, or the next deployment "
            "deletes it"
            for each in unmanaged
            if keys.of(each) in known
        ],
    )


# --- output ----------------------------------------------------------------------------------


def _print(target: ImportTarget, document: ImportDocument) -> None:
    counts, managed = document["imported"], document["left_alone"]
    new = sum(counts.values())
    if document["program"] or new:
        print_table(["type", "new"], [[name, str(count)] for name, count in sorted(counts.items())])
        typer.echo(target.summary(new, managed))
    else:
        typer.echo("Nothing is new: the stack has all objects that were found. No file is written.")
    _print_lists(document)
    if document["backups"] and not managed:
        typer.echo(
            f"warning: no stack that is selected in {target.out} manages any of these objects, so "
            "the program has new names for all of them. If a stack manages them, run `pulumi stack "
            "select` and this command again",
            err=True,
        )
    if document["import_file"]:
        typer.echo(f"Next, with a stack selected in {target.out}:")
        command = ["pulumi", "--cwd", str(target.out), "import", "--file", _IMPORTS]
        typer.echo(f"  {shlex.join([*command, *target.import_options])}")
    elif document["program"] and not target.last_step:
        typer.echo("The stack manages all of them: `pulumi preview` should show no changes.")
    if new and target.last_step:
        typer.echo(target.last_step)


def _print_completed(document: ImportDocument) -> None:
    counts = sorted(document["imported"].items())
    print_table(["type", "completed"], [[name, str(count)] for name, count in counts])
    _print_lists(document)
    command = ["pulumi", "import", "--file", str(document["import_file"])]
    command += PythonProgram.IMPORT_OPTIONS
    typer.echo(f"Next:\n  {shlex.join(command)}")


def _print_lists(document: ImportDocument) -> None:
    for backup in document["backups"]:
        typer.echo(f"{backup} is a backup of the overwritten file.")
    for line in document["left_out"]:
        typer.echo(f"left out: {printable(line)}", err=True)
    for line in document["missing"]:
        typer.echo(f"missing: {printable(line)}", err=True)
