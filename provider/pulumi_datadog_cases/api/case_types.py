"""Case types and the custom attributes defined on them.

These endpoints are known from Datadog's own client and its recordings alone: the reference pages
do not have them.
"""

from collections.abc import Mapping

from pulumi_datadog_cases.api.document import JSON, Item, Items, body
from pulumi_datadog_cases.api.family import Family
from pulumi_datadog_cases.api.paths import path

_TYPE = "/cases/types/{}"
_ATTRIBUTES = "/cases/types/{}/custom_attributes"
_ATTRIBUTE = "/cases/types/{}/custom_attributes/{}"


class CaseTypes(Family):
    """`client.case_types`. There is no call for a single one."""

    def create(self, attributes: Mapping[str, JSON]) -> Item:
        """Create a case type: POST /cases/types."""
        return self._one("POST", "/cases/types", body("case_type", attributes))

    def list(self) -> Items:
        """Get all case types: GET /cases/types. Deleted ones are in it, with `deleted_at`."""
        return self._many("GET", "/cases/types")

    def update(self, case_type_id: str, attributes: Mapping[str, JSON]) -> Item:
        """Update a case type: PUT /cases/types/{case_type_id}. `name` is required each time."""
        return self._one("PUT", path(_TYPE, case_type_id), body("case_type", attributes))

    def delete(self, case_type_id: str) -> None:
        """Mark a case type as deleted: DELETE /cases/types/{case_type_id}."""
        self._none("DELETE", path(_TYPE, case_type_id))


class CustomAttributes(Family):
    """`client.custom_attributes`: the definitions; values are set on `client.cases`."""

    def create(self, case_type_id: str, attributes: Mapping[str, JSON]) -> Item:
        """Define an attribute: POST /cases/types/{case_type_id}/custom_attributes.

        `type_data` and `map_from` need an update after it.
        """
        return self._one(
            "POST", path(_ATTRIBUTES, case_type_id), body("custom_attribute", attributes)
        )

    def list(self, case_type_id: str) -> Items:
        """Get a case type's attributes: GET /cases/types/{case_type_id}/custom_attributes."""
        return self._many("GET", path(_ATTRIBUTES, case_type_id))

    def list_all(self) -> Items:
        """Get the attributes of all types: GET /cases/types/custom_attributes.

        Those of deleted types are in it (recorded).
        """
        return self._many("GET", "/cases/types/custom_attributes")

    def update(self, case_type_id: str, attribute_id: str, attributes: Mapping[str, JSON]) -> Item:
        """Change one: PUT /cases/types/{case_type_id}/custom_attributes/{custom_attribute_id}."""
        return self._one(
            "PUT",
            path(_ATTRIBUTE, case_type_id, attribute_id),
            body("custom_attribute", attributes),
        )

    def delete(self, case_type_id: str, attribute_id: str) -> None:
        """Delete: DELETE /cases/types/{case_type_id}/custom_attributes/{custom_attribute_id}."""
        self._none("DELETE", path(_ATTRIBUTE, case_type_id, attribute_id))
