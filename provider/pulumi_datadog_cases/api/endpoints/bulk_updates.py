"""Bulk updates, which make the same change to many cases in one request.

Only the payloads of `priority` and `assign` are documented, by sample requests. The other payloads
are assumed to have the values that the endpoints for a single case require.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, NotRequired, overload

from typing_extensions import TypedDict

from pulumi_datadog_cases.api.endpoints.group import EndpointGroup
from pulumi_datadog_cases.api.enums import CasePriority
from pulumi_datadog_cases.api.http.json_api import JSON, body


class PriorityPayload(TypedDict):
    """Payload of `priority`: the priority to set."""

    priority: CasePriority


class StatusPayload(TypedDict):
    """Payload of `status`: the name of a status. The type of each case must have this status."""

    status_name: str


class AssignPayload(TypedDict):
    """Payload of `assign`: the UUID of the user."""

    assignee_id: str


class ProjectPayload(TypedDict):
    """Payload of `update_project`: the UUID of the project to move to."""

    project_id: str


class JiraPayload(TypedDict):
    """Payload of `jira`: where to create an issue for each case."""

    jira_account_id: str
    project_id: str
    issue_type_id: str


class ServiceNowPayload(TypedDict):
    """Payload of `servicenow`: where to create a ticket for each case."""

    instance_name: str
    assignment_group: NotRequired[str]


class BulkUpdateEndpoints(EndpointGroup):
    """The method of `client.cases` that changes many cases in one request."""

    @overload
    def bulk(
        self, operation: Literal["priority"], case_ids: Sequence[str], payload: PriorityPayload
    ) -> None: ...
    @overload
    def bulk(
        self, operation: Literal["status"], case_ids: Sequence[str], payload: StatusPayload
    ) -> None: ...
    @overload
    def bulk(
        self, operation: Literal["assign"], case_ids: Sequence[str], payload: AssignPayload
    ) -> None: ...
    @overload
    def bulk(
        self, operation: Literal["update_project"], case_ids: Sequence[str], payload: ProjectPayload
    ) -> None: ...
    @overload
    def bulk(
        self, operation: Literal["jira"], case_ids: Sequence[str], payload: JiraPayload
    ) -> None: ...
    @overload
    def bulk(
        self, operation: Literal["servicenow"], case_ids: Sequence[str], payload: ServiceNowPayload
    ) -> None: ...
    @overload
    def bulk(
        self, operation: Literal["linear"], case_ids: Sequence[str], payload: Mapping[str, str]
    ) -> None: ...
    @overload
    def bulk(
        self, operation: Literal["unassign", "archive", "unarchive"], case_ids: Sequence[str]
    ) -> None: ...
    def bulk(
        self, operation: str, case_ids: Sequence[str], payload: Mapping[str, object] | None = None
    ) -> None:
        """Make the same change to many cases: POST /cases/bulk.

        The response is empty and does not say which cases changed (documented).

        Args:
            operation: the kind of change.
            case_ids: the cases, by UUID or key.
            payload: the values to set; none for `unassign`, `archive` and `unarchive`.
        """
        attributes: dict[str, JSON] = {"type": operation, "case_ids": list(case_ids)}
        if payload is not None:
            attributes["payload"] = {name: str(value) for name, value in payload.items()}
        self._send("POST", "/cases/bulk", body("bulk", attributes))
