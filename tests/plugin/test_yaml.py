"""YAML programs, run by the real Pulumi through the native plugin."""

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from tests.edits.test_deletes import add_case
from tests.plugin.conftest import YAML_QUICKSTART, write_yaml

from tools.docs.examples import translations

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, Stack

#: The id of the standard case type.
STANDARD = "00000000-0000-0000-0000-000000000001"

pytestmark = [pytest.mark.pulumi, pytest.mark.xdist_group("yaml")]  # the host is built once


@pytest.fixture
def stack(yaml_stack: "NewStack", organization: "Organization") -> "Stack":
    """A stack with the quickstart."""
    stack = yaml_stack(organization)
    write_yaml(stack, YAML_QUICKSTART)
    return stack


def test_quickstart_deploys_shows_drift_and_is_destroyed(
    stack: "Stack", organization: "Organization"
) -> None:
    assert "+ 8 created" in stack.up()
    before = organization.writes()
    stack.up("--expect-no-changes")
    stack.assert_no_changes()
    assert organization.writes() == before
    case = stack.resources["drill"]["id"]
    title = {"type": "case", "attributes": {"title": "Somebody's title"}}
    organization.call(f"POST /cases/{case}/title", title)
    drift = stack.preview("--refresh", "--diff")
    assert '~ title: "Somebody\'s title" => "Drill: stolen laptop"' in drift
    stack.up("--refresh")
    found = organization.call(f"GET /cases/{case}")["attributes"]
    assert found["title"] == "Drill: stolen laptop"
    stack.destroy()
    assert organization.call("GET /cases/projects") == []


def test_refused_destroy_deletes_nothing(stack: "Stack", organization: "Organization") -> None:
    stack.up()
    add_case(organization, stack.resources["desk"]["id"])
    before, writes = stack.resources.keys(), organization.writes()
    assert "a later delete of this run would fail: Project " in stack.destroy(fails=True)
    assert stack.resources.keys() == before
    assert organization.writes() == writes


def test_import_writes_the_program(stack: "Stack", organization: "Organization") -> None:
    stack.up()
    project = stack.resources["desk"]["id"]
    rule = {
        "name": "By hand",
        "trigger": {"type": "STATUS_TRANSITIONED", "data": {"to_status_name": "Closed"}},
        "action": {"type": "EXECUTE_WORKFLOW", "data": {"handle": "x"}},
    }
    created = organization.call(
        f"POST /cases/projects/{project}/rules", {"type": "rule", "attributes": rule}
    )
    writes = organization.writes()
    kind = "datadog-cases:index:AutomationRule"
    output = stack("import", "--yes", kind, "byhand", f"{project}/{created['id']}")
    assert "toStatusName: Closed" in output
    assert "state: ENABLED" in output
    assert "createdAt:" not in output
    assert organization.writes() == writes
    _, _, written = output.partition("resources:\n")
    resource, _, _ = written.partition("    options:")
    write_yaml(stack, YAML_QUICKSTART.replace("outputs:", f"{resource}\noutputs:"))
    stack.preview("--expect-no-changes")


def test_examples_of_the_reference_can_be_previewed(
    yaml_stack: "NewStack", organization: "Organization"
) -> None:
    email = organization.call("GET /users")[0]["attributes"]["email"]
    desk = {"type": "project", "attributes": {"key": "SUP", "name": "Support"}}
    project = organization.call("POST /cases/projects", desk)
    case = {
        "type": "case",
        "attributes": {"title": "Checkout is down", "type_id": STANDARD},
        "relationships": {"project": {"data": {"id": project["id"], "type": "project"}}},
    }
    organization.call("POST /cases", case)
    stack = yaml_stack(organization)
    stack("config", "set", "case", "SUP-1")
    stack("config", "set", "email", email)
    for name, programs in translations().items():
        write_yaml(stack, programs["yaml"].replace("name: example\n", "name: secops\n", 1))
        assert f"datadog-cases:index:{name} " in stack.preview()


def test_list_shows_what_can_be_imported(stack: "Stack") -> None:
    stack.up()
    deployed = stack.resources
    plugin = shutil.which("pulumi-resource-datadog-cases") or ""

    def listed(kind: str, *options: str) -> dict[str, str]:
        token = f"datadog-cases:index:{kind}"
        output = stack("do", "--package", plugin, token, "list", *options)
        return {each["name"]: each["id"] for each in json.loads(output[output.index("[") :])}

    desk = deployed["desk"]["id"]
    assert listed("Project") == {"Security operations": desk}
    rule = next(each for each in deployed.values() if each["type"].endswith(":AutomationRule"))
    found = listed("AutomationRule", "--input:project-id", desk)
    assert found[rule["outputs"]["name"]] == f"{desk}/{rule['id']}"


def test_mistake_in_a_value_is_one_line(stack: "Stack", organization: "Organization") -> None:
    write_yaml(stack, YAML_QUICKSTART.replace("type: CASE_CREATED", "type: CASE_CREATD"))
    output = stack.preview(fails=True)
    assert 'trigger.type "CASE_CREATD" is not one of' in output
    assert 'did you mean "CASE_CREATED"?' in output
    assert organization.request_lines() == []


def test_lookup_is_a_function(stack: "Stack") -> None:
    lookup = """
variables:
  found:
    fn::invoke:
      function: datadog-cases:getProject
      arguments:
        key: ${desk.key}
outputs:
  name: ${found.values.name}
"""
    write_yaml(stack, YAML_QUICKSTART.partition("outputs:")[0] + lookup)
    stack.up()
    assert stack("stack", "output", "name").strip() == "Security operations"
