"""Deployments that are interrupted or fail halfway, through the real Pulumi."""

import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, Stack

pytestmark = pytest.mark.pulumi

DESK = """
import pulumi_datadog_cases as cases

project = cases.Project("desk", key="DESK", name="Desk")
"""
CASES = f"""{DESK}
for number in range(8):
    cases.Case(f"case-{{number}}", project_id=project.id, title=f"Case {{number}}")
"""
#: A program with a project that has settings. A create request cannot contain settings; a second
#: request sets them.
SETTINGS = """
import pulumi_datadog_cases as cases

settings = {"notification": {"notify_on_case_comment": False}}
cases.Project("desk", key="DESK", name="Desk", settings=settings)
"""
#: The request that sets the settings.
PATCH = "PATCH /cases/projects/*"
#: The number of seconds in which a deployment must end after an interrupt.
TIMEOUT = 60.0
#: A long wait in seconds: until a rate limit allows requests again, or until a retry. It exceeds
#: `TIMEOUT`, so a run that completes this wait fails the test.
LONG = 250


class Sandbox:
    """The sandbox's faults and its request log."""

    def __init__(self, organization: "Organization") -> None:
        self._organization = organization
        self._faults = f"{organization.settings.base_url}/sandbox/faults"

    def fail(self, endpoint: str, kind: str = "status", **members: object) -> None:
        """Add a fault."""
        fault = {"endpoint": endpoint, "kind": kind, **members}
        requests.post(self._faults, json=fault, timeout=10).raise_for_status()

    def repair(self) -> None:
        """Remove all faults."""
        requests.delete(self._faults, timeout=10).raise_for_status()

    def statuses(self, pattern: str) -> Counter[int]:
        """Count the responses to requests such as `POST /cases/*`, by status."""
        return Counter(
            each["status"]
            for each in self._organization.request_log()
            if fnmatch(f"{each['method']} {each['path'].removeprefix('/api/v2')}", pattern)
        )

    def projects(self) -> list[str]:
        """The ids of all projects."""
        return [each["id"] for each in self._organization.call("GET /cases/projects")]


@pytest.fixture
def sandbox_faults(organization: "Organization") -> Sandbox:
    return Sandbox(organization)


def up_interrupted_when(stack: "Stack", is_time: Callable[[str], bool]) -> str:
    """Run `up`, and press Ctrl-C when `is_time(output)` is true; return the output."""
    written = stack.folder / "output"
    with (
        written.open("w") as file,
        subprocess.Popen(
            ["pulumi", "up", "--yes", "--skip-preview", "--non-interactive", "--color=never"],  # noqa: S607 - from PATH
            cwd=stack.folder,
            env=stack.environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        ) as cli,
    ):
        try:
            while not is_time(written.read_text()):
                assert cli.poll() is None, written.read_text()
                time.sleep(0.05)
            cli.send_signal(signal.SIGINT)
            assert cli.wait(TIMEOUT) != 0, written.read_text()
        finally:
            cli.kill()
    return written.read_text()


def intents(folder: Path) -> list[str]:
    """The intents in the intent log. An intent is the record of an unfinished create."""
    return [each.name for each in folder.glob("*/*/*") if each.name.startswith(("intent", "made"))]


def init_errors(stack: "Stack", name: str) -> list[str]:
    found: list[str] = stack.resources[name].get("initErrors", [])
    return found


def test_creates_waiting_for_rate_limit_are_not_sent(
    organization: "Organization", new_stack: "NewStack", sandbox_faults: Sandbox
) -> None:
    stack = new_stack(organization, DESK)
    stack.up()
    stack.write(CASES)
    for setting in ("RETRY_TIMEOUT", "RATE_LIMIT_TIMEOUT"):
        stack.environment[f"DD_HTTP_CLIENT_{setting}"] = "86400"
    sandbox_faults.fail("POST /cases", "rate_limit", requests=1, period=LONG)
    output = up_interrupted_when(stack, lambda output: "rate limit sandbox used up" in output)
    assert "POST /api/v2/cases on" in output
    assert "was not sent: the run was interrupted" in output
    assert sandbox_faults.statuses("POST /cases")[201] == 1
    assert sum(name.startswith("case-") for name in stack.resources) == 1
    # The API still responds with 429, so the deployment has not waited for the whole period.
    with pytest.raises(AssertionError, match="429"):
        organization.call("POST /cases", {})

    sandbox_faults.repair()
    stack.up()
    assert sandbox_faults.statuses("POST /cases")[201] == 8
    stack.assert_no_changes()


