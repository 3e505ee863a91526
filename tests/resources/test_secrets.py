"""No key is ever in a state, in what Pulumi prints or logs, or in a request's path or body."""

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, Stack, StartSandbox

pytestmark = pytest.mark.pulumi

API_KEY = "b1be0e8c5b4d4f0e9d1c5a7e3f2a9c88"
APP_KEY = "0d7f4c21c9ab4e6f8e5d3b2a1f0e9d8c7b6a5f4e"
KEYS = ("--api-key", API_KEY, "--app-key", APP_KEY)

PROGRAM = """
import os
import pulumi
import pulumi_datadog_cases as cases

desk = cases.Project("desk", key="SEC", name="Security")
cases.Case("drill", project_id=desk.id, title="Drill", due_date="2031-11-21")
"""
OWN_PROVIDER = """
own = cases.Provider("own", api_key=os.environ["DD_API_KEY"], app_key=os.environ["DD_APP_KEY"])
cases.CaseType("intrusion", name="Intrusion", opts=pulumi.ResourceOptions(provider=own))
"""
#: As much as can be: from 9 on, Pulumi logs by itself what it sends to plugins, secrets too.
LOGGED = ("--logtostderr", "-v=8")


def test_keys_of_the_environment(start_sandbox: "StartSandbox", new_stack: "NewStack") -> None:
    organization = start_sandbox(*KEYS)
    stack = new_stack(organization, PROGRAM + OWN_PROVIDER)
    said = stack.preview(*LOGGED) + stack.up(*LOGGED)
    stack.environment |= {"DD_APP_KEY": APP_KEY[::-1], "PULUMI_DATADOG_CASES_DEBUG": "1"}
    refused = stack("refresh", "--yes", fails=True)
    assert "Traceback" in refused
    assert "403" in refused
    assert APP_KEY[::-1] not in refused
    _assert_secret(said + refused, stack, organization)


def test_keys_of_the_config(start_sandbox: "StartSandbox", new_stack: "NewStack") -> None:
    organization = start_sandbox(*KEYS)
    stack = new_stack(None, PROGRAM)
    stack("config", "set", "datadog:apiUrl", organization.settings.base_url)
    stack("config", "set", "--secret", "datadog:apiKey", API_KEY)
    stack("config", "set", "--secret", "datadog:appKey", APP_KEY)
    said = stack.preview(*LOGGED) + stack.up(*LOGGED)
    _assert_secret(said, stack, organization)


def _assert_secret(said: str, stack: "Stack", organization: "Organization") -> None:
    assert "POST /cases/projects" in organization.asked()
    files = [path for path in stack.folder.rglob("*") if path.is_file()]
    assert any(path.name == "stack.json" for path in files)
    kept = b"".join(path.read_bytes() for path in files).decode(errors="replace")
    for key in (API_KEY, APP_KEY):
        assert key not in said
        assert key not in kept
        assert key not in json.dumps(organization.journal())
