"""What gathers around a case: comments, watchers, insights, and its ties to other products."""

import itertools
from collections.abc import Iterator, Mapping, Sequence

from pulumi_datadog_cases.api.document import JSON, Item, Items, body, only, reference
from pulumi_datadog_cases.api.family import Family, each
from pulumi_datadog_cases.api.paths import path

_COMMENT = "/cases/{}/comment/{}"
_WATCHER = "/cases/{}/watchers/{}"
_INSIGHTS = "/cases/{}/insights"
_JIRA = "/cases/{}/relationships/jira_issues"


class CaseActivity(Family):
    """The part of `client.cases` that leaves the case's own fields alone."""

    def comment(self, case_id: str, comment: str) -> Item:
        """Comment a case: POST /cases/{case_id}/comment; the new timeline cell."""
        target = path("/cases/{}/comment", case_id)
        # 200 and a list of one cell, unlike every other creation (recorded).
        return self._read(only, "POST", target, body("case", {"comment": comment}))

    def update_comment(self, case_id: str, cell_id: str, comment: str) -> None:
        """Change a comment: PUT /cases/{case_id}/comment/{cell_id}."""
        self._none("PUT", path(_COMMENT, case_id, cell_id), body("case", {"comment": comment}))

    def delete_comment(self, case_id: str, cell_id: str) -> None:
        """Delete a comment: DELETE /cases/{case_id}/comment/{cell_id}. Twice is a 404."""
        self._none("DELETE", path(_COMMENT, case_id, cell_id))

    def timeline(
        self, case_id: str, *, ascending: bool = False, page_size: int = 100, page: int = 0
    ) -> Items:
        """One page of a case's timeline: GET /cases/{case_id}/timelines.

        Args:
            case_id: the case.
            ascending: oldest first; the API's default is newest first.
            page_size: how many cells; the largest allowed is not documented.
            page: which page, from 0, unlike the search (documented).
        """
        params = {
            "sort[ascending]": ascending,
            "page[size]": page_size,
            "page[number]": page,
        }
        return self._many("GET", path("/cases/{}/timelines", case_id), params=params)

    def iterate_timeline(self, case_id: str, *, ascending: bool = True) -> Iterator[Item]:
        """A case's whole timeline, page by page: GET /cases/{case_id}/timelines.

        What comes in meanwhile is at the end.
        """
        return each(
            self.timeline(case_id, ascending=ascending, page=number) for number in itertools.count()
        )

    def watchers(self, case_id: str) -> Items:
        """List the watchers: GET /cases/{case_id}/watchers. Their user is a relationship."""
        return self._many("GET", path("/cases/{}/watchers", case_id))

    def watch(self, case_id: str, user_uuid: str) -> None:
        """Make a user watch a case: POST /cases/{case_id}/watchers/{user_uuid}."""
        self._none("POST", path(_WATCHER, case_id, user_uuid), repeatable=True)

    def unwatch(self, case_id: str, user_uuid: str) -> None:
        """Make a user no longer watch a case: DELETE /cases/{case_id}/watchers/{user_uuid}."""
        self._none("DELETE", path(_WATCHER, case_id, user_uuid))

    def add_insights(self, case_id: str, insights: Sequence[Mapping[str, JSON]]) -> Item:
        """Add insights, 1 to 100, to those there are: PUT /cases/{case_id}/insights.

        Args:
            case_id: the case.
            insights: each with `type`, `ref` and `resource_id`.
        """
        return self._one("PUT", path(_INSIGHTS, case_id), body("case", {"insights": insights}))

    def remove_insights(self, case_id: str, insights: Sequence[Mapping[str, JSON]]) -> Item:
        """Remove insights, whole as they were added: DELETE /cases/{case_id}/insights."""
        return self._one("DELETE", path(_INSIGHTS, case_id), body("case", {"insights": insights}))

    def link_incident(self, case_id: str, incident_id: str) -> Item:
        """Link an incident, for ever: POST /cases/{case_id}/relationships/incidents."""
        target = path("/cases/{}/relationships/incidents", case_id)
        return self._one("POST", target, reference("incidents", incident_id))

    def create_jira_issue(self, case_id: str, attributes: Mapping[str, JSON]) -> None:
        """Have a Jira issue made: POST /cases/{case_id}/relationships/jira_issues.

        It is made later: the case's `jira_issue` tells how far it is (documented).
        """
        self._none("POST", path(_JIRA, case_id), body("issues", attributes))

    def link_jira_issue(self, case_id: str, jira_issue_url: str) -> None:
        """Link a Jira issue there is: PATCH /cases/{case_id}/relationships/jira_issues."""
        self._none(
            "PATCH", path(_JIRA, case_id), body("issues", {"jira_issue_url": jira_issue_url})
        )

    def unlink_jira_issue(self, case_id: str) -> None:
        """Remove the link to the Jira issue: DELETE /cases/{case_id}/relationships/jira_issues."""
        self._none("DELETE", path(_JIRA, case_id))

    def create_service_now_ticket(self, case_id: str, attributes: Mapping[str, JSON]) -> None:
        """Have a ticket made: POST /cases/{case_id}/relationships/servicenow_tickets.

        It is made later: the case's `service_now_ticket` tells how far it is (documented).
        """
        target = path("/cases/{}/relationships/servicenow_tickets", case_id)
        self._none("POST", target, body("tickets", attributes))

    def create_notebook(self, case_id: str) -> None:
        """Have a notebook made: POST /cases/{case_id}/relationships/notebook."""
        self._none("POST", path("/cases/{}/relationships/notebook", case_id), body("notebook"))
