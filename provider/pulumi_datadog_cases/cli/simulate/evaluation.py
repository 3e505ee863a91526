"""Evaluates rules for events, in a temporary sandbox."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pulumi_datadog_cases.cli.group import WRONG_USAGE, CommandError
from pulumi_datadog_cases.cli.simulate.events import Event
from pulumi_datadog_cases.cli.simulate.rule_source import RuleSource
from pulumi_datadog_cases.testing import CaseSandbox, RuleOutcome, SandboxError, SimulatedEvent


def evaluate(source: RuleSource, events: Sequence[Event]) -> Sequence[Sequence[RuleOutcome]]:
    """Return, for each event, the outcomes of the rules of its project, sorted by kind and name.

    Raises:
        CommandError: there is no project, or some events are impossible. The message lists all of
            them.
    """
    if not source.document.get("projects"):
        raise CommandError(
            "there is no project whose rules could be evaluated: for a program that is not "
            "deployed yet, pass --preview",
            WRONG_USAGE,
        )
    outcomes, problems = list[Sequence[RuleOutcome]](), list[str]()
    with tempfile.TemporaryDirectory(prefix="simulate-") as folder:
        file = Path(folder) / "organization.json"
        file.write_text(json.dumps(source.document), encoding="utf-8")
        with CaseSandbox.started("--seed", str(file)) as sandbox:
            for event in events:
                try:
                    found = sandbox.simulate(event.trigger, **_details(event, source))
                    outcomes.append(sorted(found, key=lambda each: (each.kind, source.label(each))))
                except SandboxError as error:
                    problems.append(event.describe_error(str(error)))
    if problems:
        raise CommandError("; ".join(problems), WRONG_USAGE)
    return outcomes


def _details(event: Event, source: RuleSource) -> SimulatedEvent:
    if source.only_project and not event.details.keys() & {"project", "case_id"}:
        return {**event.details, "project": source.only_project}
    return event.details
