"""Connections that can be closed before the end of an answer, for which ASGI has no word."""

import asyncio
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Send
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


async def send_half(response: Response, request: Request, send: Send) -> None:
    """Sends the headers, which promise the whole body, and half of it, and hangs up."""
    half = bytes(response.body[: len(response.body) // 2])
    headers = response.raw_headers
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": half, "more_body": True})
    await hang_up(request)
