"""`CaseComment`: a comment in the timeline of a case."""

from collections.abc import Iterable

from pulumi_datadog_cases.api import Client, TimelineCellItem
from pulumi_datadog_cases.engine import Change, LiveObject, Prop, Values, arg, computed
from pulumi_datadog_cases.resources._shared.base import CaseResource, members, parent_id, text
from pulumi_datadog_cases.resources._shared.list_reads import ListOnlyLifecycle
from pulumi_datadog_cases.resources._shared.types import NonEmptyStr


def _live(cell: TimelineCellItem) -> LiveObject:
    """Convert a timeline cell. The comment's text and author are nested in the cell."""
    author_content = members(members(cell.raw_attributes.get("author")).get("content"))
    # The author's id is `id` in Datadog's API reference, and `ID` in recorded responses.
    author_id = author_content.get("id") or author_content.get("ID")
    values = {"comment": cell.message, "author": author_id}
    return LiveObject(cell.id, {**cell.raw_attributes, **values})


class CaseComment(CaseResource):
    """A comment on a case. The author is the user or service account of the application key.

    Import id: `<case_id>/<cell_id>`. The cell id is the comment's id in the timeline.

    Destroy: the comment is deleted.

    Errors: 400 for an empty comment; 404 if the case does not exist.

    Endpoints: `/api/v2/cases/{case_id}/comment`; comments are read from the timeline,
    `/api/v2/cases/{case_id}/timelines`.
    """

    case_id: Prop[NonEmptyStr] = arg(parent=True, reference=True)
    """UUID or key of the case. Naming another case replaces the comment."""
    comment: Prop[NonEmptyStr]
    """The comment's text, in Markdown."""

    created_at: Prop[str] = computed()
    """When the comment was created (RFC 3339, UTC)."""
    modified_at: Prop[str | None] = computed(volatile=True)
    """When the comment was last changed (RFC 3339, UTC). The value is from the stack's latest
    create or update: a refresh does not change it."""
    author: Prop[str | None] = computed()
    """UUID of the user who wrote the comment."""

    class Lifecycle(ListOnlyLifecycle):
        """Finds comments in the timeline of their case."""

        parent_property = "case_id"

        def __init__(self, client: Client) -> None:
            super().__init__(client, client.cases.iterate_timeline)

        def create(self, new: Values) -> LiveObject:
            """Create the comment."""
            return _live(self.client.cases.comment(text(new["case_id"]), text(new["comment"])))

        def list(self, parent: LiveObject | None) -> Iterable[LiveObject]:
            """The comments on a case, from its timeline.

            The case's `comment_count` is always 0 (recorded), so it does not tell whether there are
            comments.
            """
            cells = self.client.cases.iterate_timeline(parent_id(parent))
            return (_live(cell) for cell in cells if cell.is_comment)

        def read(self, id_: str, known: Values) -> LiveObject | None:
            """Find the comment in the timeline."""
            cell = self.find(id_, known, text(known["case_id"]))
            return _live(cell) if isinstance(cell, TimelineCellItem) and cell.is_comment else None

        def update(self, change: Change) -> LiveObject:
            """Update the text.

            The response is empty. So the result has the text that the request sent, and the other
            values from the state. `LiveObject.unread` says that the text is not from a response.
            """
            comment = text(change.values["comment"])
            self.client.cases.update_comment(text(change.new["case_id"]), change.id, comment)
            values = {**change.old, "comment": comment}
            return LiveObject(change.id, values, unread=frozenset({"comment"}))

        def delete(self, id_: str, known: Values) -> None:
            """Delete the comment. The API answers a second request with 404 (recorded)."""
            self.client.cases.delete_comment(text(known["case_id"]), id_)
