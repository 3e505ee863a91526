from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from datadog_api_client.v2.api.case_management_api import CaseManagementApi
from datadog_api_client.v2.model.automation_rule_create_request import AutomationRuleCreateRequest
from datadog_api_client.v2.model.automation_rule_update_request import AutomationRuleUpdateRequest

Body: TypeAlias = Callable[[type[Any], object], Any]
Make: TypeAlias = Callable[..., Any]


ME = "5a9d0c00-0000-4000-8000-000000000001"


def rule(name: str, **changes: object) -> dict[str, object]:
    whole = {
        "name": name,
        "trigger": {
            "type": "STATUS_TRANSITIONED",
            "data": {"from_status_name": "Open", "to_status_name": "Closed"},
        },
        "action": {"type": "EXECUTE_WORKFLOW", "data": {"handle": "page"}},
    }
    return {"type": "rule", "attributes": {**whole, **changes}}


@pytest.fixture
def make_rule(cases: CaseManagementApi, body: Body, project_id: str) -> Make:
    """Return a function that creates and returns a rule, as in `make_rule("x")`."""

    def made(name: str, **changes: object) -> Any:  # noqa: ANN401 - the client's own type
        request = body(AutomationRuleCreateRequest, rule(name, **changes))
        return cases.create_case_automation_rule(project_id, request).data

    return made


def test_create_case_automation_rule(make_rule: Make) -> None:
    attributes = make_rule("x").attributes
    assert (attributes.name, str(attributes.state)) == ("x", "ENABLED")
    assert str(attributes.trigger.type) == "STATUS_TRANSITIONED"
    assert attributes.trigger.data.to_status_name == "Closed"
    assert str(attributes.action.type) == "EXECUTE_WORKFLOW"
    assert attributes.action.data.handle == "page"
    assert attributes.created_at.tzinfo is not None


def test_get_case_automation_rule(
    cases: CaseManagementApi, make_rule: Make, project_id: str
) -> None:
    made = make_rule("x")
    found = cases.get_case_automation_rule(project_id, made.id).data
    assert found == made
    assert found.relationships.created_by.data.id == ME


def test_list_case_automation_rules(
    cases: CaseManagementApi, make_rule: Make, project_id: str
) -> None:
    made = [make_rule("x"), make_rule("y")]
    assert cases.list_case_automation_rules(project_id).data == made


def test_update_case_automation_rule(
    cases: CaseManagementApi, body: Body, make_rule: Make, project_id: str
) -> None:
    made = make_rule("x")
    agent = {"type": "ASSIGN_AGENT", "data": {"agent_type": "a", "assigned_agent_id": "1"}}
    request = body(AutomationRuleUpdateRequest, rule("y", action=agent, state="DISABLED"))
    changed = cases.update_case_automation_rule(project_id, made.id, request).data
    assert (changed.id, changed.attributes.name) == (made.id, "y")
    assert changed.attributes.action.data.assigned_agent_id == "1"
    assert str(changed.attributes.state) == "DISABLED"
    assert changed.attributes.modified_at > changed.attributes.created_at
    assert changed.relationships.modified_by.data.id == ME


def test_disable_case_automation_rule(
    cases: CaseManagementApi, make_rule: Make, project_id: str
) -> None:
    disabled = cases.disable_case_automation_rule(project_id, make_rule("x").id).data
    assert str(disabled.attributes.state) == "DISABLED"


def test_enable_case_automation_rule(
    cases: CaseManagementApi, make_rule: Make, project_id: str
) -> None:
    made = make_rule("x", state="DISABLED")
    enabled = cases.enable_case_automation_rule(project_id, made.id).data
    assert str(enabled.attributes.state) == "ENABLED"


def test_delete_case_automation_rule(
    cases: CaseManagementApi, make_rule: Make, project_id: str
) -> None:
    gone, left = make_rule("x"), make_rule("y")
    cases.delete_case_automation_rule(project_id, gone.id)
    assert cases.list_case_automation_rules(project_id).data == [left]
