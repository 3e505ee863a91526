"""With `adopt=True`, the real `pulumi` takes over existing objects instead of creating objects."""

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization

pytestmark = pytest.mark.pulumi

PROGRAM = """
import pulumi_datadog_cases as cases

case_type = cases.CaseType("kind", name="Intrusion")
desk = cases.Project("desk", key="SOC", name="Operations"{adopt})
severity = cases.CustomAttribute(
    "severity", case_type_id="{type}", key="severity", display_name="Severity", type="TEXT"{adopt}
)
"""


def test_adopt_takes_over_existing_objects(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    if not organization.is_sandbox:
        pytest.skip("with --live, only the lifecycle tests run")
    project = organization.call(
        "POST /cases/projects",
        {"type": "project", "attributes": {"key": "SOC", "name": "By hand"}},
    )
    type_id = organization.call(
        "POST /cases/types", {"type": "case_type", "attributes": {"name": "By hand"}}
    )["id"]
    attribute = {"key": "severity", "display_name": "By hand", "type": "TEXT", "is_multi": False}
    organization.call(
        f"POST /cases/types/{type_id}/custom_attributes",
        {"type": "custom_attribute", "attributes": attribute},
    )

    stack = new_stack(organization, PROGRAM.format(adopt="", type=type_id))
    output = stack.up(fails=True)
    assert f"There is already a Project with key SOC ({project['id']})" in output
    assert "add adopt=True" in output

    stack.write(PROGRAM.format(adopt=", adopt=True", type=type_id))
    assert len(re.findall(r"adopt +: true", stack.preview("--diff"))) == 2
    stack.up()
    assert stack.resources["desk"]["id"] == project["id"]
    (only,) = organization.call("GET /cases/projects")
    assert only["attributes"]["name"] == "Operations"
    (definition,) = organization.call(f"GET /cases/types/{type_id}/custom_attributes")
    assert definition["attributes"]["display_name"] == "Severity"

    stack.write(PROGRAM.format(adopt="", type=type_id))
    assert "unchanged" in stack.preview("--expect-no-changes", "--refresh")
