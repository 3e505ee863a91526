"""Maintenance windows."""

from typing import TYPE_CHECKING

from pulumi_datadog_cases.api.endpoints.group import EndpointGroup
from pulumi_datadog_cases.api.http.json_api import JSON, Items, body
from pulumi_datadog_cases.api.http.paths import path
from pulumi_datadog_cases.api.items import MaintenanceWindowItem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_datadog_cases.api.models import MaintenanceWindowRequest, MaintenanceWindowUpdate


class MaintenanceWindows(EndpointGroup):
    """`client.maintenance_windows`. No endpoint returns a single window (documented)."""

    def create(
        self, attributes: "Mapping[str, JSON] | MaintenanceWindowRequest"
    ) -> MaintenanceWindowItem:
        """Create a maintenance window: POST /maintenance_windows."""
        return self._get_item(
            MaintenanceWindowItem,
            "POST",
            "/maintenance_windows",
            body("maintenance_window", attributes),
        )

    def list(self) -> Items[MaintenanceWindowItem]:
        """List maintenance windows: GET /maintenance_windows."""
        return self._get_list(MaintenanceWindowItem, "GET", "/maintenance_windows")

    def update(
        self, window_id: str, attributes: "Mapping[str, JSON] | MaintenanceWindowUpdate"
    ) -> MaintenanceWindowItem:
        """Update the given attributes: PUT /maintenance_windows/{maintenance_window_id}."""
        return self._get_item(
            MaintenanceWindowItem,
            "PUT",
            path("/maintenance_windows/{}", window_id),
            body("maintenance_window", attributes),
        )

    def delete(self, window_id: str) -> None:
        """Delete a window: DELETE /maintenance_windows/{maintenance_window_id}."""
        self._send("DELETE", path("/maintenance_windows/{}", window_id))
