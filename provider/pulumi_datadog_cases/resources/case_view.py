"""`CaseView`: a saved search in a project."""

from pulumi_datadog_cases.api import Client
from pulumi_datadog_cases.engine import Change, LiveObject, Prop, Values, arg, computed
from pulumi_datadog_cases.resources._shared.base import CaseResource, live_object
from pulumi_datadog_cases.resources._shared.list_reads import ListRefreshLifecycle
from pulumi_datadog_cases.resources._shared.types import NonEmptyStr, Uuid


class CaseView(CaseResource):
    """A saved search for cases of one project.

    Import id: `<view_id>`.

    Destroy: the view is deleted. The notification rule in `np_rule_id` stays.

    Errors: 404 if the project or the notification rule does not exist; 403 if the application key
    lacks `cases_write`.

    Endpoints: `/api/v2/cases/views`.
    """

    project_id: Prop[Uuid] = arg(replace_on_changes=True)
    """UUID of the project. Changing it replaces the view."""
    name: Prop[NonEmptyStr]
    """The name that Datadog shows. Not unique."""
    query: Prop[str]
    """Query for the cases to show, in the syntax of the search bar. An example is
    `status:open priority:P1`."""
    np_rule_id: Prop[Uuid | None] = arg(default=None)
    """UUID of the `NotificationRule` of the view. The API cannot clear this property."""

    created_at: Prop[str] = computed()
    """When the view was created (RFC 3339, UTC)."""
    modified_at: Prop[str | None] = computed(volatile=True)
    """When the view was last changed (RFC 3339, UTC). The value is from the stack's latest create
    or update: a refresh does not change it."""
    created_by: Prop[str | None] = computed()
    """UUID of the user who created the view."""
    modified_by: Prop[str | None] = computed(volatile=True)
    """UUID of the user who last changed the view. The value is from the stack's latest create
    or update: a refresh does not change it."""

    class Lifecycle(ListRefreshLifecycle):
        """Reads all views of a project with one request when views are refreshed."""

        parent_property = "project_id"

        def __init__(self, client: Client) -> None:
            super().__init__(client, client.case_views.list)

        def create(self, new: Values) -> LiveObject:
            """Create the view in one request."""
            return live_object(self.client.case_views.create(new))

        def read(self, id_: str, known: Values) -> LiveObject:
            """Read the view."""
            del known
            return live_object(self.client.case_views.get(id_))

        def update(self, change: Change) -> LiveObject:
            """Send the changed properties; the API keeps the others (documented)."""
            return live_object(self.client.case_views.update(change.id, change.values))

        def delete(self, id_: str, known: Values) -> None:
            """Delete the view."""
            del known
            self.client.case_views.delete(id_)
