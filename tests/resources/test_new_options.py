"""Pulumi's newer options with the real `pulumi`: hooks, replacements, hidden diffs and targets.

`docs/options.md` describes them.
"""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization

pytestmark = pytest.mark.pulumi

IMPORTS = """
import pathlib
import pulumi
import pulumi_datadog_cases as cases
from pulumi import ResourceOptions as Options
"""

HOOKS = """
log = pathlib.Path("log.txt")

def write(args):
    old = (args.old_inputs or args.old_outputs or {{}}).get("name")
    with log.open("a") as file:
        file.write(f"{{args.name}} {{old}} {{(args.new_inputs or {{}}).get('name')}}\\n")

hook = pulumi.ResourceHook("write", write)
binding = pulumi.ResourceHookBinding(
    before_create=[hook], after_update=[hook], before_delete=[hook]
)
cases.CaseType("type", name="{name}", opts=Options(hooks=binding))
"""


def test_hooks_get_properties(organization: "Organization", new_stack: "NewStack") -> None:
    stack = new_stack(organization, IMPORTS + HOOKS.format(name="Before"))
    log = stack.folder / "log.txt"
    stack.up()
    stack.write(IMPORTS + HOOKS.format(name="After"))
    stack.up()
    stack.destroy("--run-program")
    assert log.read_text().splitlines() == [
        "type None Before",
        "type Before After",
        "type After None",
    ]


ERROR_HOOK = """
def again(args):
    pathlib.Path("errors.txt").write_text(args.failed_operation + args.errors[0])
    return len(args.errors) == 1

binding = pulumi.ResourceHookBinding(on_error=[pulumi.ErrorHook("again", again)])
cases.CaseType("type", name="Type", opts=Options(hooks=binding))
"""


@pytest.mark.parametrize("committed", [False, True])
def test_error_hook_retries_create_without_duplicate(
    organization: "Organization",
    new_stack: "NewStack",
    committed: bool,  # noqa: FBT001 - a column of the table
) -> None:
    organization.add_fault(
        kind="status", endpoint="POST /cases/types", status=500, count=1, committed=committed
    )
    stack = new_stack(organization, IMPORTS + ERROR_HOOK)
    stack.up()
    if not committed:  # otherwise the provider finds the object, and there is no error
        shown = (stack.folder / "errors.txt").read_text()
        assert shown.startswith("create")
        assert "answered 500" in shown
    own = [t for t in organization.call("GET /cases/types") if t["attributes"]["name"] == "Type"]
    assert [each["id"] for each in own] == [stack.resources["type"]["id"]]


REPLACEMENTS = """
first = cases.CaseType("first", name="First", opts=Options(replacement_trigger="{trigger}"))
cases.CaseType("second", name="Second", opts=Options(replace_with=[first]))
cases.CaseType("third", name="Third", description="{trigger}", opts=Options(
    hide_diffs=["description"]
))
"""


def test_replacement_trigger_replaces_and_replace_with_follows(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    stack = new_stack(organization, IMPORTS + REPLACEMENTS.format(trigger="spring"))
    stack.up()
    before = stack.resources
    stack.assert_no_changes()
    stack.write(IMPORTS + REPLACEMENTS.format(trigger="summer"))
    preview = stack.preview("--diff")
    # `hide_diffs`: the update is shown, but not the values.
    assert "datadog-cases:CaseType: (update)" in preview
    assert '"summer"' not in preview
    stack.up()
    after = stack.resources
    for name in ("first", "second"):
        assert after[name]["id"] != before[name]["id"]
    assert after["third"]["id"] == before["third"]["id"]
    stack.assert_no_changes()


DELETED_WITH = """
desk = cases.Project("desk", key="DESK", name="Desk")
cases.CaseView(
    "view", project_id=desk.id, name="Open", query="status:open", opts=Options(deleted_with=desk)
)
"""


def test_deleted_with_sends_no_delete(organization: "Organization", new_stack: "NewStack") -> None:
    stack = new_stack(organization, IMPORTS + DELETED_WITH)
    stack.up()
    before = len(organization.request_lines())
    stack.destroy()
    sent = [each for each in organization.request_lines()[before:] if each.startswith("DELETE")]
    assert [line.split("/")[2] for line in sent] == ["projects"]


TARGETS = """
desk = cases.Project("desk", key="DESK", name="{name}")
cases.CaseView("view", project_id=desk.id, name="{name}", query="status:open")
other = cases.Project("other", key="OTHER", name="{name}")
"""


def test_target_updates_one_resource(organization: "Organization", new_stack: "NewStack") -> None:
    stack = new_stack(organization, IMPORTS + TARGETS.format(name="Old"))
    stack.up()
    stack.write(IMPORTS + TARGETS.format(name="New"))
    stack.up("--target", "**::view")
    names = {name: stack.resources[name]["outputs"]["name"] for name in ("desk", "view", "other")}
    assert names == {"desk": "Old", "view": "New", "other": "Old"}
    stack.up()
    stack.assert_no_changes()


def test_target_without_new_parent_says_what_to_do(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    stack = new_stack(organization, IMPORTS + TARGETS.format(name="Desk"))
    output = stack.up("--target", "**::view", fails=True)
    advice = "project_id is missing: with --target, also target the resource that the value comes"
    assert advice in output
    assert organization.call("GET /cases/projects") == []


TIMEOUTS = """
cases.CaseType("type", name="Type", opts=Options(
    custom_timeouts=pulumi.CustomTimeouts(create="1s")
))
"""


CASE_TIMEOUTS = """
import os
project = cases.Project("p", key="TIME", name="Time")
cases.Case("c", project_id=project.id, title=os.environ["TITLE"], opts=pulumi.ResourceOptions(
    custom_timeouts=pulumi.CustomTimeouts(update="1s")
))
"""


def test_custom_timeouts_end_waits_of_parallel_requests(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    """An update of a case sends one request per property, each in its own thread."""
    stack = new_stack(organization, IMPORTS + CASE_TIMEOUTS)
    stack.environment["TITLE"] = "One"
    stack.up()
    organization.add_fault(kind="rate_limit", endpoint="POST /cases/*/title", requests=1, period=60)
    case = stack.resources["c"]["id"]
    title = {"type": "case", "attributes": {"title": "Theirs"}}
    organization.call(f"POST /cases/{case}/title", title)
    stack.environment["TITLE"] = "Two"
    output = stack.up(fails=True)
    assert "was not sent: the time limit of `custom_timeouts` has passed" in output


def test_custom_timeouts_end_waits(organization: "Organization", new_stack: "NewStack") -> None:
    organization.add_fault(kind="rate_limit", endpoint="POST /cases/types", requests=1, period=60)
    organization.call("POST /cases/types", {"type": "case_type", "attributes": {"name": "Other"}})
    stack = new_stack(organization, IMPORTS + TIMEOUTS)
    output = stack.up(fails=True)
    assert "was not sent: the time limit of `custom_timeouts` has passed" in output
