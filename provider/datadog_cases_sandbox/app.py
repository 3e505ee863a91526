"""The server: keys, errors and the journal around the families of endpoints."""

import asyncio
import json
import logging
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Final

from pydantic import JsonValue
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from datadog_cases_sandbox import board, errors, families
from datadog_cases_sandbox.call import JSON_API, PLAIN_JSON, Answer, Call, Handler, Json
from datadog_cases_sandbox.connection import hang_up, send_half
from datadog_cases_sandbox.exchange import Exchange, Outcome, Reply
from datadog_cases_sandbox.faults import Faults, MalformedFaultError
from datadog_cases_sandbox.journal import Journal
from datadog_cases_sandbox.rules import endpoints, firings
from datadog_cases_sandbox.store import Store

API: Final = "/api/v2"
REASON_HEADER: Final = "x-sandbox-reason"
JOURNAL_BODY_BYTES: Final = 4096

BROKEN_REPLY: Final = Reply(500, {})
BROKEN: Final = Outcome(BROKEN_REPLY, BROKEN_REPLY)
"""What the journal says of a request that the sandbox itself fails at."""

log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """How a sandbox is set up.

    Attributes:
        api_key: What the header `DD-API-KEY` must hold.
        app_key: What the header `DD-APPLICATION-KEY` must hold.
        latency: Seconds to wait before each answer of the API.
        async_delay: Seconds until Jira and ServiceNow have done what they are asked for.
    """

    api_key: str
    app_key: str
    latency: float = 0
    async_delay: float = 0

    @property
    def keys(self) -> dict[str, str]:
        """What the API asks for, by header."""
        return {"DD-API-KEY": self.api_key, "DD-APPLICATION-KEY": self.app_key}


@dataclass(frozen=True, slots=True)
class Sandbox:
    """What all endpoints share: the settings, the store, the faults, and what was asked so far."""

    settings: Settings
    store: Store
    faults: Faults
    journal: Journal = field(default_factory=Journal)


def create_app(sandbox: Sandbox) -> Starlette:
    """The ASGI application that serves a sandbox, over a `Connection` for its faults to close."""
    own = OwnEndpoints(sandbox)
    pages = board.Board(sandbox.store, sandbox.journal, sandbox.settings.keys)
    firings.watch(sandbox.store)
    return Starlette(
        routes=[
            *(Route(API + path, ApiPath(sandbox, path, verbs)) for path, verbs in families.paths()),
            Route("/sandbox/health", own.health),
            Route("/sandbox/requests", own.requests),
            Route("/sandbox/reset", own.reset, methods=["POST"]),
            Route("/sandbox/faults", own.faults),
            Route("/sandbox/faults", own.set_faults, methods=["POST"]),
            Route("/sandbox/faults", own.clear_faults, methods=["DELETE"]),
            Route("/sandbox/objects/{name:path}", own.stored),
            *(Route(path, pages) for path in board.PATHS),
            *endpoints.routes(sandbox.store),
            Route("/{path:path}", ApiPath(sandbox, "/{path:path}", {})),
        ]
    )


