"""`datadog-cases simulate`: shows which rules an event triggers, without a request to Datadog."""

import importlib.util
import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Run
    from tests.conftest import NewStack, Organization

#: A function that writes a Pulumi state and returns the file. Its arguments are the resources, each
#: as `(type, name, id, inputs)`.
WriteState: TypeAlias = Callable[..., Path]

PROGRAM = """
import pulumi_datadog_cases as cases

soc = cases.Project("soc", key="SOC", name="Security operations")
leak = cases.CaseType("leak", name="Leak")
cases.AutomationRule(
    "enrich",
    project_id=soc.id,
    name="Enrich every new case",
    trigger={"type": "case_created"},
    action={"type": "EXECUTE_WORKFLOW", "data": {"handle": "enrich"}},
)
cases.NotificationRule(
    "wake",
    project_id=soc.id,
    recipients=[{"type": "PAGERDUTY_SERVICE", "data": {"service_name": "soc"}}],
    triggers=[{"type": "CASE_CREATED"}],
    query="priority:P1 env:prod type:Leak",
)
cases.MaintenanceWindow(
    "move",
    name="Move",
    query="project:SOC",
    start_at="2999-12-24T00:00:00Z",
    end_at="2999-12-27T00:00:00Z",
)
"""

SOC, OPS, ENRICH, WAKE, CLOSED = (f"b0000000-0000-4000-8000-00000000000{n}" for n in range(5))
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "x"}

PROJECT = ("Project", "soc", SOC, {"key": "SOC", "name": "Security operations"})
RULE: dict[str, Any] = {
    "project_id": SOC,
    "name": "Enrich",
    "trigger": {"type": "CASE_CREATED"},
    "action": {"type": "EXECUTE_WORKFLOW", "data": {"handle": "enrich"}},
    "created_at": "2026-01-01T00:00:00Z",
}
NOTIFICATION: dict[str, Any] = {
    "project_id": SOC,
    "recipients": [{"type": "EMAIL", "data": {"email": "soc@example.com"}}],
    "triggers": [{"type": "STATUS_TRANSITIONED", "data": {"to_status_name": "Closed"}}],
}


@pytest.fixture
def write_state(tmp_path: Path) -> WriteState:
    def write(*resources: tuple[str, str, str, dict[str, Any]]) -> Path:
        entries = [
            {
                "urn": f"urn:pulumi:s::p::pulumi-python:dynamic/datadog-cases:{kind}::{name}",
                "type": f"pulumi-python:dynamic/datadog-cases:{kind}",
                "id": id_,
                "inputs": inputs,
                "outputs": inputs,
            }
            for kind, name, id_, inputs in resources
        ]
        file = tmp_path / "state.json"
        file.write_text(json.dumps({"version": 3, "deployment": {"resources": entries}}))
        return file

    return write


