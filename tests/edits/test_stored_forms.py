"""Tests with the real Pulumi: the API stores declared values in another form."""

import json
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import AddQuirk, NewStack, Organization, Stack

PROGRAM = """
import pulumi
import pulumi_datadog_cases as cases

kind = cases.CaseType("kind", name=" Theft ")
host = cases.CustomAttribute(
    "host", case_type_id=kind.id, key="Host Name", display_name="Host", type="TEXT"
)
desk = cases.Project("desk", key="DESK", name=" Desk ")
rule = cases.NotificationRule(
    "rule",
    project_id=desk.id,
    recipients=[
        {"type": "SLACK_CHANNEL", "data": {"channel": "#sec", "workspace": "acme"}},
        {"type": "EMAIL", "data": {"email": "On-Call@Example.com"}},
    ],
    triggers=[{"type": "CASE_CREATED"}],
)
case = cases.Case(
    "case",
    project_id=desk.id,
    type_id=kind.id,
    title=pulumi.Output.secret(" Stolen Laptop "),
    attributes={"Env": ["Prod"]},
)
"""
QUIRKS = (
    "trim_strings",
    "lower_case_labels",
    "lower_case_addresses",
    "ids_for_names",
    "slugify_keys",
)


@pytest.fixture(autouse=True)
def quirks(add_quirk: "AddQuirk") -> None:
    """Make the sandbox store values in another form than declared."""
    for kind in QUIRKS:
        add_quirk(kind)


@pytest.fixture
def stack(organization: "Organization", new_stack: "NewStack") -> "Stack":
    return new_stack(organization, PROGRAM)


def test_nothing_differs_after_the_deployment(stack: "Stack") -> None:
    output = stack.up()
    # Use a set, because Pulumi may show a warning twice.
    warnings = set(re.findall(r"warning: (\w+) \S+: the API returns .* in another form", output))
    assert warnings == {"CaseType", "CustomAttribute", "Project", "NotificationRule", "Case"}
    output = stack.up("--expect-no-changes")
    assert "in another form" not in output
    stack.assert_no_changes()
    stack.up("--refresh", "--expect-no-changes")
    assert stack.resources["case"]["outputs"]["attributes"] == {"Env": ["Prod"]}


def test_edits_are_shown_against_the_program(stack: "Stack", organization: "Organization") -> None:
    stack.up()
    case, rule, desk = (stack.resources[name]["id"] for name in ("case", "rule", "desk"))
    labels = {"env": ["test"], "theirs": ["x"]}
    organization.call(
        f"POST /cases/{case}/attributes", {"type": "case", "attributes": {"attributes": labels}}
    )
    path = f"/cases/projects/{desk}/notification_rules"
    (found,) = organization.call(f"GET {path}")
    found["attributes"]["recipients"][1]["data"]["email"] = "someone@example.com"
    organization.call(
        f"PUT {path}/{rule}", {"type": found["type"], "attributes": found["attributes"]}
    )
    output = stack.preview("--refresh", "--diff")
    assert '"test" => "Prod"' in output
    assert '"someone@example.com" => "On-Call@Example.com"' in output
    assert "C0" not in output
    stack.up("--refresh")
    stack.assert_no_changes()
    stored = organization.call(f"GET /cases/{case}")["attributes"]["attributes"]
    assert stored == {"env": ["prod"], "theirs": ["x"]}


def test_no_secret_is_stored_in_plain_text(stack: "Stack") -> None:
    stack.up()
    assert "Stolen Laptop" not in stack.state
    forms = json.loads(stack("stack", "export", "--show-secrets"))
    (case,) = (each for each in forms["deployment"]["resources"] if each["urn"].endswith("::case"))
    assert json.loads(case["outputs"]["__forms"]["plaintext"])["title"] == {
        "declared": " Stolen Laptop ",
        "returned": "Stolen Laptop",
    }
