"""Mistakes in a program: one error reports them all with file and line, before any request."""

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization

PROJECT = "1f0c0000-0000-4000-8000-000000000001"

#: A program with eleven mistakes in ten resources. Each comment is the number of the line that the
#: message about the mistake must name.
TEN_MISTAKES = f"""\
from datetime import datetime

import pulumi
import pulumi_datadog_cases as cases

desk = cases.Project("desk", key="SOC", name="SOC", colums_config={{}})  # 6
rule = cases.AutomationRule(
    "rule",
    project_id=desk.id,
    name="Rule",
    trigger={{"type": "CASE_CREATD"}},  # 7
    action={{"type": "EXECUTE_WORKFLOW", "data": {{"handle": "h"}}}},
)
cases.Case("case", project_id=desk, title="Case")  # 14
cases.Case("when", project_id=desk.id, title="When", due_date=datetime(2027, 1, 2))  # 15
cases.CaseView("view", project_id="{PROJECT}", name=7, query="")  # 16
cases.CaseType("type", name="")  # 17
cases.CaseComment("comment", case_id=rule.id)  # 18
cases.CaseWatcher("watcher", case_id="SOC-1", user_uuid="nobody")  # 19
cases.MaintenanceWindow("window", name="w", query="q", start_at=b"now", end_at="later")  # 20
cases.CaseLink(
    "link",
    parent_entity_type="CASE",
    parent_entity_id="SOC-1",
    child_entity_type="CASE",
    child_entity_id="SOC-2",
    relationship="BLOKS",
)  # 21
"""
#: The beginning of the message about each mistake.
TEN_LINES = [
    '__main__.py:6: Project desk: colums_config is not a property of Project; did you mean "col',
    '__main__.py:7: AutomationRule rule: trigger.type "CASE_CREATD" is not one of CASE_CREATED, ',
    "__main__.py:14: Case case: project_id is a resource: pass one of its outputs, such as its id",
    "__main__.py:15: Case when: due_date is a time without a time zone: pass one, as in datetime",
    "__main__.py:16: CaseView view: name must be a string, got 7",
    "__main__.py:17: CaseType type: name must be a non-empty string",
    "__main__.py:18: CaseComment comment: comment is missing",
    "__main__.py:19: CaseWatcher watcher: user_uuid must be a UUID, such as another resource's i",
    "__main__.py:20: MaintenanceWindow window: start_at is bytes: decode them to a string",
    "__main__.py:20: MaintenanceWindow window: end_at must be an RFC 3339 time with an offset, su",
    '__main__.py:21: CaseLink link: relationship "BLOKS" is not one of ',
]

MOCKS = """
import runpy

import pulumi

class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        print("registered", args.name)
        return args.name + "-id", args.inputs

    def call(self, args):
        return {}

pulumi.runtime.set_mocks(Mocks(), preview=False)
"""


def _mistakes(output: str) -> list[str]:
    """The lines that name a resource type and a resource, and so are no warnings of Python."""
    mistake = re.compile(r"\s+\S+\.py:\d+( \(called at \S+\))?: \w+ \S+: ")
    return [line.strip() for line in output.splitlines() if mistake.match(line)]


def _assert_ten_lines(output: str) -> None:
    lines = _mistakes(output)
    assert len(lines) == len(TEN_LINES), output
    for line, start in zip(lines, TEN_LINES, strict=True):
        assert line.startswith(start)
    assert "Traceback" not in output
    assert "<nil>" not in output


@pytest.mark.pulumi
def test_one_command_reports_all_mistakes(
    new_stack: "NewStack", organization: "Organization"
) -> None:
    stack = new_stack(organization, TEN_MISTAKES)
    for output in (
        stack.preview(fails=True),
        stack.up("--skip-preview", fails=True),
    ):
        assert (
            "error: the program has 11 mistakes, so no further resource of this package was sent:"
            in output
        )
        _assert_ten_lines(output[output.index("Diagnostics:") :])
    assert organization.request_lines() == []


def _run_test(folder: Path, program: str, test: str) -> subprocess.CompletedProcess[str]:
    (folder / "program.py").write_text(program)
    (folder / "test_program.py").write_text(MOCKS + test)
    return subprocess.run(
        # `-rN` omits pytest's summary, which in CI repeats the whole message of each failure.
        [sys.executable, "-m", "pytest", "-s", "-rN", "-p", "no:cacheprovider", "--tb=native"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


#: Pulumi's guide to unit tests shows two ways to run a program: in the test, and before the test.
IN_TEST = """
@pulumi.runtime.test
def test_program():
    runpy.run_path("program.py")
"""
BEFORE_TEST = """
runpy.run_path("program.py")

@pulumi.runtime.test
def test_program():
    pass
"""


@pytest.mark.parametrize("test", [IN_TEST, BEFORE_TEST], ids=["in the test", "before the test"])
def test_unit_test_reports_all_mistakes(tmp_path: Path, test: str) -> None:
    done = _run_test(tmp_path, TEN_MISTAKES, test)
    assert done.returncode == 1, done.stdout
    # Pulumi's SDK chains the errors of the registrations, so the traceback shows several errors.
    # Check the last one.
    message = done.stdout.rpartition("\npulumi_datadog_cases.InvalidProgramError: ")[2]
    assert message.startswith(
        "the program has 11 mistakes, so no further resource of this package was sent:\n"
    )
    _assert_ten_lines(message.replace("program.py", "__main__.py"))
    assert "registered" not in done.stdout


@pytest.mark.pulumi
def test_mistake_inside_components_names_the_call_of_the_component(
    new_stack: "NewStack",
) -> None:
    stack = new_stack(None)
    (stack.folder / "desk.py").write_text("""\
import pulumi
import pulumi_datadog_cases as cases


class Inner(pulumi.ComponentResource):
    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("acme:index:Inner", name, None, opts)
        cases.CaseType(name, name=1)


class Outer(pulumi.ComponentResource):
    def __init__(self, name: str) -> None:
        super().__init__("acme:index:Outer", name)
        Inner(f"{name}-inner", pulumi.ResourceOptions(parent=self))
""")
    stack.write("""\
from desk import Outer
from pulumi_datadog_cases import components

Outer("mine")
components.CaseDesk("pay", project={"key": "PAY", "nam": "Payments"})
""")
    output = stack.preview(fails=True)
    assert _mistakes(output[output.index("Diagnostics:") :]) == [
        "desk.py:8 (called at __main__.py:4): CaseType mine-inner: name must be a string, got 1",
        '__main__.py:5: Project pay: nam is not a property of Project; did you mean "name"?',
    ]


@pytest.mark.pulumi
def test_value_that_is_known_later_is_checked_by_the_deployment(new_stack: "NewStack") -> None:
    stack = new_stack(None)
    stack.environment |= {"DD_API_KEY": "0" * 32, "DD_APP_KEY": "1" * 40}
    stack.write("""\
import pulumi
import pulumi_datadog_cases as cases

later = pulumi.Output.from_input("CASE_CREATD")
cases.AutomationRule(
    "rule",
    project_id="1f0c0000-0000-4000-8000-000000000001",
    name="Rule",
    trigger={"type": later},
    action={"type": "EXECUTE_WORKFLOW", "data": {"handle": "h"}},
)
""")
    output = stack.preview(fails=True)
    problem = (
        "resource 'rule' has a problem: trigger.type \"CASE_CREATD\" is not one of CASE_CREATED"
    )
    assert problem in output
    assert "<nil>" not in output
