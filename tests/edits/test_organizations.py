"""Runs of the real Pulumi with keys of one organisation, and with objects of another one."""

import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, Stack, StartSandbox

PROGRAM = """
import pulumi
import pulumi_datadog_cases as cases

{provider}
project = cases.Project("desk", key="DESK", name={name!r}{options})
cases.CaseView("view", project_id=project.id, name="Open", query="status:open"{options})
"""


def program(
    provider: "Organization | None" = None, *, used: bool = True, name: str = "Desk"
) -> str:
    """Return a program.

    Args:
        provider: the organisation of an explicit provider; None if the program declares none.
        used: whether the resources use the explicit provider.
        name: the name of the project.
    """
    if provider is None:
        return PROGRAM.format(provider="", name=name, options="")
    arguments = (
        f"api_url={provider.settings.base_url!r}, api_key={provider.settings.api_key!r}, "
        f"app_key={provider.settings.app_key!r}"
    )
    return PROGRAM.format(
        provider=f"eu = cases.Provider('eu', {arguments})",
        name=name,
        options=", opts=pulumi.ResourceOptions(provider=eu)" if used else "",
    )


@pytest.fixture
def other(start_sandbox: "StartSandbox") -> "Organization":
    """Another organisation, with other keys."""
    return start_sandbox("--api-key", "other-api-key", "--app-key", "other-app-key")


def use_config(stack: "Stack", organization: "Organization") -> None:
    for key, value in organization.config.items():
        stack("config", "set", key, value)


def test_keys_of_another_organization_change_nothing(
    organization: "Organization",
    other: "Organization",
    new_stack: "NewStack",
) -> None:
    stack = new_stack(None, program())
    use_config(stack, organization)
    stack.up()
    use_config(stack, other)
    assert_nothing_is_touched(stack, organization, other)
    use_config(stack, organization)
    # A refresh uses the config in the state. This `up` stores the current config there.
    stack.up()
    stack.assert_no_changes()
    stack.destroy()


def test_dropped_provider_changes_nothing(
    organization: "Organization", other: "Organization", new_stack: "NewStack"
) -> None:
    stack = new_stack(other, program(organization))
    stack.up()
    stack.write(program(organization, used=False))
    assert_refused(stack.preview(fails=True), organization, other)
    assert_refused(stack.preview("--refresh", fails=True), organization, other)
    stack.write(program(organization, used=False, name="Help"))
    assert_refused(stack.up(fails=True), organization, other)
    assert stack.resources["desk"]["outputs"]["name"] == "Desk"
    stack.write(program(organization))
    stack.assert_no_changes()
    assert other.request_lines() == []


def test_added_provider_changes_nothing(
    organization: "Organization", other: "Organization", new_stack: "NewStack"
) -> None:
    stack = new_stack(organization, program(other, used=False))
    stack.up()
    stack.write(program(other))
    assert_refused(stack.preview(fails=True), organization, other)
    assert_refused(stack.up(fails=True), organization, other)
    stack.write(program(other, used=False))
    stack.assert_no_changes()
    assert other.request_lines() == []


def test_provider_of_another_organization_takes_a_new_name(
    organization: "Organization", other: "Organization", new_stack: "NewStack"
) -> None:
    """A user who has changed the provider on purpose follows the advice: rename the resources."""
    stack = new_stack(organization, program())
    stack.up()
    old = stack.resources["desk"]["id"]
    renamed = program(other).replace('"desk"', '"desk-eu"').replace('"view"', '"view-eu"')
    stack.write(renamed)
    stack.up()
    stack.assert_no_changes()
    assert organization.stored(old) is None
    assert other.stored(stack.resources["desk-eu"]["id"]) is not None


def test_forgotten_objects_are_created_in_the_other_organization(
    organization: "Organization", other: "Organization", new_stack: "NewStack"
) -> None:
    """A user who wants to keep the old objects follows the advice: `pulumi state delete`."""
    stack = new_stack(organization, program())
    stack.up()
    old = stack.resources["desk"]["id"]
    stack.environment |= other.environment
    for urn in (stack.resources[name]["urn"] for name in ("view", "desk")):
        assert urn in stack.refresh(fails=True)
        stack("state", "delete", urn, "--yes")
    stack.up()
    assert organization.stored(old) is not None
    assert other.stored(stack.resources["desk"]["id"]) is not None


