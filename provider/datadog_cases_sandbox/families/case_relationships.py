"""What a case is tied to: its project, incidents, Jira, ServiceNow and its notebook.

All below `/cases/{case_id}/relationships`.
"""

import uuid
from typing import Annotated, Final, Literal, NotRequired

from pydantic import Field, JsonValue
from typing_extensions import TypedDict

from datadog_cases_sandbox import errors
from datadog_cases_sandbox.bodies import Document, NonEmpty, Relationship, Resource, Typed
from datadog_cases_sandbox.call import Answer, Call, Endpoints
from datadog_cases_sandbox.families import projects, tickets
from datadog_cases_sandbox.families.cases import Case, addressed, answer, changed, next_key
from datadog_cases_sandbox.families.tickets import Ticket

JIRA_PROJECT: Final = "SANDBOX"
FIRST_JIRA_ID: Final = 10_000


class NewJiraIssue(TypedDict):
    """A Jira issue to make."""

    jira_account_id: NonEmpty
    project_id: NonEmpty
    issue_type_id: NonEmpty
    fields: NotRequired[dict[str, JsonValue]]


class JiraLink(TypedDict):
    """A Jira issue that is there."""

    jira_issue_url: Annotated[str, Field(pattern=r"^https?://[^/\s]+/(\S+/)?[A-Z]\w*-\d+$")]


class NewServiceNowTicket(TypedDict):
    """A ServiceNow ticket to make."""

    instance_name: NonEmpty
    assignment_group: NotRequired[str]


def _move(call: Call) -> Answer:
    project_id = call.sent(Relationship[Literal["project"]]).data.id
    case = addressed(call)
    project = projects.find(call.store, project_id)
    if project.id == case.project_id:
        return answer(call.store, case)
    # It gets a key of the new project, and its old key is nobody's any more (assumed).
    changes: dict[str, object] = {"project_id": project.id, "key": next_key(call.store, project)}
    return answer(call.store, changed(call.store, case, changes))


def _link_incident(call: Call) -> Answer:
    incident_id = call.sent(Relationship[Literal["incidents"]]).data.id
    case = addressed(call)
    incident_ids = dict.fromkeys([*case.incident_ids, incident_id])
    changes: dict[str, object] = {"incident_ids": [*incident_ids]}
    return answer(call.store, changed(call.store, case, changes), 201)


def _create_jira_issue(call: Call) -> Answer:
    sent = call.sent(Document[Resource[Literal["issues"], NewJiraIssue]]).data.attributes
    case = addressed(call)
    _refuse_another("Jira issue", case, case.jira_issue)
    key = f"{JIRA_PROJECT}-{call.store.next('Jira issue key')}"
    result = _jira_issue(call, f"https://jira.example.com/browse/{key}")
    issue = tickets.asked_for(sent["project_id"], call.async_delay, result)
    changed(call.store, case, {"jira_issue": issue})
    return Answer(202)


def _link_jira_issue(call: Call) -> Answer:
    sent = call.sent(Document[Resource[Literal["issues"], JiraLink]]).data.attributes
    case, url = addressed(call), sent["jira_issue_url"]
    if tickets.is_there(case.jira_issue):
        raise errors.conflict(f"case {case.key} is already linked to a Jira issue")
    for other in call.store.list(Case):
        issue = other.jira_issue
        if issue is not None and issue.result is not None and issue.result["issue_url"] == url:
            raise errors.conflict(f"Jira issue {url} is already linked to case {other.key}")
    issue = Ticket(done_at=0, result=_jira_issue(call, url))
    changed(call.store, case, {"jira_issue": issue})
    return Answer(204)


def _unlink_jira_issue(call: Call) -> Answer:
    case = addressed(call)
    if case.jira_issue is None:
        raise errors.not_found("jira issue not found", f"case {case.key} has no Jira issue")
    changed(call.store, case, {"jira_issue": None})
    return Answer(204)


def _jira_issue(call: Call, url: str) -> dict[str, str]:
    key = url.rpartition("/")[2]
    return {
        "issue_id": str(FIRST_JIRA_ID + call.store.next("Jira issue id")),
        "issue_key": key,
        "issue_url": url,
        "project_key": key.rpartition("-")[0],
    }


def _create_service_now_ticket(call: Call) -> Answer:
    sent = call.sent(Document[Resource[Literal["tickets"], NewServiceNowTicket]]).data.attributes
    case, instance = addressed(call), sent["instance_name"]
    _refuse_another("ServiceNow ticket", case, case.service_now_ticket)
    link = f"https://{instance}.service-now.com/incident.do?sys_id={uuid.uuid4().hex}"
    ticket = tickets.asked_for(instance, call.async_delay, {"sys_target_link": link})
    changed(call.store, case, {"service_now_ticket": ticket})
    return Answer(202)


def _refuse_another(what: str, case: Case, ticket: Ticket | None) -> None:
    if tickets.is_there(ticket):
        raise errors.generic_error(f"case {case.key} already has a {what}")


def _create_notebook(call: Call) -> Answer:
    call.sent(Document[Typed[Literal["notebook"]]])
    case = addressed(call)
    changed(call.store, case, {"notebook_id": case.notebook_id or str(uuid.uuid4())})
    return Answer(204)


_OF_CASE: Final = "/cases/{case_id}/relationships"
ENDPOINTS: Final[Endpoints] = {
    ("PATCH", f"{_OF_CASE}/project"): _move,
    ("POST", f"{_OF_CASE}/incidents"): _link_incident,
    ("POST", f"{_OF_CASE}/jira_issues"): _create_jira_issue,
    ("PATCH", f"{_OF_CASE}/jira_issues"): _link_jira_issue,
    ("DELETE", f"{_OF_CASE}/jira_issues"): _unlink_jira_issue,
    ("POST", f"{_OF_CASE}/servicenow_tickets"): _create_service_now_ticket,
    ("POST", f"{_OF_CASE}/notebook"): _create_notebook,
}
