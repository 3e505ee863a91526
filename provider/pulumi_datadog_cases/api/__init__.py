"""A typed client of Datadog Case Management over HTTP. It knows nothing of Pulumi."""

from pulumi_datadog_cases.api.client import Client
from pulumi_datadog_cases.api.document import Item
from pulumi_datadog_cases.api.errors import (
    ApiError,
    BadRequest,
    ConfigurationError,
    Conflict,
    ConnectionFailed,
    DatadogCasesError,
    Forbidden,
    InvalidResponse,
    NotFound,
    RateLimited,
    ServerError,
    Unauthorized,
)
from pulumi_datadog_cases.api.settings import Settings

__all__ = [
    "ApiError",
    "BadRequest",
    "Client",
    "ConfigurationError",
    "Conflict",
    "ConnectionFailed",
    "DatadogCasesError",
    "Forbidden",
    "InvalidResponse",
    "Item",
    "NotFound",
    "RateLimited",
    "ServerError",
    "Settings",
    "Unauthorized",
]
