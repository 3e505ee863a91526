"""`datadog-cases import`: writes a program and an import file for existing objects."""

import ast
import shlex
from collections import Counter
from collections.abc import Sequence
from contextlib import chdir, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from pulumi_datadog_cases._text import printable
from pulumi_datadog_cases.api import Client
from pulumi_datadog_cases.cli.codegen import Declaration, name_and_order, program
from pulumi_datadog_cases.cli.documents import ImportDocument
from pulumi_datadog_cases.cli.files import write_files
from pulumi_datadog_cases.cli.group import FAILED, WRONG_USAGE, CommandError
from pulumi_datadog_cases.cli.import_file import complete_import_file
from pulumi_datadog_cases.cli.inventory import Inventory, InventoryItem, ObjectKey, ObjectKeys
from pulumi_datadog_cases.cli.organization import case_queries, connect, find_project
from pulumi_datadog_cases.cli.output import AsJson, print_json, print_table, progress
from pulumi_datadog_cases.cli.pulumi_cli import PROJECT_FILES
from pulumi_datadog_cases.cli.state import StackState, import_file, import_into_stack

_PROGRAM, _MODULE, _IMPORTS, _PROJECT = "__main__.py", "imported.py", "import.json", "Pulumi.yaml"

#: The line that the program needs in order to run the module of new objects.
_IMPORT_LINE = f"import {Path(_MODULE).stem}"

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
    new_only: Annotated[
        bool,
        typer.Option(
            "--new-only",
            help="Write only the objects that the folder's selected stack does not manage yet. "
            f"They are written to {_MODULE}, and the program stays as it is.",
        ),
    ] = False,
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
        if out or project or everything or cases or new_only or force or run:
            raise CommandError("--complete takes no other option than --json", WRONG_USAGE)
        document = complete_import_file(complete)
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
        document = _import(out, project or [], cases, new_only=new_only, force=force, run=run)
    if as_json:
        print_json(document)
    elif out is None:
        _print_completed(document)
    else:
        _print(out, document, new_only=new_only)
    raise typer.Exit(FAILED if document["missing"] else 0)


def _import(  # noqa: PLR0913 - as above
    out: Path,
    project: Sequence[str],
    cases: str | None,
    *,
    new_only: bool,
    force: bool,
    run: bool,
) -> ImportDocument:
    """Write the program and the import file; with `run`, import the objects."""
    if new_only:
        # Decrypt secrets: the id of a parent is part of the identity of a child, and may be secret.
        stack = StackState.selected(out, show_secrets=True, instead="import without --new-only")
    else:
        stack = _stack_to_rewrite(out, force=force, run=run)
    if native := next((each for each in stack.objects if each.is_native), None):
        raise CommandError(
            f"the stack of {out} has a resource of the native plugin, {native.name}, and this "
            "command writes Python programs: use `pulumi import`, or move the stack to a Python "
            "program with `datadog-cases migrate --to dynamic` first",
            WRONG_USAGE,
        )
    with chdir(out) if _is_project(out) else nullcontext(), connect() as client:
        found, missing = _read(client, project, cases)
    plan = _plan(found, stack)
    if new_only:
        files = _module(plan, stack, out, force=force)
    else:
        files = {_PROGRAM: program(_docstring(project), plan.declarations)}
        if not _is_project(out):
            files[_PROJECT] = f"name: {out.resolve().name}\nruntime: python\n"
    if plan.new:
        files[_IMPORTS] = import_file(plan.new)
    backups = write_files(out, files)
    if run and plan.new:
        import_into_stack(out, out / _IMPORTS, _options(new_only=new_only))
        (out / _IMPORTS).unlink()
    return {
        "program": next((str(out / name) for name in (_PROGRAM, _MODULE) if name in files), None),
        "import_file": str(out / _IMPORTS) if plan.new and not run else None,
        "imported": dict(Counter(each.found.resource_type.name for each in plan.new)),
        "left_alone": len(plan.declarations) - len(plan.new),
        "left_out": plan.left_out,
        "backups": [*map(str, backups)],
        "missing": missing,
    }


def _is_project(folder: Path) -> bool:
    return any((folder / name).exists() for name in PROJECT_FILES)


def _read(
    client: Client, named: Sequence[str], cases: str | None
) -> tuple[list[InventoryItem], Sequence[str]]:
    """Return the objects, and one message for each resource type that is incomplete."""
    projects = {find_project(client, each).id for each in named} or None
    with progress("reading the organisation") as advance:
        inventory = Inventory(client, advance)
        return inventory.read(projects, case_queries(cases)), inventory.missing


# --- what to declare -------------------------------------------------------------------------


@dataclass(frozen=True)
class _Plan:
    """The declarations of a program, chosen so that no object is managed twice."""

    #: The objects that the stack manages, and the new ones.
    declarations: Sequence[Declaration]
    #: The objects that the stack does not manage yet.
    new: Sequence[Declaration]
    #: Objects that must not be imported: one line for each, with the reason.
    left_out: Sequence[str]


