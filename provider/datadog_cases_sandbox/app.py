"""The ASGI application: the endpoints with authentication, errors, faults, quirks and a log."""

import asyncio
import json
import logging
import time
from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Final

from pydantic import JsonValue
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from datadog_cases_sandbox import board, errors
from datadog_cases_sandbox.authentication import EXCHANGE_PATH, Authenticator
from datadog_cases_sandbox.connection import close_connection, send_half_body
from datadog_cases_sandbox.control_api import ControlApi
from datadog_cases_sandbox.endpoints import registry
from datadog_cases_sandbox.faults.injector import FaultInjector
from datadog_cases_sandbox.handler import (
    JSON_API,
    PLAIN_JSON,
    ApiRequest,
    ApiResponse,
    JsonObject,
)
from datadog_cases_sandbox.middleware import HttpRequest, HttpResponse, Outcome
from datadog_cases_sandbox.quirks.active import ActiveQuirks
from datadog_cases_sandbox.request_log import RequestLog
from datadog_cases_sandbox.rules import recorder
from datadog_cases_sandbox.store import Store

API: Final = "/api/v2"
MAX_LOGGED_BODY: Final = 4096

CRASHED_RESPONSE: Final = HttpResponse(500, {})
CRASHED: Final = Outcome(CRASHED_RESPONSE, CRASHED_RESPONSE)
"""The outcome that is logged if an error in the sandbox's own code ends a request."""

log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a sandbox.

    Attributes:
        latency: Seconds to wait before each response of the API.
        async_delay: Seconds that the creation of a Jira issue or a ServiceNow ticket takes.
    """

    latency: float = 0
    async_delay: float = 0


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The state that all endpoints share."""

    settings: Settings
    authenticator: Authenticator
    store: Store
    faults: FaultInjector
    quirks: ActiveQuirks
    request_log: RequestLog = field(default_factory=RequestLog)


def create_app(sandbox: Sandbox) -> Starlette:
    """Returns the ASGI application of a sandbox.

    Some faults close connections. These faults work only on a server whose connections are of class
    `Connection`.
    """
    control_api = ControlApi(
        sandbox.store, sandbox.faults, sandbox.quirks, sandbox.request_log, sandbox.authenticator
    )
    pages = board.Board(
        sandbox.store,
        sandbox.faults,
        sandbox.quirks,
        sandbox.request_log,
        sandbox.authenticator.keys,
    )
    recorder.start(sandbox.store)
    return Starlette(
        routes=[
            *(
                Route(API + path, ApiPath(sandbox, path, methods))
                for path, methods in registry.routes()
            ),
            Route(API + EXCHANGE_PATH, ApiPath(sandbox, EXCHANGE_PATH, {})),
            *control_api.routes(),
            *(Route(path, pages) for path in board.PATHS),
            Route("/{path:path}", ApiPath(sandbox, "/{path:path}", ())),
        ]
    )


class ApiPath:
    """One path of the API with all its methods, as an ASGI application.

    This class rejects unsupported methods itself. If Starlette's router checked the methods, it
    would route `GET /cases/bulk` to `GET /cases/{case_id}`, because `/cases/bulk` supports only
    POST.

    Args:
        sandbox: The shared state.
        path: The path below `/api/v2`, with its parameters.
        methods: The allowed methods; empty for a path that the API does not have.
    """

    def __init__(self, sandbox: Sandbox, path: str, methods: Collection[str]) -> None:
        self._sandbox = sandbox
        self._methods = methods
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles a request and adds it to the request log."""
        started = time.perf_counter()
        request = Request(scope, receive)
        body = await request.body()
        await asyncio.sleep(self._sandbox.settings.latency)
        outcome = CRASHED
        try:
            outcome = await self._sandbox.faults.handle(self._http_request(request, body))
        finally:
            self._log(request, body, outcome, time.perf_counter() - started)
        if outcome.sent is None:
            await close_connection(request)
            return
        response = Response(outcome.sent.content, outcome.sent.status, outcome.sent.headers)
        if outcome.truncated:
            await send_half_body(response, request, send)
        else:
            await response(scope, receive, send)

    def _http_request(self, request: Request, body: bytes) -> HttpRequest:
        store = self._sandbox.store
        return HttpRequest(
            request.method,
            request.url.path.removeprefix(API),
            reads_many=_reads_many(request.method, self._path),
            path_params=request.path_params,
            query_params=request.query_params,
            history=store.history,
            view=store.transaction(),
            call_api=lambda view: self._call_api(request, body, view),
        )

    def _call_api(
        self, request: Request, body: bytes, view: AbstractContextManager[None]
    ) -> HttpResponse:
        headers = dict[str, str]()
        reason = None
        try:
            response = self._call_handler(request, body, view)
        except errors.ApiError as error:
            status, reason = error.status, error.reason
            # Errors of the API's gateway are plain JSON. Errors of Case Management are JSON:API
            # (recorded).
            media_type = PLAIN_JSON if isinstance(error.error, str) else JSON_API
            response = ApiResponse(status, {"errors": [error.error]}, media_type)
            headers[errors.REASON_HEADER] = reason
            log.warning("rejected %s %s %d: %s", request.method, request.url.path, status, reason)
        content = b""
        if response.body is not None:
            text = json.dumps(response.body, ensure_ascii=False, separators=(",", ":"))
            content = text.encode()
            headers["content-type"] = response.media_type
        return HttpResponse(response.status, headers, content, reason)

    def _call_handler(
        self, request: Request, body: bytes, view: AbstractContextManager[None]
    ) -> ApiResponse:
        authenticator = self._sandbox.authenticator
        if (request.method, self._path) == ("POST", EXCHANGE_PATH):
            authorization = request.headers.get("authorization", "")
            return authenticator.exchange(authorization, self._sandbox.store.organisation)
        if not self._methods:
            raise errors.path_not_found(f"the API has no path {request.url.path}")
        authenticator.check(request.headers)
        if request.method not in self._methods:
            allowed = ", ".join(sorted(self._methods))
            raise errors.method_not_allowed(
                f"{request.url.path} allows {allowed}, not {request.method}"
            )
        api_request = ApiRequest(
            self._sandbox.store,
            request.method,
            self._path,
            request.path_params,
            request.query_params,
            body,
            self._sandbox.settings.async_delay,
        )
        with view:
            return self._sandbox.quirks.handle(api_request)

    def _log(self, request: Request, body: bytes, outcome: Outcome, seconds: float) -> None:
        query = f"?{request.url.query}" if request.url.query else ""
        response = outcome.handled or outcome.sent
        entry: JsonObject = {
            "method": request.method,
            "path": request.url.path + query,
            "status": None if response is None else response.status,
            "ms": round(seconds * 1000, 3),
        }
        if response is not None and response.reason is not None:
            entry["reason"] = response.reason
        if outcome.faults:
            entry["fault"] = ", ".join(outcome.faults)
            entry["handled"] = outcome.handled is not None
        if 0 < len(body) <= MAX_LOGGED_BODY:
            entry["body"] = _json_or_text(body)
        self._sandbox.request_log.add(entry)


def _reads_many(method: str, path: str) -> bool:
    if method == "POST":
        return path == "/cases/aggregate"
    # A path that ends in a parameter reads one object. `/current_user` reads one object as well.
    return method == "GET" and not path.endswith("}") and path != "/current_user"


def _json_or_text(body: bytes) -> JsonValue:
    try:
        decoded: JsonValue = json.loads(body)
    except ValueError:
        return body.decode(errors="replace")
    return decoded
