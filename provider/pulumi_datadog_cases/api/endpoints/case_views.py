"""Case views."""

from typing import TYPE_CHECKING

from pulumi_datadog_cases.api.endpoints.group import EndpointGroup
from pulumi_datadog_cases.api.http.json_api import JSON, Items, body
from pulumi_datadog_cases.api.http.paths import path
from pulumi_datadog_cases.api.items import CaseViewItem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_datadog_cases.api.models import CaseViewRequest, CaseViewUpdate


class CaseViews(EndpointGroup):
    """`client.case_views`."""

    def create(self, attributes: "Mapping[str, JSON] | CaseViewRequest") -> CaseViewItem:
        """Create a case view: POST /cases/views."""
        return self._get_item(CaseViewItem, "POST", "/cases/views", body("view", attributes))

    def list(self, project_id: str) -> Items[CaseViewItem]:
        """List a project's case views: GET /cases/views."""
        return self._get_list(
            CaseViewItem, "GET", "/cases/views", params={"project_id": project_id}
        )

    def get(self, view_id: str) -> CaseViewItem:
        """Get a case view: GET /cases/views/{view_id}."""
        return self._get_item(CaseViewItem, "GET", path("/cases/views/{}", view_id))

    def update(
        self, view_id: str, attributes: "Mapping[str, JSON] | CaseViewUpdate"
    ) -> CaseViewItem:
        """Update the given attributes of a case view: PUT /cases/views/{view_id}."""
        return self._get_item(
            CaseViewItem, "PUT", path("/cases/views/{}", view_id), body("view", attributes)
        )

    def delete(self, view_id: str) -> None:
        """Delete a case view: DELETE /cases/views/{view_id}."""
        self._send("DELETE", path("/cases/views/{}", view_id))
