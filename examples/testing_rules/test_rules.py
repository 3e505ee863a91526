"""What the rules of `__main__.py` do, tried without a Datadog account: `pytest`.

That needs `pulumi` on PATH and `pip install 'pulumi-datadog-cases[sandbox]' pytest`.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from pulumi import automation

import pulumi_datadog_cases as cases
from pulumi_datadog_cases.testing import CaseSandbox, Circumstances

HERE = Path(__file__).parent
STANDARD = "00000000-0000-0000-0000-000000000001"


@pytest.fixture
def rules(case_sandbox: CaseSandbox, tmp_path: Path) -> Mapping[str, str]:
    """The program, deployed to the sandbox: what it calls its rules, by their ids."""
    # A copy, so that the stack of the tests leaves no settings beside yours.
    program = shutil.copytree(HERE, tmp_path / "program")
    environment = {
        **case_sandbox.environment,
        "PULUMI_BACKEND_URL": tmp_path.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "of the tests",
    }
    options = automation.LocalWorkspaceOptions(env_vars=environment)
    stack = automation.create_stack("test", work_dir=str(program), opts=options)
    return {str(output.value): name for name, output in stack.up().outputs.items()}


def test_only_what_is_urgent_in_production_wakes_somebody(
    case_sandbox: CaseSandbox, rules: Mapping[str, str]
) -> None:
    def set_off(event: str, circumstances: Circumstances) -> set[str]:
        firings = case_sandbox.simulate(event, **circumstances)
        return {rules[firing.rule_id] for firing in firings if firing.fired}

    production: Circumstances = {"project": "DESK", "attributes": {"env": ["prod"]}}
    test: Circumstances = {"project": "DESK", "attributes": {"env": ["test"]}}
    assert set_off("case_created", {**production, "priority": "P1"}) == {"enrich", "woken"}
    assert set_off("case_created", {**production, "priority": "P3"}) == {"enrich"}
    assert set_off("case_created", {**test, "priority": "P1"}) == {"enrich"}
    urgent: Circumstances = {"field": "priority", "to": ["P1"]}
    assert set_off("attribute_value_changed", {**production, **urgent}) == {"woken"}
    assert set_off("attribute_value_changed", {**test, **urgent}) == set()


def test_a_review_is_asked_for_when_a_case_is_closed(
    case_sandbox: CaseSandbox, rules: Mapping[str, str]
) -> None:
    with cases.Client(case_sandbox.settings) as client:
        (desk,) = client.projects.list()
        case = client.cases.create({"title": "Odd login", "type_id": STANDARD}, project_id=desk.id)
        client.cases.set_status(case.id, "Closed")
    done = {rules[each.rule_id]: each.does for each in case_sandbox.firings(fired=True)}
    assert done == {
        "enrich": "runs the workflow enrich-incident",
        "review": "runs the workflow ask-for-review",
    }
