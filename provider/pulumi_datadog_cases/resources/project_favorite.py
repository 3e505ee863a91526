"""`ProjectFavorite`: a favorite project of the application key's owner."""

from collections.abc import Iterable

from pulumi_datadog_cases.api import Client
from pulumi_datadog_cases.engine import LiveObject, Prop, Values, arg
from pulumi_datadog_cases.resources._shared.base import CaseResource, text
from pulumi_datadog_cases.resources._shared.list_reads import ListOnlyLifecycle
from pulumi_datadog_cases.resources._shared.types import Uuid


def _live(project_id: str) -> LiveObject:
    return LiveObject(project_id, {"project_id": project_id})


class ProjectFavorite(CaseResource):
    """A favorite project of the user or service account that the application key belongs to.

    Import id: `<project_id>`.

    Destroy: the project is removed from the favorites; the project itself stays.

    Errors: 404 if the project does not exist; 403 if the application key lacks `cases_write`.

    Endpoints: `/api/v2/cases/projects/{project_id}/favorites`; favorites are read from the list
    `/api/v2/cases/projects/favorites`.
    """

    identity = ("project_id",)

    project_id: Prop[Uuid] = arg(replace_on_changes=True)
    """UUID of the project. Changing it replaces the favorite."""

    class Lifecycle(ListOnlyLifecycle):
        """Finds projects in the list of favorites."""

        create_is_idempotent = True
        ids_are_unique = False

        def __init__(self, client: Client) -> None:
            super().__init__(client, client.projects.favorites)

        def create(self, new: Values) -> LiveObject:
            """Add the project to the favorites."""
            project_id = text(new["project_id"])
            self.client.projects.favorite(project_id)
            return LiveObject(project_id, new)

        def list(self, parent: LiveObject | None) -> Iterable[LiveObject]:
            """The favorite projects of the application key's owner."""
            del parent
            return (_live(item.id) for item in self.client.projects.favorites())

        def read(self, id_: str, known: Values) -> LiveObject | None:
            """Find the project among the favorites."""
            return None if self.find(id_, known) is None else _live(id_)

        def delete(self, id_: str, known: Values) -> None:
            """Remove the project from the favorites."""
            del known
            self.client.projects.unfavorite(id_)