class ApiPath:
    """One path of the API with all its verbs, as an ASGI application.

    It answers every verb itself, because to Starlette's router a known path asked with a wrong verb
    is no match, and `GET /cases/bulk` would pass for a case called `bulk`.

    Args:
        sandbox: What all endpoints share.
        path: The path below `/api/v2`, with its parameters.
        handlers: The handlers by verb; a path without any is unknown.
    """

    def __init__(self, sandbox: Sandbox, path: str, handlers: Mapping[str, Handler]) -> None:
        self._sandbox = sandbox
        self._handlers = handlers
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request and notes it in the journal."""
        started = time.perf_counter()
        request = Request(scope, receive)
        body = await request.body()
        await asyncio.sleep(self._sandbox.settings.latency)
        outcome = BROKEN
        try:
            outcome = await self._sandbox.faults.outcome(self._exchange(request, body))
        finally:
            self._note(request, body, outcome, time.perf_counter() - started)
        sent = outcome.sent
        if sent is None:
            await hang_up(request)
            return
        response = Response(sent.content, sent.status, sent.headers)
        if outcome.cut:
            await send_half(response, request, send)
        else:
            await response(scope, receive, send)

    def _exchange(self, request: Request, body: bytes) -> Exchange:
        store = self._sandbox.store
        return Exchange(
            request.method,
            request.url.path.removeprefix(API),
            reads_many=_reads_many(request.method, self._path),
            in_path=request.path_params,
            in_query=request.query_params,
            history=store.history,
            view=store.transaction(),
            handle=lambda view: self._reply(request, body, view),
        )

    def _reply(self, request: Request, body: bytes, view: AbstractContextManager[None]) -> Reply:
        headers = dict[str, str]()
        reason = None
        try:
            answer = self._answer(request, body, view)
        except errors.Refusal as refusal:
            status, reason = refusal.status, refusal.reason
            # The API's gateway refuses in plain JSON, Case Management in JSON:API (recorded).
            media_type = PLAIN_JSON if isinstance(refusal.error, str) else JSON_API
            answer = Answer(status, {"errors": [refusal.error]}, media_type)
            headers[REASON_HEADER] = reason
            log.warning("refused %s %s %d: %s", request.method, request.url.path, status, reason)
        content = b""
        if answer.body is not None:
            text = json.dumps(answer.body, ensure_ascii=False, separators=(",", ":"))
            content = text.encode()
            headers["content-type"] = answer.media_type
        return Reply(answer.status, headers, content, reason)

    def _answer(self, request: Request, body: bytes, view: AbstractContextManager[None]) -> Answer:
        if not self._handlers:
            raise errors.no_such_path(f"the API has no path {request.url.path}")
        self._check_keys(request)
        handler = self._handlers.get(request.method)
        if handler is None:
            verbs = ", ".join(sorted(self._handlers))
            raise errors.wrong_verb(f"{request.url.path} knows {verbs}, not {request.method}")
        store, async_delay = self._sandbox.store, self._sandbox.settings.async_delay
        call = Call(store, request.path_params, request.query_params, body, async_delay)
        with view:
            return handler(call)

    def _check_keys(self, request: Request) -> None:
        for header, key in self._sandbox.settings.keys.items():
            sent = request.headers.get(header)
            if sent != key:
                what = "missing" if sent is None else "not this sandbox's"
                raise errors.forbidden(f"the header {header} is {what}")

    def _note(self, request: Request, body: bytes, outcome: Outcome, seconds: float) -> None:
        query = f"?{request.url.query}" if request.url.query else ""
        reply = outcome.handled or outcome.sent
        entry: Json = {
            "method": request.method,
            "path": request.url.path + query,
            "status": None if reply is None else reply.status,
            "ms": round(seconds * 1000, 3),
        }
        if reply is not None and reply.reason is not None:
            entry["reason"] = reply.reason
        if outcome.faults:
            entry["fault"] = ", ".join(outcome.faults)
            entry["handled"] = outcome.handled is not None
        if 0 < len(body) <= JOURNAL_BODY_BYTES:
            entry["body"] = _readable(body)
        self._sandbox.journal.note(entry)


def _reads_many(method: str, path: str) -> bool:
    if method == "POST":
        return path == "/cases/aggregate"
    # A path that ends in a parameter is that of one object, and of the others one.
    return method == "GET" and not path.endswith("}") and path != "/current_user"


def _readable(body: bytes) -> JsonValue:
    try:
        decoded: JsonValue = json.loads(body)
    except ValueError:
        return body.decode(errors="replace")
    return decoded


class OwnEndpoints:
    """What the sandbox says of itself, below `/sandbox`: no keys are asked for."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def health(self, _request: Request) -> Response:
        """`GET /sandbox/health`: whether it is up."""
        return _json({"status": "ok"})

    async def requests(self, _request: Request) -> Response:
        """`GET /sandbox/requests`: what the API was asked, oldest first.

        Each has `method`, `path` (with the query), `status` and `ms`; refused ones have the
        `reason`; those with a body of up to 4 KiB have the `body`. Those struck by a fault have its
        kind as `fault`, and `handled`: if true, `status` is how the API handled the request,
        whatever the client got to see; if false, what was answered in its place, if anything.
        """
        return _json([*self._sandbox.journal.entries()])

    async def reset(self, _request: Request) -> Response:
        """`POST /sandbox/reset`: takes all faults away as above, and empties store and journal."""
        self._sandbox.faults.clear()
        self._sandbox.store.reset()
        self._sandbox.journal.clear()
        return Response(status_code=204)

    async def faults(self, _request: Request) -> Response:
        """`GET /sandbox/faults`: those that are set, each with how often it has `struck`."""
        return _json([*self._sandbox.faults.shown()])

    async def set_faults(self, request: Request) -> Response:
        """`POST /sandbox/faults`: sets one, or all of a list; 201 with them, 400 if one is none."""
        try:
            return _json([*self._sandbox.faults.set(await request.body())], 201)
        except MalformedFaultError as malformed:
            return _json({"errors": [*malformed.complaints]}, 400)

    async def clear_faults(self, _request: Request) -> Response:
        """`DELETE /sandbox/faults`: takes all away, and closes the connections that they delay."""
        self._sandbox.faults.clear()
        return Response(status_code=204)

    async def stored(self, request: Request) -> Response:
        """`GET /sandbox/objects/{id or key}`: all that is stored of an object, and its `kind`.

        Among it what the API takes but never answers, such as a case's due date, its incidents and
        its notebook.
        """
        name = str(request.path_params["name"])
        found = self._sandbox.store.stored(name)
        if found is None:
            return Response(status_code=404, headers={REASON_HEADER: "no such id or key"})
        kind, body = found
        return _json({"kind": kind, **json.loads(body)})


def _json(value: JsonValue, status: int = 200) -> Response:
    return Response(json.dumps(value), status, media_type=PLAIN_JSON)
