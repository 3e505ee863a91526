"""The same change to many cases in one request.

Which members a payload has is documented by the samples for `priority` and `assign` alone; the
others are assumed to be those of the endpoint that changes one case.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, NotRequired, TypeAlias, overload

from typing_extensions import TypedDict

from pulumi_datadog_cases.api.document import JSON, body
from pulumi_datadog_cases.api.family import Family

Priority: TypeAlias = Literal["NOT_DEFINED", "P1", "P2", "P3", "P4", "P5"]


class PriorityPayload(TypedDict):
    """For `priority`."""

    priority: Priority


class StatusPayload(TypedDict):
    """For `status`: a status that the types of all the cases have."""

    status_name: str


class AssignPayload(TypedDict):
    """For `assign`: the user's UUID."""

    assignee_id: str


class ProjectPayload(TypedDict):
    """For `update_project`: UUID of the project the cases move to."""

    project_id: str


class JiraPayload(TypedDict):
    """For `jira`: where each case gets an issue."""

    jira_account_id: str
    project_id: str
    issue_type_id: str


class ServiceNowPayload(TypedDict):
    """For `servicenow`: where each case gets a ticket."""

    instance_name: str
    assignment_group: NotRequired[str]


class BulkUpdates(Family):
    """The part of `client.cases` that changes many at a time."""

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
        """Change many cases in one way: POST /cases/bulk.

        The answer does not tell which cases were changed (documented as empty).

        Args:
            operation: what to do.
            case_ids: the cases, by UUID or key.
            payload: what to set, by the operation; none for `unassign`, `archive`, `unarchive`.
        """
        attributes: dict[str, JSON] = {"type": operation, "case_ids": list(case_ids)}
        if payload is not None:
            attributes["payload"] = {name: str(value) for name, value in payload.items()}
        self._none("POST", "/cases/bulk", body("bulk", attributes))
