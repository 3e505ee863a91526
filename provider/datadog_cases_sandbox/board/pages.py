"""The pages of the board, and what they are made of."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import jinja2
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route, Router

from datadog_cases_sandbox import errors
from datadog_cases_sandbox.board import spelling, words
from datadog_cases_sandbox.board.bursts import bursts
from datadog_cases_sandbox.board.change import Change
from datadog_cases_sandbox.board.looks import Look
from datadog_cases_sandbox.families.case_fields import matching
from datadog_cases_sandbox.journal import Journal
from datadog_cases_sandbox.rules import wording
from datadog_cases_sandbox.store import Store

HERE: Final = Path(__file__).parent
STATIC: Final = {file.name: file for file in (HERE / "static").iterdir()}
SHOWN_REQUESTS: Final = 300

HEADERS: Final = {
    "Cache-Control": "no-store",
    # Titles, comments and bodies come from anywhere: whatever they hold, it never runs.
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def create_pages(store: Store, journal: Journal, keys: Mapping[str, str]) -> Router:
    """The pages, their static files, and the way of their changes; see `Board`."""
    pages = Pages(store, journal)
    return Router(
        [
            Route("/", pages.cases),
            Route("/board/cases/{key:path}", pages.case),
            Route("/board/projects", pages.projects),
            Route("/board/rules", pages.rules),
            Route("/board/views", pages.views),
            Route("/board/types", pages.types),
            Route("/board/windows", pages.windows),
            Route("/board/requests", pages.requests),
            Route("/board/version", pages.version),
            Route("/board/api/v2/{path:path}", Change(keys, pages.refused), methods=["POST"]),
            Route("/board/static/{name}", static),
            Route("/favicon.ico", static),
        ]
    )


async def static(request: Request) -> Response:
    """Styles, the script and the icon, which browsers also ask for at `/favicon.ico`.

    As pages do, they say that they are not to be kept: the next release has others.
    """
    file = STATIC.get(request.path_params.get("name", "favicon.svg"))
    if file is None:
        return PlainTextResponse("no such file", 404, HEADERS)
    return FileResponse(file, headers=HEADERS)


class Pages:
    """One method per page. All read the store as it is, and leave no trace in the journal."""

    def __init__(self, store: Store, journal: Journal) -> None:
        self._store = store
        self._journal = journal
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(spelling.FILTERS)
        self._templates.filters.update(
            trigger=words.trigger, action=wording.action, recipients=wording.recipients
        )

    async def cases(self, request: Request) -> Response:
        """`GET /`: cases by status, those of `project` (a key), those that `filter` finds."""
        look, text = Look(self._store), request.query_params.get("filter", "")
        project = look.project(request.query_params.get("project"))
        complaint = None
        try:
            # A search leaves the archived out unless it speaks of them, a board shows them.
            found = [one.case for one in matching(self._store, text)] if text else look.cases()
        except errors.Refusal as refusal:
            found, complaint = [], refusal.reason
        here = [one for one in found if project is None or one.project_id == project.id]
        more = {"project": project, "filter": text, "complaint": complaint}
        return self._page("cases", look, {"columns": look.columns(here), **more})

    async def case(self, request: Request) -> Response:
        """`GET /board/cases/{key or id}`: all there is to a case; 404 if it is not there."""
        look, name = Look(self._store), str(request.path_params["key"])
        case = look.case(name)
        if case is None:
            return self._page("missing", look, {"name": name}, 404)
        return self._page("case", look, {"case": case})

    async def projects(self, _request: Request) -> Response:
        """`GET /board/projects`: what they are set to, and how much each has."""
        return self._page("projects", Look(self._store))

    async def rules(self, _request: Request) -> Response:
        """`GET /board/rules`: automation and notification rules, in words."""
        return self._page("rules", Look(self._store))

    async def views(self, _request: Request) -> Response:
        """`GET /board/views`: the saved views, each with a way to the cases it finds."""
        return self._page("views", Look(self._store))

    async def types(self, _request: Request) -> Response:
        """`GET /board/types`: case types with their statuses and custom attributes."""
        return self._page("types", Look(self._store))

    async def windows(self, _request: Request) -> Response:
        """`GET /board/windows`: the maintenance windows, those to come first."""
        return self._page("windows", Look(self._store))

    async def requests(self, request: Request) -> Response:
        """`GET /board/requests`: the journal; `only` may be `writes` or `errors`."""
        only = request.query_params.get("only", "")
        found = bursts(self._journal.latest(SHOWN_REQUESTS), only)
        return self._page("requests", Look(self._store), {"bursts": found, "only": only})

    async def version(self, _request: Request) -> Response:
        """`GET /board/version`: another text after each request to the API, and each reset."""
        return PlainTextResponse(str(self._journal.version), headers=HEADERS)

    def refused(self, status: int, request: str, reason: str) -> Response:
        """The answer to a change that the API did not make."""
        told = {"status": status, "request": request, "reason": reason}
        return self._page("refused", Look(self._store), told, status)

    def _page(
        self, name: str, look: Look, told: Mapping[str, object] | None = None, status: int = 200
    ) -> Response:
        template = self._templates.get_template(f"{name}.html")
        told = {"page": name, "look": look, "version": self._journal.version, **(told or {})}
        return HTMLResponse(template.render(told), status, HEADERS)
