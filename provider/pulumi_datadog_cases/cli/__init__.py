"""The `datadog-cases` command."""

import importlib.util
import io
import os
import sys
from typing import Annotated

import typer

from pulumi_datadog_cases.cli.group import MARKUP, CommandGroup

app = typer.Typer(
    cls=CommandGroup,
    name="datadog-cases",
    help="Datadog Case Management as code: tools that complement the Pulumi resources.",
    no_args_is_help=True,
    rich_markup_mode=MARKUP,
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - typer passes it by position
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415 - seldom needed

        typer.echo(f"pulumi-datadog-cases {version('pulumi-datadog-cases')}")
        raise typer.Exit


@app.callback()
def main_options(
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Define the options of `datadog-cases` itself.

    typer itself sees one command, `sandbox`: `CommandGroup` adds the others. Without a callback,
    typer would make this one command the whole program.
    """


@app.command(
    context_settings={
        "allow_extra_args": True,
        "ignore_unknown_options": True,
        "help_option_names": [],
    }
)
def sandbox(arguments: typer.Context) -> None:
    """Serve a local Case Management API that needs no account (--port, --data, --seed, --help)."""
    if importlib.util.find_spec("uvicorn") is None:
        typer.echo(
            "error: install the sandbox: pip install 'pulumi-datadog-cases[sandbox]'", err=True
        )
        raise typer.Exit(2)
    # The sandbox shares no code with the provider. So this process does not import the sandbox: the
    # sandbox's program replaces the process.
    command = [sys.executable, "-m", "datadog_cases_sandbox", *arguments.args]
    os.execv(sys.executable, command)  # noqa: S606 - no shell is needed


def main() -> None:
    """Run the command. Characters that the terminal's encoding lacks are printed as escapes.

    typer makes the help of each command from the docstring of its function. `python -OO` removes
    docstrings, so Python is then started again without this option.
    """
    if sys.flags.optimize > 1:
        environment = {**os.environ, "PYTHONOPTIMIZE": "1"}
        os.execve(sys.executable, [sys.executable, *sys.argv], environment)  # noqa: S606 - no shell is needed
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    app()
