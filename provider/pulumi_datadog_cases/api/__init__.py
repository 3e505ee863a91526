"""A typed HTTP client of Datadog Case Management. It does not depend on Pulumi."""

from pulumi_datadog_cases.api.client import Client
from pulumi_datadog_cases.api.config.credentials import AwsIdentity
from pulumi_datadog_cases.api.config.settings import Settings
from pulumi_datadog_cases.api.errors import (
    ApiError,
    BadRequest,
    ConfigurationError,
    Conflict,
    ConnectionFailed,
    DatadogCasesError,
    Forbidden,
    IncompleteSearch,
    Interrupted,
    InvalidResponse,
    NotFound,
    RateLimited,
    ServerError,
    Unauthorized,
)
from pulumi_datadog_cases.api.http.json_api import Item

__all__ = [
    "ApiError",
    "AwsIdentity",
    "BadRequest",
    "Client",
    "ConfigurationError",
    "Conflict",
    "ConnectionFailed",
    "DatadogCasesError",
    "Forbidden",
    "IncompleteSearch",
    "Interrupted",
    "InvalidResponse",
    "Item",
    "NotFound",
    "RateLimited",
    "ServerError",
    "Settings",
    "Unauthorized",
]
