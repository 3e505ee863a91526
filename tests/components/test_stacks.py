"""Tests of components with the real `pulumi`. The programs add, move and remove children."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, StartSandbox

pytestmark = pytest.mark.pulumi

HEAD = """
import pulumi
import pulumi_datadog_cases as cases
from pulumi import ResourceOptions as Options
from pulumi_datadog_cases import components

HOOK = {"recipients": [{"type": "HTTP", "data": {"name": "hook"}}]}
RULE = {
    "trigger": {"type": "CASE_CREATED"},
    "action": {"type": "EXECUTE_WORKFLOW", "data": {"handle": "h"}},
}
# The window is in the past. The tests do not depend on its dates.
SPAN = {"start_at": "2001-01-01T00:00:00Z", "end_at": "2001-01-02T00:00:00Z"}
"""

#: One program for each component. For each key in `keys`, the component has at least one child. The
#: test deploys a program with two keys. Then it swaps these two keys, and inserts a third key
#: between them.
PROGRAMS = {
    "CaseDesk": """
components.CaseDesk(
    "x",
    project={"key": "X"},
    case_types={"t": {"custom_attributes": {key: {} for key in keys}}},
    notification_rules={key: HOOK for key in keys},
    views={key: {"query": key, "notification_rule": key} for key in keys},
    automation_rules={key: RULE for key in keys},
)
""",
    "EscalationLadder": """
project = cases.Project("x", key="X", name="X")
components.EscalationLadder("x", project_id=project.id, rungs={key: HOOK for key in keys})
""",
    "MaintenanceCalendar": """
components.MaintenanceCalendar("x", query="", windows={key: SPAN for key in keys})
""",
}
#: For each component: the first two keys, the third key, the number of resources in the program
#: before the third key is inserted (without the stack), and the number of resources that the third
#: key adds.
KEYS = {
    "CaseDesk": (["a", "c"], "b", 11, 4),
    "EscalationLadder": (["P1", "P3"], "P2", 4, 1),
    # UIDs as in real calendars. They become parts of resource names, which Pulumi must accept.
    "MaintenanceCalendar": (["a::b/c d@acme.example", "{7F-é}"], "b", 3, 1),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_added_key_creates_only_its_children(
    name: str, organization: "Organization", new_stack: "NewStack"
) -> None:
    (first, last), between, count, added = KEYS[name]
    stack = new_stack(organization, f"{HEAD}keys = {[first, last]!r}\n{PROGRAMS[name]}")
    assert f"+ {count + 1} created" in stack.up()
    assert f"urn:pulumi:stack::project::datadog-cases:components:{name}::x" in stack.state
    stack.assert_no_changes()

    stack.write(f"{HEAD}keys = {[last, between, first]!r}\n{PROGRAMS[name]}")
    output = stack.up().partition("Resources:")[2]
    assert [line.strip() for line in output.splitlines() if line.strip()][:2] == [
        f"+ {added} created",
        f"{count + 1} unchanged",
    ]
    stack.assert_no_changes()
    assert f"- {count + added + 1} deleted" in stack.destroy()
    assert organization.call("GET /maintenance_windows") == []


BEFORE = """
eu = cases.Provider("eu", api_url="{url}", api_key="{api_key}", app_key="{app_key}")
cases.Project("old", key="OLD", name="Old")
desk = components.CaseDesk(
    "far", project={{"key": "EU", "name": "Far"}}, case_types={{"t": {{}}}},
    views={{"v": {{"query": ""}}}}, opts=Options(providers=[eu], protect=True))
components.EscalationLadder(
    "far", project_id=desk.project_id, rungs={{"P1": HOOK}}, opts=Options(provider=eu))
components.MaintenanceCalendar(
    "kept", query="", windows={{"a": SPAN}}, opts=Options(retain_on_delete=True))
components.MaintenanceCalendar("passing", query="", windows={{"a": SPAN, "b": SPAN}})
"""

#: The program after the change. Each calendar has one window fewer. The desk "new" now contains the
#: project "old", which was not in a component before.
AFTER = """
eu = cases.Provider("eu", api_url="{url}", api_key="{api_key}", app_key="{app_key}")
moved = Options(aliases=[pulumi.Alias(name="old", parent=pulumi.ROOT_STACK_RESOURCE)])
components.CaseDesk("new", project={{"key": "OLD", "name": "Old", "opts": moved}})
desk = components.CaseDesk(
    "far", project={{"key": "EU", "name": "Far"}}, case_types={{"t": {{}}}},
    views={{"v": {{"query": "", "opts": Options(protect=False)}}}},
    opts=Options(providers=[eu], protect=True))
components.EscalationLadder(
    "far", project_id=desk.project_id, rungs={{"P1": HOOK}}, opts=Options(provider=eu))
components.MaintenanceCalendar("kept", query="", windows={{}}, opts=Options(retain_on_delete=True))
components.MaintenanceCalendar("passing", query="", windows={{"a": SPAN}})
"""


def test_children_inherit_component_options(
    organization: "Organization", start_sandbox: "StartSandbox", new_stack: "NewStack"
) -> None:
    if not organization.is_sandbox:
        pytest.skip("with --live, only the lifecycle tests run")
    eu = start_sandbox("--api-key", "eu-api-key", "--app-key", "eu-app-key")
    keys = {
        "url": eu.settings.base_url,
        "api_key": eu.settings.api_key,
        "app_key": eu.settings.app_key,
    }
    stack = new_stack(organization, HEAD + BEFORE.format(**keys))
    stack.up()
    # The children inherit `providers` and `provider`, so all of them are in the organisation `eu`.
    (project,) = eu.call("GET /cases/projects")
    assert project["attributes"]["enabled_custom_case_types"]
    assert len(eu.call(f"GET /cases/views?project_id={project['id']}")) == 1
    assert len(eu.call(f"GET /cases/projects/{project['id']}/notification_rules")) == 1
    (old,) = organization.call("GET /cases/projects")
    windows = {window["id"] for window in organization.call("GET /maintenance_windows")}
    assert len(windows) == 3

    stack.write(HEAD + AFTER.format(**keys))
    output = stack.up()
    # The moved project is unchanged.
    assert organization.call("GET /cases/projects") == [old]
    assert "old" not in stack.resources
    assert stack.resources["passing-a"]["id"] in windows
    # Pulumi counts two deletes, because the changed program lacks two windows. One of them has
    # `retain_on_delete`, so it stays in Datadog.
    assert "- 2 deleted" in output
    assert len(organization.call("GET /maintenance_windows")) == 2
    # All children of the desk are protected, except for the view with `protect=False`.
    protected = {name for name, each in stack.resources.items() if each.get("protect")}
    assert protected == {"far", "far-t"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            '"status:open"',
            'error: CaseDesk "x": views.v must be a mapping of properties, got "status:open"',
        ),
        # The component does not check properties of its children. The child resource does.
        ('{"qery": ""}', 'is not a property of CaseView; did you mean "query"?'),
    ],
)
def test_preview_reports_errors_without_traceback(
    given: str, message: str, organization: "Organization", new_stack: "NewStack"
) -> None:
    desk = f'components.CaseDesk("x", project={{"key": "X"}}, views={{"v": {given}}})'
    stack = new_stack(organization, HEAD + desk)
    shown = stack.preview(fails=True)
    assert message in shown
    assert "Traceback" not in shown
    assert organization.request_lines() == []
