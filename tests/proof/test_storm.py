"""Faults at random on a program with all kinds, through the real `pulumi`."""

import random
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import NewStack, Stack
    from tests.proof.conftest import Audit, Faults, Load, Measure, Unhelpful

pytestmark = pytest.mark.pulumi

#: What may become of any request.
STORMS: Mapping[str, Mapping[str, object]] = {
    "limits": {"kind": "status", "status": 429, "headers": {"Retry-After": "1"}},
    "errors": {"kind": "status", "status": 500},
    "errors after the fact": {"kind": "status", "status": 502, "committed": True},
    "drops": {"kind": "drop_before"},
    "drops after the fact": {"kind": "drop_after"},
    "cut bodies": {"kind": "cut_body"},
    "pages": {"kind": "html"},
    "pages after the fact": {"kind": "html", "committed": True},
    "lists of the past": {"kind": "stale_list", "seconds": 2},
    "late objects": {"kind": "not_found_after_create", "seconds": 2},
}
#: Deployed under a storm, and again without one: everything, all of it replaced, nothing.
COMMANDS = [("false", "up"), ("true", "up"), ("true", "destroy")]


@pytest.mark.parametrize("storm", ["all at once", *STORMS])
def test_what_a_storm_leaves_is_settled_by_the_next_run(  # noqa: PLR0913, PLR0917 - fixtures
    storm: str,
    soak: bool,  # noqa: FBT001 - a fixture
    chance: random.Random,
    new_stack: "NewStack",
    faults: "Faults",
    audit: "Audit",
    load: "Load",
    unhelpful: "Unhelpful",
    measure: "Measure",
) -> None:
    if storm in STORMS and not soak:
        pytest.skip("part of the long form")
    kinds = [STORMS[storm]] if storm in STORMS else [*STORMS.values()]
    stack = new_stack(audit.organization, load("test_every_kind").PROGRAM)
    stack("config", "set", "user", audit.organization.call("GET /users")[0]["id"])
    wrong: list[str] = []
    for second, command in COMMANDS:
        stack("config", "set", "second", second)
        seed = chance.randrange(10**9)
        often = {"endpoint": "*", "probability": 0.2 / len(kinds), "seed": seed}
        faults.add(*({**kind, **often} for kind in kinds))
        told = errors_of(stack, command)
        faults.clear()
        failed_again = errors_of(stack, command)
        found = audit(stack)
        unreadable = {error: why for error in told if (why := unhelpful(error))}
        measure("storms: runs", 1)
        measure("storms: errors that do not help", len(unreadable))
        measure("storms: next runs that failed", bool(failed_again))
        measure("storms: objects lost, doubled or orphaned", found.wrong)
        if unreadable or failed_again or found.wrong:
            wrong.append(f"{command}: {told=}, {unreadable=}, {failed_again=}, {found}")
    assert not wrong, "\n".join(wrong)


def errors_of(stack: "Stack", command: str) -> set[str]:
    """Run a command that may fail: the errors that it ends with, less those of Pulumi's own."""
    try:
        said = stack(command, "--yes", "--skip-preview", "--suppress-progress")
    except AssertionError as failed:
        said = str(failed)
    told = set(re.findall(r"^ *error: (.*)$", said, re.MULTILINE))
    return told - {f"{command} failed", "update failed", "destroy failed"}
