"""Tests of states in PostgreSQL: moving a state, and the lock against a second deployment."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
import requests

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, Stack, StartSandbox
    from tests.state.conftest import NewDatabase

# One test process runs all these tests, so that only one server starts.
pytestmark = [pytest.mark.pulumi, pytest.mark.xdist_group("postgresql")]

PROGRAM = """
import pulumi
import pulumi_datadog_cases as cases

desk = cases.Project("desk", key="PG", name="{name}")
serial = pulumi.Output.secret("number 8126")
cases.Case("laptop", project_id=desk.id, title="Stolen laptop", description=serial)
cases.CaseType("intrusion", name="Intrusion")
"""


def log_in(stack: "Stack", url: str) -> None:
    """Change the backend of a stack with `pulumi login`, as users do."""
    stack.environment.pop("PULUMI_BACKEND_URL", None)
    stack.environment["PULUMI_HOME"] = str(stack.folder / "home")
    stack("login", url)


def move(stack: "Stack", url: str) -> None:
    """Move a stack's state to another backend."""
    file = str(stack.folder / "moving.json")
    stack("stack", "export", "--file", file)
    log_in(stack, url)
    stack("stack", "select", "--create", "stack")
    stack("stack", "import", "--file", file)


def test_state_moves_to_postgresql_and_back(
    organization: "Organization", new_stack: "NewStack", new_database: "NewDatabase"
) -> None:
    stack = new_stack(organization, PROGRAM.format(name="Desk"))
    stack.up()
    made = organization.call("GET /cases/projects")

    move(stack, new_database("moved"))
    stack.assert_no_changes()
    stack.write(PROGRAM.format(name="Help desk"))
    assert "~ 1 updated" in stack.up()

    move(stack, stack.folder.as_uri())
    stack.assert_no_changes()
    (project,) = organization.call("GET /cases/projects")
    assert (project["id"], project["attributes"]["name"]) == (made[0]["id"], "Help desk")
    assert "number 8126" not in stack.state
    stack.destroy()
    assert organization.call("GET /cases/projects") == []


def test_concurrent_deployment_is_rejected(
    start_sandbox: "StartSandbox", new_stack: "NewStack", new_database: "NewDatabase"
) -> None:
    organization = start_sandbox()
    # Delay the first deployment, so that the second one starts before the first one ends.
    busy = {"kind": "latency", "endpoint": "POST /cases", "seconds": 25}
    url = f"{organization.settings.base_url}/sandbox/faults"
    requests.post(url, json=busy, timeout=10).raise_for_status()
    stack = new_stack(organization, PROGRAM.format(name="Desk"))
    log_in(stack, new_database("shared"))
    stack("stack", "init", "stack")
    with ThreadPoolExecutor() as pool:
        first = pool.submit(stack.up)
        while not organization.request_lines():
            assert not first.done(), first.result()
            time.sleep(0.05)
        refused = stack.up(fails=True)
        assert not first.done()
        first.result()
    assert "the stack is currently locked by 1 lock(s)" in refused
    assert "pulumi cancel" in refused

    made = [each for each in organization.request_lines() if each.startswith("POST")]
    assert sorted(made) == ["POST /cases", "POST /cases/projects", "POST /cases/types"]
    assert "4 unchanged" in stack.up()
