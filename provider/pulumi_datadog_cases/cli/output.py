"""Prints tables, JSON documents and progress bars for all commands."""

import json
import threading
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Annotated, TypeAlias

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from pulumi_datadog_cases._text import printable

AsJson: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print one JSON document, and nothing else.")
]
"""The `--json` option."""

# The width of output to a file or a pipe, in columns.
_FILE_WIDTH = 200
# Seconds after which a progress bar is shown.
_PROGRESS_DELAY = 1.0


def counted(count: int, noun: str) -> str:
    """Return a text such as `1 case` or `2 cases`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def and_more(shown: str, total: int, count: int = 1) -> str:
    """Append ` (and N more)` to a text if it shows only `count` of `total` items."""
    return f"{shown} (and {total - count} more)" if total > count else shown


def console(*, stderr: bool = False) -> Console:
    """Return a console. It uses colours only on a terminal, and only if `NO_COLOR` is not set."""
    result = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not result.is_terminal:
        result.width = _FILE_WIDTH
    return result


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table. Control characters in cells, such as in a case's title, are escaped."""
    table = Table(*columns, box=SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    console().print(table)


def print_json(document: Mapping[str, object] | Sequence[object]) -> None:
    """Print a JSON document. The module `documents` describes all documents."""
    typer.echo(json.dumps(document, indent=2))


@contextmanager
def progress(label: str, total: int | None = None) -> Generator[Callable[[int], None]]:
    """Show a progress bar after a second, if standard error is a terminal.

    Args:
        label: the text next to the bar.
        total: the number of steps, if known.

    Yields:
        A function to call with the number of steps just taken.
    """
    target = console(stderr=True)
    bar = Progress(console=target, transient=True, disable=not target.is_terminal)
    task = bar.add_task(label, total=total)
    timer = threading.Timer(_PROGRESS_DELAY, bar.start)
    timer.start()
    try:
        yield partial(bar.advance, task)
    finally:
        timer.cancel()
        timer.join()
        bar.stop()