def test_rotated_keys_and_another_host_name_keep_working(
    start_sandbox: "StartSandbox", new_stack: "NewStack", tmp_path: Path
) -> None:
    data = str(tmp_path / "data")
    first = start_sandbox("--data", data)
    stack = new_stack(first, program())
    stack.up()
    rotated = start_sandbox("--data", data, "--api-key", "new-api-key", "--app-key", "new-app-key")
    stack.environment |= rotated.environment
    stack.assert_no_changes()
    assert rotated.identity_requests() == 2  # one for each of the two previews above
    stack.refresh()
    assert rotated.identity_requests() == 3
    stack.assert_no_changes()
    assert rotated.identity_requests() == 3
    url = rotated.settings.base_url.replace("127.0.0.1", "localhost")
    stack.environment["DD_HOST"] = url
    stack.write(program(name="Help"))
    stack.up()
    stack.destroy()
    assert rotated.identity_requests() == 4 + 1


def test_state_without_organization_records_it_on_refresh(
    organization: "Organization", other: "Organization", new_stack: "NewStack"
) -> None:
    stack = new_stack(organization, program())
    stack.up()
    forget_organization(stack)
    before = organization.identity_requests()
    stack.assert_no_changes()
    assert organization.identity_requests() == before + 1
    stack.refresh("--expect-no-changes")
    stack.environment |= other.environment
    assert_refused(stack.preview(fails=True), organization, other)


def hide_organization(organization: "Organization") -> None:
    """Forbid the request that tells to which organisation the keys belong."""
    fault = {"kind": "status", "endpoint": "GET /current_user", "status": 403}
    url = f"{organization.settings.base_url}/sandbox/faults"
    requests.post(url, json={**fault, "body": {"errors": ["Forbidden"]}}, timeout=10)


