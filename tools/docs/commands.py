"""The `datadog-cases` command, from its own help."""

import os
import subprocess
import sys

import typer
from typer.cli import get_docs_for_click

from pulumi_datadog_cases.cli import app

_COMMAND = "datadog-cases"


def commands() -> str:
    """All commands with all options."""
    command = typer.main.get_command(app)
    told = get_docs_for_click(obj=command, ctx=typer.Context(command), name=_COMMAND)
    _, _, below = told.partition("\n## ")
    return f"## {below}\n```text\n{_sandbox()}```\n"


def _sandbox() -> str:
    """The help of the sandbox, which is a program of its own."""
    told = subprocess.run(
        [sys.executable, "-m", "datadog_cases_sandbox", "--help"],
        env={**os.environ, "COLUMNS": "90"},
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.replace("datadog-cases-sandbox", f"{_COMMAND} sandbox")
