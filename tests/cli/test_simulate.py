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

from pulumi_datadog_cases.cli.case_fields import EVENT_FIELDS, misspelt

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
    for resources, output in (([PROJECT, rule], "0 of 1 rule would"), ([PROJECT], "no rules")):
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
    assert (
        result.stderr
        == f"error: --project: required without a case; existing projects: SOC, {OPS}\n"
    )


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
            "--event: exploded is unknown; known events: attribute_",
        ),
        (
            ["--event", "case_created", "--project", "OPS"],
            "--project: no project has the id or key OPS; existing projects: SOC",
        ),
        (
            ["--event", "case_created", "--case", "SOC-1"],
            "--case: no case has the id or key SOC-1",
        ),
        (
            ["--event", "case_created", "--attribute", "env"],
            "--attribute: write KEY=VALUE, as in env=prod, instead of env",
        ),
        (["--event", "case_created", "--attribute", "=x"], "--attribute: write KEY=VALUE"),
        (["--event", "case_created", "--seed", "{state}"], "--state and --seed exclude each other"),
        ([], "--event: required, one of case_created, status_transitioned"),
        (
            ["--event", "status_transitioned"],
            "--to: required, one of Open, In Progress, Closed",
        ),
        (
            ["--event", "status_transitioned", "--to", "Open"],
            "--from and --to: must differ",
        ),
        (
            ["--event", "attribute_value_changed", "--to", "x"],
            "--field: required, one of title, description",
        ),
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


def test_events_of_file_are_compared_in_table(
    run: "Run", write_state: WriteState, tmp_path: Path
) -> None:
    state = write_state(
        PROJECT,
        ("Project", "ops", OPS, {"key": "OPS", "name": "Operations"}),
        ("AutomationRule", "enrich", ENRICH, RULE),
        ("NotificationRule", "wake", WAKE, {**NOTIFICATION, "query": "env:prod team:soc"}),
        ("NotificationRule", "ops", CLOSED, {**NOTIFICATION, "project_id": OPS}),
    )
    file = tmp_path / "events.yaml"
    file.write_text(
        """
- {name: new case, event: case_created, project: SOC, at: 2026-12-24T10:00:00Z}
- event: status_transitioned
  project: SOC
  attribute: [env=prod, team=soc]
  title: null
  to: Closed
- {event: comment_added, project: OPS}
- {event: case_created, project: SOC}
"""
    )
    result = run("simulate", "--state", str(state), "--events", str(file))
    rows = [re.split(r"  +", line.strip()) for line in result.stdout.splitlines()]
    matches = 'the query "env:prod team:soc" matches it'
    assert [row for row in rows if len(row) > 1] == [
        ["event", "would fire"],
        ["1", "new case", "1 of 2 rules"],
        ["2", "status_transitioned SOC env=prod team=soc Closed", "1 of 2 rules"],
        ["3", "comment_added OPS", "0 of 1 rule"],
        ["4", "case_created SOC", "1 of 2 rules"],
        ["rule", "1", "2", "3", "4"],
        ["enrich", "yes", "no", "-", "yes"],
        ["wake", "no", "yes", "-", "no"],
        ["ops", "-", "-", "no", "-"],
        ["rule", "events", "why"],
        ["enrich", "1, 4", "the case was created"],
        ["enrich", "2", "triggers on CASE_CREATED"],
        ["wake", "1, 4", "triggers on STATUS_TRANSITIONED"],
        ["wake", "2", f"status changed from Open to Closed, and {matches}"],
        ["ops", "3", "triggers on STATUS_TRANSITIONED"],
    ]


def test_invalid_query_is_reported_for_events_of_file(
    run: "Run", write_state: WriteState, tmp_path: Path
) -> None:
    rule = {**NOTIFICATION, "triggers": [{"type": "CASE_CREATED"}], "query": "(priority:P1"}
    state = str(write_state(PROJECT, ("NotificationRule", "wake", WAKE, rule)))
    file = tmp_path / "events.yaml"
    file.write_text("- event: case_created")
    result = run("simulate", "--state", state, "--events", str(file), ends_with=3)
    assert "the query is invalid: filter '(priority:P1': " in result.stdout


def test_misspelt_field_is_reported(run: "Run", write_state: WriteState, tmp_path: Path) -> None:
    state = ("--state", str(write_state(PROJECT)))
    change = ("--event", "attribute_value_changed", "--to", "x")
    meant = ' counts as a label or a custom attribute; did you mean "priority"?\n'
    result = run("simulate", *state, *change, "--field", "priorty", ends_with=3)
    assert result.stderr == f"warning: --field: priorty{meant}"
    file = tmp_path / "events.yaml"
    file.write_text("- {event: case_created, attribute: [env=prod, Priorit=P1]}")
    result = run("simulate", *state, "--events", str(file), ends_with=3)
    assert result.stderr == f"warning: event 1, attribute: Priorit{meant}"
    for field in (*EVENT_FIELDS, "Title", "env"):
        assert misspelt(field, EVENT_FIELDS) is None


