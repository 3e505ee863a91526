"""Create requests to which the API responds with 409. This status says that the object exists."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization
    from tests.edits.conftest import SetFault

PROGRAM = """
import pulumi
import pulumi_datadog_cases as cases

user = pulumi.Config().require("user")
desk = cases.Project("desk", key="DESK", name="Desk")
case = cases.Case("case", project_id=desk.id, title="Case", assignee_id=user)
"""
OBJECTS = {
    "POST /cases/*/watchers/*": 'cases.CaseWatcher("it", case_id=case.id, user_uuid=user)',
    "POST /cases/projects/*/favorites": 'cases.ProjectFavorite("it", project_id=desk.id)',
    "POST /cases/*/relationships/incidents": 'cases.CaseIncident("it", case_id=case.id, '
    'incident_id="6f8a1e9e-0000-4000-8000-000000000001")',
    "POST /cases/*/relationships/notebook": 'cases.CaseNotebook("it", case_id=case.id)',
}
WATCH, FAVORITE = [*OBJECTS][:2]


@pytest.mark.parametrize("endpoint", OBJECTS)
def test_existing_object_is_taken_over(
    endpoint: str, organization: "Organization", new_stack: "NewStack", set_fault: "SetFault"
) -> None:
    """The API creates the object, but responds as if the object had existed before."""
    stack = new_stack(organization, PROGRAM + OBJECTS[endpoint])
    stack("config", "set", "user", organization.call("GET /users")[0]["id"])
    set_fault(kind="status", endpoint=endpoint, status=409, committed=True)
    stack.up()
    assert set_fault.count == 1
    assert "it" in stack.resources
    stack.assert_no_changes()


@pytest.mark.parametrize("endpoint", [WATCH, FAVORITE])
def test_conflict_without_existing_object_is_an_error(
    endpoint: str, organization: "Organization", new_stack: "NewStack", set_fault: "SetFault"
) -> None:
    stack = new_stack(organization, PROGRAM + OBJECTS[endpoint])
    stack("config", "set", "user", organization.call("GET /users")[0]["id"])
    set_fault(kind="status", endpoint=endpoint, status=409)
    assert "answered 409: " in stack.up(fails=True)
    assert "it" not in stack.resources
