from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from datadog_api_client.v2.api.case_management_api import CaseManagementApi
from datadog_api_client.v2.model.case_notification_rule_create_request import (
    CaseNotificationRuleCreateRequest,
)
from datadog_api_client.v2.model.case_notification_rule_update_request import (
    CaseNotificationRuleUpdateRequest,
)
from datadog_api_client.v2.model.case_view_create_request import CaseViewCreateRequest
from datadog_api_client.v2.model.case_view_update_request import CaseViewUpdateRequest

Body: TypeAlias = Callable[[type[Any], object], Any]
Make: TypeAlias = Callable[..., Any]


ME = "5a9d0c00-0000-4000-8000-000000000001"


@pytest.fixture
def make_rule(cases: CaseManagementApi, body: Body, project_id: str) -> Make:
    """A function that creates and returns a notification rule, as in `make_rule(query="x")`."""

    def made(**attributes: object) -> Any:  # noqa: ANN401 - the client's own type
        slack = {"workspace": "w", "workspace_id": "1", "channel": "c", "channel_id": "2"}
        whole = {
            "recipients": [{"type": "SLACK_CHANNEL", "data": slack}],
            "triggers": [{"type": "STATUS_TRANSITIONED", "data": {"to_status_name": "Closed"}}],
            **attributes,
        }
        data = {"type": "notification_rule", "attributes": whole}
        request = body(CaseNotificationRuleCreateRequest, data)
        return cases.create_project_notification_rule(project_id, request).data

    return made


@pytest.fixture
def make_view(cases: CaseManagementApi, body: Body, project_id: str) -> Make:
    """Return a function that creates and returns a view of the project, as in `make_view("x")`."""

    def made(name: str, **attributes: object) -> Any:  # noqa: ANN401 - the client's own type
        whole = {"name": name, "query": "status:open", "project_id": project_id, **attributes}
        request = body(CaseViewCreateRequest, {"type": "view", "attributes": whole})
        return cases.create_case_view(request).data

    return made


def test_create_project_notification_rule(make_rule: Make) -> None:
    attributes = make_rule(query="priority:P1").attributes
    (recipient,), (trigger,) = attributes.recipients, attributes.triggers
    assert (recipient.type, recipient.data.channel_id) == ("SLACK_CHANNEL", "2")
    assert (trigger.type, trigger.data.to_status_name) == ("STATUS_TRANSITIONED", "Closed")
    assert (attributes.query, attributes.is_enabled) == ("priority:P1", True)


def test_get_project_notification_rules(
    cases: CaseManagementApi, make_rule: Make, project_id: str
) -> None:
    made = [make_rule(), make_rule()]
    assert cases.get_project_notification_rules(project_id).data == made


def test_update_project_notification_rule(
    cases: CaseManagementApi, body: Body, make_rule: Make, project_id: str
) -> None:
    made = make_rule()
    data = {"type": "notification_rule", "attributes": {"is_enabled": False}}
    request = body(CaseNotificationRuleUpdateRequest, data)
    cases.update_project_notification_rule(project_id, made.id, request)
    (changed,) = cases.get_project_notification_rules(project_id).data
    assert changed.attributes.is_enabled is False
    assert changed.attributes.recipients == made.attributes.recipients


def test_delete_project_notification_rule(
    cases: CaseManagementApi, make_rule: Make, project_id: str
) -> None:
    gone, left = make_rule(), make_rule()
    cases.delete_project_notification_rule(project_id, gone.id)
    assert cases.get_project_notification_rules(project_id).data == [left]


def test_create_case_view(make_view: Make, make_rule: Make, project_id: str) -> None:
    rule_id = make_rule().id
    view = make_view("x", np_rule_id=rule_id)
    attributes = view.attributes
    assert (attributes.name, attributes.query) == ("x", "status:open")
    assert attributes.np_rule_id == rule_id
    assert attributes.created_at.tzinfo is not None
    assert view.relationships.project.data.id == project_id
    assert view.relationships.created_by.data.id == ME


def test_get_case_view(cases: CaseManagementApi, make_view: Make) -> None:
    made = make_view("x")
    assert cases.get_case_view(made.id).data == made


def test_list_case_views(cases: CaseManagementApi, make_view: Make, project_id: str) -> None:
    made = [make_view("x"), make_view("y")]
    assert cases.list_case_views(project_id).data == made


def test_update_case_view(cases: CaseManagementApi, body: Body, make_view: Make) -> None:
    made = make_view("x")
    data = {"type": "view", "attributes": {"query": "status:closed"}}
    changed = cases.update_case_view(made.id, body(CaseViewUpdateRequest, data)).data
    attributes = changed.attributes
    assert (attributes.name, attributes.query) == ("x", "status:closed")
    assert attributes.modified_at > attributes.created_at
    assert changed.relationships.modified_by.data.id == ME


def test_delete_case_view(cases: CaseManagementApi, make_view: Make, project_id: str) -> None:
    gone, left = make_view("x"), make_view("y")
    cases.delete_case_view(gone.id)
    assert cases.list_case_views(project_id).data == [left]
