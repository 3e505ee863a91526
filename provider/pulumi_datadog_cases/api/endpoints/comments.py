"""Comments on a case, and its timeline."""

import itertools
from collections.abc import Iterator
from functools import partial

from pulumi_datadog_cases.api.endpoints.group import EndpointGroup, each_item
from pulumi_datadog_cases.api.http.json_api import Items, body, parse_single
from pulumi_datadog_cases.api.http.paths import path
from pulumi_datadog_cases.api.items import TimelineCellItem

_COMMENT = "/cases/{}/comment/{}"


class CommentEndpoints(EndpointGroup):
    """The methods of `client.cases` for comments and the timeline."""

    def comment(self, case_id: str, comment: str) -> TimelineCellItem:
        """Add a comment: POST /cases/{case_id}/comment. Returns the new timeline cell."""
        target = path("/cases/{}/comment", case_id)
        # Unlike other endpoints that create an object, this endpoint returns 200 and a list of one
        # cell (recorded).
        return self._read_document(
            partial(parse_single, TimelineCellItem),
            "POST",
            target,
            body("case", {"comment": comment}),
        )

    def update_comment(self, case_id: str, cell_id: str, comment: str) -> None:
        """Update a comment: PUT /cases/{case_id}/comment/{cell_id}."""
        self._send("PUT", path(_COMMENT, case_id, cell_id), body("case", {"comment": comment}))

    def delete_comment(self, case_id: str, cell_id: str) -> None:
        """Delete a comment: DELETE /cases/{case_id}/comment/{cell_id}.

        The response is 404 if the comment does not exist.
        """
        self._send("DELETE", path(_COMMENT, case_id, cell_id))

    def timeline(
        self, case_id: str, *, ascending: bool = False, page_size: int = 100, page: int = 0
    ) -> Items[TimelineCellItem]:
        """Get one page of a case's timeline: GET /cases/{case_id}/timelines.

        Args:
            case_id: the case.
            ascending: whether the oldest cell is first. By default the newest cell is first, as in
                the API.
            page_size: the number of cells per page. The maximum is not documented.
            page: the page number, from 0 (documented). In a search, page numbers begin with 1.
        """
        params = {
            "sort[ascending]": ascending,
            "page[size]": page_size,
            "page[number]": page,
        }
        return self._get_list(
            TimelineCellItem, "GET", path("/cases/{}/timelines", case_id), params=params
        )

    def iterate_timeline(
        self, case_id: str, *, ascending: bool = True
    ) -> Iterator[TimelineCellItem]:
        """Yield the whole timeline of a case: GET /cases/{case_id}/timelines.

        The oldest cell is first by default, so that cells added during the iteration come last.
        """
        return each_item(
            self.timeline(case_id, ascending=ascending, page=number) for number in itertools.count()
        )
