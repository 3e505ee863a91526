"""Watchers of a case."""

from pulumi_datadog_cases.api.endpoints.group import EndpointGroup
from pulumi_datadog_cases.api.http.json_api import Items
from pulumi_datadog_cases.api.http.paths import path
from pulumi_datadog_cases.api.items import WatcherItem

_WATCHER = "/cases/{}/watchers/{}"


class WatcherEndpoints(EndpointGroup):
    """The methods of `client.cases` for watchers."""

    def watchers(self, case_id: str) -> Items[WatcherItem]:
        """List the watchers: GET /cases/{case_id}/watchers.

        Each item has its user as a relationship.
        """
        return self._get_list(WatcherItem, "GET", path("/cases/{}/watchers", case_id))

    def watch(self, case_id: str, user_uuid: str) -> None:
        """Add a watcher: POST /cases/{case_id}/watchers/{user_uuid}."""
        self._send("POST", path(_WATCHER, case_id, user_uuid), idempotent=True)

    def unwatch(self, case_id: str, user_uuid: str) -> None:
        """Remove a watcher: DELETE /cases/{case_id}/watchers/{user_uuid}."""
        self._send("DELETE", path(_WATCHER, case_id, user_uuid))
