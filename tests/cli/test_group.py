"""`CommandGroup`: the help of its commands, and the modules that it imports."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from pulumi_datadog_cases.cli import app
from pulumi_datadog_cases.cli.group import COMMANDS, LazyCommand


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_summary_is_first_paragraph_of_help(command: LazyCommand) -> None:
    loaded = command.load()
    assert loaded.name == command.name
    paragraph, _, _ = (loaded.help or "").partition("\n\n")
    assert " ".join(paragraph.split()) == command.help


def test_help_imports_no_command_module() -> None:
    program = (
        "import contextlib, sys\n"
        "from pulumi_datadog_cases.cli import app\n"
        "with contextlib.suppress(SystemExit):\n"
        "    app(['--help'])\n"
        "print(*(name for name in sys.modules if name.startswith('pulumi_datadog_cases.')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert set(done.stdout.splitlines()[-1].split()) == {
        "pulumi_datadog_cases.cli",
        "pulumi_datadog_cases.cli.group",
    }


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_help_fits_terminal(command: LazyCommand) -> None:
    loaded = command.load()
    subcommands = getattr(loaded, "commands", {})
    for path, each in {(): loaded, **{(name,): each for name, each in subcommands.items()}}.items():
        arguments = [str(command.name), *path, "--help"]
        output = CliRunner().invoke(app, arguments, env={"COLUMNS": "1000"}).stdout
        lines = [line.strip() for line in output.splitlines()]
        for paragraph in each.help.replace("`", "").split("\n\n"):
            assert " ".join(paragraph.split()) in lines