@pytest.mark.pulumi
def test_simulate_uses_rules_of_last_deployment(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    stack = new_stack(organization, PROGRAM)
    stack.up()
    asked = organization.request_lines()

    def simulate(*options: str, ends_with: int) -> dict[str, dict[str, Any]]:
        done = subprocess.run(
            ["datadog-cases", "simulate", "--event", "case_created", "--json", *options],  # noqa: S607 - as found on PATH
            cwd=stack.folder,
            env=stack.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == ends_with, done.stderr
        return {rule["name"]: rule for rule in json.loads(done.stdout)["rules"]}

    output = simulate("--priority", "P1", "--attribute", "env=prod", "--type", "Leak", ends_with=0)
    assert {name: rule["fired"] for name, rule in output.items()} == {"enrich": True, "wake": True}
    output = simulate("--priority", "P1", ends_with=0)
    assert {name: rule["fired"] for name, rule in output.items()} == {"enrich": True, "wake": False}
    urgent = ("--priority", "P1", "--attribute", "env=prod", "--type", "Leak")
    output = simulate(*urgent, "--at", "2999-12-25T10:00:00Z", ends_with=3)
    suppressed = 'the maintenance window "Move" suppresses rules until '
    assert all(rule["why"].startswith(suppressed) for rule in output.values())
    assert organization.request_lines() == asked


def test_table_of_rules(run: "Run", write_state: WriteState) -> None:
    state = write_state(
        PROJECT,
        ("AutomationRule", "enrich", ENRICH, RULE),
        ("NotificationRule", "wake", WAKE, NOTIFICATION),
    )
    closed = ("--event", "status_transitioned", "--to", "Closed")
    result = run("simulate", "--state", str(state), *closed)
    rows = [re.split(r"  +", line.strip()) for line in result.stdout.splitlines()]
    assert rows[3:5] == [
        ["enrich", "no", "runs the workflow enrich", "triggers on CASE_CREATED"],
        ["wake", "yes", "notifies soc@example.com", "status changed from Open to Closed"],
    ]
    output = "Status changed from Open to Closed: 1 of 2 rules would fire."
    assert result.stdout.splitlines()[-1] == output


def test_exit_code_without_triggered_rule(run: "Run", write_state: WriteState) -> None:
    event = ("--event", "comment_added")
    rule = ("NotificationRule", "wake", WAKE, NOTIFICATION)
    for resources, output in (([PROJECT, rule], "0 of 1 rules"), ([PROJECT], "no rules")):
        result = run("simulate", "--state", str(write_state(*resources)), *event, ends_with=3)
        assert output in result.stdout


def test_event_options(run: "Run", write_state: WriteState) -> None:
    data = {"field": "env", "change_type": "removed"}
    watch = {
        **NOTIFICATION,
        "triggers": [{"type": "ATTRIBUTE_VALUE_CHANGED", "data": data}],
        "query": 'title:"Odd login" abroad status:closed env:eu team:soc priority:P2',
    }
    state = write_state(PROJECT, ("NotificationRule", "watch", WAKE, watch))
    output = run(
        *("simulate", "--state", str(state), "--json", "--event", "attribute_value_changed"),
        *("--project", "SOC", "--title", "Odd login", "--description", "From abroad"),
        *("--status", "Closed", "--priority", "P2", "--attribute", "team=soc"),
        *("--field", "env", "--from", "eu", "--from", "prod", "--to", "eu"),
    )
    (rule,) = json.loads(output.stdout)["rules"]
    assert rule["change"] == "env changed from eu, prod to eu"


def test_unmanaged_project_is_selected_by_id(run: "Run", write_state: WriteState) -> None:
    state = write_state(PROJECT, ("AutomationRule", "enrich", ENRICH, {**RULE, "project_id": OPS}))
    event = ("simulate", "--state", str(state), "--event", "case_created")
    assert "enrich" in run(*event, "--project", OPS).stdout
    result = run(*event, ends_with=2)
    there = f"existing projects: SOC, {OPS}"
    assert result.stderr == f"error: either project or case_id is required; {there}\n"


def test_secret_rules_are_not_evaluated(run: "Run", write_state: WriteState) -> None:
    action = {"type": "EXECUTE_WORKFLOW", "data": {"handle": SECRET}}
    state = write_state(
        ("Project", "soc", SOC, {**PROJECT[3], "name": SECRET, "settings": {"x": SECRET}}),
        ("AutomationRule", "hidden", ENRICH, {**RULE, "action": action, "name": SECRET}),
        ("NotificationRule", "told", WAKE, {**NOTIFICATION, "recipients": SECRET}),
        ("NotificationRule", "vague", CLOSED, {**NOTIFICATION, "query": SECRET}),
    )
    output = run("simulate", "--state", str(state), "--event", "case_created", "--json")
    document = json.loads(output.stdout)
    assert {rule["name"]: (rule["rule_name"], rule["does"]) for rule in document["rules"]} == {
        "hidden": ("[secret]", "[secret]"),
        "told": (None, "notifies [secret]"),
    }
    assert document["left_out"] == ["vague, because its query is secret"]
    output = run("simulate", "--state", str(state), "--event", "case_created")
    assert output.stdout.endswith("Not evaluated: vague, because its query is secret.\n")


def test_seed_provides_cases_and_users(
    run: "Run", organization: "Organization", tmp_path: Path
) -> None:
    data = {"type": "project", "attributes": {"key": "SOC", "name": "x"}}
    project = organization.call("POST /cases/projects", data)["id"]
    attributes = {key: RULE[key] for key in ("name", "trigger", "action")}
    path = f"POST /cases/projects/{project}"
    organization.call(f"{path}/rules", {"type": "rule", "attributes": attributes})
    output = {
        "recipients": NOTIFICATION["recipients"],
        "triggers": [{"type": "CASE_CREATED"}],
        "query": "assignee:emil@example.com",
    }
    organization.call(
        f"{path}/notification_rules", {"type": "notification_rule", "attributes": output}
    )
    case = {
        "type": "case",
        "attributes": {"title": "A", "type_id": "00000000-0000-0000-0000-000000000001"},
        "relationships": {"project": {"data": {"type": "project", "id": project}}},
    }
    organization.call("POST /cases", case)
    seed = tmp_path / "organization.json"
    run("export", "--out", str(seed), "--cases", "*")
    event = ("simulate", "--seed", str(seed), "--event", "case_created", "--json")
    emil = ("--assignee", "emil@example.com")
    for options, fired in ((emil, [True, True]), ((), [True, False])):
        rules = json.loads(run(*event, "--case", "SOC-1", *options).stdout)["rules"]
        assert [rule["fired"] for rule in rules] == fired
        assert (rules[0]["rule_name"], rules[0]["name"]) == ("Enrich", None)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["--event", "exploded"],
            "event: exploded is unknown; known events: attribute_",
        ),
        (["--event", "case_created", "--project", "OPS"], "no project has the id or key OPS;"),
        (["--event", "case_created", "--case", "SOC-1"], "no case has the id or key SOC-1"),
        (["--event", "case_created", "--attribute", "env"], "--attribute env: write KEY=VALUE"),
        (["--event", "case_created", "--attribute", "=x"], "--attribute =x: write KEY=VALUE"),
        (["--event", "case_created", "--seed", "{state}"], "--state and --seed exclude each other"),
        ([], "Missing option '--event'"),
    ],
)
def test_impossible_event_is_rejected(
    run: "Run", write_state: WriteState, options: list[str], message: str
) -> None:
    state = str(write_state(PROJECT))
    given = [option.format(state=state) for option in options]
    result = run("simulate", "--state", state, *given, ends_with=2)
    assert result.stderr.startswith(f"error: {message}")
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


