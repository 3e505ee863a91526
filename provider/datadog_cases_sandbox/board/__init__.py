"""The sandbox's board: pages for people, who see there what was deployed and change it by hand."""

from collections.abc import Mapping
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from datadog_cases_sandbox.journal import Journal
from datadog_cases_sandbox.store import Store

PATHS: Final = ("/", "/favicon.ico", "/board/{page:path}")
"""Where it is served."""


class Board:
    """The board as an ASGI application, made when it is first asked for.

    Jinja2 takes longer to import than the rest of the sandbox to start, and most sandboxes are
    looked at by programs alone.

    Args:
        store: What is shown.
        journal: What is shown as well.
        keys: The headers that the API asks for: changes made here go through it.
    """

    def __init__(self, store: Store, journal: Journal, keys: Mapping[str, str]) -> None:
        self._shown = store, journal, keys
        self._pages: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request for a page."""
        if self._pages is None:
            from datadog_cases_sandbox.board import pages  # noqa: PLC0415 - see above

            self._pages = pages.create_pages(*self._shown)
        await self._pages(scope, receive, send)
