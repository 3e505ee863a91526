"""Users: `/users`, `/current_user`. This is only the part of the users API that cases need.

The sandbox's keys belong to the first of `DEFAULT_USERS`, which is a service account. Responses of
the users API are plain `application/json`, and not JSON:API as in Case Management (recorded).
"""

from typing import ClassVar, Final, Literal

from datadog_cases_sandbox import clock, errors
from datadog_cases_sandbox.bodies import Body, Document, NonEmpty, Resource
from datadog_cases_sandbox.handler import (
    PLAIN_JSON,
    ApiRequest,
    ApiResponse,
    Endpoints,
    JsonObject,
    json_list,
)
from datadog_cases_sandbox.store import Record, Store

ORGANISATION_NAME: Final = "Sandbox"
PAGE_SIZE: Final = 10
MAX_PAGE_SIZE: Final = 1000


class User(Record):
    """A user. `status` is `Active`, `Pending` for an invited user, or `Disabled`."""

    resource_type: ClassVar[str] = "user"
    email: str
    name: str | None = None
    title: str | None = None
    status: str = "Active"
    service_account: bool = False
    created_at: str
    modified_at: str
    last_login_time: str | None = None

    @property
    def handle(self) -> str:
        """The handle: a person's email, or a service account's id (recorded)."""
        return self.id if self.service_account else self.email


def _person(number: int, name: str, *, service_account: bool = False) -> User:
    return User(
        id=f"5a9d0c00-0000-4000-8000-{number:012d}",
        name=name,
        service_account=service_account,
        email=f"{name.split(maxsplit=1)[0].lower()}@example.com",
        created_at="2025-01-01T00:00:00Z",
        modified_at="2025-01-01T00:00:00Z",
        last_login_time=None if service_account else "2025-01-02T08:00:00Z",
    )


DEFAULT_USERS: Final = (
    _person(1, "CI Account", service_account=True),
    _person(2, "Bela Backend"),
    _person(3, "Cleo Cloud"),
    _person(4, "Dana Detection"),
    _person(5, "Emil Engineer"),
)
CURRENT_USER: Final = DEFAULT_USERS[0].id


class Invitation(Body):
    """Attributes of a new user."""

    email: NonEmpty
    name: str | None = None
    title: str | None = None


def included_attributes(store: Store, user_id: str) -> JsonObject:
    """A user's attributes in the `included` list of a case's response.

    A removed or unknown user is shown as inactive, with blank attributes (recorded).
    """
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
    """Raises an `ApiError` if a user does not exist. Inactive users are accepted."""
    if store.find(User, user_id) is None:
        raise errors.not_found("user not found", f"no user has the id {user_id}")


def _list(request: ApiRequest) -> ApiResponse:
    size = request.integer("page[size]", PAGE_SIZE, 1, MAX_PAGE_SIZE)
    start = size * request.integer("page[number]", 0, 0, MAX_PAGE_SIZE)
    words = request.query_params.get("filter", "").lower()
    statuses = request.query_params.get("filter[status]", "").lower()
    all_users = request.store.list(User)
    found = [
        user
        for user in all_users
        if words in f"{user.name or ''}\n{user.email}\n{user.handle}".lower()
        and (not statuses or user.status.lower() in statuses.split(","))
    ]
    page = {"total_count": len(all_users), "total_filtered_count": len(found)}
    body: JsonObject = {
        "data": json_list([_resource(request.store, user) for user in found[start : start + size]]),
        "meta": {"page": {**page}},
    }
    return ApiResponse(200, body, PLAIN_JSON)


def _invite(request: ApiRequest) -> ApiResponse:
    attributes = request.body(Document[Resource[Literal["users"], Invitation]]).data.attributes
    now = clock.microseconds()
    user = User(
        email=attributes.email.lower(),
        name=attributes.name,
        title=attributes.title,
        status="Pending",
        created_at=now,
        modified_at=now,
    )
    request.store.put(user)
    return ApiResponse(201, {"data": _resource(request.store, user)}, PLAIN_JSON)


def _get(request: ApiRequest) -> ApiResponse:
    return _one(request.store, _from_path(request))


def _current(request: ApiRequest) -> ApiResponse:
    return _one(request.store, request.store.find(User, CURRENT_USER))


def _one(store: Store, user: User | None) -> ApiResponse:
    organisation: JsonObject = {
        "type": "orgs",
        "id": store.organisation,
        "attributes": {"name": ORGANISATION_NAME},
    }
    data = _resource(store, user) if user else None
    return ApiResponse(200, {"data": data, "included": [organisation]}, PLAIN_JSON)


def _disable(request: ApiRequest) -> ApiResponse:
    changes = {"status": "Disabled", "modified_at": clock.microseconds()}
    request.store.put(_from_path(request).model_copy(update=changes))
    return ApiResponse(204)


def _from_path(request: ApiRequest) -> User:
    user_id = request.path_uuid("user_id", "user_id")
    missing = errors.ApiError(404, "User not found", f"no user has the id {user_id}")
    return request.store.require(User, user_id, missing)


def _resource(store: Store, user: User) -> JsonObject:
    logged_in = {"last_login_time": user.last_login_time} if user.last_login_time else {}
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
            **logged_in,
        },
        "relationships": {
            "roles": {"data": []},
            "org": {"data": {"type": "orgs", "id": store.organisation}},
        },
    }


ENDPOINTS: Final[Endpoints] = {
    ("GET", "/users"): _list,
    ("POST", "/users"): _invite,
    ("GET", "/users/{user_id}"): _get,
    ("DELETE", "/users/{user_id}"): _disable,
    ("GET", "/current_user"): _current,
}
