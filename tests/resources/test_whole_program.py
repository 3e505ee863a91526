"""A program with resources of several types, deployed with the real `pulumi`."""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization

pytestmark = pytest.mark.pulumi

PROGRAM = """
import pulumi
import pulumi_datadog_cases as cases

intrusion = cases.CaseType("intrusion", name="Intrusion", description="Break-ins.", emoji="🚨")

severity = cases.CustomAttribute(
    "severity",
    case_type_id=intrusion.id,
    key="severity",
    display_name="Severity",
    type="SELECT",
    type_data={"options": [{"value": "low"}, {"value": "high"}]},
)
hosts = cases.CustomAttribute(
    "hosts",
    case_type_id=intrusion.id,
    key="hosts",
    display_name="Hosts",
    type="TEXT",
    is_multi=True,
)

desk = cases.Project(
    "desk",
    key="SECOPS",
    name="Security operations",
    enabled_custom_case_types=[intrusion.id],
    columns_config={"columns": [{"type": "priority", "sort": {"ascending": True, "priority": 1}}]},
    settings={
        "auto_close_inactive_cases": {"enabled": True, "max_inactive_time_in_secs": 90 * 86_400},
        "notification": {"destinations": [2, 1], "notify_on_case_comment": False},
    },
)

report = cases.AutomationRule(
    "report",
    project_id=desk.id,
    name="Write the report",
    trigger={"type": "status_transitioned", "data": {"to_status_name": "Closed"}},
    action={"type": "execute_workflow", "data": {"handle": "write-report"}},
    state="DISABLED",
)

drill = cases.Case(
    "drill",
    project_id=desk.id,
    type_id=intrusion.id,
    title="Drill: stolen laptop",
    description="With a clock.",
    priority="P3",
    status_name="In Progress",
    assignee_id=report.created_by,
    due_date="2031-11-21",
    archived=False,
    attributes={"env": ["prod"], "team": ["secops"]},
    custom_attributes={
        "severity": {"type": severity.type, "value": "low"},
        "hosts": {"type": hosts.type, "value": ["laptop-7", "vpn-2"]},
    },
)

standard = cases.CaseType.get("standard", "00000000-0000-0000-0000-000000000001")

pulumi.export("drill", drill.key)
pulumi.export("standard", standard.name)
"""


def test_program_deploys_corrects_drift_and_destroys(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    if not organization.is_sandbox:
        pytest.skip("with --live, only the lifecycle tests run")
    stack = new_stack(organization, PROGRAM)
    stack.preview()
    assert organization.request_lines() == ["GET /cases/types"]  # sent by `CaseType.get`
    output = stack.up()
    assert 'drill   : "SECOPS-1"' in output
    assert 'standard: "Standard"' in output
    stack.assert_no_changes()

    ids = {name: str(resource.get("id")) for name, resource in stack.resources.items()}
    before = _stored(organization, ids)
    _change_out_of_band(organization, ids)
    changed = _stored(organization, ids)
    assert all(changed[name] != before[name] for name in before)
    output = stack.up("--refresh")
    assert "6 updated" in output
    for name, kept in _stored(organization, ids).items():
        assert kept == before[name]
    stack.assert_no_changes()

    stack.destroy()
    assert f"POST /cases/{ids['drill']}/archive" in organization.request_lines()
    assert organization.call("GET /cases/projects") == []
    assert all(
        case_type["attributes"]["internal"] or case_type["attributes"].get("deleted_at")
        for case_type in organization.call("GET /cases/types")
    )
    assert [organization.stored(ids[name]) for name in ("severity", "hosts", "report")] == [
        None
    ] * 3


def _stored(organization: "Organization", ids: dict[str, str]) -> dict[str, dict[str, Any]]:
    """What the sandbox stores of each resource, except attributes that every write changes."""
    stored = {}
    for name in ("intrusion", "severity", "hosts", "desk", "report", "drill"):
        kept = organization.stored(ids[name])
        assert kept is not None
        stored[name] = {key: kept[key] for key in kept if not key.startswith("modified")}
    return stored


def _change_out_of_band(organization: "Organization", ids: dict[str, str]) -> None:
    """Change most readable attributes outside Pulumi."""

    def edit(request: str, type_: str, **attributes: object) -> None:
        organization.call(request.format(**ids), {"type": type_, "attributes": attributes})

    edit("PUT /cases/types/{intrusion}", "case_type", name="x", description="x", emoji="🎯")
    definition = "PUT /cases/types/{intrusion}/custom_attributes"
    edit(definition + "/{severity}", "custom_attribute", display_name="x", type="TEXT")
    edit(definition + "/{hosts}", "custom_attribute", display_name="x")
    edit(
        "PATCH /cases/projects/{desk}",
        "project",
        name="x",
        enabled_custom_case_types=[],
        columns_config={"columns": []},
        settings={"auto_close_inactive_cases": {"enabled": False}},
    )
    edit(
        "PUT /cases/projects/{desk}/rules/{report}",
        "rule",
        name="x",
        trigger={"type": "COMMENT_ADDED"},
        action={"type": "EXECUTE_WORKFLOW", "data": {"handle": "x"}},
        state="ENABLED",
    )
    case = "POST /cases/{drill}"
    edit(f"{case}/title", "case", title="x")
    edit(f"{case}/description", "case", description="x")
    edit(f"{case}/priority", "case", priority="P1")
    edit(f"{case}/status", "case", status_name="Closed")
    edit(f"{case}/attributes", "case", attributes={"env": ["x"]})
    organization.call(f"{case}/unassign".format(**ids), {"type": "case"})
    organization.call(f"{case}/archive".format(**ids), {"type": "case"})
    organization.call("DELETE /cases/{drill}/custom_attributes/hosts".format(**ids))
