"""Deployments of all resource types with the real `pulumi`, while requests fail at random."""

import random
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import NewStack, Stack
    from tests.proof.conftest import Audit, Faults, Load, Measure, Unhelpful

pytestmark = pytest.mark.pulumi

#: Faults in the sandbox's format, by name. Each fault may affect any request.
STORMS: Mapping[str, Mapping[str, object]] = {
    "limits": {"kind": "status", "status": 429, "headers": {"Retry-After": "1"}},
    "errors": {"kind": "status", "status": 500},
    "errors after commit": {"kind": "status", "status": 502, "committed": True},
    "drops": {"kind": "drop_before"},
    "drops after commit": {"kind": "drop_after"},
    "cut bodies": {"kind": "cut_body"},
    "HTML": {"kind": "html"},
    "HTML after commit": {"kind": "html", "committed": True},
    "stale lists": {"kind": "stale_list", "seconds": 2},
    "late objects": {"kind": "not_found_after_create", "seconds": 2},
}
#: Pulumi commands, each with a value of the config key `second`. This key selects one of two sets
#: of inputs in the program. In turn, the commands create, replace and destroy everything. Each
#: command runs once with faults, and then once without faults.
COMMANDS = [("false", "up"), ("true", "up"), ("true", "destroy")]


@pytest.mark.parametrize("storm", ["all faults", *STORMS])
def test_run_after_faults_recovers_everything(  # noqa: PLR0913, PLR0917 - fixtures
    storm: str,
    soak: bool,  # noqa: FBT001 - a fixture
    rng: random.Random,
    new_front_end_stack: "NewStack",
    faults: "Faults",
    audit: "Audit",
    load: "Load",
    unhelpful: "Unhelpful",
    measure: "Measure",
) -> None:
    if storm in STORMS and not soak:
        pytest.skip("part of the long form")
    fault_types = [STORMS[storm]] if storm in STORMS else [*STORMS.values()]
    program = load("test_every_resource_type").PROGRAM
    # The runs replace cases, which archives the old cases. A later run refuses to delete a project
    # that contains such archived cases, unless the project has `force_destroy`. So the loop adds
    # `force_destroy=True` to both projects of the program.
    for name in ("Here", "There"):
        program = program.replace(f'name="{name}")', f'name="{name}", force_destroy=True)')
    stack = new_front_end_stack(audit.organization, program)
    stack("config", "set", "user", audit.organization.call("GET /users")[0]["id"])
    failures: list[str] = []
    for second, command in COMMANDS:
        stack("config", "set", "second", second)
        seed = rng.randrange(10**9)
        options = {"endpoint": "*", "probability": 0.2 / len(fault_types), "seed": seed}
        faults.add(*({**kind, **options} for kind in fault_types))
        errors = errors_of(stack, command)
        faults.clear()
        failed_again = errors_of(stack, command)
        found = audit(stack)
        without_advice = {error: why for error in errors if (why := unhelpful(error))}
        measure("storms: runs", 1)
        measure("storms: errors without advice", len(without_advice))
        measure("storms: next runs that failed", bool(failed_again))
        measure("storms: objects lost, duplicated or orphaned", found.wrong)
        if without_advice or failed_again or found.wrong:
            failures.append(f"{command}: {errors=}, {without_advice=}, {failed_again=}, {found}")
    assert not failures, "\n".join(failures)


def errors_of(stack: "Stack", command: str) -> set[str]:
    """Run a command that may fail. Return its errors, except Pulumi's summary of the failure."""
    try:
        output = stack(command, "--yes", "--skip-preview", "--suppress-progress")
    except AssertionError as failed:
        output = str(failed)
    errors = set(re.findall(r"^ *error: (.*)$", output, re.MULTILINE))
    return errors - {f"{command} failed", "update failed", "destroy failed"}
