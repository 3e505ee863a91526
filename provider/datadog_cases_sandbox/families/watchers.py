"""Who watches a case: `/cases/{case_id}/watchers`."""

from typing import ClassVar, Final

from datadog_cases_sandbox import errors
from datadog_cases_sandbox.answered import Answered
from datadog_cases_sandbox.call import Answer, Call, Endpoints, Json, listed
from datadog_cases_sandbox.families import cases, users
from datadog_cases_sandbox.store import Record


class Watcher(Record):
    """A user who watches a case. Its id is not the user's (documented by the samples).

    Attributes:
        case_id: The case.
        user_id: The user.
        answered_id: Its id where it was answered before, where it may be nothing of its own.
    """

    kind: ClassVar[str] = "watcher"
    case_id: str
    user_id: str
    answered_id: str | None = None

    @classmethod
    def told_by(cls, answered: Answered) -> dict[str, object]:
        """The user and the id."""
        user_id = answered.relationship("user", "data", "id")
        return {"user_id": user_id, "answered_id": answered.id}

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
    return {
        "id": watcher.answered_id or watcher.id,
        "type": Watcher.kind,
        "relationships": {"user": user},
    }


_WATCHERS: Final = "/cases/{case_id}/watchers"
ENDPOINTS: Final[Endpoints] = {
    ("GET", _WATCHERS): _list,
    ("POST", f"{_WATCHERS}/{{user_uuid}}"): _watch,
    ("DELETE", f"{_WATCHERS}/{{user_uuid}}"): _unwatch,
}
