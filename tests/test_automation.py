"""Inline programs of Pulumi's Automation API. Several runs then share one process."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, StartSandbox

pytestmark = pytest.mark.pulumi

START = """
import json
import sys

import pulumi
from pulumi import automation

import pulumi_datadog_cases as cases


def stack(name, program, config):
    found = automation.create_or_select_stack(name, project_name="desks", program=program)
    found.set_all_config({key: automation.ConfigValue(config[key]) for key in config})
    return found


first, second = json.loads(sys.argv[1])
"""

#: A function that runs a Python script with the configs of two organisations. It returns the JSON
#: document that the script prints last.
Run = Callable[[str, "Organization", "Organization"], object]


@pytest.fixture
def run(new_stack: "NewStack") -> Run:
    """Return a `Run` function."""

    def run(script: str, *organizations: "Organization") -> object:
        environment = new_stack(None).environment
        config = json.dumps([each.config for each in organizations])
        done = subprocess.run(
            [sys.executable, "-c", START + script, config],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        printed: object = json.loads(done.stdout.splitlines()[-1])
        return printed

    return run


def add_project(organization: "Organization", name: str) -> str:
    new = {"type": "project", "attributes": {"key": "DESK", "name": name}}
    return str(organization.call("POST /cases/projects", new)["id"])


def test_lookup_reads_the_organization_of_its_own_stack(
    organization: "Organization", start_sandbox: "StartSandbox", run: Run
) -> None:
    other = start_sandbox("--api-key", "other-api-key", "--app-key", "other-app-key")
    add_project(organization, "First")
    add_project(other, "Second")
    script = """
def program():
    pulumi.export("name", cases.get_project(key="DESK").attributes.name)


print(json.dumps({
    name: stack(name, program, config).up().outputs["name"].value
    for name, config in {"first": first, "second": second}.items()
}))
"""
    assert run(script, organization, other) == {"first": "First", "second": "Second"}


def test_lookup_of_a_later_run_reads_again(organization: "Organization", run: Run) -> None:
    desk = add_project(organization, "Before")
    script = f"""
def program():
    pulumi.export("name", cases.get_project(key="DESK").attributes.name)


desks = stack("desks", program, first)
names = [desks.up().outputs["name"].value]
with cases.Client(cases.Settings.resolve(first.get, {{}})) as client:
    client.projects.update({desk!r}, {{"name": "After"}})
names.append(desks.up().outputs["name"].value)
print(json.dumps(names))
"""
    assert run(script, organization, organization) == ["Before", "After"]


def test_mistakes_of_a_run_do_not_reach_the_next_run(
    organization: "Organization", run: Run
) -> None:
    script = """
def declare(name):
    return lambda: cases.Project("desk", key="DESK", name=name)


try:
    stack("desks", declare(7), first).up()
except automation.CommandError as error:
    mistake = "name must be a string, got 7" in str(error)
stack("desks", declare("Desk"), first).up()
print(json.dumps(mistake))
"""
    assert run(script, organization, organization) is True
    (project,) = organization.call("GET /cases/projects")
    assert project["attributes"]["name"] == "Desk"
