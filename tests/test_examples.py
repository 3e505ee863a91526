"""Deploys every example to the sandbox, expects a preview without changes, and destroys it."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.support_case import open_support_case

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, StartSandbox

EXAMPLES = Path(__file__).parents[1] / "examples"

#: Examples that need an existing case, with the number of resources that each example declares.
WITH_EXISTING_CASE = {"handover": 6, "report": 0}
TESTED_SEPARATELY = {*WITH_EXISTING_CASE, "two_organizations", "service_catalogue"}
#: All examples. Standalone examples need at most the config `me`, the e-mail address of a user.
ALL = {folder.parent.name for folder in EXAMPLES.glob("*/__main__.py")}
STANDALONE = sorted(ALL - TESTED_SEPARATELY)


def program(name: str) -> str:
    return (EXAMPLES / name / "__main__.py").read_text(encoding="utf-8")


@pytest.mark.pulumi
@pytest.mark.parametrize("name", STANDALONE)
def test_standalone_example_deploys_and_destroys(
    name: str, organization: "Organization", new_stack: "NewStack"
) -> None:
    email = organization.call("GET /users")[1]["attributes"]["email"]
    stack = new_stack(organization)
    # Keep the test's Pulumi.yaml, because the stack belongs to the project that this file names.
    ignored = shutil.ignore_patterns("Pulumi.yaml")
    shutil.copytree(EXAMPLES / name, stack.folder, dirs_exist_ok=True, ignore=ignored)
    stack("config", "set", "email", email)
    (created,) = re.findall(r"\+ (\d+) created", stack.up())
    assert int(created) > len(["the stack itself"])
    stack.assert_no_changes()
    assert f"- {created} deleted" in stack.destroy()
    assert organization.call("GET /cases/projects") == []


@pytest.mark.pulumi
@pytest.mark.parametrize("name", WITH_EXISTING_CASE)
def test_example_works_with_existing_case(
    name: str, organization: "Organization", new_stack: "NewStack"
) -> None:
    if not organization.is_sandbox:
        pytest.skip("the test account has no Jira and no ServiceNow")
    stack = new_stack(organization, program(name))
    config = open_support_case(organization)
    for key, value in config.items():
        stack("config", "set", key, value)
    assert f"+ {WITH_EXISTING_CASE[name] + 1} created" in stack.up()
    stack.assert_no_changes()
    stack.destroy()
    assert [case["attributes"]["key"] for case in organization.call("GET /cases")] == ["SUPPORT-1"]


@pytest.mark.pulumi
def test_two_organizations_each_get_a_project(
    start_sandbox: "StartSandbox", new_stack: "NewStack"
) -> None:
    organizations = {
        name: start_sandbox("--api-key", f"{name}-api-key", "--app-key", f"{name}-app-key")
        for name in ("us", "eu")
    }
    stack = new_stack(None, program("two_organizations"))
    for name, organization in organizations.items():
        stack("config", "set", f"{name}:apiUrl", organization.settings.base_url)
        stack("config", "set", "--secret", f"{name}:apiKey", organization.settings.api_key)
        stack("config", "set", "--secret", f"{name}:appKey", organization.settings.app_key)
    stack.up()
    for name, organization in organizations.items():
        (desk,) = organization.call("GET /cases/projects")
        assert desk["attributes"]["name"] == f"Service desk ({name.upper()})"
        (rule,) = organization.call(f"GET /cases/projects/{desk['id']}/rules")
        assert rule["attributes"]["name"] == "Sort new cases"
    stack.assert_no_changes()
    stack.destroy()
    assert all(o.call("GET /cases/projects") == [] for o in organizations.values())


#: Runs a program with the mocks of Pulumi's SDK, and prints the `CaseInsight` resources that the
#: program declares. The program also uses Datadog's own provider, whose plugin is not installed.
#: The test runs this in a separate process, because the SDK leaves an event loop behind.
UNDER_MOCKS = """
import json, runpy, sys
import pulumi

insights = {}

class Engine(pulumi.runtime.Mocks):
    def new_resource(self, args):
        if args.typ.endswith("CaseInsight"):
            insights[args.name] = args.inputs
        return f"id-of-{args.name}", args.inputs

    def call(self, args):
        raise AssertionError(f"unexpected call of {args.token}")

pulumi.runtime.set_mocks(Engine())
pulumi.runtime.test(lambda: runpy.run_path(sys.argv[1]))()
print(json.dumps(insights))
"""


def test_service_catalogue_links_cases_to_monitors() -> None:
    example = EXAMPLES / "service_catalogue" / "__main__.py"
    done = subprocess.run(
        [sys.executable, "-c", UNDER_MOCKS, str(example)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    insights = json.loads(done.stdout)
    assert set(insights) == {"checkout", "search", "ledger"}
    for service, insight in insights.items():
        assert insight["type"] == "MONITOR"
        assert insight["case_id"] == f"id-of-{service}"
        assert insight["resource_id"] == f"id-of-{service}-errors"
        assert insight["ref"] == f"/monitors/id-of-{service}-errors"
