"""`datadog-cases simulate`: shows which rules an event would trigger, without a real event."""

from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Annotated, Final

import typer

from pulumi_datadog_cases._text import printable
from pulumi_datadog_cases.cli.case_fields import EVENT_FIELDS
from pulumi_datadog_cases.cli.group import WRONG_USAGE, CommandError
from pulumi_datadog_cases.cli.output import AsJson
from pulumi_datadog_cases.cli.simulate import report
from pulumi_datadog_cases.cli.simulate.evaluation import evaluate
from pulumi_datadog_cases.cli.simulate.events import EVENT_TYPES, Event
from pulumi_datadog_cases.cli.simulate.rule_source import RuleSource

_NOTHING_FIRES: Final = 3

app = typer.Typer(add_completion=False)


@app.command()
def simulate(  # noqa: PLR0913 - one argument for each option
    *,
    event: Annotated[
        str | None,
        typer.Option(help=f"The trigger type of the event: `{'`, `'.join(EVENT_TYPES)}`."),
    ] = None,
    project: Annotated[
        str | None,
        typer.Option(
            help="Key or UUID of the simulated case's project. It may be omitted if there is only "
            "one project."
        ),
    ] = None,
    case: Annotated[
        str | None,
        typer.Option(help="Key or UUID of a case in the --seed file, instead of a simulated case."),
    ] = None,
    title: Annotated[str | None, typer.Option(help="The title of the case.")] = None,
    description: Annotated[str | None, typer.Option(help="The case's description.")] = None,
    type_: Annotated[
        str | None,
        typer.Option("--type", help="Name or UUID of the case's type; by default `Standard`."),
    ] = None,
    priority: Annotated[
        str | None,
        typer.Option(help="The priority, `P1` to `P5` or `NOT_DEFINED`; by default `NOT_DEFINED`."),
    ] = None,
    status: Annotated[
        str | None,
        typer.Option(help="The case's status; by default the first open status of its type."),
    ] = None,
    assignee: Annotated[
        str | None,
        typer.Option(help="UUID, email or name of the assignee, who must be in the --seed file."),
    ] = None,
    due_date: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="The case's due date.")
    ] = None,
    attribute: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY=VALUE",
            help="A label or custom attribute. Can be given several times, with different keys or "
            "with several values of one key.",
        ),
    ] = None,
    field: Annotated[
        str | None,
        typer.Option(
            help="The attribute that changes; only for the event `attribute_value_changed`. "
            f"One of `{'`, `'.join(EVENT_FIELDS)}`, or the key of a label or custom attribute."
        ),
    ] = None,
    from_: Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            metavar="VALUE",
            help="The old status, or the old value of the field. By default, it is the case's "
            "value. For a field with several values, repeat the option.",
        ),
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option(
            metavar="VALUE",
            help="The new status, which is required, or the new value of the field. By default, "
            "the field is cleared. For a field with several values, repeat the option.",
        ),
    ] = None,
    approval_type: Annotated[
        str | None,
        typer.Option(help="The kind of approval; only for the event `case_review_approved`."),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="The time of the event, such as 2026-12-24T10:00:00Z; by default now. Maintenance "
            "windows are compared with this time.",
        ),
    ] = None,
    events: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Simulate several events: a list in YAML or JSON. Each entry has the "
            "options that describe an event, without `--`, and may have a `name`.",
        ),
    ] = None,
    stack_dir: Annotated[
        Path, typer.Option(metavar="DIR", help="The folder of the stack's program.")
    ] = Path(),
    preview: Annotated[
        bool,
        typer.Option(
            "--preview",
            help="Use the rules that the next `pulumi up` would deploy, as `pulumi preview` shows "
            "them.",
        ),
    ] = False,
    state: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Use the rules of a state written by `pulumi stack export`.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    seed: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Use the rules and cases of a file written by `datadog-cases export`.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show which of the selected stack's rules an event would trigger, and why.

    The rules are those of the last `pulumi up`, or with `--preview` those of the next one. A local
    sandbox evaluates them. Except for the requests of the preview, which only read, no request is
    sent to Datadog. The state is not changed, no workflow runs, and no notification is sent. The
    sandbox's BEHAVIOUR.md says what is known and what is assumed about Datadog's rules.

    Exit code: 0 if a rule is triggered; 3 if none is; 2 for an impossible event or wrong usage; 1
    if something failed.
    """
    options = {
        "event": event,
        "project": project,
        "case": case,
        "title": title,
        "description": description,
        "type": type_,
        "priority": priority,
        "status": status,
        "assignee": assignee,
        "due-date": due_date,
        "attribute": attribute,
        "field": field,
        "from": from_,
        "to": to,
        "approval-type": approval_type,
        "at": at,
    }
    simulated = _events(events, options)
    for hint in chain.from_iterable(each.hints for each in simulated):
        typer.echo(f"warning: {printable(hint)}", err=True)
    source = _source(stack_dir, state, seed, preview=preview)
    outcomes = evaluate(source, simulated)
    if events is None:
        report.show_event(source, outcomes[0], as_json=as_json)
    else:
        report.show_events(source, simulated, outcomes, as_json=as_json)
    fired = any(each.fired for rules in outcomes for each in rules)
    raise typer.Exit(0 if fired else _NOTHING_FIRES)


def _events(file: Path | None, options: Mapping[str, object]) -> Sequence[Event]:
    if file is None:
        return [Event.from_options(options)]
    if given := [f"--{option}" for option, value in options.items() if value]:
        raise CommandError(
            f"--events excludes {', '.join(given)}: describe the events in {file}", WRONG_USAGE
        )
    return Event.read_all(file)


def _source(stack_dir: Path, state: Path | None, seed: Path | None, *, preview: bool) -> RuleSource:
    sources = {"--preview": preview, "--state": state, "--seed": seed}
    if len(given := [option for option, value in sources.items() if value]) > 1:
        raise CommandError(
            f"{' and '.join(given)} exclude each other: pass one of them", WRONG_USAGE
        )
    if seed:
        return RuleSource.exported(seed)
    return RuleSource.previewed(stack_dir) if preview else RuleSource.deployed(stack_dir, state)
