"""Relationships of a case to its project, incidents, Jira, ServiceNow and a notebook.

All endpoints are below `/cases/{case_id}/relationships`.
"""

import uuid
from typing import Annotated, Final, Literal, NotRequired

from pydantic import Field, JsonValue
from typing_extensions import TypedDict

from datadog_cases_sandbox import errors
from datadog_cases_sandbox.bodies import Document, NonEmpty, Relationship, Resource, Typed
from datadog_cases_sandbox.endpoints import projects, tickets
from datadog_cases_sandbox.endpoints.cases import (
    Case,
    case_response,
    from_path,
    next_key,
    update_case,
)
from datadog_cases_sandbox.endpoints.tickets import Ticket
from datadog_cases_sandbox.handler import ApiRequest, ApiResponse, Endpoints
from datadog_cases_sandbox.store import Record, Store

JIRA_PROJECT: Final = "SANDBOX"
FIRST_JIRA_ID: Final = 10_000


class JiraIssue(Record):
    """A Jira issue that a case is or was linked to. Linking it again gives the same issue id.

    Attributes:
        url: The URL of the issue.
        issue_id: The id of the issue in Jira.
    """

    resource_type = "jira_issue"

    url: str
    issue_id: str

    @property
    def alias(self) -> str:
        """The URL, which no two issues share."""
        return self.url


class NewJiraIssue(TypedDict):
    """A Jira issue to create."""

    jira_account_id: NonEmpty
    project_id: NonEmpty
    issue_type_id: NonEmpty
    fields: NotRequired[dict[str, JsonValue]]


class JiraLink(TypedDict):
    """An existing Jira issue to link."""

    jira_issue_url: Annotated[str, Field(pattern=r"^https?://[^/\s]+/(\S+/)?[A-Z]\w*-\d+$")]


class NewServiceNowTicket(TypedDict):
    """A ServiceNow ticket to create."""

    instance_name: NonEmpty
    assignment_group: NotRequired[str]


def _set_project(request: ApiRequest) -> ApiResponse:
    project_id = request.body(Relationship[Literal["project"]]).data.id
    case = from_path(request)
    project = projects.find(request.store, project_id)
    if project.id == case.project_id:
        return case_response(request.store, case)
    # The case gets a key in the new project. The old key then finds no case (assumed). The case
    # loses its Jira issue (documented).
    changes: dict[str, object] = {
        "project_id": project.id,
        "key": next_key(request.store, project),
        "jira_issue": None,
    }
    return case_response(request.store, update_case(request.store, case, changes))


def _link_incident(request: ApiRequest) -> ApiResponse:
    incident_id = request.body(Relationship[Literal["incidents"]]).data.id
    case = from_path(request)
    incident_ids = dict.fromkeys([*case.incident_ids, incident_id])
    changes: dict[str, object] = {"incident_ids": [*incident_ids]}
    return case_response(request.store, update_case(request.store, case, changes), 201)


def _create_jira_issue(request: ApiRequest) -> ApiResponse:
    attributes = request.body(Document[Resource[Literal["issues"], NewJiraIssue]]).data.attributes
    case = from_path(request)
    _reject_second("Jira issue", case, case.jira_issue)
    key = f"{JIRA_PROJECT}-{request.store.next('Jira issue key')}"
    result = _jira_issue(request.store, f"https://jira.example.com/browse/{key}")
    issue = tickets.request_ticket(attributes["project_id"], request.async_delay, result)
    update_case(request.store, case, {"jira_issue": issue})
    return ApiResponse(202)


def _link_jira_issue(request: ApiRequest) -> ApiResponse:
    attributes = request.body(Document[Resource[Literal["issues"], JiraLink]]).data.attributes
    case, url = from_path(request), attributes["jira_issue_url"]
    if tickets.is_active(case.jira_issue):
        raise errors.conflict(f"case {case.key} is already linked to a Jira issue")
    for other in request.store.containing(Case, url):
        issue = other.jira_issue
        if issue is not None and issue.result is not None and issue.result["issue_url"] == url:
            raise errors.conflict(f"Jira issue {url} is already linked to case {other.key}")
    issue = Ticket(done_at=0, result=_jira_issue(request.store, url))
    update_case(request.store, case, {"jira_issue": issue})
    return ApiResponse(204)


def _unlink_jira_issue(request: ApiRequest) -> ApiResponse:
    case = from_path(request)
    if case.jira_issue is None:
        raise errors.not_found("jira issue not found", f"case {case.key} has no Jira issue")
    update_case(request.store, case, {"jira_issue": None})
    return ApiResponse(204)


def _jira_issue(store: Store, url: str) -> dict[str, str]:
    key = url.rpartition("/")[2]
    issue = store.current(JiraIssue, url)
    if issue is None:
        issue = JiraIssue(url=url, issue_id=str(FIRST_JIRA_ID + store.next("Jira issue id")))
        store.put(issue)
    return {
        "issue_id": issue.issue_id,
        "issue_key": key,
        "issue_url": url,
        "project_key": key.rpartition("-")[0],
    }


def _create_service_now_ticket(request: ApiRequest) -> ApiResponse:
    attributes = request.body(
        Document[Resource[Literal["tickets"], NewServiceNowTicket]]
    ).data.attributes
    case, instance = from_path(request), attributes["instance_name"]
    _reject_second("ServiceNow ticket", case, case.service_now_ticket)
    link = f"https://{instance}.service-now.com/incident.do?sys_id={uuid.uuid4().hex}"
    ticket = tickets.request_ticket(instance, request.async_delay, {"sys_target_link": link})
    update_case(request.store, case, {"service_now_ticket": ticket})
    return ApiResponse(202)


def _reject_second(name: str, case: Case, ticket: Ticket | None) -> None:
    if tickets.is_active(ticket):
        raise errors.duplicate(f"case {case.key} already has a {name}")


def _create_notebook(request: ApiRequest) -> ApiResponse:
    request.body(Document[Typed[Literal["notebook"]]])
    case = from_path(request)
    update_case(request.store, case, {"notebook_id": case.notebook_id or str(uuid.uuid4())})
    return ApiResponse(204)


_RELATIONSHIPS: Final = "/cases/{case_id}/relationships"
ENDPOINTS: Final[Endpoints] = {
    ("PATCH", f"{_RELATIONSHIPS}/project"): _set_project,
    ("POST", f"{_RELATIONSHIPS}/incidents"): _link_incident,
    ("POST", f"{_RELATIONSHIPS}/jira_issues"): _create_jira_issue,
    ("PATCH", f"{_RELATIONSHIPS}/jira_issues"): _link_jira_issue,
    ("DELETE", f"{_RELATIONSHIPS}/jira_issues"): _unlink_jira_issue,
    ("POST", f"{_RELATIONSHIPS}/servicenow_tickets"): _create_service_now_ticket,
    ("POST", f"{_RELATIONSHIPS}/notebook"): _create_notebook,
}
