"""Secrets are not printed, logged, or written to disk.

The tests search previews, diffs, logs and errors. They also search every file that Pulumi and the
intent log write: the state, its history and backups, and the pickled providers in the state.
API and application keys must not be in the path or body of a request either.
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
#: Options for the most detailed output that must contain no secrets. With `-v=9`, Pulumi would also
#: log its requests to plugins, which contain the keys.
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
CONFIDENTIAL = """
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
    opts=pulumi.ResourceOptions(additional_secret_outputs=["key", "url"]),
)
"""
LOST_CREATE = """
cases.CaseView("lost", project_id=desk.id, name="Lost", query=config.require_secret("webhook"))
"""


def test_keys_of_environment_are_hidden(
    start_sandbox: "StartSandbox", new_stack: "NewStack"
) -> None:
    organization = start_sandbox(*KEYS)
    stack = confine(new_stack(organization, DESK + DRILL + OWN_PROVIDER))
    output = stack.preview(*LOGGED) + stack.up(*LOGGED)
    stack.environment |= {"DD_APP_KEY": WRONG_KEY, "PULUMI_DATADOG_CASES_DEBUG": "1"}
    error = stack("refresh", "--yes", fails=True)
    assert "Traceback" in error
    assert "403" in error
    assert_hidden(stack, output + error, WRONG_KEY)
    assert_not_sent(organization)


def test_keys_of_config_are_hidden(start_sandbox: "StartSandbox", new_stack: "NewStack") -> None:
    organization = start_sandbox(*KEYS)
    stack = confine(new_stack(None, DESK + DRILL))
    stack("config", "set", "datadog:apiUrl", organization.settings.base_url)
    stack("config", "set", "--secret", "datadog:apiKey", API_KEY)
    stack("config", "set", "--secret", "datadog:appKey", APP_KEY)
    output = stack.preview(*LOGGED) + stack.up(*LOGGED)
    assert_hidden(stack, output)
    assert_not_sent(organization)


def test_secret_inputs_are_hidden(start_sandbox: "StartSandbox", new_stack: "NewStack") -> None:
    organization = start_sandbox(*KEYS)
    stack = confine(new_stack(organization, DESK + CONFIDENTIAL))

    def configure(webhook: str, description: str) -> None:
        stack("config", "set", "--secret", "webhook", webhook)
        stack("config", "set", "--secret", "description", description)

    configure("first-webhook", "first-text")
    output = stack.preview(*LOGGED) + stack.up(*LOGGED)
    configure("second-webhook", "second-text")
    output += stack.preview("--json") + stack.up(*LOGGED)
    assert "name: [secret] => [secret]" in output
    drill = stack.resources["drill"]["id"]
    edit = {"type": "case", "attributes": {"description": "other-text"}}
    organization.call(f"POST /cases/{drill}/description", edit)
    output += stack.refresh(*LOGGED)
    assert "description: [secret] => [secret]" in output

    # The connection drops during a create. The outcome of the create is then unknown, so its intent
    # stays in the intent log.
    dropped = {"endpoint": "POST /cases/views", "kind": "drop_before"}
    sandbox = organization.settings.base_url
    requests.post(f"{sandbox}/sandbox/faults", json=dropped, timeout=10).raise_for_status()
    stack.write(DESK + CONFIDENTIAL + LOST_CREATE)
    output += stack.up(*LOGGED, fails=True)
    assert any("::lost" in text for path, text in files(stack) if "journal" in path.parts)

    (case,) = organization.call("GET /cases")
    values = [f"{n}-{of}" for n in ("first", "second") for of in ("webhook", "text")]
    assert_hidden(stack, output, *values, "other-text", case["attributes"]["key"])


def confine(stack: "Stack") -> "Stack":
    """Make Pulumi and the intent log write only to the folder of this stack."""
    stack.environment["PULUMI_HOME"] = str(stack.folder / "home")
    stack.environment["PULUMI_DATADOG_CASES_JOURNAL"] = str(stack.folder / "journal")
    stack("stack", "select", "stack")
    return stack


def files(stack: "Stack") -> "list[tuple[Path, str]]":
    """All files in the folder of the stack, with their text."""
    paths = [path for path in stack.folder.rglob("*") if path.is_file()]
    return [(path, path.read_bytes().decode(errors="replace")) for path in paths]


def base64_texts(text: str) -> list[str]:
    """Decoded Base64 texts in a file. Pulumi stores pickled providers in Base64."""
    encoded = {part[: len(part) // 4 * 4] for part in re.findall(BASE64, text)}
    return [base64.b64decode(part).decode(errors="replace") for part in encoded]


def assert_hidden(stack: "Stack", output: str, *secrets: str) -> None:
    written = files(stack)
    assert {"stack.json", "claims"} <= {path.name for path, _ in written}  # state and intent log
    decoded = [part for _, text in written for part in base64_texts(text)]
    assert any("Project.Provider" in part for part in decoded)
    for secret in (API_KEY, APP_KEY, *secrets):
        assert secret not in output
        assert [path for path, text in written if secret in text] == []
        assert [part for part in decoded if secret in part] == []


def assert_not_sent(organization: "Organization") -> None:
    assert "POST /cases/projects" in organization.request_lines()
    for key in (API_KEY, APP_KEY):
        assert key not in json.dumps(organization.request_log())
