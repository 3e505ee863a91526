"""`datadog-cases drift`: what is otherwise than declared, and what nobody has declared."""

from contextlib import chdir
from pathlib import Path
from typing import Annotated, Final

import typer

from pulumi_datadog_cases.cli.common import (
    FAILED,
    AsJson,
    CommandError,
    case_queries,
    print_json,
    print_table,
    progress,
)

_DRIFT: Final = 2


def drift(  # noqa: PLR0913 - one for each option
    *,
    project: Annotated[
        list[str] | None,
        typer.Option(
            help="Key or UUID of a project to look at; may be given several times. By default all "
            "that the stack manages something in."
        ),
    ] = None,
    everything: Annotated[
        bool,
        typer.Option("--all", help="Report what is unmanaged in other projects, or in none, too."),
    ] = False,
    cases: Annotated[
        str | None,
        typer.Option(
            metavar="FILTER",
            help="Report unmanaged cases too, with what is on them: a filter as in the search bar, "
            "'*' for every one. Managed cases are compared in any case.",
        ),
    ] = None,
    stack_dir: Annotated[
        Path, typer.Option(metavar="DIR", help="The folder of the stack's program.")
    ] = Path(),
    also: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="DIR",
            help="The folder of another program: what its selected stack manages is not reported "
            "as unmanaged. May be given several times.",
        ),
    ] = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print a comment for a pull request.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Find what differs between the selected stack and Datadog, and what no stack manages there.

    Compared is what the program declared at the last `pulumi up`, save what `ignore_changes`
    leaves to others. Only the stacks that are given are known: what another one manages is
    reported as unmanaged unless `--also` names its folder. Nothing is changed anywhere, neither
    in Datadog nor in the state.

    Ends with 0 where there is no drift; with 2 where there is any (and for a command line that is
    wrong); with 1 where something could not be read, though all else is reported.
    """
    from pulumi_datadog_cases.cli.drift.comparison import (  # noqa: PLC0415 - `--help` is to be quick
        Scope,
        compare,
    )
    from pulumi_datadog_cases.cli.state import StackState  # noqa: PLC0415 - as above

    if as_json and markdown:
        raise CommandError("--json and --markdown are two answers: give one of them")
    if everything and project:
        raise CommandError("--all looks at every project: give either it or --project")
    stack = StackState.selected(stack_dir, show_secrets=True)
    others = [StackState.selected(folder) for folder in also or ()]
    elsewhere = [each.found for other in others for each in (*other.objects, *other.known)]
    scope = Scope(project or (), everything, case_queries(cases))
    with chdir(stack_dir), progress("comparing") as advance:
        findings = compare(stack, elsewhere, scope, advance)
    if as_json:
        print_json(findings.document())
    elif markdown:
        from pulumi_datadog_cases.cli.drift.markdown import (  # noqa: PLC0415 - as above
            comment,
        )

        typer.echo(comment(findings))
    else:
        for table in findings.tables:
            typer.echo(f"{table.title}:")
            print_table(table.columns, table.rows)
        typer.echo(findings.summary)
    raise typer.Exit(FAILED if findings.unread else _DRIFT if findings.is_drift else 0)
