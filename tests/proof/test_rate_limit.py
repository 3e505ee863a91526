"""A program with many resources deploys under a rate limit without an error.

The long form has 1000 resources. Its deployment may take at most 1.3 times the minimum. The
minimum is the longer of two times: the time of a deployment without a limit, and the number of
requests divided by the permitted rate.
"""

import time
from typing import TYPE_CHECKING

import pytest
from tests.processes import run

if TYPE_CHECKING:
    from tests.conftest import NewStack, Stack
    from tests.proof.conftest import Audit, Faults, Measure

pytestmark = pytest.mark.pulumi

#: One project and many cases. The creation of each case takes four requests.
PROGRAM = """
import os
import pulumi_datadog_cases as cases

desk = cases.Project("desk", key="DESK", name="Desk")
for number in range(int(os.environ["RESOURCES"]) - 1):
    cases.Case(
        f"case-{number}",
        project_id=desk.id,
        title=f"Case {number}",
        attributes={"env": ["prod"]},
        due_date="2031-11-21",
        security_resolved_reason="TRUE_POSITIVE",
    )
"""


def test_rate_limit_causes_no_error(
    soak: bool,  # noqa: FBT001 - a fixture
    new_stack: "NewStack",
    faults: "Faults",
    audit: "Audit",
    measure: "Measure",
) -> None:
    resources, limit = (1000, 100) if soak else (30, 20)
    requests = 4 * resources - 3
    unlimited = None
    if soak:
        unlimited = seconds_for(new_stack(audit.organization, PROGRAM), resources)
        audit.organization.reset()
    faults.add({"endpoint": "*", "kind": "rate_limit", "requests": limit, "period": 1})
    stack = new_stack(audit.organization, PROGRAM)
    # If the deployment fails, the 1 stays in the figure. Otherwise the -1 removes it.
    measure("limited: errors", 1)
    seconds = seconds_for(stack, resources)
    measure("limited: errors", -1)
    rejected = faults.count
    faults.clear()
    found = audit(stack)
    measure("limited: objects lost, duplicated or orphaned", found.wrong)
    measure("limited: 429 responses per request", rejected / requests)
    assert found.wrong == 0
    assert rejected < requests / 2
    if unlimited is not None:
        ratio = seconds / max(unlimited, requests / limit)
        measure("limited: seconds", seconds)
        measure("limited: seconds without a limit", unlimited)
        measure("limited: time relative to the minimum", ratio)
        assert ratio <= 1.3


def seconds_for(stack: "Stack", resources: int) -> float:
    """Deploy `PROGRAM` with this number of resources; return the duration in seconds."""
    start = time.monotonic()
    options = ["--yes", "--skip-preview", "--non-interactive", "--suppress-progress"]
    environment = {**stack.environment, "RESOURCES": str(resources)}
    done = run("pulumi", "up", *options, cwd=stack.folder, env=environment)
    assert done.returncode == 0, done.stdout
    return time.monotonic() - start
