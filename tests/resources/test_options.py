"""Pulumi's resource options and an explicit provider, in one stack with the real `pulumi`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, StartSandbox

pytestmark = pytest.mark.pulumi

PROGRAM = """
import pulumi
import pulumi_datadog_cases as cases
from pulumi import ResourceOptions as Options

group = pulumi.ComponentResource("group", "group")
first = cases.CaseType("first", name="First", opts=Options(parent=group))
second = cases.CaseType("second", name="Second", opts=Options(depends_on=[first]))
cases.CaseType("guarded", name="Guarded", opts=Options(protect=True))
hidden = Options(additional_secret_outputs=["description"])
cases.CaseType("secret", name="Secret", description="hush", opts=hidden)
ignored = Options(ignore_changes=["description"])
"""

BEFORE = """
eu = cases.Provider("eu", api_url="{url}", api_key="{api_key}", app_key="{app_key}")
cases.Project("far", key="EU", name="Far away", opts=Options(provider=eu))
cases.CaseType("kept", name="Kept", opts=Options(retain_on_delete=True))
cases.CaseType("ignored", name="Ignored", description="ours", opts=ignored)
cases.CaseType("replaced", name="Replaced", opts=Options(replace_on_changes=["name"]))
cases.CaseType("old", name="Renamed")
"""

AFTER = """
eu = cases.Provider("eu", api_url="{url}", api_key="{api_key}", app_key="{app_key}")
cases.Project("far", key="EU", name="Far away", opts=Options(provider=eu))
cases.CaseType("ignored", name="Ignored more", description="changed", opts=ignored)
cases.CaseType("replaced", name="Replaced by it", opts=Options(replace_on_changes=["name"]))
cases.CaseType("new", name="Renamed", opts=Options(aliases=[pulumi.Alias(name="old")]))
"""


def test_resource_options_and_explicit_provider(
    organization: "Organization",
    start_sandbox: "StartSandbox",
    new_stack: "NewStack",
    tmp_path: Path,
) -> None:
    if not organization.is_sandbox:
        pytest.skip("with --live, only the lifecycle tests run")
    data = ("--data", str(tmp_path / "eu.sqlite"))
    eu = start_sandbox(*data, "--api-key", "eu-api-key", "--app-key", "eu-app-key")
    stack = new_stack(organization, PROGRAM + _with_keys(BEFORE, eu))
    stack.up()
    before = stack.resources

    # `provider`: the project was created in the organisation `eu` only.
    assert [project["attributes"]["key"] for project in eu.call("GET /cases/projects")] == ["EU"]
    assert organization.call("GET /cases/projects") == []
    # `parent` and `depends_on`
    assert "::group$pulumi-python:dynamic/datadog-cases:CaseType::" in before["first"]["urn"]
    sent = [entry["body"]["data"] for entry in organization.request_log() if "body" in entry]
    names = [data["attributes"]["name"] for data in sent]
    assert names.index("First") < names.index("Second")
    # `additional_secret_outputs`
    assert before["secret"]["outputs"]["name"] == "Secret"
    assert "ciphertext" in before["secret"]["outputs"]["description"]

    # New keys for the organisation `eu` do not replace the project there.
    rotated = start_sandbox(*data, "--api-key", "new-api-key", "--app-key", "new-app-key")
    stack.write(PROGRAM + _with_keys(AFTER, rotated))
    stack.up()
    after = stack.resources
    assert after["eu"]["inputs"] != before["eu"]["inputs"]
    assert after["far"]["id"] == before["far"]["id"]
    assert rotated.request_lines() == []
    # `ignore_changes`: the update of the name keeps the description.
    ignored = _stored(organization, after["ignored"])
    assert (ignored["name"], ignored["description"]) == ("Ignored more", "ours")
    # `replace_on_changes`
    assert after["replaced"]["id"] != before["replaced"]["id"]
    assert _stored(organization, before["replaced"])["deleted_at"]
    # `aliases`
    assert after["new"]["id"] == before["old"]["id"]
    # `retain_on_delete`: the object was removed from the state, but still exists.
    assert "kept" not in after
    assert not _stored(organization, before["kept"])["deleted_at"]

    # `protect`
    assert "protected" in stack.destroy(fails=True)
    assert not _stored(organization, after["guarded"])["deleted_at"]
    stack("state", "unprotect", "--all", "--yes")
    # The keys of the explicit provider are encrypted in the state.
    assert "new-api-key" not in stack.state
    stack.destroy()
    assert rotated.call("GET /cases/projects") == []
    remaining = [t for t in organization.call("GET /cases/types") if _is_not_deleted(t)]
    assert [case_type["attributes"]["name"] for case_type in remaining] == ["Kept"]


def _with_keys(program: str, organization: "Organization") -> str:
    settings = organization.settings
    return program.format(url=settings.base_url, api_key=settings.api_key, app_key=settings.app_key)


def _stored(organization: "Organization", resource: dict[str, Any]) -> dict[str, Any]:
    stored = organization.stored(resource["id"])
    assert stored is not None
    return stored


def _is_not_deleted(case_type: dict[str, Any]) -> bool:
    attributes = case_type["attributes"]
    return not (attributes["internal"] or attributes.get("deleted_at"))
