"""The sandbox's own endpoints, below `/sandbox`. They require no keys."""

import json
from collections.abc import Callable, Sequence

from pydantic import JsonValue
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from datadog_cases_sandbox import errors
from datadog_cases_sandbox.faults.injector import FaultInjector, InvalidFaultError
from datadog_cases_sandbox.handler import PLAIN_JSON
from datadog_cases_sandbox.request_log import RequestLog
from datadog_cases_sandbox.rules import recorder, simulation
from datadog_cases_sandbox.rules.recorder import Firing
from datadog_cases_sandbox.store import Store


class ControlApi:
    """Handlers of the endpoints below `/sandbox`; BEHAVIOUR.md documents them.

    Args:
        store: The sandbox's objects.
        faults: The sandbox's faults.
        request_log: The requests to the API so far.
    """

    def __init__(self, store: Store, faults: FaultInjector, request_log: RequestLog) -> None:
        self._store = store
        self._faults = faults
        self._request_log = request_log

    def routes(self) -> Sequence[Route]:
        """The routes of all endpoints."""
        return [
            Route("/sandbox/health", self.health),
            Route("/sandbox/requests", self.requests),
            Route("/sandbox/reset", self.reset, methods=["POST"]),
            Route("/sandbox/faults", self.list_faults),
            Route("/sandbox/faults", self.add_faults, methods=["POST"]),
            Route("/sandbox/faults", self.clear_faults, methods=["DELETE"]),
            Route("/sandbox/objects/{name:path}", self.stored_object),
            Route("/sandbox/firings", self.firings),
            Route("/sandbox/simulate", self.simulate, methods=["POST"]),
        ]

    async def health(self, _request: Request) -> Response:
        """`GET /sandbox/health`: 200 once the server is up."""
        return _json({"status": "ok"})

    async def requests(self, _request: Request) -> Response:
        """`GET /sandbox/requests`: the requests to the API, oldest first.

        Each entry has `method`, `path` (with the query), `status` and `ms`. A rejected request also
        has the `reason`, and a request with a body of up to 4 KiB has the `body`.

        If faults applied, the entry also has `fault`, the kinds of these faults, and `handled`,
        which says whether the request reached the API. If `handled` is true, `status` is the API's
        status, even if the client received another response. If `handled` is false, `status` is the
        status of the fault's response, or null if there was no response.
        """
        return _json([*self._request_log.entries()])

    async def reset(self, _request: Request) -> Response:
        """`POST /sandbox/reset`: removes all faults, resets the store, clears the log."""
        self._faults.clear()
        self._store.reset()
        self._request_log.clear()
        return Response(status_code=204)

    async def list_faults(self, _request: Request) -> Response:
        """`GET /sandbox/faults`: the active faults. `struck` says how often a fault has applied."""
        return _json([*self._faults.as_json()])

    async def add_faults(self, request: Request) -> Response:
        """`POST /sandbox/faults`: adds one or several faults. If one is invalid, responds 400."""
        try:
            return _json([*self._faults.add(await request.body())], 201)
        except InvalidFaultError as error:
            return _json({"errors": [*error.problems]}, 400)

    async def clear_faults(self, _request: Request) -> Response:
        """`DELETE /sandbox/faults`: removes all faults. Connections that they delay are closed."""
        self._faults.clear()
        return Response(status_code=204)

    async def stored_object(self, request: Request) -> Response:
        """`GET /sandbox/objects/{id or key}`: all stored fields of an object, and its `kind`.

        The fields include those that the API accepts but never returns, such as a case's due date,
        incidents and notebook.
        """
        name = str(request.path_params["name"])
        stored = self._store.stored(name)
        if stored is None:
            return Response(status_code=404, headers={errors.REASON_HEADER: "no such id or key"})
        kind, body = stored
        return _json({"kind": kind, **json.loads(body)})

    async def firings(self, request: Request) -> Response:
        """`GET /sandbox/firings`: the recorded rule evaluations, oldest first."""
        return _firings(lambda: recorder.query_firings(self._store, request.query_params))

    async def simulate(self, request: Request) -> Response:
        """`POST /sandbox/simulate`: evaluates the rules for a hypothetical event."""
        body = await request.body()
        return _firings(lambda: simulation.simulate(self._store, body))


def _firings(firings: Callable[[], list[Firing]]) -> Response:
    try:
        return JSONResponse(firings())
    except errors.ApiError as error:
        return JSONResponse({"errors": [error.reason]}, error.status)


def _json(value: JsonValue, status: int = 200) -> Response:
    return Response(json.dumps(value), status, media_type=PLAIN_JSON)
