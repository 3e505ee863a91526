"""`datadog-cases export`: an organisation as one file, for a sandbox to start from."""

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pulumi_datadog_cases.cli.common import (
    WRONG_USAGE,
    AsJson,
    CommandError,
    case_queries,
    connect,
    print_json,
    print_table,
    printable,
    progress,
)

if TYPE_CHECKING:
    from pulumi_datadog_cases.api.http.json_api import JSON


def export(
    *,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="The file to write.", dir_okay=False)
    ],
    cases: Annotated[
        str | None,
        typer.Option(
            metavar="FILTER",
            help="Export cases too, with comments, watchers and links: a filter as in the search "
            "bar, '*' for every one.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write an organisation to a file that `datadog-cases sandbox --seed FILE` starts from.

    Objects keep their ids and times, so that a stack's state fits that sandbox too. What the API
    never answers is not in the file, such as the due dates of cases. Nothing is changed anywhere.

    Ends with 0; with 1 where something could not be read: the rest is written; with 2 for wrong
    usage.
    """
    from pulumi_datadog_cases.cli.snapshot import (  # noqa: PLC0415 - `--help` is to be quick
        Snapshot,
    )

    if out.exists() and not force:
        raise CommandError(
            f"{out} is there already and is not written over: name another file, or give --force",
            WRONG_USAGE,
        )
    if not out.absolute().parent.is_dir():
        raise CommandError(f"there is no folder {out.parent} to write {out.name} into", WRONG_USAGE)
    with connect() as client, progress("reading the organisation") as advance:
        snapshot = Snapshot(client, advance)
        snapshot.read(case_queries(cases))
    _write(out, snapshot.document)
    if as_json:
        print_json({"file": str(out), "objects": snapshot.counts, "missing": snapshot.missing})
    else:
        print_table(["family", "objects"], [(f, str(n)) for f, n in snapshot.counts.items()])
        typer.echo(f"`datadog-cases sandbox --seed {printable(str(out))}` starts from it.")
    if snapshot.missing:
        lacks = " ".join(f"{family}: {why}" for family, why in snapshot.missing.items())
        raise CommandError(f"{out} is written, but not all could be read. {lacks}")


def _write(out: Path, document: "JSON") -> None:
    """Write the file whole or not at all, and so that nobody else on this machine can read it."""
    try:
        with tempfile.TemporaryDirectory(dir=out.absolute().parent, prefix=".export-") as folder:
            whole = Path(folder) / out.name
            whole.touch(mode=0o600)
            text = json.dumps(document, indent=1, ensure_ascii=False)
            whole.write_text(f"{text}\n", encoding="utf-8")
            whole.replace(out)
    except OSError as error:
        raise CommandError(f"cannot write {out}: {error.strerror}") from error
