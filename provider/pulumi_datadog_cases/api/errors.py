"""The exceptions of this client, in one class tree.

    DatadogCasesError
    ├── ConfigurationError     wrong keys, site or URL; nothing was sent
    ├── ConnectionFailed       no complete response, for example because of a timeout
    ├── Interrupted            the run was interrupted before the request was sent
    ├── InvalidResponse        not a response of the API: HTML, truncated JSON or a redirect
    ├── IncompleteSearch       the API does not list all cases that a search finds
    └── ApiError               an error response of the API
        ├── BadRequest         400
        ├── Unauthorized       401
        ├── Forbidden          403
        ├── NotFound           404
        ├── Conflict           409
        ├── RateLimited        429
        └── ServerError        5xx

Each message is one line. It says what failed and where, quotes the API's own words, and says what
to do next. No message contains a key or token.
"""

# ruff: noqa: N818 - most names are those of HTTP statuses, which do not end in Error

from typing import TypeVar

_Error = TypeVar("_Error", bound=type[Exception])


def _public(error: _Error) -> _Error:
    """Set the class's module to the public package; Pulumi prints the module with the message."""
    error.__module__ = "pulumi_datadog_cases"
    return error


@_public
class DatadogCasesError(Exception):
    """The base class of all errors about Datadog.

    Attributes:
        may_have_arrived: whether the API may have carried out the request. False if nothing was
            sent, if the API was not reached, or if the API rejected the request (4xx except 408).
            True after a timeout, a lost connection, 408, 5xx, and a response that does not come
            from the API. If the client made several attempts, the value is true if the API may
            have carried out at least one of them.
    """

    may_have_arrived: bool = False


@_public
class ConfigurationError(DatadogCasesError):
    """The settings are wrong: a key is missing or malformed, the site is wrong, or a URL is wrong.

    No request was sent.
    """


@_public
class ConnectionFailed(DatadogCasesError):
    """No response arrived, or only part of a response.

    `may_have_arrived` is true if any part of the request may have been sent.
    """

    def __init__(self, message: str, *, may_have_arrived: bool) -> None:
        super().__init__(message)
        self.may_have_arrived = may_have_arrived


@_public
class Interrupted(DatadogCasesError):
    """The run was interrupted before the request was sent.

    `may_have_arrived` is true if an earlier attempt of the same request may have been carried out.
    """


@_public
class InvalidResponse(DatadogCasesError):
    """The response is not in the API's format. It may come from another server, such as a proxy."""

    may_have_arrived = True


@_public
class IncompleteSearch(DatadogCasesError):
    """A search matches more cases than the API lists, and the client could not find all the others.

    The client searches for the other cases by their creation time. This can fail because the API
    does not support ranges of times, or because too many cases were created in one millisecond.
    """

    def __init__(self, query: str | None, *, found: int, total: int) -> None:
        number = f"{found} of {total}" if total > found else f"the first {found}"
        super().__init__(
            f"GET /api/v2/cases with the query {query!r} is incomplete: the API lists only "
            f"{number} cases. Narrow the search, for example with `project_id:<UUID>`."
            if query
            else f"GET /api/v2/cases is incomplete: the API lists only {number} cases. Search with "
            "a query, for example `project_id:<UUID>`."
        )


@_public
class ApiError(DatadogCasesError):
    """An error response. For a status that has no subclass, for example 408, this class is raised.

    Attributes:
        status: the HTTP status.
        method: the HTTP method of the request.
        path: the path of the request, from `/api/v2` on.
        details: the API's own messages.
        request_id: the id that Datadog's support asks for, if the response had one.
        retry_after: the seconds to wait before a retry, if the response requested a wait.
    """

    def __init__(  # noqa: PLR0913 - one parameter for each attribute
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
    """400: a value was rejected. The API does not always say which value."""


@_public
class Unauthorized(ApiError):
    """401: the site rejected the keys or the token, or issued no token for an AWS identity."""


@_public
class Forbidden(ApiError):
    """403: the credentials lack a scope, or the two keys are not both valid on the site."""


@_public
class NotFound(ApiError):
    """404 in the API's format: the object, or an object it refers to, does not exist."""


@_public
class Conflict(ApiError):
    """409: the request conflicts with an existing object."""


@_public
class RateLimited(ApiError):
    """429, or the request was not sent because it would wait too long for a rate limit.

    In both cases the API did not carry out the latest attempt. `may_have_arrived` is true if an
    earlier attempt of the same request may have been carried out.
    """


@_public
class ServerError(ApiError):
    """5xx. The request may have been carried out."""
