"""Tests with the real Pulumi that previews show exactly what changes."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization

PROGRAM = """
import json
import os
import pulumi_datadog_cases as cases

labels = json.loads(os.environ["LABELS"])
columns = json.loads(os.environ["COLUMNS"])
desk = cases.Project(
    "desk", key="DESK", name="Desk", columns_config={"columns": [{"type": t} for t in columns]}
)
cases.Case("case", project_id=desk.id, title="Theft", attributes={"env": labels})
"""


def shown(output: str) -> list[str]:
    """Return the lines of a preview that show a value that is added, deleted or changed."""
    changes = re.findall(r"[-+~] .*:.*\".*", output)
    return [re.sub(r"\s+", " ", line).strip() for line in changes]


def test_element_added_to_a_list_is_one_addition(
    new_stack: "NewStack", organization: "Organization"
) -> None:
    stack = new_stack(organization, PROGRAM)
    stack.environment |= {"LABELS": '["prod"]', "COLUMNS": '["title", "priority"]'}
    stack.up()
    stack.environment |= {"LABELS": '["prod", "dr"]', "COLUMNS": '["key", "title", "priority"]'}
    output = stack.preview("--diff")
    assert shown(output) == ['+ type: "key"', '+ [0]: "dr"']
    stack.up()
    stack.assert_no_changes()
    stack.environment |= {"LABELS": '["dr"]', "COLUMNS": '["key", "priority"]'}
    assert shown(stack.preview("--diff")) == ['- type: "title"', '- [1]: "prod"']