def test_keys_that_hide_their_organization_deploy_and_destroy(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    hide_organization(organization)
    stack = new_stack(organization, program())
    stack.up()
    stack.assert_no_changes()
    project = stack.resources["desk"]["id"]
    organization.call(f"DELETE /cases/projects/{project}")
    stack.up("--refresh")  # with the keys that created the project, its absence is certain
    assert organization.stored(stack.resources["desk"]["id"]) is not None
    stack.destroy()
    assert organization.call("GET /cases/projects") == []


@pytest.mark.parametrize("first_hides", [True, False], ids=["both hide", "the second hides"])
def test_other_keys_that_hide_their_organization_lose_nothing(
    *,
    first_hides: bool,
    organization: "Organization",
    other: "Organization",
    new_stack: "NewStack",
) -> None:
    """The other organisation answers 404, as for a deleted object."""
    if first_hides:
        hide_organization(organization)
    hide_organization(other)
    stack = new_stack(organization, program())
    stack.up()
    before = stack.resources
    stack.environment |= other.environment
    for refused in (stack.refresh, partial(stack.up, "--refresh"), stack.destroy):
        assert "may belong to another organisation" in refused(fails=True)
    stack.write(program(name="Help"))
    stack.up(fails=True)
    assert stack.resources.keys() == before.keys()
    assert other.call("GET /cases/projects") == []
    assert organization.stored(before["desk"]["id"]) is not None
    stack.environment |= organization.environment
    stack.up()
    stack.destroy()
    assert organization.call("GET /cases/projects") == []


def test_rotated_keys_that_hide_their_organization_keep_working(
    start_sandbox: "StartSandbox", new_stack: "NewStack", tmp_path: Path
) -> None:
    data = str(tmp_path / "data")
    stack = new_stack(start_sandbox("--data", data), program())
    stack.up()
    rotated = start_sandbox("--data", data, "--api-key", "new-api-key", "--app-key", "new-app-key")
    hide_organization(rotated)
    stack.environment |= rotated.environment
    stack.preview("--expect-no-changes")
    view = stack.resources["view"]
    rotated.call(f"DELETE /cases/views/{view['id']}")
    error = stack.up("--refresh", fails=True)
    assert f"pulumi state delete '{view['urn']}'" in error
    stack("state", "delete", view["urn"], "--yes")  # the advice, if somebody has deleted the view
    stack.up()
    assert rotated.stored(stack.resources["view"]["id"]) is not None
    stack.write(program(name="Help"))
    stack.up("--refresh")
    stack.destroy()
    assert rotated.call("GET /cases/projects") == []


def test_organization_is_requested_once_per_create_run(
    organization: "Organization", new_stack: "NewStack"
) -> None:
    count = 20
    rules = (
        "cases.AutomationRule(f'r{i}', project_id=p, name=f'R{i}', trigger={'type': "
        "'case_created'}, action={'type': 'execute_workflow', 'data': {'handle': 'x'}})"
    )
    project = organization.call(
        "POST /cases/projects", {"type": "project", "attributes": {"key": "DESK", "name": "Desk"}}
    )
    stack = new_stack(
        organization,
        "import pulumi_datadog_cases as cases\n"
        f"p = {project['id']!r}\nfor i in range({count}):\n    {rules}",
    )

    def sent(run: Callable[[], object]) -> tuple[int, int]:
        """Count all requests of a run, and the requests that ask for the organisation."""
        before = len(organization.request_log()), organization.identity_requests()
        run()
        identity = organization.identity_requests() - before[1]
        return len(organization.request_log()) - before[0] + identity, identity

    assert sent(stack.up) == (count + 1, 1)
    assert sent(stack.up) == (0, 0)
    assert sent(lambda: stack.preview("--refresh", "--expect-no-changes")) == (1, 0)
    forget_organization(stack)
    assert sent(lambda: stack.preview("--refresh", "--expect-no-changes")) == (2, 1)


def assert_nothing_is_touched(stack: "Stack", home: "Organization", other: "Organization") -> None:
    """Check that each command fails, and that the state and the organisations do not change."""
    state, since = stack.state, len(home.request_log())
    for output in (
        stack.preview(fails=True),
        stack.preview("--refresh", fails=True),
        stack.up(fails=True),
        stack.refresh(fails=True),
        stack.destroy(fails=True),
    ):
        assert_refused(output, home, other)
    stack.write("")
    assert_refused(stack.up(fails=True), home, other)
    stack.write(program())
    assert resources(stack.state) == resources(state)
    # `preview --refresh` may read from `home`: it refreshes with the config in the state, before
    # the program runs with the new config.
    assert all(line.startswith("GET ") for line in home.request_lines()[since:])
    assert other.request_log() == []


def assert_refused(output: str, home: "Organization", other: "Organization") -> None:
    """Check that the error names the organisation of the object and that of the keys."""
    assert "Traceback" not in output
    assert re.search(
        rf"WrongOrganizationError: \w+ \S+ was not touched: it belongs to the organisation Sandbox "
        rf"\(\S+\) at {home.settings.base_url}, but the keys belong to Sandbox \(\S+\) at "
        rf"{other.settings.base_url}\. .*`pulumi state delete 'urn:pulumi:stack::project::",
        output,
    ), output


def resources(state: str) -> dict[str, tuple[object, object]]:
    """The ids and outputs of the objects in a state.

    Providers are left out, because their config in the state changes with the config of the stack.
    """
    found = json.loads(state)["checkpoint"]["latest"]["resources"]
    return {
        each["urn"]: (each.get("id"), each.get("outputs"))
        for each in found
        if not each["type"].startswith("pulumi:providers:")
    }


def forget_organization(stack: "Stack") -> None:
    """Change the state to the format of release 0.1.0, which recorded no organisation."""
    exported = json.loads(stack("stack", "export"))
    for resource in exported["deployment"]["resources"]:
        (resource.get("outputs") or {}).pop("__organization", None)
    file = stack.folder / "state.json"
    file.write_text(json.dumps(exported))
    stack("stack", "import", "--file", str(file))
