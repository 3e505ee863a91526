"""`datadog-cases drift`: compares a stack with Datadog, and lists unmanaged objects."""

from contextlib import chdir, nullcontext
from pathlib import Path
from typing import Annotated, Final

import typer

from pulumi_datadog_cases._text import printable
from pulumi_datadog_cases.cli.drift.comparison import Scope, compare
from pulumi_datadog_cases.cli.drift.ignore_file import NAME, IgnoreFile
from pulumi_datadog_cases.cli.drift.markdown import comment
from pulumi_datadog_cases.cli.drift.report import DriftReport
from pulumi_datadog_cases.cli.drift.report_case import ReportCase
from pulumi_datadog_cases.cli.group import FAILED, CommandError
from pulumi_datadog_cases.cli.organization import case_queries, connect
from pulumi_datadog_cases.cli.output import AsJson, print_json, print_table, progress
from pulumi_datadog_cases.cli.state import StackState

_DRIFT: Final = 2

app = typer.Typer(add_completion=False)


@app.command()
def drift(  # noqa: PLR0913 - one argument for each option
    *,
    project: Annotated[
        list[str] | None,
        typer.Option(
            help="Key or UUID of a project to compare; can be given several times. By default, "
            "all projects in which the stack manages something are compared."
        ),
    ] = None,
    everything: Annotated[
        bool,
        typer.Option("--all", help="Report unmanaged objects outside the compared projects too."),
    ] = False,
    cases: Annotated[
        str | None,
        typer.Option(
            metavar="FILTER",
            help="Also report the unmanaged cases that this search query finds; '*' finds all "
            "cases. Managed cases are always compared.",
        ),
    ] = None,
    children: Annotated[
        bool,
        typer.Option(
            help="Report the unmanaged comments, watchers, links and other children of these "
            "cases, which takes three to four requests for each case."
        ),
    ] = True,
    stack_dir: Annotated[
        Path, typer.Option(metavar="DIR", help="The folder of the stack's program.")
    ] = Path(),
    also: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="DIR",
            help="The folder of another program: objects of its selected stack are not reported "
            "as unmanaged. Can be given several times.",
        ),
    ] = None,
    ignore_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=f"The file of differences to ignore; by default {NAME} in the program's folder.",
        ),
    ] = None,
    report_to: Annotated[
        str | None,
        typer.Option(
            metavar="PROJECT",
            help="Key or UUID of the project in which a case reports the drift: the command opens "
            "the case, updates it, and closes it when there is no drift any more.",
        ),
    ] = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print a comment for a pull request.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Compare the selected stack with Datadog, and list unmanaged objects.

    The command compares the objects in Datadog with the declarations of the last `pulumi up`,
    except properties in `ignore_changes`. Objects that the stack does not manage are reported as
    unmanaged, even if another stack manages them. To prevent that, name the folder of the other
    stack's program with `--also`. Only `--report-to` changes anything: one case in Datadog.

    Exit code: 0 without drift; 2 with drift (and for an unknown option); 1 after an error, or if
    something could not be read (everything else is reported).
    """
    if as_json and markdown:
        raise CommandError("--json and --markdown exclude each other: pass one of them")
    if everything and project:
        raise CommandError("--all and --project exclude each other: pass one of them")
    if report_to and project:
        raise CommandError(
            "--report-to and --project exclude each other: the case reports the drift of the whole "
            "stack"
        )
    ignored = IgnoreFile.read(ignore_file, stack_dir)
    stack = StackState.selected(stack_dir, show_secrets=True)
    others = [StackState.selected(folder) for folder in also or ()]
    elsewhere = [each.found for other in others for each in (*other.objects, *other.known)]
    scope = Scope(project or (), everything, case_queries(cases), children)
    with chdir(stack_dir), connect() if report_to else nullcontext() as client:
        # Find the project first: an unknown project fails before the organisation is read.
        case = ReportCase.find(client, report_to, stack) if client and report_to else None
        with progress("comparing") as advance:
            report = compare(stack, elsewhere, scope, advance)
        for message in ignored.apply(report):
            typer.echo(f"warning: {printable(message)}", err=True)
        _print(report, as_json=as_json, markdown=markdown)
        if case:
            typer.echo(printable(case.update(report)), err=True)
    raise typer.Exit(FAILED if report.unread else _DRIFT if report.has_drift else 0)


def _print(report: DriftReport, *, as_json: bool, markdown: bool) -> None:
    if as_json:
        print_json(report.document())
    elif markdown:
        typer.echo(comment(report))
    else:
        for table in report.tables:
            typer.echo(f"{table.title}:")
            print_table(table.columns, table.rows)
        typer.echo(report.summary)
