"""Runs of the real Pulumi with keys that lose their access to a restricted project.

The API then responds with 404, as if the project and its objects were deleted.
"""

from functools import partial
from typing import TYPE_CHECKING

import pytest
import requests

if TYPE_CHECKING:
    from tests.conftest import AddQuirk, NewStack, Organization, Stack

PROGRAM = """
import pulumi_datadog_cases as cases

project = cases.Project("desk", key="DESK", name="Desk")
case = cases.Case("case", project_id=project.id, title="Case")
cases.CaseComment("comment", case_id=case.id, comment="Hello")
cases.CaseView("view", project_id=project.id, name="Open", query="status:open")
"""


@pytest.fixture
def stack(organization: "Organization", new_stack: "NewStack") -> "Stack":
    """A stack whose state says that access to its project is restricted."""
    stack = new_stack(organization, PROGRAM)
    stack.up()
    with stack.edit_state() as state:
        for resource in state["resources"]:
            if "restricted" in (resource.get("outputs") or {}):
                resource["outputs"]["restricted"] = True
    return stack


def test_objects_of_hidden_project_are_not_forgotten(
    stack: "Stack", organization: "Organization", add_quirk: "AddQuirk"
) -> None:
    ids = {name: each.get("id") for name, each in stack.resources.items()}
    add_quirk("inaccessible_projects", projects=["DESK"])
    for refused in (stack.refresh, partial(stack.up, "--refresh"), stack.destroy):
        output = refused(fails=True)
        assert "seems to be deleted, but the restricted project DESK may hide it: give" in output
        assert {name: each.get("id") for name, each in stack.resources.items()} == ids
    requests.delete(f"{organization.settings.base_url}/sandbox/quirks", timeout=60)
    stack.refresh()
    stack.assert_no_changes()
    stack.destroy()
    assert organization.call("GET /cases/projects") == []


def test_objects_that_are_deleted_from_a_restricted_project_are_created_again(
    stack: "Stack", organization: "Organization"
) -> None:
    view = stack.resources["view"]["id"]
    organization.call(f"DELETE /cases/views/{view}")
    stack.up("--refresh")
    assert stack.resources["view"]["id"] != view
    stack.destroy()


def test_create_of_project_says_that_its_key_may_be_hidden(
    organization: "Organization", new_stack: "NewStack", add_quirk: "AddQuirk"
) -> None:
    first = new_stack(organization, PROGRAM)
    first.up()
    add_quirk("inaccessible_projects", projects=["DESK"])
    second = new_stack(organization, PROGRAM)
    output = second.up(fails=True)
    assert "have no access to the project with the key DESK: give the owner of" in output
