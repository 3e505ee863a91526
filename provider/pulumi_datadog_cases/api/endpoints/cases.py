"""Cases: create, search, count, read and change."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pulumi_datadog_cases.api.endpoints.bulk_updates import BulkUpdateEndpoints
from pulumi_datadog_cases.api.endpoints.case_iteration import CaseIteration, Page
from pulumi_datadog_cases.api.endpoints.comments import CommentEndpoints
from pulumi_datadog_cases.api.endpoints.incidents import IncidentEndpoints
from pulumi_datadog_cases.api.endpoints.insights import InsightEndpoints
from pulumi_datadog_cases.api.endpoints.jira_issues import JiraIssueEndpoints
from pulumi_datadog_cases.api.endpoints.notebooks import NotebookEndpoints
from pulumi_datadog_cases.api.endpoints.service_now_tickets import ServiceNowTicketEndpoints
from pulumi_datadog_cases.api.endpoints.watchers import WatcherEndpoints
from pulumi_datadog_cases.api.http.json_api import (
    JSON,
    Document,
    body,
    parse_list,
    reference,
)
from pulumi_datadog_cases.api.http.paths import path
from pulumi_datadog_cases.api.items import AggregateItem, CaseItem, CountItem

if TYPE_CHECKING:
    from pulumi_datadog_cases.api.models import CaseRequest, CustomAttributeValue

#: The query that finds archived cases. Other queries do not find them (assumed).
ARCHIVED = "archived:true"

#: The maximum number of cases per page (documented).
MAX_PAGE_SIZE = 100


class Cases(
    CommentEndpoints,
    WatcherEndpoints,
    InsightEndpoints,
    IncidentEndpoints,
    JiraIssueEndpoints,
    ServiceNowTicketEndpoints,
    NotebookEndpoints,
    BulkUpdateEndpoints,
):
    """`client.cases`. A case id is a UUID or a key such as `SEC-12` (documented).

    Methods that change a property of a case return the whole case. They are idempotent: the API
    accepts a write that changes nothing, and such a write does not change `modified_at` and
    `modified_by` (recorded). No endpoint deletes a case.
    """

    def create(
        self,
        attributes: "Mapping[str, JSON] | CaseRequest",
        *,
        project_id: str,
        assignee_id: str | None = None,
    ) -> CaseItem:
        """Create a case: POST /cases."""
        relationships: dict[str, JSON] = {"project": reference("project", project_id)}
        if assignee_id is not None:
            relationships["assignee"] = reference("user", assignee_id)
        return self._get_item(CaseItem, "POST", "/cases", body("case", attributes, relationships))

    def search(
        self,
        filter: str | None = None,  # noqa: A002 - the API's own word
        *,
        sort_field: str | None = None,
        ascending: bool | None = None,
        page_size: int = MAX_PAGE_SIZE,
        page: int = 1,
    ) -> Page:
        """Search cases: GET /cases.

        Args:
            filter: a search query such as `status:closed`; None for all cases.
            sort_field: `created_at`, `priority` or `status`.
            ascending: the sort order.
            page_size: from 1 to 100.
            page: page number from 1.
        """
        params = {
            "filter": filter,
            "sort[field]": sort_field,
            "sort[asc]": ascending,
            "page[size]": page_size,
            "page[number]": page,
        }
        return self._read_document(
            lambda document: _page(document, page), "GET", "/cases", params=params
        )

    def iterate(
        self,
        filter: str | None = None,  # noqa: A002 - the API's own word
        *,
        sort_field: str = "created_at",
        ascending: bool = True,
    ) -> Iterator[CaseItem]:
        """Yield all matching cases, page by page: GET /cases.

        The oldest case is first by default, so that cases created during the iteration come last.
        If the API limits a search, further searches find the other cases: see `CaseIteration`.

        Raises:
            IncompleteSearch: the API does not list all cases. The error is raised after all listed
                cases have been yielded.
        """
        return iter(CaseIteration(self.search, filter, sort_field, ascending))

    def count(
        self,
        query_filter: str | None = None,
        *,
        group_bys: Sequence[str] = (),
        limit: int | None = None,
    ) -> CountItem:
        """Count cases per value of some fields: GET /cases/count.

        Args:
            query_filter: a search query.
            group_bys: the fields whose values are counted.
            limit: the maximum number of values per field.
        """
        params = {
            "query_filter": query_filter,
            "group_bys": ",".join(group_bys) or None,
            "limit": limit,
        }
        return self._get_item(CountItem, "GET", "/cases/count", params=params)

    def aggregate(
        self, query_filter: str, *, groups: Sequence[str], limit: int = 1000
    ) -> AggregateItem:
        """Aggregate cases: POST /cases/aggregate. The request changes nothing.

        Args:
            query_filter: a search query.
            groups: the fields to group by.
            limit: the maximum number of groups, at most 1000.
        """
        attributes: dict[str, JSON] = {
            "query_filter": query_filter,
            "group_by": {"groups": list(groups), "limit": limit},
        }
        return self._get_item(
            AggregateItem,
            "POST",
            "/cases/aggregate",
            body("aggregate", attributes),
            idempotent=True,
        )

    def get(self, case_id: str) -> CaseItem:
        """Get a case: GET /cases/{case_id}."""
        return self._get_item(CaseItem, "GET", path("/cases/{}", case_id))

    def set_title(self, case_id: str, title: str) -> CaseItem:
        """Update the title: POST /cases/{case_id}/title."""
        return self._set(case_id, "title", {"title": title})

    def set_description(self, case_id: str, description: str) -> CaseItem:
        """Update the description: POST /cases/{case_id}/description."""
        return self._set(case_id, "description", {"description": description})

    def set_status(self, case_id: str, status_name: str) -> CaseItem:
        """Update the status: POST /cases/{case_id}/status.

        Args:
            case_id: UUID or key of the case.
            status_name: the name of a status of the case's type.
        """
        return self._set(case_id, "status", {"status_name": status_name})

    def set_priority(self, case_id: str, priority: str) -> CaseItem:
        """Update the priority: POST /cases/{case_id}/priority."""
        return self._set(case_id, "priority", {"priority": priority})

    def assign(self, case_id: str, user_uuid: str) -> CaseItem:
        """Assign a case: POST /cases/{case_id}/assign."""
        return self._set(case_id, "assign", {"assignee_id": user_uuid})

    def unassign(self, case_id: str) -> CaseItem:
        """Unassign a case: POST /cases/{case_id}/unassign."""
        return self._set(case_id, "unassign")

    def archive(self, case_id: str) -> CaseItem:
        """Archive a case: POST /cases/{case_id}/archive. Its status does not change."""
        return self._set(case_id, "archive")

    def unarchive(self, case_id: str) -> CaseItem:
        """Unarchive a case: POST /cases/{case_id}/unarchive."""
        return self._set(case_id, "unarchive")

    def set_attributes(self, case_id: str, attributes: Mapping[str, JSON]) -> CaseItem:
        """Replace all attributes: POST /cases/{case_id}/attributes.

        Args:
            case_id: UUID or key of the case.
            attributes: a list of strings for each attribute name.
        """
        return self._set(case_id, "attributes", {"attributes": attributes})

    def set_due_date(self, case_id: str, due_date: str | None) -> CaseItem:
        """Set the due date, `YYYY-MM-DD`, or clear it with None: POST /cases/{case_id}/due_date."""
        return self._set(case_id, "due_date", {"due_date": due_date})

    def set_resolved_reason(self, case_id: str, reason: str) -> CaseItem:
        """Set the reason why a security case is resolved: POST /cases/{case_id}/resolved_reason."""
        return self._set(case_id, "resolved_reason", {"security_resolved_reason": reason})

    def set_custom_attribute(
        self, case_id: str, key: str, value: "Mapping[str, JSON] | CustomAttributeValue"
    ) -> CaseItem:
        """Set the value of a custom attribute.

        POST /cases/{case_id}/custom_attributes/{custom_attribute_key}.

        Args:
            case_id: UUID or key of the case.
            key: the key of the attribute's definition, not the definition's id.
            value: an object with `type`, `is_multi` and `value`.
        """
        target = path("/cases/{}/custom_attributes/{}", case_id, key)
        return self._get_item(CaseItem, "POST", target, body("case", value), idempotent=True)

    def delete_custom_attribute(self, case_id: str, key: str) -> CaseItem:
        """Delete the value of a custom attribute.

        DELETE /cases/{case_id}/custom_attributes/{custom_attribute_key}.
        """
        return self._get_item(
            CaseItem, "DELETE", path("/cases/{}/custom_attributes/{}", case_id, key)
        )

    def move(self, case_id: str, project_id: str) -> CaseItem:
        """Move a case to another project: PATCH /cases/{case_id}/relationships/project."""
        target = path("/cases/{}/relationships/project", case_id)
        return self._get_item(CaseItem, "PATCH", target, reference("project", project_id))

    def _set(
        self, case_id: str, what: str, attributes: Mapping[str, JSON] | None = None
    ) -> CaseItem:
        """Call an endpoint that changes a case: POST /cases/{case_id}/<what>."""
        target = path(f"/cases/{{}}/{what}", case_id)
        return self._get_item(CaseItem, "POST", target, body("case", attributes), idempotent=True)


def _page(document: Document | None, number: int) -> Page:
    """Parse a page of a search, with `meta.page` (documented) and `meta.total_cases` (recorded)."""
    meta = _member(document, "meta")
    pages = _member(_member(meta, "page"), "total")
    total = _member(meta, "total_cases")
    return Page(
        items=parse_list(CaseItem, document),
        number=number,
        pages=pages if isinstance(pages, int) else None,
        total=total if isinstance(total, int) else None,
    )


def _member(value: JSON, name: str) -> JSON:
    return value.get(name) if isinstance(value, Mapping) else None
