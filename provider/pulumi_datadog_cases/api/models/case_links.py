"""Models of case links."""

from pulumi_datadog_cases.api.enums import CaseLinkEntityType, CaseLinkRelationship
from pulumi_datadog_cases.api.models.base import RequestModel, ResponseModel


class CaseLinkRequest(RequestModel):
    """The attributes of a case link to create."""

    parent_entity_type: CaseLinkEntityType
    parent_entity_id: str
    child_entity_type: CaseLinkEntityType
    child_entity_id: str
    relationship: CaseLinkRelationship


class CaseLinkAttributes(ResponseModel):
    """The attributes of a case link."""

    parent_entity_type: CaseLinkEntityType
    parent_entity_id: str
    child_entity_type: CaseLinkEntityType
    child_entity_id: str
    relationship: CaseLinkRelationship
