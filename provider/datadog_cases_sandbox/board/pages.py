"""The pages of the board: routes, handlers and rendering."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import quote

import jinja2
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Route, Router

from datadog_cases_sandbox import errors
from datadog_cases_sandbox.board import forms
from datadog_cases_sandbox.board.behaviour_sections import fault_section, quirk_section
from datadog_cases_sandbox.board.filters import FILTERS
from datadog_cases_sandbox.board.form_proxy import FormProxy
from datadog_cases_sandbox.board.queries import Queries
from datadog_cases_sandbox.board.request_groups import request_groups
from datadog_cases_sandbox.endpoints.case_index import matching
from datadog_cases_sandbox.faults.injector import FaultInjector
from datadog_cases_sandbox.quirks.active import ActiveQuirks
from datadog_cases_sandbox.request_log import RequestLog
from datadog_cases_sandbox.rules import simulation
from datadog_cases_sandbox.store import Store

HERE: Final = Path(__file__).parent
STATIC: Final = {file.name: file for file in (HERE / "static").iterdir()}
MAX_REQUESTS: Final = 300

HEADERS: Final = {
    "Cache-Control": "no-store",
    # Titles, comments and bodies are untrusted. Scripts in them must not run.
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def create_pages(
    store: Store,
    faults: FaultInjector,
    quirks: ActiveQuirks,
    request_log: RequestLog,
    keys: Mapping[str, str],
) -> Router:
    """Returns the routes of the pages, of their static files, and of their forms; see `Board`."""
    pages = Pages(store, faults, quirks, request_log)
    form_proxy = FormProxy(keys, pages.rejected)
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
            Route("/board/behaviours", pages.behaviours),
            Route("/board/api/v2/{path:path}", form_proxy, methods=["POST"]),
            Route("/board/sandbox/{path:path}", form_proxy, methods=["POST"]),
            Route("/board/static/{name}", static),
            Route("/favicon.ico", static),
            Route("/cases", datadog_page),
            Route("/cases/{key:path}", datadog_page),
        ]
    )


async def static(request: Request) -> Response:
    """Serves styles, the script and the icon. Browsers also request the icon at `/favicon.ico`.

    Browsers must not cache the files, because the next release may change them.
    """
    file = STATIC.get(request.path_params.get("name", "favicon.svg"))
    if file is None:
        return PlainTextResponse("no such file", 404, HEADERS)
    return FileResponse(file, headers=HEADERS)


async def datadog_page(request: Request) -> Response:
    """Redirects the paths of Datadog's web pages to the board.

    `/cases?query=...` lists the cases that match a search query (documented), and `/cases/{key}`
    shows a case (assumed).
    """
    key, query = request.path_params.get("key"), request.query_params.get("query", "")
    target = f"/board/cases/{quote(key)}" if key else f"/?filter={quote(query)}"
    return RedirectResponse(target, headers=HEADERS)


class Pages:
    """Handlers of the pages. They read the current store. Requests for pages are not logged."""

    def __init__(
        self,
        store: Store,
        faults: FaultInjector,
        quirks: ActiveQuirks,
        request_log: RequestLog,
    ) -> None:
        self._store = store
        self._faults = faults
        self._quirks = quirks
        self._request_log = request_log
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(FILTERS)

    async def cases(self, request: Request) -> Response:
        """`GET /`: cases by status. The parameters `project` (a key) and `filter` select cases."""
        queries, text = Queries(self._store), request.query_params.get("filter", "")
        project = queries.project(request.query_params.get("project"))
        error = None
        try:
            # Without a filter, the board also shows archived cases. With a filter, it works like a
            # search: it shows archived cases only if the filter contains `archived:`.
            selected = matching(self._store, text).oldest_first() if text else queries.cases()
        except errors.ApiError as api_error:
            selected, error = [], api_error.reason
        if project is not None:
            selected = [case for case in selected if case.project_id == project.id]
        context = {
            "columns": queries.columns(selected),
            "project": project,
            "filter": text,
            "error": error,
        }
        return self._page("cases", queries, context)

    async def case(self, request: Request) -> Response:
        """`GET /board/cases/{key or id}`: a case and all objects that belong to it, or 404."""
        queries, name = Queries(self._store), str(request.path_params["key"])
        case = queries.case(name)
        if case is None:
            return self._page("not_found", queries, {"name": name}, 404)
        return self._page("case", queries, {"case": case})

    async def projects(self, _request: Request) -> Response:
        """`GET /board/projects`: projects with their settings and the numbers of their objects."""
        return self._page("projects", Queries(self._store))

    async def rules(self, request: Request) -> Response:
        """`GET /board/rules`: the rules. The URL's query can describe an event.

        `forms.form_body` converts the query. The page then says which rules this event would
        trigger; see `simulation.Simulation`.
        """
        fields = [
            field._replace(value=request.query_params.get(field.name, ""))
            for field in forms.model_fields(simulation.Simulation, "", {})
        ]
        context: dict[str, object] = {"fields": fields, "outcomes": None, "error": None}
        if request.url.query:
            try:
                event = json.dumps(forms.form_body(request.url.query))
                context["outcomes"] = simulation.simulate(self._store, event.encode())
            except forms.InvalidFormError as invalid:
                context["error"] = str(invalid)
            except errors.ApiError as api_error:
                context["error"] = api_error.reason
        return self._page("rules", Queries(self._store), context)

    async def views(self, _request: Request) -> Response:
        """`GET /board/views`: the saved views, each with a link to its cases."""
        return self._page("views", Queries(self._store))

    async def types(self, _request: Request) -> Response:
        """`GET /board/types`: case types with their statuses and custom attributes."""
        return self._page("types", Queries(self._store))

    async def windows(self, _request: Request) -> Response:
        """`GET /board/windows`: the maintenance windows. The latest window comes first."""
        return self._page("windows", Queries(self._store))

    async def requests(self, request: Request) -> Response:
        """`GET /board/requests`: the request log. The parameter `only` is `writes` or `errors`."""
        only = request.query_params.get("only", "")
        groups = request_groups(self._request_log.latest(MAX_REQUESTS), only)
        return self._page("requests", Queries(self._store), {"groups": groups, "only": only})

    async def behaviours(self, _request: Request) -> Response:
        """`GET /board/behaviours`: the kinds of faults and quirks, and those that are active."""
        sections = [fault_section(self._faults), quirk_section(self._quirks)]
        return self._page("behaviours", Queries(self._store), {"sections": sections})

    async def version(self, _request: Request) -> Response:
        """`GET /board/version`: a text that changes with each API request and each reset.

        Pages request the text repeatedly. When it has changed, they update themselves.
        """
        return PlainTextResponse(str(self._request_log.version), headers=HEADERS)

    def rejected(self, status: int, request: str, message: str) -> Response:
        """The error page after the request of a form has been rejected."""
        context = {"request": request, "message": message}
        return self._page("rejected", Queries(self._store), context, status)

    def _page(
        self,
        name: str,
        queries: Queries,
        context: Mapping[str, object] | None = None,
        status: int = 200,
    ) -> Response:
        template = self._templates.get_template(f"{name}.html")
        version = self._request_log.version
        context = {"page": name, "queries": queries, "version": version, **(context or {})}
        return HTMLResponse(template.render(context), status, HEADERS)
