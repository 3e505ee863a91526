"""Writes the reference of the `datadog-cases` command from its `--help`."""

import os
import subprocess
import sys

import typer
from typer.cli import get_docs_for_click

from pulumi_datadog_cases.cli import app

_COMMAND = "datadog-cases"


def commands_reference() -> str:
    """Return all commands with all options, in Markdown."""
    command = typer.main.get_command(app)
    docs = get_docs_for_click(obj=command, ctx=typer.Context(command), name=_COMMAND)
    _, _, subcommands = docs.partition("\n## ")
    return f"## {subcommands}\n```text\n{_sandbox_help()}```\n"


def _sandbox_help() -> str:
    """Return the help of the sandbox, which is a separate program."""
    done = subprocess.run(
        [sys.executable, "-m", "datadog_cases_sandbox", "--help"],
        env={**os.environ, "COLUMNS": "90"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.replace("datadog-cases-sandbox", f"{_COMMAND} sandbox")
