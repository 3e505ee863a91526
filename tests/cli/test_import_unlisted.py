"""`datadog-cases import` of values and keys that Datadog's API reference does not list."""

import ast
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

import pulumi_datadog_cases as cases

if TYPE_CHECKING:
    from tests.cli.conftest import Run
    from tests.conftest import NewStack, Organization

STANDARD = "00000000-0000-0000-0000-000000000001"
CREATED: dict[str, Any] = {"type": "CASE_CREATED"}
WORKFLOW: dict[str, Any] = {"type": "EXECUTE_WORKFLOW", "data": {"handle": "enrich"}}


def add_unknown_members(organization: "Organization") -> None:
    """Make the sandbox add an unlisted member to each object in its responses."""
    url = f"{organization.settings.base_url}/sandbox/quirks"
    requests.post(url, json={"kind": "unknown_members"}, timeout=10).raise_for_status()


@pytest.fixture
def populated(grown: "Organization") -> "Organization":
    """An organisation with values and keys that Datadog's API reference does not list."""
    with cases.Client(grown.settings) as client:
        type_ = client.case_types.create({"name": "Intrusion"})
        seen: dict[str, Any] = {"key": "seen", "display_name": "Seen", "is_multi": False}
        client.custom_attributes.create(type_.id, {**seen, "type": "DATE"})
        project = client.projects.create({"key": "SOC", "name": "Security"})
        settings: dict[str, Any] = {
            "integration_linear": {"enabled": True},
            "auto_close_inactive_cases": {"enabled": True, "max_inactive_time_in_secs": 0},
            "notification": {"enabled": False, "destinations": [1, 2]},
        }
        columns: dict[str, Any] = {
            "columns": [{"type": "title", "sort": {"ascending": True, "priority": 1}}]
        }
        client.projects.update(
            project.id,
            {
                "settings": settings,
                "columns_config": columns,
                "enabled_custom_case_types": [type_.id],
            },
        )
        rule: dict[str, Any] = {"name": "Triage", "trigger": {"type": "COMMENT_PINNED"}}
        client.automation_rules.create(
            project.id, {**rule, "action": WORKFLOW, "state": "SUSPENDED"}
        )
        chat: dict[str, Any] = {"type": "DISCORD_CHANNEL", "data": {"server": "s", "channel": "c"}}
        client.notification_rules.create(
            project.id, {"recipients": [chat], "triggers": [CREATED], "is_enabled": True}
        )
        first, second = (
            client.cases.create(
                {"title": title, "type_id": type_.id, "priority": "P0"}, project_id=project.id
            )
            for title in ("Odd login", "Odder login")
        )
        value: dict[str, Any] = {"type": "DATE", "is_multi": False, "value": "2026-11-21"}
        client.cases.set_custom_attribute(first.id, "seen", value)
        insight = {"type": "QUANTUM_LEAP", "ref": "/leaps/1", "resource_id": "1"}
        client.cases.add_insights(first.id, [insight])
        client.case_links.create(
            {
                "parent_entity_type": "CASE",
                "parent_entity_id": first.id,
                "child_entity_type": "CASE",
                "child_entity_id": second.id,
                "relationship": "DUPLICATE_OF",
            }
        )
    return grown


def test_only_unlisted_forms_are_cast(
    populated: "Organization", run: "Run", monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in populated.environment.items():
        monkeypatch.setenv(name, value)
    run("import", "--all", "--cases", "*", "--out", "soc")
    tree = ast.parse(Path("soc", "__main__.py").read_text())
    casts = {
        ast.unparse(node.args[1])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "cast"
    }
    # Annotations such as `Literal[...] | str` accept other values without a cast.
    assert {"'P0'", "'SUSPENDED'", "{'server': 's', 'channel': 'c'}"} < casts
    (settings,) = (ast.literal_eval(each) for each in casts if "integration" in each)
    assert settings == {
        "auto_close_inactive_cases": {"enabled": True, "max_inactive_time_in_secs": 0},
        "integration_linear": {"enabled": True},
        "notification": {"enabled": False, "destinations": [1, 2]},
    }
    assert len(casts) == 4


@pytest.mark.pulumi
def test_imported_program_passes_checkers_and_deploys_to_a_new_stack(
    organization: "Organization",
    populated: "Organization",
    new_stack: "NewStack",
    run: "Run",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    add_unknown_members(organization)
    stack = new_stack(populated)
    for name, value in stack.environment.items():
        monkeypatch.setenv(name, value)
    program = stack.folder / "__main__.py"
    program.unlink()
    run("import", "--all", "--cases", "*", "--out", str(stack.folder), "--run")
    assert_checkers_accept(program)
    assert_formatted(program)
    stack.preview("--expect-no-changes")
    stack.preview("--refresh", "--expect-no-changes")

    organization.reset()
    add_unknown_members(organization)
    fresh = new_stack(populated, program.read_text())
    output = fresh.up()
    _, _, diagnostics = output.partition("Diagnostics:")
    warnings = [line for line in diagnostics.splitlines() if "; sent as is" in line]
    assert len(warnings) == len(set(warnings)) > 0
    fresh.assert_no_changes()


def assert_checkers_accept(program: Path) -> None:
    for checker in (["mypy", "--strict"], ["basedpyright", "--level", "error"]):
        command = [sys.executable, "-m", *checker, str(program)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def assert_formatted(program: Path) -> None:
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--diff", str(program)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
