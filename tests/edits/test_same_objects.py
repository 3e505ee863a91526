"""Edits that would replace an object by itself, because the new inputs identify the same object."""

from copy import deepcopy
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, Stack

pytestmark = pytest.mark.pulumi

USER = "5a9d0c00-0000-4000-8000-000000000002"
CASE = """
import pulumi_datadog_cases as cases

desk = cases.Project("desk", key="DESK", name="Desk")
case = cases.Case("case", project_id=desk.id, title="One")
"""
WATCHER = f'cases.CaseWatcher("{{name}}", case_id=case.id, user_uuid="{USER}")\n'


@pytest.fixture
def stack(new_stack: "NewStack", organization: "Organization") -> "Stack":
    """A stack with a case and a watcher."""
    stack = new_stack(organization, CASE + WATCHER.format(name="bela"))
    stack.up()
    return stack


def watchers(stack: "Stack", organization: "Organization") -> list[str]:
    case_id = stack.resources["case"]["id"]
    listed = organization.call(f"GET /cases/{case_id}/watchers")
    return [each["relationships"]["user"]["data"]["id"] for each in listed]


def test_renamed_watcher_is_refused_before_any_write(
    stack: "Stack", organization: "Organization"
) -> None:
    stack.write(CASE + WATCHER.format(name="other"))
    before = organization.writes()
    output = stack.up(fails=True)
    assert "cannot be managed twice" in output
    assert "::bela` of this stack manages it already" in output
    assert "use the option aliases" in output
    assert organization.writes() == before


def test_replaced_watcher_stays(stack: "Stack", organization: "Organization") -> None:
    stack("state", "taint", "--yes", stack.resources["bela"]["urn"])
    stack.up()
    assert watchers(stack, organization) == [USER]
    stack.assert_no_changes()
    # The replacement is over, so removing the watcher from the program deletes it.
    stack.write(CASE)
    stack.up()
    assert watchers(stack, organization) == []


def test_old_copy_of_killed_replacement_is_dropped_without_delete(
    stack: "Stack", organization: "Organization"
) -> None:
    with stack.edit_state() as state:
        (current,) = (each for each in state["resources"] if each["urn"].endswith("::bela"))
        state["resources"].append({**deepcopy(current), "delete": True})
    stack.up()
    assert watchers(stack, organization) == [USER]
    stack.assert_no_changes()
    with stack.edit_state() as state:
        state["resources"].append({**deepcopy(current), "delete": True})
    stack.write(CASE)
    stack.up()
    assert watchers(stack, organization) == []


def test_another_watcher_replaces_the_old_one(stack: "Stack", organization: "Organization") -> None:
    other = USER.removesuffix("2") + "3"
    stack.write(CASE + WATCHER.format(name="bela").replace(USER, other))
    stack.up()
    assert watchers(stack, organization) == [other]
    stack.assert_no_changes()


def test_object_of_two_resources_stays_until_both_are_removed(
    new_stack: "NewStack", organization: "Organization"
) -> None:
    both = WATCHER.format(name="bela") + WATCHER.format(name="twin")
    stack = new_stack(organization, CASE + both)
    stack.up()
    stack.write(CASE + WATCHER.format(name="twin"))
    assert "was removed from the state, but not deleted: `urn" in stack.up()
    assert watchers(stack, organization) == [USER]
    stack.assert_no_changes()
    stack.destroy()


def test_changed_ticket_is_not_the_same_object(
    new_stack: "NewStack", organization: "Organization"
) -> None:
    """No response contains the group of a ticket, so the live ticket looks like the new one."""
    ticket = 'cases.CaseServiceNowTicket("t", case_id=case.id, instance_name="a", {group})\n'
    stack = new_stack(organization, CASE + ticket.format(group='assignment_group="One"'))
    stack.up()
    stack.write(CASE + ticket.format(group='assignment_group="Two"'))
    assert "cannot be replaced: the case keeps its ticket" in stack.preview()
    output = stack.up(fails=True)
    assert "already has a ServiceNow ticket" in output
    assert stack.resources["t"]["outputs"]["assignment_group"] == "One"
