"""Change requests, with Datadog's built-in case type and its approval statuses."""

import pulumi

import pulumi_datadog_cases as cases

change_request = cases.get_case_type(name="Change Request")

changes = cases.Project("changes", key="CHG", name="Changes")

# Run a workflow when a change is approved.
roll_out = cases.AutomationRule(
    "roll-out",
    project_id=changes.id,
    name="Roll out approved changes",
    trigger={"type": "STATUS_TRANSITIONED", "data": {"to_status_name": "Approved"}},
    action={"type": "EXECUTE_WORKFLOW", "data": {"handle": "roll-out"}},
)

upgrade = cases.Case(
    "upgrade",
    project_id=changes.id,
    type_id=change_request.id,
    title="Upgrade the database to version 17",
    description="Two minutes without writes, on a Sunday.",
    # The initial status. People change it later, so `ignore_changes` leaves it unmanaged.
    status_name="Pending Approval",
    due_date="2026-12-06",
    opts=pulumi.ResourceOptions(ignore_changes=["status_name"]),
)

pulumi.export("request", upgrade.key)
