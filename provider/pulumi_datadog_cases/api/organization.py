"""What does not hang on one project or case: links, views, maintenance windows, users."""

import itertools
from collections.abc import Iterator, Mapping

from pulumi_datadog_cases.api.document import JSON, Item, Items, body
from pulumi_datadog_cases.api.family import Family, each
from pulumi_datadog_cases.api.paths import path

_USERS_PAGE = 100  # the largest there is (documented)


class CaseLinks(Family):
    """`client.case_links`. There is no call for a single one, and none that changes one."""

    def create(self, attributes: Mapping[str, JSON]) -> Item:
        """Create a case link: POST /cases/link."""
        return self._one("POST", "/cases/link", body("link", attributes))

    def list(self, entity_type: str, entity_id: str, relationship: str | None = None) -> Items:
        """List the links of a case, incident or other entity: GET /cases/link."""
        params = {
            "entity_type": entity_type,
            "entity_id": entity_id,
            "relationship": relationship,
        }
        return self._many("GET", "/cases/link", params=params)

    def delete(self, link_id: str) -> None:
        """Delete a case link: DELETE /cases/link/{link_id}."""
        self._none("DELETE", path("/cases/link/{}", link_id))


class CaseViews(Family):
    """`client.case_views`."""

    def create(self, attributes: Mapping[str, JSON]) -> Item:
        """Create a case view: POST /cases/views."""
        return self._one("POST", "/cases/views", body("view", attributes))

    def list(self, project_id: str) -> Items:
        """List a project's case views: GET /cases/views."""
        return self._many("GET", "/cases/views", params={"project_id": project_id})

    def get(self, view_id: str) -> Item:
        """Get a case view: GET /cases/views/{view_id}."""
        return self._one("GET", path("/cases/views/{}", view_id))

    def update(self, view_id: str, attributes: Mapping[str, JSON]) -> Item:
        """Change what is given of a case view: PUT /cases/views/{view_id}."""
        return self._one("PUT", path("/cases/views/{}", view_id), body("view", attributes))

    def delete(self, view_id: str) -> None:
        """Delete a case view: DELETE /cases/views/{view_id}."""
        self._none("DELETE", path("/cases/views/{}", view_id))


class MaintenanceWindows(Family):
    """`client.maintenance_windows`. There is no call for a single one (documented)."""

    def create(self, attributes: Mapping[str, JSON]) -> Item:
        """Create a maintenance window: POST /maintenance_windows."""
        return self._one("POST", "/maintenance_windows", body("maintenance_window", attributes))

    def list(self) -> Items:
        """List maintenance windows: GET /maintenance_windows."""
        return self._many("GET", "/maintenance_windows")

    def update(self, window_id: str, attributes: Mapping[str, JSON]) -> Item:
        """Change what is given of a window: PUT /maintenance_windows/{maintenance_window_id}."""
        return self._one(
            "PUT",
            path("/maintenance_windows/{}", window_id),
            body("maintenance_window", attributes),
        )

    def delete(self, window_id: str) -> None:
        """Delete a window: DELETE /maintenance_windows/{maintenance_window_id}."""
        self._none("DELETE", path("/maintenance_windows/{}", window_id))


class Users(Family):
    """`client.users`: whom cases can be assigned to.

    Endpoints of Datadog's users API, not of Case Management (documented there).
    """

    def list(self, filter: str | None = None) -> Items:  # noqa: A002 - the API's own word
        """All users that match, page by page: GET /users, pages from 0.

        Args:
            filter: a part of the name, the handle or the email; None for everybody.
        """

        def pages() -> Iterator[Items]:
            for number in itertools.count():
                params = {"filter": filter, "page[size]": _USERS_PAGE, "page[number]": number}
                page = self._many("GET", "/users", params=params)
                yield page
                if len(page) < _USERS_PAGE:
                    return

        return [*each(pages())]

    def get(self, user_id: str) -> Item:
        """Get a user: GET /users/{user_id}."""
        return self._one("GET", path("/users/{}", user_id))

    def current(self) -> Item:
        """Get the user the application key belongs to: GET /current_user."""
        return self._one("GET", "/current_user")
