"""`CaseWatcher`: a user who watches a case."""

from collections.abc import Iterable

from pulumi_datadog_cases.api import Client
from pulumi_datadog_cases.engine import LiveObject, Prop, Values, arg
from pulumi_datadog_cases.resources._shared.base import CaseResource, parent_id, text
from pulumi_datadog_cases.resources._shared.list_reads import ListOnlyLifecycle
from pulumi_datadog_cases.resources._shared.types import NonEmptyStr, Uuid


def _live(user: str) -> LiveObject:
    return LiveObject(user, {"user_uuid": user})


class CaseWatcher(CaseResource):
    """A user who watches a case and is notified of its changes.

    Import id: `<case_id>/<user_uuid>`.

    Destroy: the user no longer watches the case.

    Errors: 404 if the case or the user does not exist; 403 if the application key lacks
    `cases_write`.

    Endpoints: `/api/v2/cases/{case_id}/watchers`; watchers can only be read from the list.
    """

    # A replacement may have the same case and user as before. If the new watcher were added first,
    # the delete of the old watcher would remove the new one.
    delete_before_replace = True

    identity = ("case_id", "user_uuid")

    case_id: Prop[NonEmptyStr] = arg(parent=True, reference=True)
    """UUID or key of the case. Naming another case replaces the watcher."""
    user_uuid: Prop[Uuid] = arg(replace_on_changes=True)
    """UUID of the user. Changing it replaces the watcher."""

    class Lifecycle(ListOnlyLifecycle):
        """Finds watchers in the list of their case's watchers, by the id of the user."""

        create_is_idempotent = True
        ids_are_unique = False
        parent_property = "case_id"

        def __init__(self, client: Client) -> None:
            super().__init__(client, client.cases.watchers, lambda item: item.values()["user_id"])

        def create(self, new: Values) -> LiveObject:
            """Add the watcher; the response is empty."""
            user = text(new["user_uuid"])
            self.client.cases.watch(text(new["case_id"]), user)
            return LiveObject(user, new)

        def list(self, parent: LiveObject | None) -> Iterable[LiveObject]:
            """The users who watch a case."""
            watchers = self.client.cases.watchers(parent_id(parent))
            return (_live(text(watcher.values()["user_id"])) for watcher in watchers)

        def read(self, id_: str, known: Values) -> LiveObject | None:
            """Find the watcher by its user's id, which differs from the watcher's own id."""
            watcher = self.find(id_, known, text(known["case_id"]))
            return None if watcher is None else _live(id_)

        def delete(self, id_: str, known: Values) -> None:
            """Remove the watcher."""
            self.client.cases.unwatch(text(known["case_id"]), id_)
