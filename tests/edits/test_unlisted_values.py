"""Tests with the real Pulumi: values and keys that the API's reference does not list."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, Stack

PROGRAM = """
import pulumi_datadog_cases as cases

desk = cases.Project(
    "desk",
    key="DESK",
    name="Desk",
    settings={"integration_linear": {"enabled": True}, "notification": {"enabled": False}},
)
cases.AutomationRule(
    "rule",
    project_id=desk.id,
    name="rule",
    trigger={"type": "COMMENT_PINNED"},
    action={"type": "EXECUTE_WORKFLOW", "data": {"handle": "h"}},
)
cases.NotificationRule(
    "chat",
    project_id=desk.id,
    recipients=[{"type": "DISCORD_CHANNEL", "data": {"server": "s", "channel": "c"}}],
    triggers=[{"type": "CASE_CREATED"}],
)
case = cases.Case("case", project_id=desk.id, title="t")
cases.CaseInsight("cause", case_id=case.id, ref="/x", resource_id="1", type="MONITOR")
"""
LINEAR_OFF = '"integration_linear": {"enabled": False}'
WARNINGS = {
    'AutomationRule rule: trigger.type "COMMENT_PINNED" is not one of ',
    'NotificationRule chat: recipients[0].type "DISCORD_CHANNEL" is not one of ',
    "Project desk: settings.integration_linear is not a known key; known keys: ",
}


def assert_warnings(output: str, *beginnings: str) -> None:
    """Check that the run shows one warning with each of these beginnings, and no other warning."""
    # Pulumi prints each warning when it occurs, and prints all of them again at the end.
    _, _, diagnostics = output.partition("Diagnostics:")
    lines = (line.strip() for line in diagnostics.splitlines())
    shown = sorted(line.removeprefix("warning: ") for line in lines if line.startswith("warning:"))
    for line, beginning in zip(shown, sorted(beginnings), strict=True):
        assert line.startswith(beginning)
        assert line.endswith("; sent as is")


@pytest.fixture
def stack(grown: "Organization", new_stack: "NewStack") -> "Stack":
    return new_stack(grown, PROGRAM)


def test_unlisted_values_are_sent_with_one_warning_each(
    organization: "Organization", stack: "Stack"
) -> None:
    assert_warnings(stack.preview(), *WARNINGS)
    assert_warnings(stack.up(), *WARNINGS)
    settings = organization.stored("DESK")
    assert settings is not None
    assert settings["settings"]["integration_monitor"] == {"enabled": True}
    stack.assert_no_changes()
    assert_warnings(stack.up())
    # Only the edited property causes a warning. The warnings about the other properties are not
    # repeated.
    stack.write(PROGRAM.replace("COMMENT_PINNED", "COMMENT_UNPINNED"))
    assert_warnings(
        stack.preview(), 'AutomationRule rule: trigger.type "COMMENT_UNPINNED" is not one of '
    )


def test_replacement_warns_once(stack: "Stack") -> None:
    stack.up()
    stack.write(PROGRAM.replace("MONITOR", "QUANTUM_LEAP"))
    assert_warnings(stack.up(), 'CaseInsight cause: type "QUANTUM_LEAP" is not one of ')


def test_undeclared_members_at_depth_are_not_managed(
    organization: "Organization", stack: "Stack"
) -> None:
    stack.up()
    project = organization.stored("DESK")
    assert project is not None
    theirs = {"enabled": True, "auto_resolve_enabled": True, "handle": "theirs"}
    body = {"type": "project", "attributes": {"settings": {"integration_monitor": theirs}}}
    organization.call(f"PATCH /cases/projects/{project['id']}", body)
    stack.assert_no_changes()
    stack.write(PROGRAM.replace('"integration_linear": {"enabled": True}', LINEAR_OFF))
    stack.up()
    project = organization.stored("DESK")
    assert project is not None
    assert project["settings"]["integration_monitor"] == {**theirs, "enabled": False}
