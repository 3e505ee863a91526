"""`Resource.get` of existing and missing objects, through the real Pulumi."""

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, Stack

PROGRAM = """
import pulumi
import pulumi_datadog_cases as cases

project = cases.Project.get("desk", "{project}")
favorite = cases.ProjectFavorite.get("favorite", "{project}")
pulumi.export("key", project.key)
pulumi.export("favorite", favorite.project_id)
"""
UNKNOWN = "00000000-0000-4000-8000-000000000404"


@pytest.fixture
def project(organization: "Organization") -> str:
    """The id of a favorite project that no stack manages."""
    created = organization.call(
        "POST /cases/projects", {"type": "project", "attributes": {"key": "DESK", "name": "Desk"}}
    )
    organization.call(f"POST /cases/projects/{created['id']}/favorites")
    return str(created["id"])


@pytest.fixture
def stack(organization: "Organization", new_stack: "NewStack", project: str) -> "Stack":
    """A stack that reads the project and the favorite."""
    stack = new_stack(organization, PROGRAM.format(project=project))
    stack.up()
    return stack


def test_get_of_missing_object_fails(organization: "Organization", new_stack: "NewStack") -> None:
    for name, program in ("Project", "project"), ("ProjectFavorite", "favorite"):
        lines = [
            line
            for line in PROGRAM.format(project=UNKNOWN).splitlines()
            if program in line or "import" in line
        ]
        stack = new_stack(organization, "\n".join(lines))
        for output in stack.preview(fails=True), stack.up(fails=True):
            assert f"there is no {name} {UNKNOWN}: check the id" in output
            assert "Traceback" not in output
        assert not {"desk", "favorite"} & stack.resources.keys()


def test_marker_of_get_is_in_no_output(stack: "Stack", project: str) -> None:
    assert stack.outputs == {"key": "DESK", "favorite": project}
    assert "__get" not in stack.preview("--diff")
    for name in "desk", "favorite":
        resource = stack.resources[name]
        assert "__get" not in resource["outputs"]
    stack.assert_no_changes()


def test_object_deleted_after_get(
    stack: "Stack", organization: "Organization", project: str
) -> None:
    organization.call(f"DELETE /cases/projects/{project}")
    stack.refresh()
    assert f"there is no Project {project}" in stack.up(fails=True)
    assert f"there is no Project {project}" in stack.up("--refresh", fails=True)
    stack.write("")
    stack.up()
    assert stack.outputs == {}


def test_empty_resources_of_old_states_are_removed(stack: "Stack") -> None:
    """Release 0.1.0 stored a missing object as a resource without outputs."""
    exported = json.loads(stack("stack", "export"))
    for resource in exported["deployment"]["resources"]:
        if resource.get("external"):
            provider = {"__provider": resource["outputs"]["__provider"]}
            resource |= {"id": UNKNOWN, "inputs": provider, "outputs": provider}
    file = stack.folder / "state.json"
    file.write_text(json.dumps(exported))
    stack("stack", "import", "--file", str(file))
    assert "2 deleted" in stack.refresh()
    stack.up()
    assert stack.outputs["key"] == "DESK"
    stack.assert_no_changes()
