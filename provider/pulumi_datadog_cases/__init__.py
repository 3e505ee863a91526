"""Datadog Case Management as code: Pulumi resources for projects, rules and cases."""

from pulumi_datadog_cases import resources
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
    NotFound,
    RateLimited,
    ServerError,
    Settings,
    Unauthorized,
)
from pulumi_datadog_cases.resources import *  # noqa: F403 - the catalogue says what it exports

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
    "NotFound",
    "RateLimited",
    "ServerError",
    "Settings",
    "Unauthorized",
]
__all__ += resources.__all__
