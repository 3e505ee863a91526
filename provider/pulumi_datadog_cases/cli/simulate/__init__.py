"""`datadog-cases simulate`: shows which rules an event would trigger, without a real event."""

import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final, cast

import typer

from pulumi_datadog_cases._text import printable
from pulumi_datadog_cases.cli.documents import SimulateDocument, SimulatedRule
from pulumi_datadog_cases.cli.group import WRONG_USAGE, CommandError
from pulumi_datadog_cases.cli.output import AsJson, print_json, print_table
from pulumi_datadog_cases.cli.simulate.rule_source import RuleSource
from pulumi_datadog_cases.resources._shared.rule_triggers import AUTOMATION_TRIGGER_NAMES
from pulumi_datadog_cases.testing import (
    CaseSandbox,
    RuleOutcome,
    SandboxError,
    SimulatedEvent,
)

_NOTHING_FIRES: Final = 3
_EVENTS: Final = ", ".join(f"`{trigger.lower()}`" for trigger in AUTOMATION_TRIGGER_NAMES)

app = typer.Typer(add_completion=False)


@app.command()
def simulate(  # noqa: PLR0913 - one argument for each option
    *,
    event: Annotated[
        str,
        typer.Option(help=f"The trigger type of the event: {_EVENTS}."),
    ],
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
            help="The attribute that changes; only for the event `attribute_value_changed`. For "
            "example `priority`, `title`, `assignee`, `due_date`, or the key of a label."
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
    stack_dir: Annotated[
        Path, typer.Option(metavar="DIR", help="The folder of the stack's program.")
    ] = Path(),
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

    The rules are those of the last `pulumi up`. A local sandbox evaluates them. No request is sent
    to Datadog, the state is not changed, no workflow runs, and no notification is sent. The
    sandbox's BEHAVIOUR.md says what is known and what is assumed about Datadog's rules.

    Exit code: 0 if a rule is triggered; 3 if none is; 2 for an impossible event or wrong usage; 1
    if something failed.
    """
    if state and seed:
        raise CommandError("--state and --seed exclude each other: pass one of them", WRONG_USAGE)
    source = RuleSource.exported(seed) if seed else RuleSource.deployed(stack_dir, state)
    details = {
        "case_id": case,
        "project": project or (None if case else source.only_project),
        "title": title,
        "description": description,
        "type": type_,
        "priority": priority,
        "status": status,
        "assignee": assignee,
        "due_date": due_date,
        "attributes": _attributes(attribute or ()),
        "field": field,
        "from_": from_,
        "to": to,
        "approval_type": approval_type,
        "at": at,
    }
    outcomes = _simulate(
        source,
        event,
        cast("SimulatedEvent", {name: value for name, value in details.items() if value}),
    )
    if as_json:
        print_json(_document(source, outcomes))
    else:
        _print(source, outcomes)
    raise typer.Exit(0 if any(each.fired for each in outcomes) else _NOTHING_FIRES)


def _attributes(given: Iterable[str]) -> Mapping[str, Sequence[str]]:
    attributes = dict[str, list[str]]()
    for each in given:
        key, equals, value = each.partition("=")
        if not (key and equals):
            raise CommandError(f"--attribute {each}: write KEY=VALUE, as in env=prod", WRONG_USAGE)
        attributes.setdefault(key, []).append(value)
    return attributes


def _simulate(source: RuleSource, event: str, details: SimulatedEvent) -> Sequence[RuleOutcome]:
    with tempfile.TemporaryDirectory(prefix="simulate-") as folder:
        file = Path(folder) / "organization.json"
        file.write_text(json.dumps(source.document), encoding="utf-8")
        with CaseSandbox.started("--seed", str(file)) as sandbox:
            try:
                return sandbox.simulate(event, **details)
            except SandboxError as error:
                raise CommandError(str(error), WRONG_USAGE) from None


def _document(source: RuleSource, outcomes: Sequence[RuleOutcome]) -> SimulateDocument:
    return {
        "rules": [_rule_document(each, source) for each in outcomes],
        "left_out": source.left_out,
    }


def _rule_document(outcome: RuleOutcome, source: RuleSource) -> SimulatedRule:
    return {
        "rule_id": outcome.rule_id,
        "rule_name": outcome.rule_name,
        "kind": outcome.kind,
        "fired": outcome.fired,
        "does": outcome.does,
        "why": outcome.why,
        "event": outcome.event,
        "change": outcome.change,
        "case_id": outcome.case_id,
        "at": outcome.at,
        "name": source.names.get(outcome.rule_id),
    }


def _print(source: RuleSource, outcomes: Sequence[RuleOutcome]) -> None:
    if outcomes:
        print_table(
            ["rule", "fires", "does", "why"],
            [
                (
                    source.names.get(each.rule_id) or each.rule_name or each.rule_id,
                    "yes" if each.fired else "no",
                    each.does,
                    each.why,
                )
                for each in outcomes
            ],
        )
        event, fired = printable(outcomes[0].change), sum(each.fired for each in outcomes)
        typer.echo(f"{event[0].upper()}{event[1:]}: {fired} of {len(outcomes)} rules would fire.")
    else:
        typer.echo("The project has no rules.")
    for left_out in source.left_out:
        typer.echo(f"Not evaluated: {printable(left_out)}.")
