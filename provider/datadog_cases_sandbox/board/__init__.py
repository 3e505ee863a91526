"""The board: HTML pages on which people see and change the sandbox's objects."""

from collections.abc import Mapping
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from datadog_cases_sandbox.faults.injector import FaultInjector
from datadog_cases_sandbox.quirks.active import ActiveQuirks
from datadog_cases_sandbox.request_log import RequestLog
from datadog_cases_sandbox.store import Store

PATHS: Final = ("/", "/favicon.ico", "/board/{page:path}", "/cases", "/cases/{page:path}")
"""The paths of the board. Datadog's web pages for cases are below `/cases`."""


class Board:
    """The board as an ASGI application, created on its first request.

    Importing Jinja2 takes longer than starting the rest of the sandbox. Most sandboxes are used
    only by programs, which request no pages. The pages are therefore created on the first request.

    Args:
        store: The store to show.
        faults: The faults to show.
        quirks: The quirks to show.
        request_log: The requests to show.
        keys: The headers with the API's keys. The board changes objects with requests to the API,
            which need these headers.
    """

    def __init__(
        self,
        store: Store,
        faults: FaultInjector,
        quirks: ActiveQuirks,
        request_log: RequestLog,
        keys: Mapping[str, str],
    ) -> None:
        self._arguments = store, faults, quirks, request_log, keys
        self._pages: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Responds to a request for a page."""
        if self._pages is None:
            from datadog_cases_sandbox.board import pages  # noqa: PLC0415 - late on purpose

            self._pages = pages.create_pages(*self._arguments)
        await self._pages(scope, receive, send)
