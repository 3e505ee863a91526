"""Prints the outcomes of rules: as text, and as JSON documents."""

from collections.abc import Iterable, Sequence

import typer

from pulumi_datadog_cases._text import printable
from pulumi_datadog_cases.cli.documents import (
    SimulateDocument,
    SimulatedRule,
    SimulateEventsDocument,
)
from pulumi_datadog_cases.cli.output import counted, print_json, print_table
from pulumi_datadog_cases.cli.simulate.events import Event
from pulumi_datadog_cases.cli.simulate.rule_source import RuleSource
from pulumi_datadog_cases.testing import RuleOutcome


def show_event(source: RuleSource, outcomes: Sequence[RuleOutcome], *, as_json: bool) -> None:
    """Print which rules one event triggers, and why."""
    if as_json:
        document: SimulateDocument = {
            "rules": _rules(source, outcomes),
            "left_out": source.left_out,
        }
        print_json(document)
    else:
        _print_event(source, outcomes)
        _print_left_out(source)


def show_events(
    source: RuleSource,
    events: Sequence[Event],
    outcomes: Sequence[Sequence[RuleOutcome]],
    *,
    as_json: bool,
) -> None:
    """Print which rules each event of a file triggers."""
    results = [*zip(events, outcomes, strict=True)]
    if as_json:
        document: SimulateEventsDocument = {
            "events": [
                {"name": event.name, "rules": _rules(source, rules)} for event, rules in results
            ],
            "left_out": source.left_out,
        }
        print_json(document)
    else:
        _print_events(source, results)
        _print_left_out(source)


def _rules(source: RuleSource, outcomes: Iterable[RuleOutcome]) -> Sequence[SimulatedRule]:
    return [
        {
            "rule_id": each.rule_id,
            "rule_name": each.rule_name,
            "kind": each.kind,
            "fired": each.fired,
            "does": each.does,
            "why": each.why,
            "event": each.event,
            "change": each.change,
            "case_id": each.case_id,
            "at": each.at,
            "name": source.names.get(each.rule_id),
        }
        for each in outcomes
    ]


def _print_event(source: RuleSource, outcomes: Sequence[RuleOutcome]) -> None:
    if outcomes:
        print_table(
            ["rule", "fires", "does", "why"],
            [(source.label(each), _yes_or_no(each), each.does, each.why) for each in outcomes],
        )
        event = printable(outcomes[0].change)
        typer.echo(f"{event[0].upper()}{event[1:]}: {_count(outcomes)} would fire.")
    else:
        typer.echo("The project has no rules.")


def _print_events(
    source: RuleSource, results: Sequence[tuple[Event, Sequence[RuleOutcome]]]
) -> None:
    """Print the numbered events. Then print, for each rule, which of them trigger it and why."""
    print_table(
        ["", "event", "would fire"],
        [(str(event.position), event.name, _count(outcomes)) for event, outcomes in results],
    )
    labels: dict[str, str] = {}
    reasons: dict[str, dict[str, list[str]]] = {}
    for event, outcomes in results:
        for each in outcomes:
            labels[each.rule_id] = source.label(each)
            reasons.setdefault(each.rule_id, {}).setdefault(each.why, []).append(
                str(event.position)
            )
    if not labels:
        return
    columns = [{each.rule_id: _yes_or_no(each) for each in outcomes} for _, outcomes in results]
    print_table(
        ["rule", *(str(event.position) for event, _ in results)],
        [
            (label, *(column.get(rule_id, "-") for column in columns))
            for rule_id, label in labels.items()
        ],
    )
    print_table(
        ["rule", "events", "why"],
        [
            (label, ", ".join(events), why)
            for rule_id, label in labels.items()
            for why, events in reasons[rule_id].items()
        ],
    )


def _yes_or_no(outcome: RuleOutcome) -> str:
    return "yes" if outcome.fired else "no"


def _count(outcomes: Sequence[RuleOutcome]) -> str:
    rules = counted(len(outcomes), "rule")
    return f"{sum(each.fired for each in outcomes)} of {rules}"


def _print_left_out(source: RuleSource) -> None:
    for left_out in source.left_out:
        typer.echo(f"Not evaluated: {printable(left_out)}.")
