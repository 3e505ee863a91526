from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from datadog_api_client.exceptions import ApiException
from datadog_api_client.v2.api.case_management_api import CaseManagementApi
from datadog_api_client.v2.model.jira_issue_create_request import JiraIssueCreateRequest
from datadog_api_client.v2.model.jira_issue_link_request import JiraIssueLinkRequest
from datadog_api_client.v2.model.notebook_create_request import NotebookCreateRequest
from datadog_api_client.v2.model.project_relationship import ProjectRelationship
from datadog_api_client.v2.model.relationship_to_incident_request import (
    RelationshipToIncidentRequest,
)
from datadog_api_client.v2.model.service_now_ticket_create_request import (
    ServiceNowTicketCreateRequest,
)

Body: TypeAlias = Callable[[type[Any], object], Any]
Make: TypeAlias = Callable[..., Any]


INCIDENT = "67d80aa3-36ff-44b9-a694-c501a7591737"
JIRA_URL = "https://jira.example.com/browse/PROJ-123"


def test_move_case_to_project(
    cases: CaseManagementApi, body: Body, make_project: Make, case_id: str
) -> None:
    other = make_project("OPS").id
    request = body(ProjectRelationship, {"type": "project", "id": other})
    moved = cases.move_case_to_project(case_id, request).data
    assert moved.relationships.project.data.id == other
    assert moved.attributes.key == "OPS-1"


def test_link_incident(cases: CaseManagementApi, body: Body, case_id: str) -> None:
    request = body(RelationshipToIncidentRequest, {"type": "incidents", "id": INCIDENT})
    assert cases.link_incident(case_id, request).data.id == case_id


@pytest.mark.parametrize(("project", "status"), [("10001", "COMPLETED"), ("FAIL", "FAILED")])
def test_create_case_jira_issue(
    cases: CaseManagementApi, body: Body, case_id: str, project: str, status: str
) -> None:
    attributes = {
        "jira_account_id": "1",
        "project_id": project,
        "issue_type_id": "3",
        "fields": {"labels": ["a"]},
    }
    request = body(JiraIssueCreateRequest, {"type": "issues", "attributes": attributes})
    cases.create_case_jira_issue(case_id, request)
    issue = cases.get_case(case_id).data.attributes.jira_issue
    assert str(issue.status) == status
    if status == "COMPLETED":
        assert issue.result.issue_key.startswith(f"{issue.result.project_key}-")
        assert issue.result.issue_url.endswith(issue.result.issue_key)
        assert issue.result.issue_id


@pytest.fixture
def link_jira_issue(cases: CaseManagementApi, body: Body, case_id: str) -> Callable[[], None]:
    """Return a function that links a Jira issue to the case."""
    data = {"type": "issues", "attributes": {"jira_issue_url": JIRA_URL}}
    return lambda: cases.link_jira_issue_to_case(case_id, body(JiraIssueLinkRequest, data))


def test_link_jira_issue_to_case(
    cases: CaseManagementApi, link_jira_issue: Callable[[], None], case_id: str
) -> None:
    link_jira_issue()
    issue = cases.get_case(case_id).data.attributes.jira_issue
    assert str(issue.status) == "COMPLETED"
    assert (issue.result.issue_url, issue.result.issue_key) == (JIRA_URL, "PROJ-123")
    with pytest.raises(ApiException) as refused:
        link_jira_issue()
    assert refused.value.status == 409


def test_unlink_jira_issue(
    cases: CaseManagementApi, link_jira_issue: Callable[[], None], case_id: str
) -> None:
    link_jira_issue()
    cases.unlink_jira_issue(case_id)
    assert "jira_issue" not in cases.get_case(case_id).data.attributes


def test_create_case_service_now_ticket(cases: CaseManagementApi, body: Body, case_id: str) -> None:
    attributes = {"instance_name": "acme", "assignment_group": "x"}
    data = {"type": "tickets", "attributes": attributes}
    cases.create_case_service_now_ticket(case_id, body(ServiceNowTicketCreateRequest, data))
    ticket = cases.get_case(case_id).data.attributes.service_now_ticket
    assert str(ticket.status) == "COMPLETED"
    assert ticket.result.sys_target_link.startswith("https://acme.service-now.com/")


def test_create_case_notebook(cases: CaseManagementApi, body: Body, case_id: str) -> None:
    cases.create_case_notebook(case_id, body(NotebookCreateRequest, {"type": "notebook"}))
    assert "modified_at" in cases.get_case(case_id).data.attributes
