from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
import requests

Send: TypeAlias = Callable[..., requests.Response]
Make: TypeAlias = Callable[..., dict[str, Any]]

RECIPIENT = {"type": "EMAIL", "data": {"email": "a@example.com"}}
TRIGGER: dict[str, object] = {"type": "CASE_CREATED", "data": {}}


def rule(**attributes: object) -> dict[str, object]:
    return {"type": "notification_rule", "attributes": attributes}


@pytest.fixture
def rules(project_id: str) -> str:
    return f"/cases/projects/{project_id}/notification_rules"


@pytest.mark.parametrize(
    "recipient",
    [
        RECIPIENT,
        {"type": "SLACK_CHANNEL", "data": {"workspace": "w", "workspace_id": "1", "channel": "c"}},
        {
            "type": "MS_TEAMS_CHANNEL",
            "data": {"tenant_id": "1", "team_id": "2", "channel_name": "c"},
        },
        {"type": "PAGERDUTY_SERVICE", "data": {"service_name": "s"}},
        {"type": "HTTP", "data": {"name": "webhook"}},
        {"type": "HTTP"},
    ],
)
@pytest.mark.parametrize(
    "trigger",
    [
        TRIGGER,
        {"type": "STATUS_TRANSITIONED", "data": {"from_status_name": "a", "to_status": "2"}},
        {"type": "ATTRIBUTE_VALUE_CHANGED", "data": {"field": "f", "change_type": "added"}},
        {"type": "EVENT_CORRELATION_SIGNAL_CORRELATED"},
    ],
)
def test_returns_rule_as_sent(
    send: Send, make: Make, rules: str, recipient: object, trigger: object
) -> None:
    made = make(rules, "notification_rule", recipients=[recipient], triggers=[trigger])
    assert made["attributes"] == {
        "recipients": [recipient],
        "triggers": [trigger],
        "is_enabled": True,
    }
    assert send("GET", rules).json() == {"data": [made]}


def test_put_keeps_omitted_attributes_and_has_no_body(send: Send, make: Make, rules: str) -> None:
    made = make(rules, "notification_rule", recipients=[RECIPIENT], triggers=[TRIGGER], query="q")
    path = f"{rules}/{made['id']}"
    changes: list[dict[str, object]] = [{"is_enabled": False}, {"query": "r"}, {"recipients": []}]
    for attributes in changes:
        changed = send("PUT", path, rule(**attributes))
        assert (changed.status_code, changed.content) == (204, b"")
        made["attributes"] |= attributes
        assert send("GET", rules).json() == {"data": [made]}
    assert send("PUT", path, {"type": "notification_rule"}).status_code == 204
    assert send("GET", rules).json() == {"data": [made]}


def test_rule_is_not_found_in_other_project(send: Send, make: Make, rules: str) -> None:
    made = make(rules, "notification_rule", recipients=[RECIPIENT], triggers=[TRIGGER])
    other = make("/cases/projects", "project", key="OPS", name="x")["id"]
    elsewhere = f"/cases/projects/{other}/notification_rules"
    assert send("GET", elsewhere).json() == {"data": []}
    assert send("DELETE", f"{elsewhere}/{made['id']}").status_code == 404
    assert send("DELETE", f"{rules}/{made['id']}").status_code == 204
    assert send("DELETE", f"{rules}/{made['id']}").status_code == 404
    assert send("PUT", f"{rules}/{made['id']}", rule(query="x")).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"recipients": [{"type": "PIGEON"}]},
        {"recipients": [{"type": "EMAIL", "data": {"mail": "x"}}]},
        {"triggers": [{"type": "COMMENT_ADDED"}]},
        {"triggers": [{"type": "case_created"}]},
        {"triggers": TRIGGER},
        {"is_enabled": "true"},
        {"name": "x"},
    ],
)
def test_rejects_invalid_rules(
    send: Send, make: Make, rules: str, changes: dict[str, object]
) -> None:
    whole = {"recipients": [RECIPIENT], "triggers": [TRIGGER]}
    assert send("POST", rules, rule(**{**whole, **changes})).status_code == 400
    made = make(rules, "notification_rule", **whole)
    assert send("PUT", f"{rules}/{made['id']}", rule(**changes)).status_code == 400
    for missing in whole:
        partial = {name: value for name, value in whole.items() if name != missing}
        assert send("POST", rules, rule(**partial)).status_code == 400
