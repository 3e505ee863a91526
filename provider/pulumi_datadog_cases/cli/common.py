"""What all commands share: whose organisation it is, how things are shown, how a command ends.

A command ends with 0 where all is well, with `FAILED` where something went wrong and with
`WRONG_USAGE` where nothing was tried. Errors are one line on standard error.
"""

import difflib
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from rich.console import Console

    from pulumi_datadog_cases.api import Client, Item, Settings
    from pulumi_datadog_cases.api.http.json_api import JSON

FAILED = 1
WRONG_USAGE = 2
INTERRUPTED = 130

AsJson: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print one JSON document, and nothing else.")
]
"""The option that all commands with output have."""

# As `engine.plugin_host.DEBUG`, which cannot be imported without Pulumi.
_DEBUG = "PULUMI_DATADOG_CASES_DEBUG"
_PROJECT_FILES = ("Pulumi.yaml", "Pulumi.yml")
# Columns where the output goes into a file or a pipe: a table there need not fit a screen.
_WIDE = 200
# Seconds after which it is shown how far something has come.
_WORTH_SHOWING = 1.0


class CommandError(Exception):
    """Ends a command.

    Args:
        message: one line: what, where, why, what to do next.
        exit_code: what the command ends with.
    """

    def __init__(self, message: str, exit_code: int = FAILED) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class Commands(TyperGroup):
    """Commands that end as this module says."""

    def main(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - the base's types
        """Parse the command line and run what it asks for."""
        sys.exit(_exit_code(partial(super().main, *args, **{**kwargs, "standalone_mode": False})))


def _exit_code(run: Callable[[], object]) -> int:
    """Run; tell of an error in one line, and what to end with."""
    try:
        ended_with = run()
    except typer.Abort:  # Ctrl-C at a question
        return INTERRUPTED
    except CommandError as error:
        _complain(str(error))
        return error.exit_code
    except typer.TyperException as error:
        if said := error.format_message():  # else it has printed the help
            context: typer.Context | None = getattr(error, "ctx", None)
            command = context.command_path if context else "datadog-cases"
            _complain(f"{said} (see `{command} --help`)")
        return error.exit_code
    except Exception as error:
        from pulumi_datadog_cases.api import DatadogCasesError  # noqa: PLC0415 - see `connect`

        if os.environ.get(_DEBUG):
            raise
        if isinstance(error, DatadogCasesError):
            _complain(str(error))
        else:
            what = f"{type(error).__name__}: {error}"
            _complain(f"this should not happen: {what}. Set {_DEBUG}=1 and run again to see where.")
        return FAILED
    return ended_with if isinstance(ended_with, int) else 0


def _complain(message: str) -> None:
    typer.echo(f"error: {printable(message)}", err=True)


def project_file() -> Path | None:
    """The project file of Pulumi's that the current folder belongs to."""
    here = Path.cwd()
    candidates = (folder / name for folder in (here, *here.parents) for name in _PROJECT_FILES)
    return next((file for file in candidates if file.is_file()), None)


def run_pulumi(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `pulumi` in the current folder, without questions, and wait for its end.

    Raises:
        CommandError: there is none.
    """
    if shutil.which("pulumi") is None:
        raise CommandError(
            "there is no `pulumi` on PATH: put it there, or install it as "
            "https://www.pulumi.com/docs/install/ says"
        )
    return subprocess.run(  # noqa: S603 - nothing of it comes from outside
        ["pulumi", "--non-interactive", "--color=never", *arguments],  # noqa: S607 - as found on PATH
        env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@dataclass(frozen=True)
class ConfigValue:
    """A value of a stack's config.

    Attributes:
        value: in plain text.
        secret: whether it is kept encrypted.
    """

    value: str
    secret: bool


def stack_config() -> Mapping[str, ConfigValue]:
    """The config of the selected stack by its keys, such as `datadog:site`.

    It is empty outside of a Pulumi project, without a selected stack, and where there is no
    `pulumi` on PATH.

    Raises:
        CommandError: there may be a selected stack, but its config cannot be read. Whoever took
            the environment's keys then might change another organisation than the stack's.
    """
    file = project_file()
    if file is None or shutil.which("pulumi") is None:
        return {}
    told = run_pulumi("config", "--json", "--show-secrets")
    if told.returncode:
        if "no stack selected" in told.stderr:
            return {}
        reason = told.stderr.strip().removeprefix("error: ").partition("\n")[0]
        raise CommandError(
            f"`pulumi config` cannot read the config of the stack in {file.parent}: {reason}. "
            "Make it work, or run this outside of the project to use the environment alone."
        )
    values: dict[str, dict[str, Any]] = json.loads(told.stdout)
    return {
        key: ConfigValue(each.get("value", ""), each.get("secret") is True)
        for key, each in values.items()
    }


def resolve(config: Mapping[str, ConfigValue]) -> "Settings":
    """Whose organisation it is by a stack's config, which comes first, and the environment.

    Raises:
        ConfigurationError: what is missing or wrong, and how to set it.
    """
    from pulumi_datadog_cases.api import Settings  # noqa: PLC0415 - see `connect`

    values = {key: each.value for key, each in config.items()}
    return Settings.resolve(values.get, os.environ)


def connect() -> "Client":
    """A client of the organisation that the selected stack or the environment speaks of."""
    from pulumi_datadog_cases.api import Client  # noqa: PLC0415 - `--help` must not wait for HTTP

    return Client(resolve(stack_config()))


def find_project(client: "Client", named: str) -> "Item":
    """The project of a key or a UUID: GET /cases/projects.

    Raises:
        CommandError: there is none; names the keys that come near.
    """
    projects = {str(each.attributes.get("key")): each for each in client.projects.list()}
    for key, project in projects.items():
        if named in (key, project.id):
            return project
    near = difflib.get_close_matches(named.upper(), projects, cutoff=0.5) or sorted(projects)[:20]
    known = f"did you mean {' or '.join(near)}?" if near else "there is no project at all."
    raise CommandError(f"no project has the key {named}: {known}")


def case_queries(cases: str | None) -> Sequence[str | None]:
    """What to search for, one after the other, to find the cases that an option `--cases` names.

    Args:
        cases: a filter as in the search bar, `*` for every case, None for no case.
    """
    if cases is None:
        return ()
    # An archived case is found only by a filter that says so (assumed).
    return (None, "archived:true") if cases == "*" else (cases,)


def printable(text: str) -> str:
    """Words from outside on one line, with what could steer a terminal written as an escape."""
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode()
        for each in " ".join(text.split())
    )


def console(*, stderr: bool = False) -> "Console":
    """Where to print for people: no colour unless on a terminal, and none with `NO_COLOR`."""
    from rich.console import Console  # noqa: PLC0415 - see `connect`

    shown = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not shown.is_terminal:
        shown.width = _WIDE
    return shown


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table for people; its cells may hold words from outside."""
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415 - see `connect`
    from rich.table import Table  # noqa: PLC0415 - see `connect`
    from rich.text import Text  # noqa: PLC0415 - see `connect`

    table = Table(*columns, box=SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    console().print(table)


def print_json(document: "JSON") -> None:
    """Print what `--json` asks for."""
    typer.echo(json.dumps(document, indent=2))


@contextmanager
def progress(what: str, total: int | None = None) -> Generator[Callable[[int], None]]:
    """Show on a terminal's standard error how far something has come, if it takes over a second.

    Args:
        what: is done.
        total: how many steps it takes, if that is known.

    Yields:
        What to call with the number of steps just taken.
    """
    from rich.progress import Progress  # noqa: PLC0415 - see `connect`

    shown = console(stderr=True)
    bar = Progress(console=shown, transient=True, disable=not shown.is_terminal)
    task = bar.add_task(what, total=total)
    timer = threading.Timer(_WORTH_SHOWING, bar.start)
    timer.start()
    try:
        yield partial(bar.advance, task)
    finally:
        timer.cancel()
        timer.join()
        bar.stop()
