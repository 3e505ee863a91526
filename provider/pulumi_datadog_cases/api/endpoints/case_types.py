"""Case types.

Datadog's API reference does not have these endpoints. They are known from Datadog's official client
and from the recorded requests and responses in its tests.
"""

from typing import TYPE_CHECKING

from pulumi_datadog_cases.api.endpoints.group import EndpointGroup
from pulumi_datadog_cases.api.http.json_api import JSON, Items, body
from pulumi_datadog_cases.api.http.paths import path
from pulumi_datadog_cases.api.items import CaseTypeItem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_datadog_cases.api.models import CaseTypeRequest

_CASE_TYPE = "/cases/types/{}"


class CaseTypes(EndpointGroup):
    """`client.case_types`. No endpoint returns a single case type."""

    def create(self, attributes: "Mapping[str, JSON] | CaseTypeRequest") -> CaseTypeItem:
        """Create a case type: POST /cases/types."""
        return self._get_item(CaseTypeItem, "POST", "/cases/types", body("case_type", attributes))

    def list(self) -> Items[CaseTypeItem]:
        """List case types: GET /cases/types.

        The list includes deleted case types, which have a `deleted_at`.
        """
        return self._get_list(CaseTypeItem, "GET", "/cases/types")

    def update(
        self, case_type_id: str, attributes: "Mapping[str, JSON] | CaseTypeRequest"
    ) -> CaseTypeItem:
        """Update a case type: PUT /cases/types/{case_type_id}. `name` is required."""
        return self._get_item(
            CaseTypeItem, "PUT", path(_CASE_TYPE, case_type_id), body("case_type", attributes)
        )

    def delete(self, case_type_id: str) -> None:
        """Mark a case type as deleted: DELETE /cases/types/{case_type_id}."""
        self._send("DELETE", path(_CASE_TYPE, case_type_id))
