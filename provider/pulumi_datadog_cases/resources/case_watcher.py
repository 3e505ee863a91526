"""`CaseWatcher`: a user who is kept informed about a case."""

from collections.abc import Iterable

from pulumi_datadog_cases.api import Client
from pulumi_datadog_cases.engine import LiveObject, Prop, Values, arg
from pulumi_datadog_cases.resources._shared.base import CaseResource, id_of, text
from pulumi_datadog_cases.resources._shared.list_reads import ListOnlyLifecycle
from pulumi_datadog_cases.resources._shared.types import Text, Uuid


def _live(user: str) -> LiveObject:
    return LiveObject(user, {"user_uuid": user})


class CaseWatcher(CaseResource):
    """A user who watches a case.

    Import id: `<case_id>/<user_uuid>`.

    Destroy: the user no longer watches the case.

    Errors: 404 where the case or the user does not exist; 403 where the keys lack `cases_write`.

    Endpoints: `/api/v2/cases/{case_id}/watchers`, of which only the list can be read.
    """

    delete_before_replace = True  # the same user on the same case may go by another case_id

    case_id: Prop[Text] = arg(parent=True)
    """UUID or key of the case. A change replaces."""
    user_uuid: Prop[Uuid] = arg(replace_on_changes=True)
    """UUID of the user. A change replaces."""

    class Lifecycle(ListOnlyLifecycle):
        """How watchers live at the API."""

        create_is_idempotent = True
        parent_property = "case_id"

        def __init__(self, client: Client) -> None:
            super().__init__(client, client.cases.watchers, lambda item: item.values()["user_id"])

        def create(self, new: Values) -> LiveObject:
            """Make the user watch the case; the answer is empty."""
            user = text(new["user_uuid"])
            self.client.cases.watch(text(new["case_id"]), user)
            return LiveObject(user, new)

        def list(self, parent: LiveObject | None) -> Iterable[LiveObject]:
            """The users who watch a case."""
            watchers = self.client.cases.watchers(id_of(parent))
            return (_live(text(watcher.values()["user_id"])) for watcher in watchers)

        def read(self, id_: str, known: Values) -> LiveObject | None:
            """Look for the user among the watchers, whose own ids are not their users'."""
            watcher = self.find(id_, known, text(known["case_id"]))
            return None if watcher is None else _live(id_)

        def delete(self, id_: str, known: Values) -> None:
            """Make the user no longer watch the case."""
            self.client.cases.unwatch(text(known["case_id"]), id_)
