"""Models of case views."""

from datetime import datetime

from pulumi_datadog_cases.api.models.base import RequestModel, ResponseModel, ToOne


class CaseViewRequest(RequestModel):
    """The attributes of a case view to create."""

    name: str
    query: str
    """Search query of the view."""
    project_id: str
    """UUID of the project."""
    np_rule_id: str | None = None
    """UUID of a notification rule."""


class CaseViewUpdate(RequestModel):
    """The attributes of a case view to update."""

    name: str | None = None
    query: str | None = None
    np_rule_id: str | None = None


class CaseViewAttributes(ResponseModel):
    """The attributes of a case view."""

    name: str
    query: str | None = None
    """Search query of the view."""
    np_rule_id: str | None = None
    """UUID of a notification rule."""
    created_at: datetime | None = None
    modified_at: datetime | None = None


class CaseViewRelationships(ResponseModel):
    """The relationships of a case view."""

    project: ToOne | None = None
    created_by: ToOne | None = None
    modified_by: ToOne | None = None
