"""The guarantees and commands for stacks of YAML programs, with the real Pulumi."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.plugin.conftest import YAML_QUICKSTART, datadog_cases, write_yaml

import pulumi_datadog_cases as cases

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, Stack

pytestmark = [pytest.mark.pulumi, pytest.mark.xdist_group("yaml")]  # the host is built once

LINK = """
name: project
runtime: yaml
resources:
  desk:
    type: datadog-cases:Project
    properties: {key: DESK, name: Desk}
  first:
    type: datadog-cases:Case
    properties: {projectId: "${desk.id}", title: First}
  second:
    type: datadog-cases:Case
    properties: {projectId: "${desk.id}", title: Second}
  link:
    type: datadog-cases:CaseLink
    properties:
      parentEntityType: CASE
      parentEntityId: ${first.id}
      childEntityType: CASE
      childEntityId: ${second.id}
      relationship: BLOCKS
"""


@pytest.fixture
def stack(yaml_stack: "NewStack", organization: "Organization") -> "Stack":
    """A stack with the quickstart."""
    stack = yaml_stack(organization)
    write_yaml(stack, YAML_QUICKSTART)
    stack.up()
    return stack


@pytest.fixture
def client(organization: "Organization") -> Iterator[cases.Client]:
    with cases.Client(organization.settings) as client:
        yield client


def test_drift_shows_edits(stack: "Stack", organization: "Organization") -> None:
    case = stack.resources["drill"]["id"]
    organization.call(
        f"POST /cases/{case}/title", {"type": "case", "attributes": {"title": "Somebody's"}}
    )
    (project,) = (each for each in stack.resources.values() if each["type"].endswith(":Project"))
    organization.call(
        f"PATCH /cases/projects/{project['id']}",
        {
            "type": "project",
            "attributes": {
                "settings": {
                    "auto_close_inactive_cases": {
                        "enabled": True,
                        "max_inactive_time_in_secs": 86400,
                    }
                }
            },
        },
    )
    document = json.loads(datadog_cases(stack, "drift", "--json", ends_with=2))
    changed = {
        (each["name"], difference["path"])
        for each in document["changed"]
        for difference in each["properties"]
    }
    assert changed == {
        ("drill", "title"),
        ("desk", "settings.auto_close_inactive_cases.max_inactive_time_in_secs"),
    }


def test_simulate_uses_the_rules_of_the_stack(stack: "Stack") -> None:
    output = datadog_cases(stack, "simulate", "--event", "case_created", "--json")
    fired = [each["name"] for each in json.loads(output)["rules"] if each["fired"]]
    assert fired == ["triage"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--force"], "--new-only and --force are only for Python programs"),
        (["--language", "python"], "the program in . is in yaml, not in python"),
    ],
)
def test_import_refuses_to_write_a_python_program(
    stack: "Stack", organization: "Organization", options: list[str], message: str
) -> None:
    """The program would declare the same objects a second time."""
    before = organization.request_lines()
    output = datadog_cases(stack, "import", "--all", "--out", ".", *options, ends_with=2)
    assert message in output
    assert organization.request_lines() == before


def test_import_refuses_a_python_program_of_native_resources(
    stack: "Stack", organization: "Organization"
) -> None:
    """A program with the generated SDK for Python."""
    project = stack.folder / "Pulumi.yaml"
    project.write_text("name: project\nruntime: python\n", encoding="utf-8")
    before = organization.request_lines()
    output = datadog_cases(stack, "import", "--all", "--out", ".", "--new-only", ends_with=2)
    assert "has a resource of the native plugin, " in output
    assert "use `pulumi import`, or run `datadog-cases migrate --to dynamic` first" in output
    assert organization.request_lines() == before


def test_import_adds_new_objects_to_a_program(
    stack: "Stack", organization: "Organization", client: cases.Client
) -> None:
    """Pulumi writes the declarations in YAML, the language of the project."""
    project = client.projects.create({"key": "NEW", "name": "New desk"})
    rule: dict[str, Any] = {
        "name": "Enrich",
        "trigger": {"type": "STATUS_TRANSITIONED", "data": {"to_status_name": "Closed"}},
        "action": {"type": "EXECUTE_WORKFLOW", "data": {"handle": "enrich"}},
    }
    client.automation_rules.create(project.id, rule)
    writes = organization.writes()
    output = datadog_cases(stack, "import", "--all", "--out", ".", "--run", "--json")
    document = json.loads(output)
    assert document["imported"] == {"AutomationRule": 1, "Project": 1}
    declared = Path(stack.folder, "imported.yaml").read_text(encoding="utf-8")
    assert document["program"] == "imported.yaml"
    assert "projectId: ${new_desk.id}" in declared
    resources = declared.partition("resources:\n")[2]
    write_yaml(stack, YAML_QUICKSTART.replace("outputs:", f"{resources}\noutputs:"))
    stack.preview("--expect-no-changes")
    again = datadog_cases(stack, "import", "--all", "--out", ".", ends_with=2)
    assert "imported.yaml exists and is not overwritten" in again
    assert organization.writes() == writes


@pytest.mark.parametrize(
    ("language", "runtime", "file"),
    [
        ("yaml", "yaml", "imported.yaml"),
        ("typescript", "nodejs", "imported.ts"),
        ("go", "go", "imported.go.txt"),
    ],
)
def test_import_without_a_stack_says_what_to_run(  # noqa: PLR0913, PLR0917 - fixtures
    yaml_stack: "NewStack",
    organization: "Organization",
    client: cases.Client,
    language: str,
    runtime: str,
    file: str,
) -> None:
    client.projects.create({"key": "NEW", "name": "New desk"})
    stack = yaml_stack(organization)
    output = datadog_cases(stack, "import", "--all", "--out", "desk", "--language", language)
    assert f"desk/{file} is for 1 object that the stack did not manage before." in output
    assert f"  pulumi --cwd desk import --file import.json --out {file}" in output
    desk = stack.folder / "desk"
    project = (desk / "Pulumi.yaml").read_text(encoding="utf-8")
    assert project == f'name: "desk"\nruntime: {runtime}\n'
    (entry,) = json.loads((desk / "import.json").read_text(encoding="utf-8"))["resources"]
    assert (entry["type"], entry["name"]) == ("datadog-cases:index:Project", "new_desk")


def test_recover_finds_the_object_of_a_killed_deployment(
    stack: "Stack", organization: "Organization", intent_log_folder: Path
) -> None:
    stack.interrupt_creates("review")
    shutil.rmtree(intent_log_folder)
    intent_log_folder.mkdir()
    document = json.loads(datadog_cases(stack, "recover", "--json"))
    assert [(each["name"], each["result"]) for each in document["creates"]] == [("review", "found")]
    before = organization.writes()
    stack.up()
    assert organization.writes() == before
    stack.assert_no_changes()


def test_replaced_object_without_an_id_of_its_own_is_kept(
    yaml_stack: "NewStack", organization: "Organization"
) -> None:
    """Pulumi creates the new object, which is the old one, and then deletes the old one."""
    stack = yaml_stack(organization)
    write_yaml(stack, LINK)
    stack.up()
    case = stack.resources["first"]["id"]
    links = f"GET /cases/link?entity_type=CASE&entity_id={case}"
    before = organization.call(links)
    assert len(before) == 1
    stack.up(f"--replace={stack.resources['link']['urn']}")
    assert organization.call(links) == before
    stack.assert_no_changes()
