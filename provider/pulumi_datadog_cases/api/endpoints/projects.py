"""Projects, and the projects that are a user's favorites."""

from typing import TYPE_CHECKING

from pulumi_datadog_cases.api.endpoints.group import EndpointGroup
from pulumi_datadog_cases.api.http.json_api import JSON, Items, body
from pulumi_datadog_cases.api.http.paths import path
from pulumi_datadog_cases.api.items import ProjectFavoriteItem, ProjectItem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_datadog_cases.api.models import ProjectRequest, ProjectUpdate

_PROJECT = "/cases/projects/{}"
_FAVORITE = "/cases/projects/{}/favorites"


class Projects(EndpointGroup):
    """`client.projects`."""

    def create(self, attributes: "Mapping[str, JSON] | ProjectRequest") -> ProjectItem:
        """Create a project: POST /cases/projects. Set its settings and columns with `update`."""
        return self._get_item(ProjectItem, "POST", "/cases/projects", body("project", attributes))

    def list(self) -> Items[ProjectItem]:
        """List projects: GET /cases/projects."""
        return self._get_list(ProjectItem, "GET", "/cases/projects")

    def get(self, project_id: str) -> ProjectItem:
        """Get a project: GET /cases/projects/{project_id}."""
        return self._get_item(ProjectItem, "GET", path(_PROJECT, project_id))

    def update(
        self, project_id: str, attributes: "Mapping[str, JSON] | ProjectUpdate"
    ) -> ProjectItem:
        """Update the given attributes of a project: PATCH /cases/projects/{project_id}.

        The response omits some attributes (recorded). Call `get` to read all of them.
        """
        return self._get_item(
            ProjectItem, "PATCH", path(_PROJECT, project_id), body("project", attributes)
        )

    def delete(self, project_id: str) -> None:
        """Delete a project and all its cases, irrevocably: DELETE /cases/projects/{project_id}."""
        self._send("DELETE", path(_PROJECT, project_id))

    def favorites(self) -> Items[ProjectFavoriteItem]:
        """List the favorites of the application key's owner: GET /cases/projects/favorites.

        The id of each item is the id of the project.
        """
        return self._get_list(ProjectFavoriteItem, "GET", "/cases/projects/favorites")

    def favorite(self, project_id: str) -> None:
        """Add a favorite: POST /cases/projects/{project_id}/favorites."""
        self._send("POST", path(_FAVORITE, project_id), idempotent=True)

    def unfavorite(self, project_id: str) -> None:
        """Remove a favorite: DELETE /cases/projects/{project_id}/favorites."""
        self._send("DELETE", path(_FAVORITE, project_id))
