"""The exceptions of this client, one tree.

    DatadogCasesError
    ├── ConfigurationError     wrong keys, site or URL; nothing was sent
    ├── ConnectionFailed       no response: name not found, refused, TLS, timeout, reset
    ├── InvalidResponse        a response, but not the API's: HTML, truncated JSON, a redirect
    └── ApiError               an error response
        ├── BadRequest         400
        ├── Unauthorized       401
        ├── Forbidden          403
        ├── NotFound           404
        ├── Conflict           409
        ├── RateLimited        429
        └── ServerError        5xx

Each message is one line: what failed, where, the API's own words, and what to do next. No message
contains a key.
"""

# ruff: noqa: N818 - the names are HTTP's; only base classes end in Error

from typing import TypeVar

_Error = TypeVar("_Error", bound=type[Exception])


def _public(error: _Error) -> _Error:
    """Set the module to the package that exports the error: Pulumi prints it before the message."""
    error.__module__ = "pulumi_datadog_cases"
    return error


@_public
class DatadogCasesError(Exception):
    """The base class of all errors about Datadog.

    Attributes:
        may_have_arrived: whether the API may have carried out the request. False if nothing was
            sent, the API was not reached, or it rejected the request (4xx except 408). True after
            a timeout, a lost connection, 408, 5xx, and a response that is not the API's. If there
            were several attempts, true if it is for any of them.
    """

    may_have_arrived: bool = False


@_public
class ConfigurationError(DatadogCasesError):
    """A key is missing or malformed, or a site or URL is wrong. Nothing was sent."""


@_public
class ConnectionFailed(DatadogCasesError):
    """No response, or only part of one. See `may_have_arrived`."""

    def __init__(self, message: str, *, may_have_arrived: bool) -> None:
        super().__init__(message)
        self.may_have_arrived = may_have_arrived


@_public
class InvalidResponse(DatadogCasesError):
    """The response is not in the API's format: it may come from another server."""

    may_have_arrived = True


@_public
class ApiError(DatadogCasesError):
    """An error response. Statuses without a subclass, such as 408, have this class.

    Attributes:
        status: the HTTP status.
        method: the HTTP method of the request.
        path: the path of the request, from `/api/v2` on.
        details: the API's own messages.
        request_id: the id that Datadog's support asks for, if the response had one.
        retry_after: the seconds to wait, if the response had them.
    """

    def __init__(  # noqa: PLR0913 - one for each attribute
        self,
        message: str,
        *,
        status: int,
        method: str,
        path: str,
        details: tuple[str, ...] = (),
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.may_have_arrived = status == 408 or status >= 500  # noqa: PLR2004 - HTTP's own numbers
        self.status = status
        self.method = method
        self.path = path
        self.details = details
        self.request_id = request_id
        self.retry_after = retry_after


@_public
class BadRequest(ApiError):
    """400: a value was rejected. The API does not always say which."""


@_public
class Unauthorized(ApiError):
    """401: the site does not know the keys."""


@_public
class Forbidden(ApiError):
    """403: the application key lacks a scope, or a key is wrong."""


@_public
class NotFound(ApiError):
    """404 in the API's format: the object, or one it refers to, does not exist."""


@_public
class Conflict(ApiError):
    """409: conflicts with an existing object."""


@_public
class RateLimited(ApiError):
    """429, or not sent because the wait for a known limit would be too long. Nothing was done."""


@_public
class ServerError(ApiError):
    """5xx. The request may have been carried out."""
