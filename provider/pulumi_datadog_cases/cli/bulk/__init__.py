"""`datadog-cases bulk`: applies one change to all cases that a search finds."""

import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Annotated, Any

import typer

from pulumi_datadog_cases.api import CaseItem, Client
from pulumi_datadog_cases.api.endpoints.cases import ARCHIVED
from pulumi_datadog_cases.cli.bulk import attribute_operations, operations, single_operations
from pulumi_datadog_cases.cli.bulk.apply import apply, read_states
from pulumi_datadog_cases.cli.bulk.bulk_operation import BulkOperation
from pulumi_datadog_cases.cli.case_fields import searched
from pulumi_datadog_cases.cli.documents import BulkDocument
from pulumi_datadog_cases.cli.group import FAILED, WRONG_USAGE, CommandError
from pulumi_datadog_cases.cli.organization import connect, hidden
from pulumi_datadog_cases.cli.output import (
    AsJson,
    and_more,
    counted,
    print_json,
    print_table,
    progress,
)

# The maximum number of cases in the table that the command prints before the change.
_SHOWN = 10

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def about() -> None:
    """Apply one change to all cases that a search finds.

    Cases change only with --apply or --yes. Without these options, the command only shows how many
    cases the search finds, lists the first ten that need the change, and those whose change the API
    would refuse. After a change, the command reads the cases again and lists those that did not
    change.

    Exit code: 0 on success; 1 if a case did not or would not change, or the API or the network
    failed; 2 for wrong usage.
    """


@dataclass(frozen=True)
class _Options:
    """The options of all operations."""

    filter: Annotated[
        str, typer.Option(help="A search query, such as 'project:SOC status:open'.")
    ] = ""
    everything: Annotated[
        bool, typer.Option("--all", help="Select all cases that a search without a query finds.")
    ] = False
    apply: Annotated[
        bool, typer.Option("--apply", help="Apply the change, after a confirmation.")
    ] = False
    yes: Annotated[bool, typer.Option("--yes", help="Apply the change without a confirmation.")] = (
        False
    )
    as_json: AsJson = False

    def check(self) -> None:
        """Require one selection of cases, and a terminal if a confirmation is needed.

        The options are checked before a request is sent.
        """
        if self.everything == bool(self.filter.strip()):
            raise CommandError(
                "choose the cases: --filter with a search query, or --all",
                WRONG_USAGE,
            )
        if self.apply and not (self.yes or sys.stdin.isatty()):
            raise CommandError(
                "--apply asks for confirmation, and there is no terminal: pass --yes to apply the "
                "change without a confirmation",
                WRONG_USAGE,
            )


def _add_command(operation: Callable[..., BulkOperation]) -> None:
    """Add a command for an operation, with the operation's arguments and the common options."""

    def command(**given: Any) -> None:  # noqa: ANN401 - operations differ
        options = _Options(**{each.name: given.pop(each.name) for each in fields(_Options)})
        options.check()
        with connect() as client:
            _run(client, operation(client, **given), options)

    own = [
        each for name, each in inspect.signature(operation).parameters.items() if name != "client"
    ]
    shared = inspect.signature(_Options).parameters.values()
    # typer reads the arguments from the signature.
    command.__signature__ = inspect.Signature([*own, *shared])  # type: ignore[attr-defined]
    command.__doc__ = operation.__doc__
    app.command(operation.__name__.replace("_", "-"))(command)


for _operation in (*operations.ALL, *attribute_operations.ALL, *single_operations.ALL):
    _add_command(_operation)


def _run(client: Client, operation: BulkOperation, options: _Options) -> None:
    found = list[CaseItem]()
    with progress("searching cases") as advance:
        for case in searched(options.filter, client.cases.iterate(options.filter or None)):
            found.append(case)
            advance(1)
    if not found and ARCHIVED in (options.filter or ""):
        _require_complete_search(client)
    states = read_states(operation, found)
    cases = [case for case in found if states[case.id] != operation.wanted]
    obstacles = {case.id: why for case in cases if (why := operation.obstacle(case))}
    possible = [case for case in cases if case.id not in obstacles]
    if not options.as_json:
        _print_cases(operation, cases, states)
    if options.apply and not options.yes and possible:
        question = operation.describe(len(possible))
        if not typer.confirm(f"{question[0].upper()}{question[1:]}?", err=True):
            raise CommandError("not confirmed: nothing was changed")
    is_applied = options.apply or options.yes
    why_not = obstacles | (apply(client, operation, possible) if is_applied and possible else {})
    if options.as_json:
        print_json(_document(operation, cases, states, why_not, is_applied=is_applied))
    elif cases:
        _print_result(operation, cases, why_not, is_applied=is_applied)
    if why_not:
        raise typer.Exit(FAILED)


def _require_complete_search(client: Client) -> None:
    """Raise an error if searches do not find archived cases, or other cases, that exist.

    If the search finds no archived case at all, `hidden` requests cases by their keys. Without the
    error, the command would say that no archived case matches the query.
    """
    if client.cases.search(ARCHIVED).items:
        return
    keys = [str(project.raw_attributes.get("key")) for project in client.projects.list()]
    cases = {str(case.raw_attributes.get("key")): None for case in client.cases.iterate()}
    if problem := next(hidden(client, keys, cases), None):
        raise CommandError(problem)


def _print_cases(
    operation: BulkOperation, cases: Sequence[CaseItem], states: Mapping[str, str]
) -> None:
    """Print the cases that need the change. `states` has the states of all found cases."""
    unchanged = len(states) - len(cases)
    need = "needs" if unchanged == 1 else "need"
    already = f"; {unchanged} {need} no change ({operation.wanted})" if unchanged else ""
    typer.echo(f"The search finds {counted(len(states), 'case')}{already}.")
    if not cases:
        return
    rows = [(_key(case), str(case.raw_attributes.get("title")), states[case.id]) for case in cases]
    print_table(("case", "title", "now"), rows[:_SHOWN])
    if len(rows) > _SHOWN:
        typer.echo(and_more("…", len(rows), _SHOWN))


def _print_result(
    operation: BulkOperation,
    cases: Sequence[CaseItem],
    failed: Mapping[str, str],
    *,
    is_applied: bool,
) -> None:
    possible = len(cases) - len(failed)
    done = operation.describe(possible)
    if not is_applied:
        advice = f" To {done}, add --apply." if possible else ""
        typer.echo(f"Nothing was changed.{advice}")
    elif operation.wanted is None:
        typer.echo(f"Requested: {done}. The API does not show the result.")
    else:
        typer.echo(f"Done: {done}.")
    if failed:
        typer.echo(f"{'Failed' if is_applied else 'Impossible'} for {len(failed)}:")
        rows = [(_key(case), failed[case.id]) for case in cases if case.id in failed]
        print_table(("case", "why"), rows)


def _document(
    operation: BulkOperation,
    cases: Sequence[CaseItem],
    states: Mapping[str, str],
    failed: Mapping[str, str],
    *,
    is_applied: bool,
) -> BulkDocument:
    return {
        "found": len(states),
        "applied": is_applied,
        "cases": [
            {
                "id": case.id,
                "key": _key(case),
                "before": states[case.id],
                "wanted": operation.wanted,
                "why_not": failed.get(case.id),
            }
            for case in cases
        ],
    }


def _key(case: CaseItem) -> str:
    return str(case.raw_attributes.get("key") or case.id)
