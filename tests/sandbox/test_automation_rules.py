from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
import requests

Send: TypeAlias = Callable[..., requests.Response]
Make: TypeAlias = Callable[..., dict[str, Any]]

TRIGGER = {"type": "CASE_CREATED"}
ACTION = {"type": "EXECUTE_WORKFLOW", "data": {"handle": "x"}}


@pytest.fixture
def rules(project_id: str) -> str:
    return f"/cases/projects/{project_id}/rules"


@pytest.mark.parametrize(
    ("trigger", "data"),
    [
        ("case_created", None),
        ("status_transitioned", {"from_status_name": "Open", "to_status_name": "Closed"}),
        ("attribute_value_changed", {"field": "env", "change_type": "VALUE_ADDED"}),
        ("event_correlation_signal_correlated", None),
        ("case_review_approved", {"approval_type": "x"}),
        ("comment_added", None),
    ],
)
@pytest.mark.parametrize(
    ("action", "details"),
    [
        ("execute_workflow", {"handle": "x"}),
        ("assign_agent", {"agent_type": "x", "assigned_agent_id": "y"}),
    ],
)
def test_accepts_either_case_and_returns_upper_case(  # noqa: PLR0913, PLR0917 - the table's columns
    make: Make, rules: str, trigger: str, data: object, action: str, details: object
) -> None:
    sent = {"type": trigger} if data is None else {"type": trigger, "data": data}
    lower = make(rules, "rule", name="x", trigger=sent, action={"type": action, "data": details})
    attributes = lower["attributes"]
    assert attributes["trigger"] == {**sent, "type": trigger.upper()}
    assert attributes["action"] == {"type": action.upper(), "data": details}
    upper = {"trigger": attributes["trigger"], "action": attributes["action"]}
    assert make(rules, "rule", name="x", **upper)["attributes"]["trigger"] == upper["trigger"]


def test_put_replaces_whole_rule(send: Send, make: Make, rules: str) -> None:
    rule = make(rules, "rule", name="x", trigger=TRIGGER, action=ACTION, state="DISABLED")
    path = f"{rules}/{rule['id']}"
    assert "modified_at" not in rule["attributes"]
    partial = {"type": "rule", "attributes": {"name": "y"}}
    assert send("PUT", path, partial).status_code == 400
    whole = {"name": "x", "trigger": TRIGGER, "action": ACTION}
    same = {"type": "rule", "attributes": whole}
    assert send("PUT", path, same).json()["data"] == rule
    other = {"type": "rule", "attributes": {**whole, "name": "y"}}
    changed = send("PUT", path, other).json()["data"]
    assert changed["attributes"].pop("modified_at")
    assert changed["relationships"].keys() == {"created_by", "modified_by"}
    assert changed["attributes"] == {**rule["attributes"], "name": "y"}


def test_enable_and_disable(send: Send, make: Make, rules: str) -> None:
    rule = make(rules, "rule", name="x", trigger=TRIGGER, action=ACTION)
    path = f"{rules}/{rule['id']}"
    assert rule["attributes"]["state"] == "ENABLED"
    assert send("POST", f"{path}/enable").json()["data"] == rule
    assert send("POST", f"{path}/disable").json()["data"]["attributes"]["state"] == "DISABLED"
    assert send("POST", f"{path}/enable").json()["data"]["attributes"]["state"] == "ENABLED"


def test_rule_is_not_found_in_other_project(send: Send, make: Make, rules: str) -> None:
    rule = make(rules, "rule", name="x", trigger=TRIGGER, action=ACTION)
    other = make("/cases/projects", "project", key="OTHER", name="x")["id"]
    assert send("GET", f"/cases/projects/{other}/rules/{rule['id']}").status_code == 404
    assert send("GET", f"/cases/projects/{other}/rules").json() == {"data": []}
    assert send("GET", rules).json() == {"data": [rule]}
    assert send("DELETE", f"{rules}/{rule['id']}").status_code == 204
    assert send("GET", f"{rules}/{rule['id']}").status_code == 404
