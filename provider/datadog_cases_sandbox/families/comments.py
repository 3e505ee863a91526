"""Comments and the timeline they make: `/cases/{case_id}/comment`, `/cases/{case_id}/timelines`."""

import json
from typing import ClassVar, Final

from typing_extensions import TypedDict

from datadog_cases_sandbox import clock, errors
from datadog_cases_sandbox.answered import Answered
from datadog_cases_sandbox.bodies import CaseBody, NonEmpty
from datadog_cases_sandbox.call import Answer, Call, Endpoints, Json, listed, without_nothing
from datadog_cases_sandbox.families import users
from datadog_cases_sandbox.families.cases import Case, addressed
from datadog_cases_sandbox.store import Record, Store

PAGE_SIZE: Final = 10
MAX_PAGE_SIZE: Final = 100
MAX_PAGE_NUMBER: Final = 1_000_000


class Comment(Record):
    """A comment. A deleted one is kept, as the API tells it from one that never was."""

    kind: ClassVar[str] = "timeline_cell"
    case_id: str
    message: str
    author_id: str
    created_at: str
    modified_at: str | None = None
    deleted_at: str | None = None

    @classmethod
    def told_by(cls, answered: Answered) -> dict[str, object] | None:
        """As ever, but message and author are told further down, and other events are left out."""
        if answered.attribute("type") != "COMMENT":
            return None
        author = answered.attribute("author", "content", "ID")
        return {
            **answered.members(),
            "message": answered.attribute("cell_content", "message"),
            # `id` in the reference.
            "author_id": author or answered.attribute("author", "content", "id"),
        }

    @property
    def owner(self) -> str:
        """Its case."""
        return self.case_id


class Text(TypedDict):
    """What a comment says, in Markdown."""

    comment: NonEmpty


def _create(call: Call) -> Answer:
    message = call.sent(CaseBody[Text]).data.attributes["comment"]
    case = addressed(call)
    comment = Comment(
        case_id=case.id,
        message=message,
        author_id=users.CURRENT_USER,
        created_at=clock.nanoseconds(),
    )
    call.store.put(comment)
    _count(call.store, case, 1)
    # A list of one, and not a 201 (recorded).
    return Answer(200, {"data": listed([_resource(call.store, comment)])})


def _update(call: Call) -> Answer:
    _cell_uuid(call)
    message = call.sent(CaseBody[Text]).data.attributes["comment"]
    _case, comment = _addressed(call)
    if comment.message != message:
        changes = {"message": message, "modified_at": clock.nanoseconds()}
        call.store.put(comment.model_copy(update=changes))
    return Answer(200)


def _delete(call: Call) -> Answer:
    case, comment = _addressed(call)
    call.store.put(comment.model_copy(update={"deleted_at": clock.nanoseconds()}))
    _count(call.store, case, -1)
    return Answer(204)


def _timeline(call: Call) -> Answer:
    case = addressed(call)
    size = call.integer("page[size]", PAGE_SIZE, 1, MAX_PAGE_SIZE)
    start = size * call.integer("page[number]", 0, 0, MAX_PAGE_NUMBER)
    comments = [one for one in call.store.list(Comment, case.id) if one.deleted_at is None]
    if not call.boolean("sort[ascending]"):
        comments.reverse()
    page = comments[start : start + size]
    return Answer(200, {"data": listed([_resource(call.store, comment) for comment in page])})


def _cell_uuid(call: Call) -> str:
    return call.uuid("cell_id", "CommentID")


def _addressed(call: Call) -> tuple[Case, Comment]:
    cell_id = _cell_uuid(call)
    missing = errors.not_found(
        "failed to get timeline cell: timeline cell not found", f"no comment has the id {cell_id}"
    )
    comment = call.store.find(Comment, cell_id)
    if comment is None:  # told before a case that is missing (assumed)
        raise missing
    case = addressed(call)
    if comment.case_id != case.id:
        raise missing
    if comment.deleted_at is not None:
        raise errors.not_found("timeline cell not found", f"comment {cell_id} is deleted")
    return case, comment


def _count(store: Store, case: Case, step: int) -> None:
    # A comment does not count as a modification of its case (assumed).
    store.put(case.model_copy(update={"comment_count": case.comment_count + step}))


def _resource(store: Store, comment: Comment) -> Json:
    content: Json = {"message": comment.message}
    # `ID` in capitals (recorded), where the reference says `id`.
    author: Json = {"ID": comment.author_id, **users.in_case(store, comment.author_id)}
    return {
        "id": comment.id,
        "type": Comment.kind,
        "attributes": without_nothing(
            author={"type": "USER", "content": author},
            cell_content=content,
            content=json.dumps(content, ensure_ascii=False, separators=(",", ":")),
            created_at=comment.created_at,
            modified_at=comment.modified_at,
            type="COMMENT",
        ),
    }


_COMMENT: Final = "/cases/{case_id}/comment"
ENDPOINTS: Final[Endpoints] = {
    ("POST", _COMMENT): _create,
    ("PUT", f"{_COMMENT}/{{cell_id}}"): _update,
    ("DELETE", f"{_COMMENT}/{{cell_id}}"): _delete,
    ("GET", "/cases/{case_id}/timelines"): _timeline,
}
