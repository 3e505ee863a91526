"""Watchers of a case: `/cases/{case_id}/watchers`."""

from typing import ClassVar, Final

from datadog_cases_sandbox import errors
from datadog_cases_sandbox.endpoints import cases, users
from datadog_cases_sandbox.handler import ApiRequest, ApiResponse, Endpoints, JsonObject, json_list
from datadog_cases_sandbox.resource_object import ResourceObject
from datadog_cases_sandbox.store import Record


class Watcher(Record):
    """A watcher of a case. Its id is not the user's id (documented by samples in the reference).

    Attributes:
        case_id: The case.
        user_id: The user.
        answered_id: For a watcher from a seed file, the id in that file; otherwise None. Responses
            show this id. The record has another id, because ids in a seed file may not be unique.
    """

    resource_type: ClassVar[str] = "watcher"
    case_id: str
    user_id: str
    answered_id: str | None = None

    @classmethod
    def from_response(cls, item: ResourceObject) -> dict[str, object]:
        """Return the record's fields: the user's id, and the id that the watcher has in `item`."""
        user_id = item.relationship("user", "data", "id")
        return {"user_id": user_id, "answered_id": item.id}

    @property
    def owner(self) -> str:
        """The case."""
        return self.case_id

    @property
    def alias(self) -> str:
        """Case and user. Aliases are unique, so a user watches a case only once."""
        return f"{self.case_id}/{self.user_id}"


def _list(request: ApiRequest) -> ApiResponse:
    watchers = request.store.list(Watcher, cases.from_path(request).id)
    return ApiResponse(200, {"data": json_list([_resource(watcher) for watcher in watchers])})


def _watch(request: ApiRequest) -> ApiResponse:
    watcher = _from_path(request)
    users.require(request.store, watcher.user_id)
    if request.store.find(Watcher, watcher.alias) is None:  # a repeated request succeeds (assumed)
        request.store.put(watcher)
    return ApiResponse(201)


def _unwatch(request: ApiRequest) -> ApiResponse:
    wanted = _from_path(request)
    watcher = request.store.find(Watcher, wanted.alias)
    if watcher is None:
        reason = f"{wanted.user_id} does not watch case {wanted.case_id}"
        raise errors.not_found("watcher not found", reason)
    request.store.delete(watcher)
    return ApiResponse(204)


def _from_path(request: ApiRequest) -> Watcher:
    user_id = request.path_uuid("user_uuid", "UserUUID")
    return Watcher(case_id=cases.from_path(request).id, user_id=user_id)


def _resource(watcher: Watcher) -> JsonObject:
    user: JsonObject = {"data": {"id": watcher.user_id, "type": "user"}}
    return {
        "id": watcher.answered_id or watcher.id,
        "type": Watcher.resource_type,
        "relationships": {"user": user},
    }


_WATCHERS: Final = "/cases/{case_id}/watchers"
ENDPOINTS: Final[Endpoints] = {
    ("GET", _WATCHERS): _list,
    ("POST", f"{_WATCHERS}/{{user_uuid}}"): _watch,
    ("DELETE", f"{_WATCHERS}/{{user_uuid}}"): _unwatch,
}
