"""The board: HTML pages that show the sandbox's objects and change them by hand."""

from collections.abc import Mapping
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from datadog_cases_sandbox.request_log import RequestLog
from datadog_cases_sandbox.store import Store

PATHS: Final = ("/", "/favicon.ico", "/board/{page:path}")
"""The paths of the board."""


class Board:
    """The board as an ASGI application, created on its first request.

    It is created late because importing Jinja2 takes longer than starting the rest of the sandbox,
    and most sandboxes are used only by programs, which need no pages.

    Args:
        store: The store to show.
        request_log: The requests to show.
        keys: The headers with the API's keys. The board needs them because it changes objects with
            requests to the API.
    """

    def __init__(self, store: Store, request_log: RequestLog, keys: Mapping[str, str]) -> None:
        self._arguments = store, request_log, keys
        self._pages: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Responds to a request for a page."""
        if self._pages is None:
            from datadog_cases_sandbox.board import pages  # noqa: PLC0415 - late on purpose

            self._pages = pages.create_pages(*self._arguments)
        await self._pages(scope, receive, send)