@pytest.mark.parametrize("option", ["--state", "--seed"])
@pytest.mark.parametrize("text", ["", "[]", "{}", '{"deployment": 1}'])
def test_file_in_other_format_is_rejected(
    run: "Run", tmp_path: Path, option: str, text: str
) -> None:
    file = tmp_path / "file.json"
    file.write_text(text)
    result = run("simulate", option, str(file), "--event", "case_created", ends_with=2)
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1


def test_missing_stack_gives_advice(
    run: "Run", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulumi = tmp_path / "pulumi"
    pulumi.write_text("#!/bin/sh\necho 'error: no stack selected' >&2; exit 1\n")
    pulumi.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    result = run("simulate", "--event", "case_created", ends_with=1)
    assert result.stderr == (
        f"error: no stack is selected in {tmp_path}: select one with "
        f"`pulumi --cwd {tmp_path} stack select`, or pass --state or --seed\n"
    )


def test_missing_sandbox_gives_install_command(
    run: "Run", write_state: WriteState, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = str(write_state(PROJECT))
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    result = run("simulate", "--state", state, "--event", "case_created", ends_with=1)
    assert result.stderr == (
        "error: the sandbox is not installed: install it with `pip install "
        "'pulumi-datadog-cases[sandbox]'`\n"
    )
