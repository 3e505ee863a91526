"""Datadog Case Management as code: Pulumi resources for projects, rules and cases."""

from pulumi_datadog_cases import lookups, resources
from pulumi_datadog_cases.api import (
    ApiError,
    BadRequest,
    Client,
    ConfigurationError,
    Conflict,
    ConnectionFailed,
    DatadogCasesError,
    Forbidden,
    InvalidResponse,
    Item,
    NotFound,
    RateLimited,
    ServerError,
    Settings,
    Unauthorized,
)
from pulumi_datadog_cases.lookups import *  # noqa: F403 - both modules say what they export
from pulumi_datadog_cases.resources import *  # noqa: F403 - as above

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
__all__ += lookups.__all__
__all__ += resources.__all__
