"""Who watches a case: `/cases/{case_id}/watchers`."""

from typing import ClassVar, Final

from datadog_cases_sandbox import errors
from datadog_cases_sandbox.call import Answer, Call, Endpoints, Json, listed
from datadog_cases_sandbox.families import cases, users
from datadog_cases_sandbox.store import Record


class Watcher(Record):
    """A user who watches a case. Its id is not the user's (documented by the samples)."""

    kind: ClassVar[str] = "watcher"
    case_id: str
    user_id: str

    @property
    def owner(self) -> str:
        """The case."""
        return self.case_id

    @property
    def alias(self) -> str:
        """A user watches a case once."""
        return f"{self.case_id}/{self.user_id}"


def _list(call: Call) -> Answer:
    watchers = call.store.list(Watcher, cases.addressed(call).id)
    return Answer(200, {"data": listed([_resource(watcher) for watcher in watchers])})


def _watch(call: Call) -> Answer:
    watcher = _addressed(call)
    users.require(call.store, watcher.user_id)
    if call.store.find(Watcher, watcher.alias) is None:  # twice is fine (assumed)
        call.store.put(watcher)
    return Answer(201)


def _unwatch(call: Call) -> Answer:
    wanted = _addressed(call)
    watcher = call.store.find(Watcher, wanted.alias)
    if watcher is None:
        reason = f"{wanted.user_id} does not watch case {wanted.case_id}"
        raise errors.not_found("watcher not found", reason)
    call.store.delete(watcher)
    return Answer(204)


def _addressed(call: Call) -> Watcher:
    user_id = call.uuid("user_uuid", "UserUUID")
    return Watcher(case_id=cases.addressed(call).id, user_id=user_id)


def _resource(watcher: Watcher) -> Json:
    user: Json = {"data": {"id": watcher.user_id, "type": "user"}}
    return {"id": watcher.id, "type": Watcher.kind, "relationships": {"user": user}}


_WATCHERS: Final = "/cases/{case_id}/watchers"
ENDPOINTS: Final[Endpoints] = {
    ("GET", _WATCHERS): _list,
    ("POST", f"{_WATCHERS}/{{user_uuid}}"): _watch,
    ("DELETE", f"{_WATCHERS}/{{user_uuid}}"): _unwatch,
}
