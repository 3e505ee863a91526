"""`ProjectFavorite`: a project among the favorites of whoever the keys belong to."""

from collections.abc import Iterable

from pulumi_datadog_cases.api import Client
from pulumi_datadog_cases.engine import LiveObject, Prop, Values, arg
from pulumi_datadog_cases.resources._shared.base import CaseResource, text
from pulumi_datadog_cases.resources._shared.list_reads import ListOnlyLifecycle
from pulumi_datadog_cases.resources._shared.types import Uuid


def _live(project_id: str) -> LiveObject:
    return LiveObject(project_id, {"project_id": project_id})


class ProjectFavorite(CaseResource):
    """A favorite of the user or service account that the application key belongs to.

    Import id: `<project_id>`.

    Destroy: the project is no favorite any more; the project itself stays.

    Errors: 404 where the project does not exist; 403 where the keys lack `cases_write`.

    Endpoints: `/api/v2/cases/projects/{project_id}/favorites`, and the list
    `/api/v2/cases/projects/favorites`.
    """

    project_id: Prop[Uuid] = arg(replace_on_changes=True)
    """UUID of the project. A change replaces."""

    class Lifecycle(ListOnlyLifecycle):
        """How favorites live at the API."""

        create_is_idempotent = True

        def __init__(self, client: Client) -> None:
            super().__init__(client, client.projects.favorites)

        def create(self, new: Values) -> LiveObject:
            """Make the project a favorite."""
            project_id = text(new["project_id"])
            self.client.projects.favorite(project_id)
            return LiveObject(project_id, new)

        def list(self, parent: LiveObject | None) -> Iterable[LiveObject]:
            """The favorites of whoever the keys belong to."""
            del parent
            return (_live(item.id) for item in self.client.projects.favorites())

        def read(self, id_: str, known: Values) -> LiveObject | None:
            """Find the project among the favorites."""
            return None if self.find(id_, known) is None else _live(id_)

        def delete(self, id_: str, known: Values) -> None:
            """Unmake the favorite."""
            del known
            self.client.projects.unfavorite(id_)
