"""Connections that can be closed before the end of an answer, for which ASGI has no word."""

import asyncio
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

CLOSE: Final = "close_connection"


class Connection(H11Protocol):
    """A connection that tells the application, in the request's `state`, how to close it."""

    # uvicorn narrows the type in the same way: a connection is no datagram or pipe.
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Called by the event loop when a client has connected."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, CLOSE: transport.close}


async def hang_up(request: Request) -> None:
    """Closes a request's connection once all that was sent on it is out, and waits for its end.

    A server that finds an application done without an answer gives one of its own; not so when it
    knows the connection to be closed.
    """
    close: Callable[[], None] = getattr(request.state, CLOSE)
    close()
    await request.receive()
