"""`datadog-cases bulk`: one change to many cases, found by a search."""

import inspect
import sys
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pulumi_datadog_cases.cli.bulk import operations
from pulumi_datadog_cases.cli.bulk.operations import counted
from pulumi_datadog_cases.cli.common import (
    FAILED,
    WRONG_USAGE,
    AsJson,
    CommandError,
    connect,
    print_json,
    print_table,
    progress,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pulumi_datadog_cases.api import Client, Item
    from pulumi_datadog_cases.api.http.json_api import JSON
    from pulumi_datadog_cases.cli.bulk.operations import BulkOperation

# How many of the cases are shown before anything is done.
_SHOWN = 10

bulk = typer.Typer(no_args_is_help=True)


@bulk.callback()
def about() -> None:
    """Make one change to all cases that a search finds.

    Nothing is changed without --apply or --yes: else it is shown how many cases there are, and the
    first of them. Afterwards all are read again, and those are listed that are not as wanted.

    Ends with 0; with 1 where a case is not as wanted, or the API or the network failed; with 2
    where the command line cannot be meant.
    """


@dataclass(frozen=True)
class _Options:
    """What all changes have in common."""

    filter: Annotated[
        str, typer.Option(help="Which cases, as in the search bar: 'project:SOC status:open'.")
    ] = ""
    everything: Annotated[
        bool, typer.Option("--all", help="All cases that a search without a filter finds.")
    ] = False
    apply: Annotated[bool, typer.Option("--apply", help="Do it, after a question.")] = False
    yes: Annotated[bool, typer.Option("--yes", help="Do it without a question.")] = False
    as_json: AsJson = False

    def check(self) -> None:
        """Refuse what nobody can mean, before anything is asked of the API."""
        if self.everything is bool(self.filter.strip()):
            raise CommandError(
                "say which cases: --filter with what you would type into the search bar, or --all",
                WRONG_USAGE,
            )
        if self.apply and not (self.yes or sys.stdin.isatty()):
            raise CommandError(
                "--apply asks before it does anything, and there is no terminal to ask on: give "
                "--yes to do it without a question",
                WRONG_USAGE,
            )


def _command(change: "Callable[..., BulkOperation]") -> None:
    """Make a command of a change: its own arguments, and the options that all have."""

    def command(**given: Any) -> None:  # noqa: ANN401 - as each is declared
        options = _Options(**{each.name: given.pop(each.name) for each in fields(_Options)})
        options.check()
        with connect() as client:
            _run(client, change(client, **given), options)

    own = [each for name, each in inspect.signature(change).parameters.items() if name != "client"]
    shared = inspect.signature(_Options).parameters.values()
    # typer reads a command's arguments off its signature.
    command.__signature__ = inspect.Signature([*own, *shared])  # type: ignore[attr-defined]
    command.__doc__ = change.__doc__
    bulk.command(change.__name__)(command)


for _change in operations.ALL:
    _command(_change)


def _run(client: "Client", change: "BulkOperation", options: _Options) -> None:
    found = list["Item"]()
    with progress("finding the cases") as advance:
        for case in client.cases.iterate(options.filter or None):
            found.append(case)
            advance(1)
    cases = [case for case in found if not change.is_made(case)]
    if not options.as_json:
        _show(change, found, cases)
    if options.apply and not options.yes and cases:
        words = change.words(len(cases))
        if not typer.confirm(f"{words[0].upper()}{words[1:]}?", err=True):
            raise CommandError("the answer was no: nothing is changed")
    unmade: Mapping[str, str] | None = None
    if options.apply or options.yes:
        from pulumi_datadog_cases.cli.bulk.apply import (  # noqa: PLC0415 - `--help` is to be quick
            make,
        )

        unmade = make(client, change, cases)
    if options.as_json:
        print_json(_document(change, found, cases, unmade))
    elif cases:
        _conclude(change, cases, unmade)
    if unmade:
        raise typer.Exit(FAILED)


def _show(change: "BulkOperation", found: "Sequence[Item]", cases: "Sequence[Item]") -> None:
    """Say which cases it is about."""
    as_wanted = len(found) - len(cases)
    already = f", {as_wanted} of them as wanted already ({change.wanted})" if as_wanted else ""
    typer.echo(f"The search finds {counted(len(found))}{already}.")
    if not cases:
        return
    rows = [(_key(case), str(case.attributes.get("title")), change.state(case)) for case in cases]
    print_table(("case", "title", "now"), rows[:_SHOWN])
    if len(rows) > _SHOWN:
        typer.echo(f"… and {len(rows) - _SHOWN} more.")


def _conclude(
    change: "BulkOperation", cases: "Sequence[Item]", unmade: "Mapping[str, str] | None"
) -> None:
    """Say what came of it, or how to do it."""
    if unmade is None:
        typer.echo(f"Nothing is changed yet. To {change.words(len(cases))}, add --apply.")
        return
    done = change.words(len(cases) - len(unmade))
    if change.wanted is None:
        typer.echo(f"Asked to {done}. The API does not show what came of it.")
    else:
        typer.echo(f"Done: {done}.")
    if unmade:
        typer.echo(f"Not done for {len(unmade)}:")
        rows = [(_key(case), unmade[case.id]) for case in cases if case.id in unmade]
        print_table(("case", "why"), rows)


def _document(
    change: "BulkOperation",
    found: "Sequence[Item]",
    cases: "Sequence[Item]",
    unmade: "Mapping[str, str] | None",
) -> "JSON":
    """All of it for programs; `why_not` is null where the change was made, or not tried."""
    return {
        "found": len(found),
        "applied": unmade is not None,
        "cases": [
            {
                "id": case.id,
                "key": _key(case),
                "before": change.state(case),
                "wanted": change.wanted,
                "why_not": (unmade or {}).get(case.id),
            }
            for case in cases
        ],
    }


def _key(case: "Item") -> str:
    return str(case.attributes.get("key") or case.id)
