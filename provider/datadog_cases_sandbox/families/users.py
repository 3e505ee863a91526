"""Users: enough of Datadog's users API to have somebody to assign cases to.

The first of `PEOPLE` is whom the sandbox's keys belong to: a service account. Users are answered as
plain `application/json`, unlike everything of Case Management (recorded).
"""

from typing import ClassVar, Final, Literal

from datadog_cases_sandbox import clock, errors
from datadog_cases_sandbox.bodies import Body, Document, NonEmpty, Resource
from datadog_cases_sandbox.call import PLAIN_JSON, Answer, Call, Endpoints, Json, listed
from datadog_cases_sandbox.store import Record, Store

ORGANISATION: Final = "0f6b2c1e-5a0d-4c7e-9d3f-2b8a41c6e000"
PAGE_SIZE: Final = 10
MAX_PAGE_SIZE: Final = 1000


class User(Record):
    """A user. `status` is `Active`, `Pending` (invited) or `Disabled`."""

    kind: ClassVar[str] = "user"
    email: str
    name: str | None = None
    title: str | None = None
    status: str = "Active"
    service_account: bool = False
    created_at: str
    modified_at: str

    @property
    def handle(self) -> str:
        """The email of a person, the id of a service account (recorded)."""
        return self.id if self.service_account else self.email


def _person(number: int, name: str, *, service_account: bool = False) -> User:
    return User(
        id=f"5a9d0c00-0000-4000-8000-{number:012d}",
        name=name,
        service_account=service_account,
        email=f"{name.split(maxsplit=1)[0].lower()}@example.com",
        created_at="2025-01-01T00:00:00Z",
        modified_at="2025-01-01T00:00:00Z",
    )


PEOPLE: Final = (
    _person(1, "CI Account", service_account=True),
    _person(2, "Bela Backend"),
    _person(3, "Cleo Cloud"),
    _person(4, "Dana Detection"),
    _person(5, "Emil Engineer"),
)
CURRENT_USER: Final = PEOPLE[0].id


class Invitation(Body):
    """Attributes of a new user."""

    email: NonEmpty
    name: str | None = None
    title: str | None = None


def in_case(store: Store, user_id: str) -> Json:
    """A user as cases include it; one removed or unknown is inactive and blank (recorded)."""
    user = store.find(User, user_id)
    if user is None or user.status == "Disabled":
        return {"active": False, "email": "", "handle": "", "name": ""}
    return {
        "active": user.status == "Active",
        "email": user.email,
        "handle": user.handle,
        "name": user.name or "",
    }


def require(store: Store, user_id: str) -> None:
    """Refuses a reference to a user who does not exist; an inactive one may be referred to."""
    if store.find(User, user_id) is None:
        raise errors.not_found("user not found", f"no user has the id {user_id}")


def _list(call: Call) -> Answer:
    size = call.integer("page[size]", PAGE_SIZE, 1, MAX_PAGE_SIZE)
    start = size * call.integer("page[number]", 0, 0, MAX_PAGE_SIZE)
    words = call.query.get("filter", "").lower()
    statuses = call.query.get("filter[status]", "").lower()
    everybody = call.store.list(User)
    found = [
        user
        for user in everybody
        if words in f"{user.name or ''}\n{user.email}\n{user.handle}".lower()
        and (not statuses or user.status.lower() in statuses.split(","))
    ]
    page = {"total_count": len(everybody), "total_filtered_count": len(found)}
    body: Json = {
        "data": listed([_resource(user) for user in found[start : start + size]]),
        "meta": {"page": {**page}},
    }
    return Answer(200, body, PLAIN_JSON)


def _invite(call: Call) -> Answer:
    sent = call.sent(Document[Resource[Literal["users"], Invitation]]).data.attributes
    now = clock.microseconds()
    user = User(
        email=sent.email.lower(),
        name=sent.name,
        title=sent.title,
        status="Pending",
        created_at=now,
        modified_at=now,
    )
    call.store.put(user)
    return Answer(201, {"data": _resource(user)}, PLAIN_JSON)


def _get(call: Call) -> Answer:
    return Answer(200, {"data": _resource(_addressed(call))}, PLAIN_JSON)


def _current(call: Call) -> Answer:
    user = call.store.find(User, CURRENT_USER)
    return Answer(200, {"data": _resource(user) if user else None}, PLAIN_JSON)


def _disable(call: Call) -> Answer:
    changes = {"status": "Disabled", "modified_at": clock.microseconds()}
    call.store.put(_addressed(call).model_copy(update=changes))
    return Answer(204)


def _addressed(call: Call) -> User:
    user_id = call.uuid("user_id", "user_id")
    user = call.store.find(User, user_id)
    if user is None:
        raise errors.Refusal(404, "User not found", f"no user has the id {user_id}")
    return user


def _resource(user: User) -> Json:
    return {
        "type": "users",
        "id": user.id,
        "attributes": {
            "name": user.name,
            "handle": user.handle,
            "created_at": user.created_at,
            "modified_at": user.modified_at,
            "email": user.email,
            "icon": "",
            "title": user.title,
            "verified": user.status == "Active",
            "service_account": user.service_account,
            "disabled": user.status == "Disabled",
            "allowed_login_methods": [],
            "status": user.status,
        },
        "relationships": {
            "roles": {"data": []},
            "org": {"data": {"type": "orgs", "id": ORGANISATION}},
        },
    }


ENDPOINTS: Final[Endpoints] = {
    ("GET", "/users"): _list,
    ("POST", "/users"): _invite,
    ("GET", "/users/{user_id}"): _get,
    ("DELETE", "/users/{user_id}"): _disable,
    ("GET", "/current_user"): _current,
}
