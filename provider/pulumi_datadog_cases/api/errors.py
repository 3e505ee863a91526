"""Everything that can go wrong between this client and Datadog, as one tree.

    DatadogCasesError
    ├── ConfigurationError     keys, site or URL: found wrong before anything was sent
    ├── ConnectionFailed       no answer: name not found, refused, TLS, timeout, reset
    ├── InvalidResponse        an answer, but not the API's: HTML, cut JSON, a redirect
    └── ApiError               the API said no
        ├── BadRequest         400
        ├── Unauthorized       401
        ├── Forbidden          403
        ├── NotFound           404
        ├── Conflict           409
        ├── RateLimited        429
        └── ServerError        5xx

Each message is one line that stands by itself: what was tried, where, what came back in the
API's own words, and what to do next. No message ever holds a key.
"""

# ruff: noqa: N818 - the names are HTTP's own words; only the roots that users catch end in Error

from typing import TypeVar

_Error = TypeVar("_Error", bound=type[Exception])


def _public(error: _Error) -> _Error:
    """Give an error the name users import it by: Pulumi prints that name before the message."""
    error.__module__ = "pulumi_datadog_cases"
    return error


@_public
class DatadogCasesError(Exception):
    """The root: catch this to catch whatever this package raises about Datadog.

    Attributes:
        may_have_arrived: whether the request may have been carried out all the same. False where
            nothing was sent, where it cannot have reached the API, and where the API refused it
            (4xx, save 408). True after a timeout, a lost connection, 408, 5xx, and any answer
            that is not the API's, since such a one says nothing about what the API did. Where a
            request was tried more than once, it speaks of all the tries.
    """

    may_have_arrived: bool = False


@_public
class ConfigurationError(DatadogCasesError):
    """A key is missing or malformed, or a site or URL cannot be right. Nothing was sent."""


@_public
class ConnectionFailed(DatadogCasesError):
    """No answer came, or only part of one; `may_have_arrived` says which of the two it may be."""

    def __init__(self, message: str, *, may_have_arrived: bool) -> None:
        super().__init__(message)
        self.may_have_arrived = may_have_arrived


@_public
class InvalidResponse(DatadogCasesError):
    """What answered does not speak as the API does: it may not be the API at all."""

    may_have_arrived = True


@_public
class ApiError(DatadogCasesError):
    """The API refused. Statuses without a class of their own, such as 408, are this class.

    Attributes:
        status: the HTTP status.
        method: the HTTP method of the request.
        path: the path of the request, from `/api/v2` on.
        details: the API's own words, one entry per error it listed.
        request_id: what Datadog's support asks for, where the answer held one.
        retry_after: seconds the API asked to wait, where it did.
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
    """400: a value was refused. The API does not always say which."""


@_public
class Unauthorized(ApiError):
    """401: the keys are not known on this site."""


@_public
class Forbidden(ApiError):
    """403: the application key lacks a scope, or a key is wrong."""


@_public
class NotFound(ApiError):
    """404 in the API's own form: the object, or one it refers to, is not there."""


@_public
class Conflict(ApiError):
    """409: what is there already stands in the way."""


@_public
class RateLimited(ApiError):
    """429, or none sent for fear of it: a limit lasts for longer than the request may wait.

    It was not carried out.
    """


@_public
class ServerError(ApiError):
    """5xx. The request may have been carried out all the same."""
