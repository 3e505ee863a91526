"""Kinds that the API only lists, many of each in one program, through the real CLI."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization

PROGRAM = """
import pulumi_datadog_cases as cases

desk = cases.Project("desk", key="SECOPS", name="Security operations")
for number in range(3):
    cases.NotificationRule(
        f"rule-{number}",
        project_id=desk.id,
        recipients=[{"type": "EMAIL", "data": {"email": f"soc-{number}@example.com"}}],
        triggers=[{"type": "CASE_CREATED"}],
    )
    cases.MaintenanceWindow(
        f"window-{number}",
        name=f"Window {number}",
        query="project:SECOPS",
        start_at=f"2099-12-2{number}T17:00:00Z",
        end_at="2099-12-27T07:00:00Z",
    )
"""


@pytest.mark.pulumi
def test_a_refresh_lists_once_for_all_siblings(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    if not organization.is_sandbox:
        pytest.skip("only a sandbox tells what it is asked")
    stack = new_stack(organization, PROGRAM)
    stack.up()
    before = len(organization.journal())
    stack.refresh()
    project_id = stack.resources["desk"]["id"]
    assert sorted(organization.asked()[before:]) == [
        f"GET /cases/projects/{project_id}",
        f"GET /cases/projects/{project_id}/notification_rules",
        "GET /maintenance_windows",
    ]