def _plan(found: Sequence[InventoryItem], stack: StackState) -> _Plan:
    keys = ObjectKeys([*found, *(each.found for each in (*stack.objects, *stack.known))])
    managed = {keys.of(each.found) for each in stack.objects}
    known = {keys.of(each.found): each.name for each in stack.known}
    names = {each.found: each.name for each in stack.objects}
    unmanaged = [each for each in found if keys.of(each) not in managed]
    importable = [each for each in unmanaged if keys.of(each) not in known]
    declarations = name_and_order([*importable, *names], names, {each.name for each in stack.known})
    return _Plan(
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


# --- a whole program -------------------------------------------------------------------------


def _stack_to_rewrite(out: Path, *, force: bool, run: bool) -> StackState:
    """Return the state of the folder's stack, if a generated program can replace the program.

    Raises:
        CommandError: the program cannot be replaced.
    """
    target = out / _PROGRAM
    if target.exists() and not force:
        raise CommandError(
            f"{target} exists and is not overwritten: choose another folder, pass --new-only to "
            f"write only new objects to {_MODULE}, or pass --force",
            WRONG_USAGE,
        )
    stack = StackState.of(out) if _is_project(out) else StackState(is_selected=False)
    if run and not stack.is_selected:
        raise CommandError(
            f"--run needs a stack, and none is selected in {out}: run this command without --run. "
            f"Then run `pulumi --cwd {out} stack init …`, and the command that was printed",
            WRONG_USAGE,
        )
    if obstacle := _undeclarable(stack):
        raise CommandError(
            f"the stack of {out} has {obstacle}. The generated program cannot declare it, so "
            "`pulumi up` would remove it from the stack: pass --new-only to write only new "
            f"objects to {_MODULE}",
            WRONG_USAGE,
        )
    return stack


def _undeclarable(stack: StackState) -> str | None:
    """Describe something in the stack that a generated program cannot declare, or return None."""
    if stack.others:
        return f"{stack.others[0]}, which is not a Case Management resource"
    keys = ObjectKeys(each.found for each in stack.objects)
    names = dict[ObjectKey, str]()
    for each in stack.objects:
        if (other := names.setdefault(keys.of(each.found), each.name)) != each.name:
            return f"two resources for one object, {other} and {each.name}"
        if each.secret:
            return f"a secret in {each.name}, which must not be in a program in plain text"
        if each.has_options or each.config is not None:
            return f"Pulumi options on {each.name}"
    return None


def _docstring(project: Sequence[str] | None) -> str:
    subject = f"The project {', '.join(project)}" if project else "The organisation"
    return f"{subject}, as imported."


# --- new objects only ------------------------------------------------------------------------


def _module(plan: _Plan, stack: StackState, out: Path, *, force: bool) -> dict[str, str]:
    """Return the module that declares the new objects, as a mapping from its file name to its text.

    The mapping is empty if there are no new objects.

    Raises:
        CommandError: the module exists, and must not be overwritten.
    """
    if not plan.new:
        return {}
    path = out / _MODULE
    if path.exists():
        rename = f"rename it and its import in {_PROGRAM}, then run this again"
        if not force:
            raise CommandError(
                f"{path} exists and is not overwritten: {rename}; or pass --force if its objects "
                "are not imported yet",
                WRONG_USAGE,
            )
        written = _first_arguments(path)
        if declared := [each.name for each in stack.objects if each.name in written]:
            raise CommandError(
                f"{path} declares {declared[0]}, which the stack manages. Without this "
                f"declaration, `pulumi up` would delete the object: {rename}",
                WRONG_USAGE,
            )
    return {_MODULE: program(f"Imported objects; {_PROGRAM} needs `{_IMPORT_LINE}`.", plan.new)}


def _first_arguments(path: Path) -> set[object]:
    """Return the constant first arguments of all calls in a program, such as resource names."""
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError) as error:
        raise CommandError(f"{path} cannot be read: {error}. Correct or rename it") from error
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args)
    return {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}


# --- output ----------------------------------------------------------------------------------


def _options(*, new_only: bool = False) -> Sequence[str]:
    """Return the options of `pulumi import`.

    With `--new-only`, a module declares the imported objects. Until the program imports the module,
    `pulumi up` would delete these objects. So they stay protected, which is the default of
    `pulumi import`. After the program imports the module, a preview shows no change, and the next
    `pulumi up` ends the protection. That preview and that `pulumi up` were tried.
    """
    return ["--generate-code=false", *([] if new_only else ["--protect=false"])]


def _print(out: Path, document: ImportDocument, *, new_only: bool) -> None:
    new, managed, written = document["imported"], document["left_alone"], document["program"]
    if written is None:
        typer.echo("Nothing is new: the stack has all objects that were found. No file is written.")
    else:
        print_table(["type", "new"], [[name, str(count)] for name, count in sorted(new.items())])
        typer.echo(
            f"{written} declares {sum(new.values())} objects that the stack does not manage yet."
            if new_only
            else f"{written} declares {sum(new.values()) + managed} objects; the stack already "
            f"manages {managed} of them."
        )
    _print_lists(document)
    if document["import_file"]:
        command = ["pulumi", "--cwd", str(out), "import", "--file", _IMPORTS]
        typer.echo(f"Next, with a stack selected in {out}:")
        typer.echo(f"  {shlex.join([*command, *_options(new_only=new_only)])}")
    elif written and not new_only:
        typer.echo("The stack manages all of them: `pulumi preview` should show no changes.")
    if written and new_only:
        typer.echo(
            f"After the import, add the line `{_IMPORT_LINE}` to {out / _PROGRAM}. Without this "
            "line, `pulumi up` would try to delete the imported objects, and fail because they are "
            "protected."
        )


def _print_completed(document: ImportDocument) -> None:
    counts = sorted(document["imported"].items())
    print_table(["type", "completed"], [[name, str(count)] for name, count in counts])
    _print_lists(document)
    command = ["pulumi", "import", "--file", str(document["import_file"]), *_options()]
    typer.echo(f"Next:\n  {shlex.join(command)}")


def _print_lists(document: ImportDocument) -> None:
    for backup in document["backups"]:
        typer.echo(f"{backup} is a backup of the overwritten file.")
    for line in document["left_out"]:
        typer.echo(f"left out: {printable(line)}", err=True)
    for line in document["missing"]:
        typer.echo(f"missing: {printable(line)}", err=True)
