"""HTTP requests and responses, and the interface of middleware between client and API."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from datadog_cases_sandbox.history import History


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """An HTTP response with its encoded body.

    Attributes:
        status: The HTTP status.
        headers: The headers, without `Content-Length`, which the server adds.
        content: The body.
        reason: One line of ASCII that says why the request was rejected, or None after a success.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes = b""
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The API's response to a request, and the response that the client receives.

    Attributes:
        handled: The API's response, or None if the request did not reach the API.
        sent: The response that the client receives. None if the connection is closed instead.
        truncated: Whether the client receives only the first half of the body.
        faults: The kinds of the faults that applied, the outermost first.
    """

    handled: HttpResponse | None
    sent: HttpResponse | None
    truncated: bool = False
    faults: tuple[str, ...] = ()


class Middleware(Protocol):
    """A layer around the API that may change a request, its response, or both."""

    async def handle(self, request: "HttpRequest") -> Outcome:
        """Handles a request; `request.proceed()` passes it to the next layer."""
        ...


@dataclass(slots=True)
class HttpRequest:
    """A request on its way to the API.

    Attributes:
        method: The HTTP method.
        path: The path below `/api/v2`.
        reads_many: Whether the request reads a list, a search or a count.
        path_params: The path's parameters by name.
        query_params: The query's parameters by name.
        history: The store's history.
        view: The context in which the API handles the request. By default, it is a transaction of
            the store. A middleware may set another context, such as a past state of the store.
        call_api: A function that lets the API handle the request within a view.
        middleware: The layers around the API, the outermost first.
    """

    method: str
    path: str
    reads_many: bool
    path_params: Mapping[str, str]
    query_params: Mapping[str, str]
    history: History
    view: AbstractContextManager[None]
    call_api: Callable[[AbstractContextManager[None]], HttpResponse]
    middleware: Iterator[Middleware] = field(default_factory=lambda: iter(()))

    @property
    def names_in_path(self) -> list[str]:
        """The ids and keys in the path."""
        return [name for value in self.path_params.values() for name in _spellings(value)]

    @property
    def names(self) -> list[str]:
        """The ids and keys in the path, and the ids in the query."""
        ids = (value for name, value in self.query_params.items() if name.endswith("_id"))
        return [*self.names_in_path, *(name for value in ids for name in _spellings(value))]

    async def proceed(self) -> Outcome:
        """Passes the request to the next middleware. The last middleware passes it to the API."""
        for layer in self.middleware:
            return await layer.handle(self)
        response = self.call_api(self.view)
        return Outcome(response, response)


def _spellings(value: str) -> tuple[str, str]:
    # The value may be an id or a key. Ids are stored in lower case, but a request may have an id in
    # upper case. A key is found only in the spelling in which it is stored.
    return value, value.lower()