def test_sandbox_has_the_same_fields(run: "Run", write_state: WriteState) -> None:
    state = str(write_state(PROJECT))
    change = ("--event", "attribute_value_changed", "--to", "x")
    result = run("simulate", "--state", state, *change, ends_with=2)
    assert f"required, one of {', '.join(EVENT_FIELDS)}, or the name of a label" in result.stderr


def test_exit_code_of_events_file_without_triggered_rule(
    run: "Run", write_state: WriteState, tmp_path: Path
) -> None:
    state = str(write_state(PROJECT, ("NotificationRule", "wake", WAKE, NOTIFICATION)))
    file = tmp_path / "events.json"
    file.write_text(json.dumps([{"event": "comment_added"}, {"event": "case_created"}]))
    output = run("simulate", "--state", state, "--events", str(file), "--json", ends_with=3)
    document = json.loads(output.stdout)
    assert [event["name"] for event in document["events"]] == ["comment_added", "case_created"]
    assert [rule["name"] for event in document["events"] for rule in event["rules"]] == [
        "wake",
        "wake",
    ]


def test_organization_without_projects_has_no_rules(run: "Run", tmp_path: Path) -> None:
    seed = tmp_path / "organization.json"
    run("export", "--out", str(seed))
    result = run("simulate", "--seed", str(seed), "--event", "case_created", ends_with=2)
    assert result.stderr == (
        "error: there is no project whose rules could be evaluated: for a program that is not "
        "deployed yet, pass --preview\n"
    )


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (
            """
            - evnt: comment_added
            - {event: status_transitioned, colour: red, type: [a], to: {a: b}}
            - text
            - {event: comment_added, attribute: prod}
            - {event: case_created, to: P1, field: priority, due-date: tomorrow}
            - {event: status_transitioned, to: Closed, approval-type: any}
            """,
            [
                'event 1, evnt: is not an option of an event; did you mean "event"?',
                "event 1, event: required, one of case_created, ",
                "event 2, colour: is not an option of an event; the options are name, event, ",
                "event 2, type: must be a string",
                "event 2, to: must be a string or a list of strings",
                "event 3: must be a mapping",
                "event 4, attribute: write KEY=VALUE, as in env=prod, instead of prod",
                "event 5, field: only for the event attribute_value_changed",
                "event 5, to: only for the event status_transitioned or attribute_value_changed",
                "event 5, due-date: write YYYY-MM-DD instead of tomorrow",
                "event 6, approval-type: only for the event case_review_approved",
            ],
        ),
        (
            """
            - event: exploded
            - event: case_created
            - {event: case_created, priority: P9}
            - {event: status_transitioned, due-date: 2026-12-24}
            """,
            [
                "event 1, event: exploded is unknown",
                "event 3, priority: invalid priority P9",
                "event 4, to: required, one of Open, ",
            ],
        ),
        ("{event: case_created}", ["{file} has no list of events"]),
        ("[]", ["{file} has no list of events"]),
        ("[{to: a, to: b}]", ["{file} cannot be read: to occurs twice"]),
        ("[", ["{file} cannot be read: "]),
    ],
)
def test_mistakes_in_events_file_are_reported_together(
    run: "Run", write_state: WriteState, tmp_path: Path, text: str, problems: list[str]
) -> None:
    state = str(write_state(PROJECT, ("AutomationRule", "enrich", ENRICH, RULE)))
    file = tmp_path / "events.yaml"
    file.write_text(text)
    result = run("simulate", "--state", state, "--events", str(file), ends_with=2)
    assert result.stderr.startswith(f"error: {problems[0].format(file=file)}")
    assert all(f"; {problem}" in result.stderr for problem in problems[1:])
    assert result.stderr.count("event 2") == str(problems).count("event 2")
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_missing_events_file_is_reported(run: "Run", write_state: WriteState) -> None:
    options = ("--state", str(write_state(PROJECT)), "--events", "missing.yaml")
    result = run("simulate", *options, ends_with=2)
    assert result.stderr.startswith("error: missing.yaml cannot be read: ")


def test_events_exclude_options_of_single_event(
    run: "Run", write_state: WriteState, tmp_path: Path
) -> None:
    file = tmp_path / "events.yaml"
    file.write_text("- event: case_created")
    options = ("--events", str(file), "--priority", "P1", "--due-date", "2026-12-24")
    result = run("simulate", "--state", str(write_state(PROJECT)), *options, ends_with=2)
    assert result.stderr == (
        f"error: --events excludes --priority, --due-date: describe the events in {file}\n"
    )
