"""Definitions of custom attributes on case types.

Datadog's API reference does not have these endpoints. They are known from Datadog's official client
and from the recorded requests and responses in its tests.
"""

from typing import TYPE_CHECKING

from pulumi_datadog_cases.api.endpoints.group import EndpointGroup
from pulumi_datadog_cases.api.http.json_api import JSON, Items, body
from pulumi_datadog_cases.api.http.paths import path
from pulumi_datadog_cases.api.items import CustomAttributeItem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_datadog_cases.api.models import CustomAttributeRequest, CustomAttributeUpdate

_CUSTOM_ATTRIBUTES = "/cases/types/{}/custom_attributes"
_CUSTOM_ATTRIBUTE = "/cases/types/{}/custom_attributes/{}"


class CustomAttributes(EndpointGroup):
    """`client.custom_attributes`: the definitions. `client.cases` sets values on a case."""

    def create(
        self, case_type_id: str, attributes: "Mapping[str, JSON] | CustomAttributeRequest"
    ) -> CustomAttributeItem:
        """Define an attribute: POST /cases/types/{case_type_id}/custom_attributes.

        The endpoint does not accept `type_data` and `map_from`. Set them with `update`.
        """
        return self._get_item(
            CustomAttributeItem,
            "POST",
            path(_CUSTOM_ATTRIBUTES, case_type_id),
            body("custom_attribute", attributes),
        )

    def list(self, case_type_id: str) -> Items[CustomAttributeItem]:
        """List a case type's attributes: GET /cases/types/{case_type_id}/custom_attributes."""
        return self._get_list(CustomAttributeItem, "GET", path(_CUSTOM_ATTRIBUTES, case_type_id))

    def list_all(self) -> Items[CustomAttributeItem]:
        """List the attributes of all case types: GET /cases/types/custom_attributes.

        The list includes attributes of deleted case types (recorded).
        """
        return self._get_list(CustomAttributeItem, "GET", "/cases/types/custom_attributes")

    def update(
        self,
        case_type_id: str,
        attribute_id: str,
        attributes: "Mapping[str, JSON] | CustomAttributeUpdate",
    ) -> CustomAttributeItem:
        """Update the definition of an attribute.

        PUT /cases/types/{case_type_id}/custom_attributes/{custom_attribute_id}.
        """
        return self._get_item(
            CustomAttributeItem,
            "PUT",
            path(_CUSTOM_ATTRIBUTE, case_type_id, attribute_id),
            body("custom_attribute", attributes),
        )

    def delete(self, case_type_id: str, attribute_id: str) -> None:
        """Delete the definition of an attribute.

        DELETE /cases/types/{case_type_id}/custom_attributes/{custom_attribute_id}.
        """
        self._send("DELETE", path(_CUSTOM_ATTRIBUTE, case_type_id, attribute_id))
