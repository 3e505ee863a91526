"""`datadog-cases recover`: keeps the next deployment from repeating creates of a killed one."""

from collections.abc import Sequence
from contextlib import chdir
from pathlib import Path
from typing import Annotated

import typer

from pulumi_datadog_cases._text import printable
from pulumi_datadog_cases.cli.documents import RecoverDocument, RecoveredObject
from pulumi_datadog_cases.cli.group import FAILED, CommandError
from pulumi_datadog_cases.cli.inventory import NAME_PROPERTIES, InventoryItem
from pulumi_datadog_cases.cli.output import AsJson, print_json, print_table, progress
from pulumi_datadog_cases.cli.pulumi_cli import last_full_update
from pulumi_datadog_cases.cli.recover.search import RecoveredCreate, Result, recover
from pulumi_datadog_cases.cli.state import PendingCreate, StackState
from pulumi_datadog_cases.engine import LiveObject
from pulumi_datadog_cases.engine.safety.intent_log import FOLDER_VARIABLE

#: What the next deployment does with a create, by result.
_NEXT: dict[Result, str] = {
    "found": "`pulumi up` continues with it",
    "not_found": "`pulumi up` looks for it again, then creates it",
    "ambiguous": "`pulumi up` stops: delete those that are not needed",
    "unread": "`pulumi up` looks for it, then creates it",
    "logged": "`pulumi up` continues with the intent log",
    "repeatable": "`pulumi up` repeats it; a repetition changes nothing",
    "unused": "delete it if it is not needed: `pulumi up` does not use it",
}

app = typer.Typer(add_completion=False)


@app.command("recover")
def recover_(
    *,
    stack_dir: Annotated[
        Path, typer.Option(metavar="DIR", help="The folder of the stack's program.")
    ] = Path(),
    as_json: AsJson = False,
) -> None:
    """Find what a killed deployment created, so that `pulumi up` does not create it again.

    Run it before `pulumi up` on a machine that may not have the intent log of the killed
    deployment, such as a new CI runner. It reads the creates that the state lists as pending,
    searches Datadog for their objects, and writes them to the intent log. Nothing is changed in
    Datadog or in the state. If no create is pending, no request is sent.

    Exit code: 0 if `pulumi up` can continue; 1 if it is ambiguous which object belongs to a
    resource, or something could not be read; 2 for wrong usage.
    """
    stack = StackState.selected(stack_dir)
    results: Sequence[RecoveredCreate] = ()
    if stack.pending_creates:
        stack = StackState.selected(stack_dir, show_secrets=True)
        last_update = last_full_update(stack_dir)
        with chdir(stack_dir), progress("searching") as advance:
            try:
                results = recover(stack, last_update, advance)
            except OSError as error:
                raise CommandError(
                    f"cannot write the intent log: {error}. Set {FOLDER_VARIABLE} to a writable "
                    "folder"
                ) from error
    if as_json:
        print_json(_document(results, stack))
    else:
        _print(results, stack)
    failed = any(each.result in {"ambiguous", "unread"} for each in results)
    raise typer.Exit(FAILED if failed else 0)


def _print(results: Sequence[RecoveredCreate], stack: StackState) -> None:
    shown = [each for each in results if each.result != "saved"]
    if shown:
        print_table(
            ("type", "name", "result", "object", "next"),
            [
                (
                    each.create.resource_type.name,
                    each.create.name,
                    each.result.replace("_", " "),
                    ", ".join(f"{one['id']} {one['label']}".strip() for one in _objects(each)),
                    each.reason or _NEXT[each.result],
                )
                for each in shown
            ],
        )
    else:
        typer.echo("No create is pending: there is nothing to recover.")
    if saved := len(results) - len(shown):
        typer.echo(
            f"Pulumi still lists {saved} that the state has. To clear the list after the next "
            "`pulumi up`: `pulumi refresh --clear-pending-creates`."
        )
    for urn, operation in stack.pending_others:
        typer.echo(f"Left alone: {printable(urn)}, which was interrupted while {operation}.")


def _document(results: Sequence[RecoveredCreate], stack: StackState) -> RecoverDocument:
    return {
        "creates": [
            {
                "urn": each.create.urn,
                "kind": each.create.resource_type.name,
                "name": each.create.name,
                "result": each.result,
                "objects": _objects(each),
                "reason": each.reason,
            }
            for each in results
        ],
        "left_alone": [
            {"urn": urn, "operation": operation} for urn, operation in stack.pending_others
        ],
    }


def _objects(result: RecoveredCreate) -> Sequence[RecoveredObject]:
    return [
        {"id": _import_id(result.create, each), "label": _label(result.create, each)}
        for each in result.objects
    ]


def _import_id(create: PendingCreate, live: LiveObject) -> str:
    """Return the import id of an object, or its own id if the ids of its parents are secret."""
    if create.secret & {*create.resource_type.parents}:
        return live.id
    return InventoryItem(create.resource_type, live, create.declared).key


def _label(create: PendingCreate, live: LiveObject) -> str:
    """Return an object's key and name, without secrets."""
    names = (name for name in ("key", *NAME_PROPERTIES) if name not in create.secret)
    return " ".join(str(live.values[name]) for name in names if live.values.get(name))
