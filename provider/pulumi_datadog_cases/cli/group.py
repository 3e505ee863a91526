"""`CommandGroup`: imports a command's module only when the command is invoked.

The exit code is 0 on success, `FAILED` if something went wrong, `WRONG_USAGE` if the command was
called wrongly and did nothing, and `INTERRUPTED` after Ctrl-C. `drift` and `simulate` also use
other codes, which the help of these commands lists. An error is printed as one line on standard
error.
"""

import importlib
import os
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

FAILED = 1
WRONG_USAGE = 2
INTERRUPTED = 130

#: How typer reads all help texts. Its default would keep the line breaks of docstrings.
MARKUP: Final = "markdown"

# A copy of `engine.plugin_host.DEBUG`. Importing that module would import Pulumi, which is slow.
_DEBUG = "PULUMI_DATADOG_CASES_DEBUG"


class CommandError(Exception):
    """Ends a command with an error message and an exit code.

    Args:
        message: one line that says what failed, where, why, and what to do next.
        exit_code: the exit code of the command.
    """

    def __init__(self, message: str, exit_code: int = FAILED) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class LazyCommand(TyperCommand):
    """An entry in the group's help, for a command whose module is not imported yet."""

    def __init__(self, name: str, module: str, summary: str) -> None:
        """Create the entry without importing the module.

        Args:
            name: the name of the command.
            module: the name of the module. Its variable `app` is the command.
            summary: the first paragraph of the command's help.
        """
        super().__init__(name, help=summary, callback=None)
        self._module = module

    def load(self) -> Any:  # noqa: ANN401 - typer does not export the type of commands
        """Import the module and return the command itself."""
        app: typer.Typer = importlib.import_module(self._module).app
        app.rich_markup_mode = MARKUP
        command = typer.main.get_command(app)
        command.name = self.name
        return command


def _lazy(name: str, summary: str, module: str | None = None) -> LazyCommand:
    return LazyCommand(name, f"pulumi_datadog_cases.cli.{module or name}", summary)


#: The commands, in the order of the help. `tests/cli/test_group.py` checks that each summary is the
#: first paragraph of the command's own help.
COMMANDS = (
    _lazy("doctor", "Diagnose the installation, the configuration and the access to Datadog."),
    _lazy(
        "import",
        "Write a Pulumi program for existing objects, and the file that imports them into a stack.",
        "import_",
    ),
    _lazy("drift", "Compare the selected stack with Datadog, and list unmanaged objects."),
    _lazy(
        "recover",
        "Find what a killed deployment created, so that `pulumi up` does not create it again.",
    ),
    _lazy(
        "migrate",
        "Let a program in another language take over the resources of the selected stack.",
    ),
    _lazy(
        "export",
        "Write an organisation to a file, from which `datadog-cases sandbox --seed FILE` starts.",
    ),
    _lazy("simulate", "Show which of the selected stack's rules an event would trigger, and why."),
    _lazy("bulk", "Apply one change to all cases that a search finds."),
)


class CommandGroup(TyperGroup):
    """The group of all commands."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - as in the base class
        super().__init__(**options)
        self.commands = {**{each.name or "": each for each in COMMANDS}, **self.commands}

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - as above
        """Find the command that the arguments name, and import it."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.load() if isinstance(command, LazyCommand) else command, rest

    def main(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as above
        """Parse the command line and run the command."""
        sys.exit(_exit_code(partial(super().main, *args, **{**kwargs, "standalone_mode": False})))


def _exit_code(run: Callable[[], object]) -> int:
    """Run a command; print an error as one line, and return the exit code."""
    try:
        result = run()
    except typer.Abort:  # Ctrl-C at a prompt
        return INTERRUPTED
    except CommandError as error:
        _print_error(str(error))
        return error.exit_code
    except typer.TyperException as error:
        if message := error.format_message():  # empty if typer has printed the help
            context: typer.Context | None = getattr(error, "ctx", None)
            command = context.command_path if context else "datadog-cases"
            _print_error(f"{message} (see `{command} --help`)")
        return error.exit_code
    except Exception as error:
        # Imported here, because the import would slow down `--help`.
        from pulumi_datadog_cases.api import DatadogCasesError  # noqa: PLC0415

        if os.environ.get(_DEBUG):
            raise
        if isinstance(error, DatadogCasesError):
            _print_error(str(error))
        else:
            _print_error(
                f"internal error: {type(error).__name__}: {error}. Set {_DEBUG}=1 and run again "
                "for a traceback."
            )
        return FAILED
    return result if isinstance(result, int) else 0


def _print_error(message: str) -> None:
    # Imported here, because the import would slow down `--help`.
    from pulumi_datadog_cases._text import printable  # noqa: PLC0415

    typer.echo(f"error: {printable(message)}", err=True)
