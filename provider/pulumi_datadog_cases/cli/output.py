"""Output of the commands: tables, JSON documents, progress."""

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

# Columns of output into a file or a pipe.
_FILE_WIDTH = 200
# Seconds after which progress is shown.
_PROGRESS_DELAY = 1.0


def and_more(shown: str, total: int, count: int = 1) -> str:
    """Append ` (and N more)` to a text that shows `count` of `total` items."""
    return f"{shown} (and {total - count} more)" if total > count else shown


def console(*, stderr: bool = False) -> Console:
    """Return a console for people: colours only on a terminal, and not with `NO_COLOR`."""
    result = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not result.is_terminal:
        result.width = _FILE_WIDTH
    return result


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table. Cells may contain text from outside."""
    table = Table(*columns, box=SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    console().print(table)


def print_json(document: Mapping[str, object] | Sequence[object]) -> None:
    """Print a JSON document of `documents`."""
    typer.echo(json.dumps(document, indent=2))


@contextmanager
def progress(label: str, total: int | None = None) -> Generator[Callable[[int], None]]:
    """Show progress on a terminal's standard error, after a second.

    Args:
        label: what is being done.
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
