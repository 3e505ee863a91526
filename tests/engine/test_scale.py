"""A program with thousands of resources, previewed with the real `pulumi`."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import NewStack

#: Three thousand resources of five types. Most of them refer to other resources.
PROGRAM = """
import pulumi_datadog_cases as cases

for number in range(600):
    kind = cases.CaseType(f"kind-{number}", name=f"Kind {number}")
    size = cases.CustomAttribute(
        f"size-{number}", case_type_id=kind.id, key="size", display_name="Size", type="NUMBER"
    )
    project = cases.Project(
        f"project-{number}", key=f"P{number}", name="A project", enabled_custom_case_types=[kind.id]
    )
    rule = cases.AutomationRule(
        f"rule-{number}",
        project_id=project.id,
        name="A rule",
        trigger={"type": "CASE_CREATED"},
        action={"type": "EXECUTE_WORKFLOW", "data": {"handle": project.key}},
    )
    cases.Case(
        f"case-{number}",
        project_id=project.id,
        type_id=kind.id,
        title="A case",
        custom_attributes={"size": {"type": size.type, "value": number}},
    )
"""


@pytest.mark.pulumi
def test_preview_of_three_thousand_resources(new_stack: "NewStack") -> None:
    stack = new_stack(None, PROGRAM)
    # A preview of new resources sends no requests, but the provider still requires keys.
    stack.environment |= {"DD_API_KEY": "key", "DD_APP_KEY": "key"}
    # For each resource, Pulumi's SDK wraps a method of pickle once more. The method pickles the
    # attributes of instances. So if provider instances had attributes, pickling them would fail
    # with a RecursionError at about 960 resources.
    output = stack.preview()
    assert "+ 3001 to create" in output  # 3000 resources and the stack
