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
    """Return, for each event, the outcomes of all rules of the event's project.

    Raises:
        CommandError: some events are impossible. The message lists all of them.
    """
    outcomes, problems = list[Sequence[RuleOutcome]](), list[str]()
    with tempfile.TemporaryDirectory(prefix="simulate-") as folder:
        file = Path(folder) / "organization.json"
        file.write_text(json.dumps(source.document), encoding="utf-8")
        with CaseSandbox.started("--seed", str(file)) as sandbox:
            for event in events:
                try:
                    outcomes.append(sandbox.simulate(event.trigger, **_details(event, source)))
                except SandboxError as error:
                    problems.append(event.describe_error(str(error)))
    if problems:
        raise CommandError("; ".join(problems), WRONG_USAGE)
    return outcomes


def _details(event: Event, source: RuleSource) -> SimulatedEvent:
    if source.only_project and not event.details.keys() & {"project", "case_id"}:
        return {**event.details, "project": source.only_project}
    return event.details
