"""Users, from Datadog's users API."""

from pulumi_datadog_cases.api.endpoints.group import EndpointGroup
from pulumi_datadog_cases.api.http.json_api import (
    Document,
    Item,
    Items,
    included,
    one,
)
from pulumi_datadog_cases.api.http.paths import path


class Users(EndpointGroup):
    """`client.users`: the users to whom cases can be assigned.

    The endpoints are documented in Datadog's users API, not in Case Management.
    """

    def list(self, filter: str | None = None) -> Items:  # noqa: A002 - the API's own word
        """List all matching users: GET /users. Pages are numbered from 0.

        Args:
            filter: a part of the name, handle or email address; None for all users.
        """
        return self._get_pages("/users", {"filter": filter})

    def get(self, user_id: str) -> Item:
        """Get a user: GET /users/{user_id}."""
        return self._get_item("GET", path("/users/{}", user_id))

    def current(self) -> Item:
        """Get the user that the application key belongs to: GET /current_user."""
        return self._get_item("GET", "/current_user")

    def organization(self) -> Item | None:
        """Get the organisation that the keys belong to: GET /current_user.

        The result is None if the response does not contain the organisation. The result has no
        attributes if the response contains only the organisation's id.
        """
        return self._read_document(organization_of, "GET", "/current_user")


def organization_of(document: Document | None) -> Item | None:
    """Return the organisation from a response about one user; None if the response has none.

    Raises:
        Malformed: the response has another format.
    """
    id_ = one(document).values().get("org")
    if not isinstance(id_, str):
        return None
    orgs = (item for item in included(document) if (item.type, item.id) == ("orgs", id_))
    return next(orgs, Item(id_, "orgs", {}, {}))
