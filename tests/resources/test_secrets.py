"""What is secret is in nothing that a run prints, logs, or leaves behind on disk.

That is: previews and diffs, logs, errors, the state with its history and backups, the pickled
providers in it, the create journal, and all else that Pulumi keeps. Keys are not in any request's
path or body either.
"""

import base64
import json
import re
from typing import TYPE_CHECKING

import pytest
import requests

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import NewStack, Organization, Stack, StartSandbox

pytestmark = pytest.mark.pulumi

API_KEY = "b1be0e8c5b4d4f0e9d1c5a7e3f2a9c88"
APP_KEY = "0d7f4c21c9ab4e6f8e5d3b2a1f0e9d8c7b6a5f4e"
WRONG_KEY = APP_KEY[::-1]
KEYS = ("--api-key", API_KEY, "--app-key", APP_KEY)
#: As much as can be: from 9 on, Pulumi logs by itself what it sends to plugins, secrets too.
LOGGED = ("--diff", "--logtostderr", "-v=8")
BASE64 = r"[A-Za-z0-9+/]{24,}={0,2}"

DESK = """
import os
import pulumi
import pulumi_datadog_cases as cases

config = pulumi.Config()
desk = cases.Project("desk", key="SEC", name="Security")
"""
DRILL = """
cases.Case("drill", project_id=desk.id, title="Drill", due_date="2031-11-21")
"""
OWN_PROVIDER = """
own = cases.Provider("own", api_key=os.environ["DD_API_KEY"], app_key=os.environ["DD_APP_KEY"])
cases.CaseType("intrusion", name="Intrusion", opts=pulumi.ResourceOptions(provider=own))
"""
DELICATE = """
cases.NotificationRule(
    "told",
    project_id=desk.id,
    recipients=[{"type": "HTTP", "data": {"name": config.require_secret("webhook")}}],
    triggers=[{"type": "CASE_CREATED"}],
)
cases.Case(
    "drill",
    project_id=desk.id,
    title="Drill",
    description=config.require_secret("description"),
    opts=pulumi.ResourceOptions(additional_secret_outputs=["key"]),
)
"""
LOST = """
cases.CaseView("lost", project_id=desk.id, name="Lost", query=config.require_secret("webhook"))
"""


def test_keys_of_the_environment(start_sandbox: "StartSandbox", new_stack: "NewStack") -> None:
    organization = start_sandbox(*KEYS)
    stack = confined(new_stack(organization, DESK + DRILL + OWN_PROVIDER))
    said = stack.preview(*LOGGED) + stack.up(*LOGGED)
    stack.environment |= {"DD_APP_KEY": WRONG_KEY, "PULUMI_DATADOG_CASES_DEBUG": "1"}
    refused = stack("refresh", "--yes", fails=True)
    assert "Traceback" in refused
    assert "403" in refused
    assert_hidden(stack, said + refused, WRONG_KEY)
    assert_not_asked(organization)


def test_keys_of_the_config(start_sandbox: "StartSandbox", new_stack: "NewStack") -> None:
    organization = start_sandbox(*KEYS)
    stack = confined(new_stack(None, DESK + DRILL))
    stack("config", "set", "datadog:apiUrl", organization.settings.base_url)
    stack("config", "set", "--secret", "datadog:apiKey", API_KEY)
    stack("config", "set", "--secret", "datadog:appKey", APP_KEY)
    said = stack.preview(*LOGGED) + stack.up(*LOGGED)
    assert_hidden(stack, said)
    assert_not_asked(organization)


def test_secret_values(start_sandbox: "StartSandbox", new_stack: "NewStack") -> None:
    organization = start_sandbox(*KEYS)
    stack = confined(new_stack(organization, DESK + DELICATE))

    def configure(webhook: str, description: str) -> None:
        stack("config", "set", "--secret", "webhook", webhook)
        stack("config", "set", "--secret", "description", description)

    configure("first-webhook", "first-text")
    said = stack.preview(*LOGGED) + stack.up(*LOGGED)
    configure("second-webhook", "second-text")
    said += stack.preview("--json") + stack.up(*LOGGED)
    assert "recipients: [secret] => [secret]" in said
    drill = stack.resources["drill"]["id"]
    edit = {"type": "case", "attributes": {"description": "somebody's-text"}}
    organization.call(f"POST /cases/{drill}/description", edit)
    said += stack.refresh(*LOGGED)
    assert "description: [secret] => [secret]" in said

    # Of a create that may have happened the journal goes on to tell.
    dropped = {"endpoint": "POST /cases/views", "kind": "drop_before"}
    sandbox = organization.settings.base_url
    requests.post(f"{sandbox}/sandbox/faults", json=dropped, timeout=10).raise_for_status()
    stack.write(DESK + DELICATE + LOST)
    said += stack.up(*LOGGED, fails=True)
    assert any("::lost" in text for path, text in files(stack) if "journal" in path.parts)

    (case,) = organization.call("GET /cases")
    values = [f"{n}-{of}" for n in ("first", "second") for of in ("webhook", "text")]
    assert_hidden(stack, said, *values, "somebody's-text", case["attributes"]["key"])


def confined(stack: "Stack") -> "Stack":
    """Have all that is written on disk in the stack's own folder."""
    stack.environment["PULUMI_HOME"] = str(stack.folder / "home")
    stack.environment["PULUMI_DATADOG_CASES_JOURNAL"] = str(stack.folder / "journal")
    stack("stack", "select", "stack")
    return stack


def files(stack: "Stack") -> "list[tuple[Path, str]]":
    """All that has been written on disk."""
    paths = [path for path in stack.folder.rglob("*") if path.is_file()]
    return [(path, path.read_bytes().decode(errors="replace")) for path in paths]


def unpacked(text: str) -> list[str]:
    """What is in a text in Base64, as pickles are."""
    packed = {each[: len(each) // 4 * 4] for each in re.findall(BASE64, text)}
    return [base64.b64decode(each).decode(errors="replace") for each in packed]


def assert_hidden(stack: "Stack", said: str, *secrets: str) -> None:
    kept = files(stack)
    assert {"stack.json", "claims"} <= {path.name for path, _ in kept}  # state and journal
    inside = [each for _, text in kept for each in unpacked(text)]
    assert any("Project.Provider" in each for each in inside)
    for secret in (API_KEY, APP_KEY, *secrets):
        assert secret not in said
        assert [path for path, text in kept if secret in text] == []
        assert [each for each in inside if secret in each] == []


def assert_not_asked(organization: "Organization") -> None:
    assert "POST /cases/projects" in organization.asked()
    for key in (API_KEY, APP_KEY):
        assert key not in json.dumps(organization.journal())
