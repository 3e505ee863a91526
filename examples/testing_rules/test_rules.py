"""Tests of the rules in `__main__.py`, without a Datadog account: run `pytest`.

The tests need `pulumi` on PATH and `pip install 'pulumi-datadog-cases[sandbox]' pytest`.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from pulumi import automation

import pulumi_datadog_cases as cases
from pulumi_datadog_cases.testing import CaseSandbox, SimulatedEvent

HERE = Path(__file__).parent
STANDARD = "00000000-0000-0000-0000-000000000001"


@pytest.fixture
def rules(case_sandbox: CaseSandbox, tmp_path: Path) -> Mapping[str, str]:
    """Deploy the program to the sandbox; return the rules' export names by rule id."""
    # Deploy a copy, so that the test stack leaves no config file beside yours.
    program = shutil.copytree(HERE, tmp_path / "program")
    environment = {
        **case_sandbox.environment,
        "PULUMI_BACKEND_URL": tmp_path.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "test",
    }
    options = automation.LocalWorkspaceOptions(env_vars=environment)
    stack = automation.create_stack("test", work_dir=str(program), opts=options)
    return {str(output.value): name for name, output in stack.up().outputs.items()}


def test_only_urgent_production_cases_page(
    case_sandbox: CaseSandbox, rules: Mapping[str, str]
) -> None:
    def triggered(event: str, details: SimulatedEvent) -> set[str]:
        outcomes = case_sandbox.simulate(event, **details)
        return {rules[outcome.rule_id] for outcome in outcomes if outcome.fired}

    production: SimulatedEvent = {"project": "DESK", "attributes": {"env": ["prod"]}}
    test: SimulatedEvent = {"project": "DESK", "attributes": {"env": ["test"]}}
    assert triggered("case_created", {**production, "priority": "P1"}) == {"enrich", "page"}
    assert triggered("case_created", {**production, "priority": "P3"}) == {"enrich"}
    assert triggered("case_created", {**test, "priority": "P1"}) == {"enrich"}
    urgent: SimulatedEvent = {"field": "priority", "to": ["P1"]}
    assert triggered("attribute_value_changed", {**production, **urgent}) == {"page"}
    assert triggered("attribute_value_changed", {**test, **urgent}) == set()


def test_closing_a_case_requests_a_review(
    case_sandbox: CaseSandbox, rules: Mapping[str, str]
) -> None:
    with cases.Client(case_sandbox.settings) as client:
        (desk,) = client.projects.list()
        case = client.cases.create({"title": "Odd login", "type_id": STANDARD}, project_id=desk.id)
        client.cases.set_status(case.id, "Closed")
    actions = {rules[each.rule_id]: each.does for each in case_sandbox.rule_outcomes(fired=True)}
    assert actions == {
        "enrich": "runs the workflow enrich-incident",
        "review": "runs the workflow ask-for-review",
    }
