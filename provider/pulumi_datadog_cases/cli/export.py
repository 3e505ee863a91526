"""`datadog-cases export`: writes an organisation to a file from which a sandbox can start."""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from pulumi_datadog_cases._text import printable
from pulumi_datadog_cases.api.http.json_api import JSON
from pulumi_datadog_cases.cli.documents import ExportDocument
from pulumi_datadog_cases.cli.group import WRONG_USAGE, CommandError
from pulumi_datadog_cases.cli.organization import case_queries, connect
from pulumi_datadog_cases.cli.output import AsJson, print_json, print_table, progress
from pulumi_datadog_cases.cli.snapshot import Snapshot

app = typer.Typer(add_completion=False)


@app.command()
def export(
    *,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="The file to write.", dir_okay=False)
    ],
    cases: Annotated[
        str | None,
        typer.Option(
            metavar="FILTER",
            help="Also export the cases that this search query finds, with their comments, "
            "watchers and links; '*' finds all cases.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write an organisation to a file, from which `datadog-cases sandbox --seed FILE` starts.

    Objects keep their ids and times, so the state of a stack is also valid for a sandbox that
    starts from the file. The file lacks what the API does not return, such as due dates of cases.
    Nothing is changed in Datadog.

    Exit code: 0 on success; 1 if something could not be read (the rest is written); 2 for wrong
    usage.
    """
    if out.exists() and not force:
        raise CommandError(
            f"{out} exists and is not overwritten: choose another file, or pass --force",
            WRONG_USAGE,
        )
    if not out.absolute().parent.is_dir():
        raise CommandError(f"the folder {out.parent} for {out.name} does not exist", WRONG_USAGE)
    with connect() as client, progress("reading the organisation") as advance:
        snapshot = Snapshot(client, advance)
        snapshot.read(case_queries(cases))
    _write(out, snapshot.document)
    if as_json:
        print_json(_document(out, snapshot))
    else:
        print_table(["type", "objects"], [(f, str(n)) for f, n in snapshot.counts.items()])
        file = printable(str(out))
        typer.echo(f"To start a sandbox with these objects: `datadog-cases sandbox --seed {file}`.")
    if snapshot.missing:
        missing = " ".join(f"{type_}: {why}" for type_, why in snapshot.missing.items())
        raise CommandError(f"{out} is written, but not everything could be read. {missing}")


def _document(out: Path, snapshot: Snapshot) -> ExportDocument:
    return {"file": str(out), "objects": snapshot.counts, "missing": snapshot.missing}


def _write(out: Path, document: Mapping[str, JSON]) -> None:
    """Write the file completely or not at all. Only the user can read it."""
    try:
        with tempfile.TemporaryDirectory(dir=out.absolute().parent, prefix=".export-") as folder:
            complete = Path(folder) / out.name
            complete.touch(mode=0o600)
            text = json.dumps(document, indent=1, ensure_ascii=False)
            complete.write_text(f"{text}\n", encoding="utf-8")
            complete.replace(out)
    except OSError as error:
        raise CommandError(f"cannot write {out}: {error.strerror}") from error
