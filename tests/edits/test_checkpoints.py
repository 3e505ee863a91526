"""Tests of killed runs with `PULUMI_SKIP_CHECKPOINTS`.

With this environment variable, Pulumi saves the state only at the end of a run, so a killed run
saves nothing.
"""

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, Stack
    from tests.edits.conftest import SetFault

#: A program in which `last` is created or updated after all other resources.
PROGRAM = """
import pulumi
import pulumi_datadog_cases as cases

project = cases.Project("desk", key="DESK", name="Desk")
case = cases.Case("case", project_id=project.id, title="A")
first = [project, case]
{rest}
cases.CaseView("last", project_id=project.id, name="{last}", query="priority:P1",
    opts=pulumi.ResourceOptions(depends_on=first))
"""
RULE = """
first.append(cases.AutomationRule("{name}", project_id=project.id, name="{title}",
    trigger={{"type": "CASE_CREATED"}},
    action={{"type": "EXECUTE_WORKFLOW", "data": {{"handle": "enrich"}}}}))
"""
ISSUE = """
first.append(cases.CaseJiraIssue("issue", case_id=case.id, jira_account_id="account",
    jira_project_id="{project}", issue_type_id="type"))
"""

#: A function that deploys, and kills Pulumi at the first request to an endpoint, as in
#: `kill("POST /cases/views")`.
Kill: TypeAlias = Callable[[str], None]


def program(*rest: str, last: str = "Last") -> str:
    return PROGRAM.format(rest="".join(rest), last=last)


def rule(name: str, title: str = "Rule") -> str:
    return RULE.format(name=name, title=title)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """The folder of the intent log."""
    return tmp_path / "journal"


@pytest.fixture(params=["true", "1"])
def stack(
    organization: "Organization",
    new_stack: "NewStack",
    log: Path,
    request: pytest.FixtureRequest,
) -> "Stack":
    stack = new_stack(organization)
    stack.environment["PULUMI_DATADOG_CASES_JOURNAL"] = str(log)
    stack.environment["PULUMI_SKIP_CHECKPOINTS"] = request.param
    return stack


@pytest.fixture
def kill(stack: "Stack", set_fault: "SetFault") -> Kill:
    """Return a `Kill` function. It also checks that the killed run has saved nothing."""

    def kill(endpoint: str) -> None:
        before = stack.state
        set_fault(kind="latency", seconds=300, endpoint=endpoint)
        with subprocess.Popen(
            ["pulumi", "up", "--yes", "--skip-preview", "--non-interactive"],  # noqa: S607 - from PATH
            cwd=stack.folder,
            env=stack.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as up:
            while not set_fault.count:
                assert up.poll() is None
                time.sleep(0.05)
            up.kill()
        set_fault.clear()
        stack("cancel", "--yes")
        assert stack.state == before

    return kill


def rules(organization: "Organization") -> list[str]:
    """The ids of all rules."""
    return [
        rule["id"]
        for project in organization.call("GET /cases/projects")
        for rule in organization.call(f"GET /cases/projects/{project['id']}/rules")
    ]


def creates(organization: "Organization", endpoint: str) -> int:
    """How many requests to an endpoint the sandbox has received."""
    return sum(line.endswith(endpoint) for line in organization.request_lines())


def test_objects_of_two_killed_runs_are_adopted(
    stack: "Stack", organization: "Organization", kill: Kill, log: Path
) -> None:
    stack.write(program(*(rule(f"rule-{number}") for number in range(5))))
    for _ in range(2):
        kill("POST /cases/views")
    stack.up()
    assert len(rules(organization)) == 5
    assert len(organization.call("GET /cases/projects")) == 1
    assert len(organization.call("GET /cases")) == 1
    stack.assert_no_changes()
    # The file `made-…` is the intent log's entry for a created object. It stays until a run finds
    # the object in the state. The preview in `assert_no_changes` has found all objects there.
    assert not [*log.glob("*/*/made-*")]


@pytest.mark.parametrize("stack", ["true"], indirect=True)
def test_killed_replacement_is_continued(
    stack: "Stack", organization: "Organization", kill: Kill
) -> None:
    stack.write(program(rule("old")))
    stack.up()
    (old,) = rules(organization)
    stack.write(program(rule("new"), last="Renamed"))
    for _ in range(2):
        kill("* /cases/views/*")
    (new,) = {*rules(organization)} - {old}
    stack.up()
    assert rules(organization) == [new]
    stack.assert_no_changes()


@pytest.mark.parametrize("stack", ["true"], indirect=True)
def test_killed_update_is_continued(
    stack: "Stack", organization: "Organization", kill: Kill
) -> None:
    stack.write(program(rule("rule", "Before")))
    stack.up()
    stack.write(program(rule("rule", "After"), last="Renamed"))
    kill("* /cases/views/*")
    stack.up()
    assert len(rules(organization)) == 1
    assert stack.resources["rule"]["outputs"]["name"] == "After"
    stack.assert_no_changes()


@pytest.mark.parametrize("stack", ["true"], indirect=True)
def test_issue_of_killed_replacement_is_adopted(
    stack: "Stack", organization: "Organization", kill: Kill
) -> None:
    """The replaced and the new issue have the same id in the state: the id of their case."""
    stack.write(program(ISSUE.format(project="before")))
    stack.up()
    stack.write(program(ISSUE.format(project="after"), last="Renamed"))
    kill("* /cases/views/*")
    before = creates(organization, "/relationships/jira_issues")
    stack.up()
    assert creates(organization, "/relationships/jira_issues") == before
    stack.assert_no_changes()


@pytest.mark.parametrize("stack", ["true"], indirect=True)
def test_doctor_reports_only_objects_that_are_not_saved(
    stack: "Stack", kill: Kill, log: Path
) -> None:
    def reported() -> list[str]:
        doctor = subprocess.run(
            ["datadog-cases", "doctor", "--json"],  # noqa: S607 - from PATH
            cwd=stack.folder,
            env=stack.environment,
            capture_output=True,
            check=False,
        )
        findings = json.loads(doctor.stdout)
        return [each["details"]["kind"] for each in findings if each["status"] == "warning"]

    stack.write(program())
    stack.up()
    assert [*log.glob("*/*/made-*")]
    assert reported() == []
    stack.write(program(rule("rule"), last="Renamed"))
    kill("* /cases/views/*")
    assert reported() == ["AutomationRule"]
