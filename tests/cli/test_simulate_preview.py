"""`datadog-cases simulate --preview`: rules of a program that is not deployed yet."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Run
    from tests.conftest import NewStack, Organization, Stack

#: A function that lets the command `pulumi` print these steps, as `pulumi preview --json` does.
SetPreview: TypeAlias = Callable[[list[dict[str, Any]]], None]

BEFORE = """
import pulumi_datadog_cases as cases

soc = cases.Project("soc", key="SOC", name="Security operations")

def rule(name, project_id, query):
    email = {"type": "EMAIL", "data": {"email": f"{name}@example.com"}}
    cases.NotificationRule(
        name,
        project_id=project_id,
        recipients=[email],
        triggers=[{"type": "CASE_CREATED"}],
        query=query,
    )

rule("unchanged", soc.id, "priority:P1")
"""
DEPLOYED = (
    BEFORE
    + """
rule("changed", soc.id, "priority:P1")
rule("removed", soc.id, "priority:P1")
"""
)
EDITED = (
    BEFORE
    + """
import pulumi

rule("changed", soc.id, "priority:P2")
ops = cases.Project("ops", key="OPS", name="Operations")
leak = cases.CaseType("leak", name="Leak")
cases.AutomationRule(
    "enrich",
    project_id=ops.id,
    name="Enrich",
    trigger={"type": "CASE_CREATED"},
    action={"type": "EXECUTE_WORKFLOW", "data": {"handle": ops.id}},
)
rule("new", ops.id, pulumi.Output.concat("type:Leak project:", ops.key))
rule("vague", ops.id, pulumi.Output.concat("title:", ops.id))
rule("hidden", ops.id, pulumi.Output.secret("priority:P1"))
rule("ambiguous", pulumi.Output.all(soc.id, ops.id).apply(lambda ids: ids[1]), "")
"""
)

DESK, PAGE = (f"b0000000-0000-4000-8000-00000000000{n}" for n in range(2))
#: What a preview shows instead of a value that is unknown until the deployment.
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
RULE: dict[str, Any] = {
    "recipients": [{"type": "EMAIL", "data": {"email": "soc@example.com"}}],
    "triggers": [{"type": "CASE_CREATED"}],
}
RECORDED = Path(__file__).with_name("native_preview.json")


@pytest.fixture
def set_preview(run: "Run", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SetPreview:
    del run  # which sets the environment and the current folder

    def set_preview(steps: list[dict[str, Any]]) -> None:
        (tmp_path / "preview.json").write_text(json.dumps({"steps": steps}))
        pulumi = tmp_path / "pulumi"
        pulumi.write_text(f"#!/bin/sh\ncat '{tmp_path}/preview.json'\n")
        pulumi.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    return set_preview


def urn(type_: str, name: str) -> str:
    return f"urn:pulumi:s::p::pulumi-python:dynamic/datadog-cases:{type_}::{name}"


def step(operation: str, type_: str, name: str, **states: dict[str, Any]) -> dict[str, Any]:
    """A step of a preview, with the members `newState` and perhaps `oldState`."""
    same = {"urn": urn(type_, name), "type": urn(type_, name).split("::")[2]}
    return {
        "op": operation,
        "urn": same["urn"],
        **{member: {**same, **state} for member, state in states.items()},
    }


def simulate(stack: "Stack", *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["datadog-cases", "simulate", "--preview", *options],  # noqa: S607 - as found on PATH
        cwd=stack.folder,
        env=stack.environment | {"PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.pulumi
def test_preview_evaluates_rules_of_next_deployment(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    stack = new_stack(organization, DEPLOYED)
    stack.up()
    stack.write(EDITED)
    requests, state = len(organization.request_lines()), stack.state
    events = [
        {"event": "case_created", "project": "SOC", "priority": "P1"},
        {"event": "case_created", "project": "OPS", "type": "Leak"},
    ]
    (stack.folder / "events.json").write_text(json.dumps(events))
    done = simulate(stack, "--events", "events.json", "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert [
        {rule["name"]: rule["fired"] for rule in event["rules"]} for event in document["events"]
    ] == [{"unchanged": True, "changed": False}, {"enrich": True, "new": True}]
    enrich = document["events"][1]["rules"][0]
    assert enrich["rule_id"].endswith(":AutomationRule::enrich")
    assert enrich["does"] == "[unknown]"
    assert {*document["left_out"]} == {
        "vague, because its query is unknown",
        "hidden, because its query is secret",
        "ambiguous, because its project_id is unknown",
    }
    assert organization.writes(requests) == []
    assert stack.state == state


@pytest.mark.pulumi
def test_failed_preview_is_reported_in_one_line(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    stack = new_stack(organization, "raise ValueError('first\\nsecond')")
    done = simulate(stack, "--event", "case_created")
    assert done.returncode == 1
    folder = stack.folder.resolve()
    assert done.stderr.startswith(f"error: `pulumi preview` failed in {folder}: Program failed ")
    assert "ValueError: first second" in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_preview_of_program_in_other_language(run: "Run", set_preview: SetPreview) -> None:
    set_preview(json.loads(RECORDED.read_text())["steps"])

    def outcomes(*options: str) -> dict[str, str]:
        output = run("simulate", "--preview", "--json", *options).stdout
        document = json.loads(output)
        assert document["left_out"] == ["vague, because its query is unknown"]
        return {rule["name"]: rule["why"] for rule in document["rules"]}

    # The update clears the query of `page`, but leaves `triage` disabled.
    assert outcomes("--event", "case_created", "--project", "DESK", "--priority", "P3") == {
        "triage": "the rule is disabled",
        "page": "the case was created",
    }
    assert outcomes("--event", "status_transitioned", "--project", "NEW", "--to", "Closed") == {
        "close": 'status changed from Open to Closed, and the query "project:NEW" matches it'
    }


def test_unknown_project_in_other_language_is_reported(run: "Run", set_preview: SetPreview) -> None:
    steps = json.loads(RECORDED.read_text())["steps"]
    (rule,) = (each for each in steps if each["urn"].endswith("::close"))
    rule["newState"]["propertyDependencies"] = {}
    set_preview(steps)
    event = ("--event", "case_created", "--project", "NEW", "--json")
    document = json.loads(run("simulate", "--preview", *event, ends_with=3).stdout)
    assert "close, because its project_id is unknown" in document["left_out"]


def test_preview_moves_rules_to_replacement_of_project(run: "Run", set_preview: SetPreview) -> None:
    old = {"id": DESK, "inputs": {"key": "OLD", "name": "Desk"}}
    old_rule = {**RULE, "project_id": DESK, "is_enabled": False}
    rule = {
        "inputs": {**RULE, "project_id": UNKNOWN, "query": "project:DESK"},
        "propertyDependencies": {"project_id": [urn("Project", "desk")]},
    }
    set_preview(
        [
            step("refresh", "Project", "desk", oldState=old, newState=old),
            step(
                *("replace", "Project", "desk"),
                oldState=old,
                newState={"inputs": {"key": "DESK", "name": "Desk"}},
            ),
            step(
                *("replace", "NotificationRule", "page"),
                oldState={"id": PAGE, "inputs": old_rule, "outputs": old_rule},
                newState=rule,
            ),
        ]
    )
    result = run("simulate", "--preview", "--event", "case_created")
    assert "1 of 1 rule would fire" in result.stdout


def test_preview_evaluates_rules_of_project_that_program_only_reads(
    run: "Run", set_preview: SetPreview
) -> None:
    """A preview does not show the key of a project that was never read before."""
    rule = step(
        "create", "NotificationRule", "page", newState={"inputs": {**RULE, "project_id": DESK}}
    )
    read = {"id": DESK, "external": True, "inputs": {"__get": True}}
    set_preview([step("read", "Project", "desk", newState=read), rule])
    result = run("simulate", "--preview", "--event", "case_created", "--project", DESK)
    assert "1 of 1 rule would fire" in result.stdout
    assert result.stdout.endswith("Not evaluated: desk, because its key is unknown.\n")
    known = {**read, "outputs": {"key": "DESK", "name": "Desk"}}
    set_preview([step("read", "Project", "desk", oldState=known, newState=read), rule])
    result = run("simulate", "--preview", "--event", "case_created", "--project", "DESK")
    assert result.stdout.endswith("1 of 1 rule would fire.\n")


@pytest.mark.parametrize("other", ["--state", "--seed"])
def test_preview_excludes_other_sources(run: "Run", tmp_path: Path, other: str) -> None:
    file = tmp_path / "file.json"
    file.write_text("{}")
    options = ("--preview", other, str(file), "--event", "case_created")
    result = run("simulate", *options, ends_with=2)
    assert result.stderr == f"error: --preview and {other} exclude each other: pass one of them\n"
