"""Connections that can be closed in the middle of a response, which ASGI does not support."""

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
    """A connection that adds its `close` function to the `state` of each request."""

    # `asyncio.Protocol` accepts any transport here. Like uvicorn's `H11Protocol`, this class
    # accepts only `asyncio.Transport`, because the connections are never datagrams or pipes.
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Called by the event loop when a client has connected."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, CLOSE: transport.close}


async def close_connection(request: Request) -> None:
    """Closes a request's connection after sending all buffered data. Waits until it is closed.

    If an application returns without a response while the connection is open, the server sends its
    own response. The wait prevents this.
    """
    close: Callable[[], None] = getattr(request.state, CLOSE)
    close()
    await request.receive()


async def send_half_body(response: Response, request: Request, send: Send) -> None:
    """Sends headers for the whole body, sends half of the body, and closes the connection."""
    half = bytes(response.body[: len(response.body) // 2])
    headers = response.raw_headers
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": half, "more_body": True})
    await close_connection(request)
