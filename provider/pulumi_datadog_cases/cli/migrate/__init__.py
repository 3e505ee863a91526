"""`datadog-cases migrate`: lets a program in another language take over a stack's resources."""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

import typer

from pulumi_datadog_cases._text import printable
from pulumi_datadog_cases.api.http.json_api import JSON
from pulumi_datadog_cases.cli.documents import MigrateDocument
from pulumi_datadog_cases.cli.group import FAILED, CommandError
from pulumi_datadog_cases.cli.output import AsJson, and_more, print_json, print_table
from pulumi_datadog_cases.cli.pulumi_cli import (
    export_selected_stack,
    native_settings,
    preview_errors,
    read_config,
    run_pulumi,
)

#: The number of changes that the output lists.
_SHOWN = 10

app = typer.Typer(add_completion=False)


FrontEnd: TypeAlias = Literal["native", "dynamic"]
"""The part of the package that answers Pulumi's calls for a program."""


@app.command("migrate")
def migrate_(
    *,
    to: Annotated[
        FrontEnd,
        typer.Option(
            help="`native` if the new program uses the native plugin, as YAML programs do; "
            "`dynamic` if it is a Python program with `pulumi_datadog_cases`."
        ),
    ],
    stack_dir: Annotated[
        Path, typer.Option(metavar="DIR", help="The folder of the new program.")
    ] = Path(),
    as_json: AsJson = False,
) -> None:
    """Let a program in another language take over the resources of the selected stack.

    Write the new program first: it declares the same resources, with the same names. This command
    then converts the stack's state, and runs `pulumi preview`. If the preview shows any change, the
    command restores the state, and lists the changes. No request that changes anything is sent to
    Datadog.

    Exit code: 0 if the new program has taken over the resources, or if there is nothing to convert;
    1 if the state was restored; 2 for wrong usage.
    """
    before = export_selected_stack(stack_dir)
    # Imported here, because these imports take longer than everything else.
    from pulumi_datadog_cases.cli.migrate.conversion import convert  # noqa: PLC0415

    exported: dict[str, Any] = json.loads(export_selected_stack(stack_dir, show_secrets=True))
    deployment = exported["deployment"]
    saved = {each["urn"] for each in deployment.get("resources") or ()}
    pending = [each["resource"]["urn"] for each in deployment.get("pending_operations") or ()]
    if unsaved := [urn for urn in pending if urn not in saved]:
        raise CommandError(
            f"a killed deployment may have created {unsaved[0]}, which is not in the state: run "
            "`datadog-cases recover` and then `pulumi up` with the old program first"
        )
    converted, types = convert(deployment, to, _native_settings(stack_dir))
    changes: list[str] = []
    if types:
        _import(stack_dir, json.dumps({**exported, "deployment": converted}))
        try:
            changes = _changes(stack_dir)
        except BaseException:
            _import(stack_dir, before)
            raise
        if changes:
            _import(stack_dir, before)
    document: MigrateDocument = {
        "converted": {} if changes else dict(sorted(Counter(types).items())),
        "changes": changes,
    }
    if as_json:
        print_json(document)
    else:
        _print(document)
    raise typer.Exit(FAILED if changes else 0)


def _native_settings(folder: Path) -> Mapping[str, JSON]:
    """Return the config of the native plugin as Pulumi stores it in the default provider."""
    from pulumi_datadog_cases.engine.values import SECRET_MARK  # noqa: PLC0415 - as above

    return {
        name: {**SECRET_MARK, "plaintext": json.dumps(each.value)} if each.secret else each.value
        for name, each in native_settings(read_config(folder) or {}).items()
    }


def _import(folder: Path, state: str) -> None:
    done = run_pulumi("--cwd", str(folder), "stack", "import", standard_input=state)
    if done.returncode:
        raise CommandError(f"`pulumi stack import` failed: {printable(done.stderr)}")


def _changes(folder: Path) -> list[str]:
    """Return what a preview would change, such as `create urn:pulumi:…`.

    Raises:
        CommandError: the preview fails.
    """
    done = run_pulumi("--cwd", str(folder), "preview", "--json")
    if done.returncode:
        raise CommandError(
            "the state was restored, because `pulumi preview` of the new program failed: "
            f"{printable(preview_errors(done.stdout) or done.stderr)}"
        )
    return [
        f"{each['op']} {each['urn']}"
        for each in json.loads(done.stdout)["steps"]
        if each["op"] not in {"same", "read", "refresh"}
    ]


def _print(document: MigrateDocument) -> None:
    if changes := document["changes"]:
        typer.echo("The state was restored, because the new program would change the stack:")
        for each in changes[:_SHOWN]:
            typer.echo(f"  {printable(each)}")
        if len(changes) > _SHOWN:
            typer.echo(and_more("  …", len(changes), _SHOWN))
    elif counts := document["converted"]:
        print_table(["type", "converted"], [[name, str(each)] for name, each in counts.items()])
        typer.echo("`pulumi preview` of the new program shows no changes.")
    else:
        typer.echo("Nothing to convert: the stack's resources already have this front end.")
