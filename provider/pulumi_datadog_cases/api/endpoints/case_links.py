"""Links between a case and another case, an incident or another entity."""

from typing import TYPE_CHECKING

from pulumi_datadog_cases.api.endpoints.group import EndpointGroup
from pulumi_datadog_cases.api.http.json_api import JSON, Items, body
from pulumi_datadog_cases.api.http.paths import path
from pulumi_datadog_cases.api.items import CaseLinkItem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_datadog_cases.api.models import CaseLinkRequest


class CaseLinks(EndpointGroup):
    """`client.case_links`. No endpoint returns a single link or updates a link."""

    def create(self, attributes: "Mapping[str, JSON] | CaseLinkRequest") -> CaseLinkItem:
        """Create a case link: POST /cases/link."""
        return self._get_item(CaseLinkItem, "POST", "/cases/link", body("link", attributes))

    def list(
        self, entity_type: str, entity_id: str, relationship: str | None = None
    ) -> Items[CaseLinkItem]:
        """List the links of a case, incident or other entity: GET /cases/link."""
        params = {
            "entity_type": entity_type,
            "entity_id": entity_id,
            "relationship": relationship,
        }
        return self._get_list(CaseLinkItem, "GET", "/cases/link", params=params)

    def delete(self, link_id: str) -> None:
        """Delete a case link: DELETE /cases/link/{link_id}."""
        self._send("DELETE", path("/cases/link/{}", link_id))
