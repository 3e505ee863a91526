"""Comments and timelines: `/cases/{case_id}/comment`, `/cases/{case_id}/timelines`."""

import json
from typing import ClassVar, Final

from typing_extensions import TypedDict

from datadog_cases_sandbox import clock, errors
from datadog_cases_sandbox.bodies import CaseBody, NonEmpty
from datadog_cases_sandbox.endpoints import users
from datadog_cases_sandbox.endpoints.cases import Case, from_path
from datadog_cases_sandbox.handler import (
    ApiRequest,
    ApiResponse,
    Endpoints,
    JsonObject,
    json_list,
    json_resource,
)
from datadog_cases_sandbox.resource_object import ResourceObject
from datadog_cases_sandbox.store import Record, Store

PAGE_SIZE: Final = 10
MAX_PAGE_SIZE: Final = 100
MAX_PAGE_NUMBER: Final = 1_000_000


class Comment(Record):
    """A comment.

    Deleted comments stay in the store, because the API has one error for a deleted comment and
    another error for an unknown comment.
    """

    resource_type: ClassVar[str] = "timeline_cell"
    case_id: str
    message: str
    author_id: str
    created_at: str
    modified_at: str | None = None
    deleted_at: str | None = None

    @classmethod
    def from_response(cls, item: ResourceObject) -> dict[str, object] | None:
        """The fields of the record, or None if the timeline entry is not a comment."""
        if item.attribute("type") != "COMMENT":
            return None
        author = item.attribute("author", "content", "ID")
        return {
            **item.fields(),
            "message": item.attribute("cell_content", "message"),
            # The API calls this member `ID` (recorded). The reference calls it `id`.
            "author_id": author or item.attribute("author", "content", "id"),
        }

    @property
    def owner(self) -> str:
        """The comment's case."""
        return self.case_id


class Text(TypedDict):
    """The text of a comment, in Markdown."""

    comment: NonEmpty


def page(request: ApiRequest) -> tuple[int, int]:
    """The size and the number of the requested page of a timeline."""
    return (
        request.integer("page[size]", PAGE_SIZE, 1, MAX_PAGE_SIZE),
        request.integer("page[number]", 0, 0, MAX_PAGE_NUMBER),
    )


def _create(request: ApiRequest) -> ApiResponse:
    message = request.body(CaseBody[Text]).data.attributes["comment"]
    case = from_path(request)
    comment = Comment(
        case_id=case.id,
        message=message,
        author_id=users.CURRENT_USER,
        created_at=clock.nanoseconds(),
    )
    request.store.put(comment)
    # The status is 200, not 201. The body is a list with one comment (recorded).
    return ApiResponse(200, {"data": json_list([_resource(request.store, comment)])})


def _update(request: ApiRequest) -> ApiResponse:
    _cell_uuid(request)
    message = request.body(CaseBody[Text]).data.attributes["comment"]
    _case, comment = _from_path(request)
    if comment.message != message:
        changes = {"message": message, "modified_at": clock.nanoseconds()}
        request.store.put(comment.model_copy(update=changes))
    return ApiResponse(200)


def _delete(request: ApiRequest) -> ApiResponse:
    _case, comment = _from_path(request)
    request.store.put(comment.model_copy(update={"deleted_at": clock.nanoseconds()}))
    return ApiResponse(204)


def _timeline(request: ApiRequest) -> ApiResponse:
    case = from_path(request)
    size, number = page(request)
    start = size * number
    comments = [
        comment for comment in request.store.list(Comment, case.id) if comment.deleted_at is None
    ]
    if not request.boolean("sort[ascending]"):
        comments.reverse()
    shown = comments[start : start + size]
    return ApiResponse(
        200, {"data": json_list([_resource(request.store, comment) for comment in shown])}
    )


def _cell_uuid(request: ApiRequest) -> str:
    return request.path_uuid("cell_id", "CommentID")


def _from_path(request: ApiRequest) -> tuple[Case, Comment]:
    cell_id = _cell_uuid(request)
    missing = errors.not_found(
        "failed to get timeline cell: timeline cell not found", f"no comment has the id {cell_id}"
    )
    comment = request.store.find(Comment, cell_id)
    if comment is None:  # a missing comment is reported before a missing case (assumed)
        raise missing
    case = from_path(request)
    if comment.case_id != case.id:
        raise missing
    if comment.deleted_at is not None:
        raise errors.not_found("timeline cell not found", f"comment {cell_id} is deleted")
    return case, comment


def _resource(store: Store, comment: Comment) -> JsonObject:
    content: JsonObject = {"message": comment.message}
    # The API calls the author's id `ID` (recorded). The reference calls it `id`.
    author: JsonObject = {
        "ID": comment.author_id,
        **users.included_attributes(store, comment.author_id),
    }
    attributes: JsonObject = {
        "author": {"type": "USER", "content": author},
        "cell_content": content,
        "content": json.dumps(content, ensure_ascii=False, separators=(",", ":")),
        "created_at": comment.created_at,
        "modified_at": comment.modified_at,
        "type": "COMMENT",
    }
    return json_resource(comment, attributes)


_COMMENT: Final = "/cases/{case_id}/comment"
ENDPOINTS: Final[Endpoints] = {
    ("POST", _COMMENT): _create,
    ("PUT", f"{_COMMENT}/{{cell_id}}"): _update,
    ("DELETE", f"{_COMMENT}/{{cell_id}}"): _delete,
    ("GET", "/cases/{case_id}/timelines"): _timeline,
}
