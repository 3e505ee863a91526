"""Times in the state. A search returns them with another precision than other responses do."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, Stack

PROGRAM = """
import pulumi_datadog_cases as cases

desk = cases.Project("desk", key="DESK", name="Desk")
for number in range(12):
    cases.Case(f"case-{number}", project_id=desk.id, title="Done", status_name="Closed")
"""


def closing_times(stack: "Stack") -> list[str | None]:
    each = (resource.get("outputs", {}) for resource in stack.resources.values())
    return [outputs["closed_at"] for outputs in each if "closed_at" in outputs]


@pytest.mark.pulumi
def test_refresh_from_searches_shows_no_change(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    stack = new_stack(organization, PROGRAM)
    stack.up()
    # The response to this update has times with microseconds. The state stores these times.
    stack.write(PROGRAM.replace('"Done"', '"Solved"'))
    stack.up()
    before = closing_times(stack)
    assert None not in before
    sent = len(organization.request_lines())
    stack.refresh("--expect-no-changes")
    # Refresh has read the cases with searches. It has sent no `GET /cases/{case}`.
    single_reads = [
        line for line in organization.request_lines()[sent:] if line.startswith("GET /cases/")
    ]
    assert [line for line in single_reads if "/projects/" not in line] == []
    assert closing_times(stack) == before
