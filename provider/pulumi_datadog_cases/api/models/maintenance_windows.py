"""Models of maintenance windows."""

from datetime import datetime

from pulumi_datadog_cases.api.models.base import RequestModel, ResponseModel


class MaintenanceWindowRequest(RequestModel):
    """The attributes of a maintenance window to create."""

    name: str
    query: str
    """Search query. The window applies to cases that match it."""
    start_at: datetime
    end_at: datetime


class MaintenanceWindowUpdate(RequestModel):
    """The attributes of a maintenance window to update."""

    name: str | None = None
    query: str | None = None
    start_at: datetime | None = None
    end_at: datetime | None = None


class MaintenanceWindowAttributes(ResponseModel):
    """The attributes of a maintenance window."""

    name: str
    query: str | None = None
    """Search query. The window applies to cases that match it."""
    start_at: datetime | None = None
    end_at: datetime | None = None
    created_by: str | None = None
    """UUID of the user who created the window."""
    updated_by: str | None = None
    """UUID of the user who last changed the window."""
