"""Bulk updates, which make the same change to many cases in one request.

Only the payloads of `priority` and `assign` are documented, by sample requests. The other payloads
are assumed to have the values that the endpoints for a single case require.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, overload

from pulumi_datadog_cases.api.endpoints.group import EndpointGroup
from pulumi_datadog_cases.api.http.json_api import JSON, body, to_json

if TYPE_CHECKING:
    from pulumi_datadog_cases.api.models import (
        BulkAssignment,
        BulkJiraIssue,
        BulkMove,
        BulkPriority,
        BulkServiceNowTicket,
        BulkStatus,
        RequestModel,
    )


class BulkUpdateEndpoints(EndpointGroup):
    """The method of `client.cases` that changes many cases in one request."""

    @overload
    def bulk(
        self,
        operation: Literal["priority"],
        case_ids: Sequence[str],
        payload: "BulkPriority | Mapping[str, str]",
    ) -> None: ...
    @overload
    def bulk(
        self,
        operation: Literal["status"],
        case_ids: Sequence[str],
        payload: "BulkStatus | Mapping[str, str]",
    ) -> None: ...
    @overload
    def bulk(
        self,
        operation: Literal["assign"],
        case_ids: Sequence[str],
        payload: "BulkAssignment | Mapping[str, str]",
    ) -> None: ...
    @overload
    def bulk(
        self,
        operation: Literal["update_project"],
        case_ids: Sequence[str],
        payload: "BulkMove | Mapping[str, str]",
    ) -> None: ...
    @overload
    def bulk(
        self,
        operation: Literal["jira"],
        case_ids: Sequence[str],
        payload: "BulkJiraIssue | Mapping[str, str]",
    ) -> None: ...
    @overload
    def bulk(
        self,
        operation: Literal["servicenow"],
        case_ids: Sequence[str],
        payload: "BulkServiceNowTicket | Mapping[str, str]",
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
        self,
        operation: str,
        case_ids: Sequence[str],
        payload: "RequestModel | Mapping[str, str] | None" = None,
    ) -> None:
        """Make the same change to many cases: POST /cases/bulk.

        The response is empty and does not say which cases changed (documented).

        Args:
            operation: the kind of change.
            case_ids: the cases, by UUID or key.
            payload: the values to set, as a model or a mapping; none for `unassign`, `archive` and
                `unarchive`.
        """
        attributes: dict[str, JSON] = {"type": operation, "case_ids": list(case_ids)}
        if payload is not None:
            attributes["payload"] = {name: str(value) for name, value in to_json(payload).items()}
        self._send("POST", "/cases/bulk", body("bulk", attributes))
