"""`datadog-cases simulate`: which rules an event would set off, before anything is live."""

import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, cast

import typer

from pulumi_datadog_cases.cli.common import (
    WRONG_USAGE,
    AsJson,
    CommandError,
    print_json,
    print_table,
    printable,
)
from pulumi_datadog_cases.resources._shared.rule_triggers import AUTOMATION_TRIGGERS

if TYPE_CHECKING:
    from pulumi_datadog_cases.cli.simulate.rule_source import RuleSource
    from pulumi_datadog_cases.testing import RuleOutcome, SimulatedEvent

_NOTHING_FIRES: Final = 3
_EVENTS: Final = ", ".join(f"`{trigger.lower()}`" for trigger in AUTOMATION_TRIGGERS)


def simulate(  # noqa: PLR0913 - one for each option
    *,
    event: Annotated[
        str,
        typer.Option(help=f"The trigger type of the event: {_EVENTS}."),
    ],
    project: Annotated[
        str | None,
        typer.Option(
            help="Key or UUID of the project that the case is made up in. By default the only one."
        ),
    ] = None,
    case: Annotated[
        str | None,
        typer.Option(help="Key or UUID of a case that is there, instead: those of --seed are."),
    ] = None,
    title: Annotated[str | None, typer.Option(help="The case's title.")] = None,
    description: Annotated[str | None, typer.Option(help="Its description.")] = None,
    type_: Annotated[
        str | None, typer.Option("--type", help="Name or UUID of its type; Standard by default.")
    ] = None,
    priority: Annotated[
        str | None, typer.Option(help="Its priority: `P1` to `P5`, or `NOT_DEFINED`, the default.")
    ] = None,
    status: Annotated[
        str | None, typer.Option(help="Its status; the first open one of its type by default.")
    ] = None,
    assignee: Annotated[
        str | None, typer.Option(help="UUID, email or name of its assignee, one of --seed.")
    ] = None,
    due_date: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="The day it is due.")
    ] = None,
    attribute: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY=VALUE",
            help="A label or a custom attribute of it; may be given several times, also for "
            "several values of one key.",
        ),
    ] = None,
    field: Annotated[
        str | None,
        typer.Option(
            help="For a change of an attribute: which one: `priority`, `title`, `assignee`, "
            "`due_date`, a label…"
        ),
    ] = None,
    from_: Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            metavar="VALUE",
            help="The status that it leaves, or the value that the field had; may be given several "
            "times. By default what the case has.",
        ),
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option(
            metavar="VALUE",
            help="The status that it enters, or the value that the field then has; may be given "
            "several times. By default the field then has none.",
        ),
    ] = None,
    approval_type: Annotated[
        str | None, typer.Option(help="For an approved review: its outcome.")
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            metavar="MOMENT",
            help="When it happens, for maintenance windows: 2026-12-24T10:00:00Z, say. By default "
            "now.",
        ),
    ] = None,
    stack_dir: Annotated[
        Path, typer.Option(metavar="DIR", help="The folder of the stack's program.")
    ] = Path(),
    state: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Take the rules from a state that `pulumi stack export` has written.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    seed: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Take the rules, and cases, from what `datadog-cases export` has written.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell which rules of the selected stack an event would set off, and why the others not.

    The rules are those of the last `pulumi up`. They are given to a local sandbox, which is asked
    what it would make of the event: neither Datadog nor the state is asked or changed, no workflow
    runs, and nobody is told. What it knows of Datadog's ways, and what it assumes, stands in its
    BEHAVIOUR.md, under *Rules that run*.

    Ends with 0 where a rule is set off; with 3 where none is; with 2 for an event that cannot be
    (and for a command line that is wrong); with 1 where something failed.
    """
    from pulumi_datadog_cases.cli.simulate.rule_source import (  # noqa: PLC0415 - `--help` is to be quick
        RuleSource,
    )

    if state and seed:
        raise CommandError("--state and --seed are two places for rules: give one", WRONG_USAGE)
    organization = RuleSource.exported(seed) if seed else RuleSource.deployed(stack_dir, state)
    asked = {
        "case_id": case,
        "project": project or (None if case else organization.only_project),
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
    outcomes = _simulated(
        organization,
        event,
        cast("SimulatedEvent", {name: value for name, value in asked.items() if value}),
    )
    if as_json:
        rules = [
            {**asdict(each), "name": organization.names.get(each.rule_id)} for each in outcomes
        ]
        print_json({"rules": rules, "left_out": organization.left_out})
    else:
        _print(organization, outcomes)
    raise typer.Exit(0 if any(each.fired for each in outcomes) else _NOTHING_FIRES)


def _attributes(given: Iterable[str]) -> Mapping[str, Sequence[str]]:
    attributes = dict[str, list[str]]()
    for each in given:
        key, equals, value = each.partition("=")
        if not (key and equals):
            raise CommandError(f"--attribute {each}: write KEY=VALUE, as in env=prod", WRONG_USAGE)
        attributes.setdefault(key, []).append(value)
    return attributes


def _simulated(
    organization: "RuleSource", event: str, details: "SimulatedEvent"
) -> Sequence["RuleOutcome"]:
    from pulumi_datadog_cases.testing import (  # noqa: PLC0415 - `--help` is to be quick
        CaseSandbox,
        SandboxError,
    )

    with tempfile.TemporaryDirectory(prefix="simulate-") as folder:
        file = Path(folder) / "organization.json"
        file.write_text(json.dumps(organization.document), encoding="utf-8")
        with CaseSandbox.started("--seed", str(file)) as sandbox:
            try:
                return sandbox.simulate(event, **details)
            except SandboxError as refused:
                raise CommandError(str(refused), WRONG_USAGE) from None


def _print(organization: "RuleSource", outcomes: Sequence["RuleOutcome"]) -> None:
    if outcomes:
        print_table(
            ["rule", "fires", "does", "why"],
            [
                (
                    organization.names.get(each.rule_id) or each.rule_name or each.rule_id,
                    "yes" if each.fired else "no",
                    each.does,
                    each.why,
                )
                for each in outcomes
            ],
        )
        what, fired = printable(outcomes[0].change), sum(each.fired for each in outcomes)
        typer.echo(f"{what[0].upper()}{what[1:]}: {fired} of {len(outcomes)} rules would fire.")
    else:
        typer.echo("The project has no rules.")
    for left_out in organization.left_out:
        typer.echo(f"Not asked about: {printable(left_out)}.")
