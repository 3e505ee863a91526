"""Users, from Datadog's users API."""

from pulumi_datadog_cases.api.endpoints.group import EndpointGroup
from pulumi_datadog_cases.api.http.json_api import (
    Document,
    Items,
    parse_included,
    parse_one,
)
from pulumi_datadog_cases.api.http.paths import path
from pulumi_datadog_cases.api.items import OrganizationItem, UserItem


class Users(EndpointGroup):
    """`client.users`: the users to whom cases can be assigned.

    The endpoints are documented in Datadog's users API, not in Case Management.
    """

    def list(self, filter: str | None = None) -> Items[UserItem]:  # noqa: A002 - the API's own word
        """List all matching users: GET /users. Pages are numbered from 0.

        Args:
            filter: a part of the name, handle or email address; None for all users.
        """
        return self._get_pages(UserItem, "/users", {"filter": filter})

    def get(self, user_id: str) -> UserItem:
        """Get a user: GET /users/{user_id}."""
        return self._get_item(UserItem, "GET", path("/users/{}", user_id))

    def current(self) -> UserItem:
        """Get the user that the application key belongs to: GET /current_user."""
        return self._get_item(UserItem, "GET", "/current_user")

    def organization(self) -> OrganizationItem | None:
        """Get the organisation that the keys belong to: GET /current_user.

        The result is None if the response does not contain the organisation. The result has no
        attributes if the response contains only the organisation's id.
        """
        return self._read_document(organization_of, "GET", "/current_user")


def organization_of(document: Document | None) -> OrganizationItem | None:
    """Return the organisation from a response about one user; None if the response has none.

    Raises:
        Malformed: the response has another format.
    """
    id_ = parse_one(UserItem, document).values().get("org")
    if not isinstance(id_, str):
        return None
    orgs = parse_included("orgs", OrganizationItem, document)
    return next((item for item in orgs if item.id == id_), OrganizationItem(id_, "orgs", {}, {}))
