"""The `datadog-cases` command."""

import importlib.util
import os
import sys

import typer

from pulumi_datadog_cases.cli import bulk, doctor, drift, export, import_, simulate
from pulumi_datadog_cases.cli.common import Commands

app = typer.Typer(
    cls=Commands,
    name="datadog-cases",
    help="Datadog Case Management as code: the tools beside the Pulumi resources.",
    no_args_is_help=True,
    rich_markup_mode="markdown",  # as in docstrings: paragraphs flow, code is marked as such
    pretty_exceptions_enable=False,
)
app.add_typer(bulk.bulk, name="bulk")
app.command()(doctor.doctor)
app.command("import")(import_.import_)
app.command()(drift.drift)
app.command()(export.export)
app.command()(simulate.simulate)


@app.callback()
def main_options() -> None:
    """Keep `datadog-cases` a command with subcommands however few there are."""


@app.command(
    context_settings={
        "allow_extra_args": True,
        "ignore_unknown_options": True,
        "help_option_names": [],
    }
)
def sandbox(arguments: typer.Context) -> None:
    """Serve a local Case Management API: no account needed (--port, --data, --seed, --help)."""
    if importlib.util.find_spec("uvicorn") is None:
        typer.echo("error: first `pip install 'pulumi-datadog-cases[sandbox]'`", err=True)
        raise typer.Exit(2)
    # The sandbox is a program of its own, which shares no code with the provider it judges.
    command = [sys.executable, "-m", "datadog_cases_sandbox", *arguments.args]
    os.execv(sys.executable, command)  # noqa: S606 - no shell is wanted


def main() -> None:
    """Run the command."""
    app()
