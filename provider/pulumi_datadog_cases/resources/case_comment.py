"""`CaseComment`: a comment in the timeline of a case."""

from collections.abc import Iterable

from pulumi_datadog_cases.api import Client, Item
from pulumi_datadog_cases.engine import Change, LiveObject, Prop, Values, arg, computed
from pulumi_datadog_cases.resources._shared.base import CaseResource, id_of, members, text
from pulumi_datadog_cases.resources._shared.list_reads import ListOnlyLifecycle
from pulumi_datadog_cases.resources._shared.types import Text


def _live(cell: Item) -> LiveObject:
    """A comment as it stands in the timeline: its text and its author lie deeper than it says."""
    content, author = (members(cell.attributes.get(key)) for key in ("cell_content", "author"))
    who = members(author.get("content"))
    # The author's id is called `id` by the reference and `ID` in recorded answers.
    values = {"comment": content.get("message"), "author": who.get("id") or who.get("ID")}
    return LiveObject(cell.id, {**cell.attributes, **values})


def _is_comment(cell: Item) -> bool:
    """Whether a cell is a comment that is there.

    Deleted ones are kept, and a timeline tells of more than comments, such as `ATTRIBUTE_UPDATE`
    (documented by Datadog's command line).
    """
    what = cell.attributes.get("type")
    return what in {None, "COMMENT"} and not cell.attributes.get("deleted_at")


class CaseComment(CaseResource):
    """A comment on a case, by the user or service account that the application key belongs to.

    Import id: `<case_id>/<cell_id>`, the id of its cell in the timeline.

    Destroy: the comment is deleted.

    Errors: 400 for an empty comment; 404 where the case does not exist.

    Endpoints: `/api/v2/cases/{case_id}/comment`, and to read from the timeline,
    `/api/v2/cases/{case_id}/timelines`.
    """

    case_id: Prop[Text] = arg(parent=True)
    """UUID or key of the case. A change replaces."""
    comment: Prop[Text]
    """Markdown."""

    created_at: Prop[str] = computed()
    """When it was written (RFC 3339, UTC)."""
    modified_at: Prop[str | None] = computed(volatile=True)
    """When it was last changed (RFC 3339, UTC), as of this stack's last write."""
    author: Prop[str | None] = computed()
    """UUID of the user who wrote it."""

    class Lifecycle(ListOnlyLifecycle):
        """How comments live at the API."""

        parent_property = "case_id"

        def __init__(self, client: Client) -> None:
            super().__init__(client, client.cases.iterate_timeline)

        def create(self, new: Values) -> LiveObject:
            """Write the comment."""
            return _live(self.client.cases.comment(text(new["case_id"]), text(new["comment"])))

        def list(self, parent: LiveObject | None) -> Iterable[LiveObject]:
            """The comments on a case."""
            if parent and parent.values.get("comment_count") == 0:
                return ()
            cells = self.client.cases.iterate_timeline(id_of(parent))
            return (_live(cell) for cell in cells if _is_comment(cell))

        def read(self, id_: str, known: Values) -> LiveObject | None:
            """Look for the comment in the timeline."""
            cell = self.find(id_, known, text(known["case_id"]))
            return _live(cell) if cell and _is_comment(cell) else None

        def update(self, change: Change) -> LiveObject:
            """Write it anew; the answer is empty, so look when that was."""
            comment = text(change.values["comment"])
            self.client.cases.update_comment(text(change.new["case_id"]), change.id, comment)
            return LiveObject(change.id, {**self.read_current(change), "comment": comment})

        def delete(self, id_: str, known: Values) -> None:
            """Delete the comment; doing so twice is a 404 (recorded)."""
            self.client.cases.delete_comment(text(known["case_id"]), id_)
