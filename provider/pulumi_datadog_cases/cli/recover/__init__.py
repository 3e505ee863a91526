"""`datadog-cases recover`: lets the next deployment find the objects of a killed deployment."""

import json
from pathlib import Path
from typing import Annotated

import typer

from pulumi_datadog_cases._text import printable
from pulumi_datadog_cases.cli.documents import RecoverDocument, RecoverResult
from pulumi_datadog_cases.cli.group import FAILED
from pulumi_datadog_cases.cli.output import AsJson, print_json, print_table
from pulumi_datadog_cases.cli.pulumi_cli import export_selected_stack

#: For each result, what the next deployment does with the create.
_NEXT: dict[RecoverResult, str] = {
    "found": "`pulumi up` continues with it",
    "not_found": "`pulumi up` looks again, and creates the object if there is none",
    "ambiguous": "`pulumi up` stops: delete the objects that are not needed",
    "unread": "run this command again",
    "logged": "`pulumi up` continues with the intent log",
    "repeatable": "`pulumi up` sends the request again, which creates no second object",
    "unused": "`pulumi up` does not use the object: delete it if it is not needed",
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

    Run this command before `pulumi up` on a machine that may not have the intent log of the killed
    deployment, such as a new CI runner. The intent log is a local log of create requests. The
    command takes the pending creates from Pulumi's state, searches Datadog for the objects, and
    writes the objects that it finds to the intent log. Nothing is changed in Datadog or in the
    state. If no create is pending, no request is sent.

    Exit code: 0 if `pulumi up` can continue; 1 if it is ambiguous which object belongs to a
    resource, or something could not be read; 2 for wrong usage.
    """
    exported: dict[str, dict[str, object]] = json.loads(export_selected_stack(stack_dir))
    document: RecoverDocument = {"creates": [], "left_alone": []}
    if exported["deployment"].get("pending_operations"):
        # Imported here, because the import takes longer than everything else.
        from pulumi_datadog_cases.cli.recover.pending import recover_pending  # noqa: PLC0415

        document = recover_pending(stack_dir)
    if as_json:
        print_json(document)
    else:
        _print(document)
    failed = any(each["result"] in {"ambiguous", "unread"} for each in document["creates"])
    raise typer.Exit(FAILED if failed else 0)


def _print(document: RecoverDocument) -> None:
    shown = [each for each in document["creates"] if each["result"] != "saved"]
    if shown:
        print_table(
            ("type", "name", "result", "object", "next"),
            [
                (
                    each["kind"],
                    each["name"],
                    each["result"].replace("_", " "),
                    ", ".join(f"{one['id']} {one['label']}".strip() for one in each["objects"]),
                    each["reason"] or _NEXT[each["result"]],
                )
                for each in shown
            ],
        )
    else:
        typer.echo("No create is pending: there is nothing to recover.")
    if saved := len(document["creates"]) - len(shown):
        typer.echo(
            "Create operations that Pulumi still lists as pending, although their objects are in "
            f"the state: {saved}. To empty the list, run `pulumi refresh --clear-pending-creates` "
            "after the next `pulumi up`."
        )
    for each in document["left_alone"]:
        urn, operation = printable(each["urn"]), each["operation"]
        typer.echo(f"Left alone: {urn}, which was interrupted while {operation}.")