def test_interrupted_object_is_completed_by_next_up(
    organization: "Organization",
    new_stack: "NewStack",
    sandbox_faults: Sandbox,
    tmp_path: Path,
) -> None:
    stack = new_stack(organization, SETTINGS)
    stack.environment["PULUMI_DATADOG_CASES_JOURNAL"] = str(tmp_path / "journal")
    sandbox_faults.fail(PATCH, status=503, headers={"Retry-After": str(LONG)})
    up_interrupted_when(stack, lambda _: sandbox_faults.statuses(PATCH)[503] == 1)
    assert sandbox_faults.statuses(PATCH) == {503: 1}
    assert sandbox_faults.statuses("DELETE *") == {}
    [project] = sandbox_faults.projects()
    assert stack.resources["desk"]["id"] == project
    assert "is incomplete" in init_errors(stack, "desk")[0]

    sandbox_faults.repair()
    assert "warning" not in stack.up()
    assert stack.resources["desk"]["id"] == project
    assert sandbox_faults.projects() == [project]
    attributes = organization.call(f"GET /cases/projects/{project}")["attributes"]
    assert attributes["settings"]["notification"]["notify_on_case_comment"] is False
    assert init_errors(stack, "desk") == []
    assert intents(tmp_path / "journal") == []
    stack.assert_no_changes()


@pytest.fixture
def incomplete(
    organization: "Organization", new_stack: "NewStack", sandbox_faults: Sandbox
) -> "Stack":
    """A stack with an incomplete project.

    The API created the project, but rejected the request that sets the settings, and the request
    that deletes the project. Now the API accepts all requests again.
    """
    stack = new_stack(organization, SETTINGS)
    sandbox_faults.fail("* /cases/projects/*", status=403)
    stack.up(fails=True)
    sandbox_faults.repair()
    assert init_errors(stack, "desk") != []
    return stack


def test_incomplete_object_is_completed_after_refresh(
    incomplete: "Stack", sandbox_faults: Sandbox
) -> None:
    incomplete.refresh()
    incomplete.up()
    assert sandbox_faults.statuses(PATCH) == {403: 1, 200: 1}
    assert len(sandbox_faults.projects()) == 1
    incomplete.assert_no_changes()


def test_incomplete_object_is_destroyed(incomplete: "Stack", sandbox_faults: Sandbox) -> None:
    incomplete.destroy()
    assert sandbox_faults.projects() == []


HOOK = """
import pulumi
import pulumi_datadog_cases as cases

retry = pulumi.ErrorHook("retry", lambda _: True)
hooks = pulumi.ResourceHookBinding(on_error=[retry])
project = cases.Project("desk", key="DESK", name="Desk")
cases.Case("case", project_id=project.id, title="A", archived=True,
    opts=pulumi.ResourceOptions(hooks=hooks))
"""


def test_error_hook_completes_the_incomplete_object(
    organization: "Organization", new_stack: "NewStack", sandbox_faults: Sandbox
) -> None:
    stack = new_stack(organization, HOOK)
    # Two archive requests fail. The first would set the property `archived`. The second would
    # remove the incomplete case, because the provider deletes a case by archiving it.
    sandbox_faults.fail("POST /cases/*/archive", status=403, count=2)
    stack.up()
    assert sandbox_faults.statuses("POST /cases/*/archive") == {403: 2, 200: 1}
    assert sandbox_faults.statuses("POST /cases") == {201: 1}
    stack.up()
    stack.assert_no_changes()
