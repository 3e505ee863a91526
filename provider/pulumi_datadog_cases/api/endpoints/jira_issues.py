"""The Jira issue of a case."""

from typing import TYPE_CHECKING

from pulumi_datadog_cases.api.endpoints.group import EndpointGroup
from pulumi_datadog_cases.api.http.json_api import JSON, body
from pulumi_datadog_cases.api.http.paths import path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_datadog_cases.api.models import JiraIssueRequest

_JIRA_ISSUES = "/cases/{}/relationships/jira_issues"


class JiraIssueEndpoints(EndpointGroup):
    """The methods of `client.cases` for Jira issues."""

    def create_jira_issue(
        self, case_id: str, attributes: "Mapping[str, JSON] | JiraIssueRequest"
    ) -> None:
        """Create a Jira issue: POST /cases/{case_id}/relationships/jira_issues.

        The API creates the issue after the response. The case's attribute `jira_issue` contains
        the status of this creation (documented).
        """
        self._send("POST", path(_JIRA_ISSUES, case_id), body("issues", attributes))

    def link_jira_issue(self, case_id: str, jira_issue_url: str) -> None:
        """Link an existing Jira issue: PATCH /cases/{case_id}/relationships/jira_issues."""
        self._send(
            "PATCH", path(_JIRA_ISSUES, case_id), body("issues", {"jira_issue_url": jira_issue_url})
        )

    def unlink_jira_issue(self, case_id: str) -> None:
        """Remove the link to the Jira issue: DELETE /cases/{case_id}/relationships/jira_issues."""
        self._send("DELETE", path(_JIRA_ISSUES, case_id))
