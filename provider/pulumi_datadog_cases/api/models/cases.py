"""Models of cases."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import Field

from pulumi_datadog_cases.api.enums import (
    CaseInsightType,
    CasePriority,
    CaseStatusGroup,
    CustomAttributeType,
    TicketStatus,
)
from pulumi_datadog_cases.api.models.base import (
    Author,
    Json,
    Model,
    RequestModel,
    ResponseModel,
    ToOne,
)


class CustomAttributeValue(RequestModel):
    """The value of a custom attribute on a case."""

    type: CustomAttributeType
    """Type of the attribute's definition."""
    is_multi: bool
    """Whether the attribute has a list of values."""
    value: int | float | str | Sequence[int | float | str] | None = None
    """A string or number; if `is_multi` is true, a list of strings or numbers."""


class Insight(RequestModel):
    """A reference from a case to another object in Datadog."""

    type: CaseInsightType
    """Kind of the object."""
    resource_id: str
    """Id of the object."""
    ref: str | None = None
    """Path of the object's page, such as `/monitors/12345?q=total`. Required in requests."""


class JiraIssueResult(Model):
    """The Jira issue that was created."""

    issue_id: str | None = None
    issue_key: str | None = None
    issue_url: str | None = None
    project_key: str | None = None


class JiraIssue(Model):
    """The Jira issue of a case."""

    status: TicketStatus | None = None
    """Status of the creation of the issue."""
    result: JiraIssueResult | None = None
    """The issue, once it exists."""


class ServiceNowTicketResult(Model):
    """The ServiceNow ticket that was created."""

    sys_target_link: str | None = None
    """Link to the ticket."""


class ServiceNowTicket(Model):
    """The ServiceNow ticket of a case."""

    status: TicketStatus | None = None
    """Status of the creation of the ticket."""
    result: ServiceNowTicketResult | None = None
    """The ticket, once it exists."""


class CaseAttributes(ResponseModel):
    """The attributes of a case."""

    key: str
    """Key of the project and number of the case, such as `SEC-12`."""
    title: str
    """Title of the case."""
    type_id: str | None = None
    """UUID of the case type."""
    description: str | None = None
    """Description, in Markdown."""
    priority: CasePriority | str | None = None
    """Priority of the case."""
    status_name: str | None = None
    """Name of the status, such as `In Progress`."""
    status_group: CaseStatusGroup | None = None
    """Group of the status."""
    status: str | None = None
    """Deprecated by Datadog: use `status_name`."""
    type: str | None = None
    """Deprecated by Datadog: use `type_id`."""
    attributes: Mapping[str, Sequence[str]] = Field(default_factory=dict)
    """Labels of the case, such as `{"env": ["prod"]}`."""
    custom_attributes: Mapping[str, CustomAttributeValue] = Field(default_factory=dict)
    """Values of custom attributes, by the key of the definition."""
    insights: Sequence[Insight] = ()
    """References to other objects (recorded)."""
    jira_issue: JiraIssue | None = None
    """Jira issue of the case."""
    service_now_ticket: ServiceNowTicket | None = None
    """ServiceNow ticket of the case."""
    due_date: str | None = None
    """Due date, `YYYY-MM-DD`. It is not known whether the API returns it."""
    security_resolved_reason: str | None = None
    """Why a security case was resolved. It is not known whether the API returns it."""
    created_at: datetime | None = None
    """When the case was created."""
    modified_at: datetime | None = None
    """When the case was last changed; None before the first change."""
    closed_at: datetime | None = None
    """When the case was closed. Some closed cases have none (recorded)."""
    archived_at: datetime | None = None
    """When the case was archived; None if it is not archived."""
    public_id: str | None = None
    """Number of the case in the organisation (recorded)."""
    creation_source: str | None = None
    """What created the case, such as `MANUAL` (recorded)."""
    merge_status: str | None = None
    """Whether the case was merged, such as `NOT_MERGED` (recorded)."""
    comment_count: int | None = None
    """Not the number of comments: it is always 0 (recorded)."""
    internal_id: str | None = None
    """Id of the case (recorded)."""
    created_by_author: Author | None = None
    """User who created the case. Only the responses to searches have it (recorded)."""


class CaseRelationships(ResponseModel):
    """The relationships of a case."""

    project: ToOne | None = None
    """Project of the case."""
    assignee: ToOne | None = None
    """User to whom the case is assigned; None if it is not assigned."""
    created_by: ToOne | None = None
    """User who created the case."""
    modified_by: ToOne | None = None
    """User who last changed the case; None before the first change."""


class CaseRequest(RequestModel):
    """The attributes of a case to create."""

    title: str
    """Title of the case."""
    type_id: str
    """UUID of the case type."""
    description: str | None = None
    """Description, in Markdown."""
    priority: CasePriority | str | None = None
    """Priority of the case."""
    status_name: str | None = None
    """Name of a status of the case type. By default, the API chooses the type's default status."""
    custom_attributes: Mapping[str, CustomAttributeValue] | None = None
    """Values of custom attributes, by the key of the definition."""


class BulkPriority(RequestModel):
    """The payload of the bulk update `priority`."""

    priority: CasePriority | str
    """Priority to set."""


class BulkStatus(RequestModel):
    """The payload of the bulk update `status`."""

    status_name: str
    """Name of a status. The type of each case must have this status."""


class BulkAssignment(RequestModel):
    """The payload of the bulk update `assign`."""

    assignee_id: str
    """UUID of the user."""


class BulkMove(RequestModel):
    """The payload of the bulk update `update_project`."""

    project_id: str
    """UUID of the project to move to."""


class BulkJiraIssue(RequestModel):
    """The payload of the bulk update `jira`, which creates an issue for each case."""

    jira_account_id: str
    project_id: str
    issue_type_id: str


class BulkServiceNowTicket(RequestModel):
    """The payload of the bulk update `servicenow`, which creates a ticket for each case."""

    instance_name: str
    assignment_group: str | None = None


class JiraIssueRequest(RequestModel):
    """The attributes of a Jira issue to create."""

    jira_account_id: str
    project_id: str
    issue_type_id: str
    fields: Mapping[str, Json] | None = None
    """Further fields of the issue."""


class ServiceNowTicketRequest(RequestModel):
    """The attributes of a ServiceNow ticket to create."""

    instance_name: str
    assignment_group: str | None = None


class WatcherRelationships(ResponseModel):
    """The relationships of a watcher."""

    user: ToOne
    """The user who watches the case."""
