"""The sandbox's own endpoints, below `/sandbox`. They require no keys."""

import json
from collections.abc import Callable, Sequence
from typing import Generic

from pydantic import JsonValue
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from datadog_cases_sandbox import errors
from datadog_cases_sandbox.authentication import Authenticator
from datadog_cases_sandbox.behaviours import ActiveBehaviours, B, InvalidBehaviourError
from datadog_cases_sandbox.faults.injector import FaultInjector
from datadog_cases_sandbox.handler import PLAIN_JSON
from datadog_cases_sandbox.quirks.active import ActiveQuirks
from datadog_cases_sandbox.request_log import RequestLog
from datadog_cases_sandbox.rules import recorder, simulation
from datadog_cases_sandbox.rules.recorder import Firing
from datadog_cases_sandbox.store import Store


class ControlApi:
    """Handlers of the endpoints below `/sandbox`; BEHAVIOUR.md documents them.

    Args:
        store: The sandbox's objects.
        faults: The sandbox's faults.
        quirks: The sandbox's quirks.
        request_log: The requests to the API so far.
        authenticator: The accepted credentials.
    """

    def __init__(
        self,
        store: Store,
        faults: FaultInjector,
        quirks: ActiveQuirks,
        request_log: RequestLog,
        authenticator: Authenticator,
    ) -> None:
        self._store = store
        self._faults = faults
        self._quirks = quirks
        self._request_log = request_log
        self._authenticator = authenticator

    def routes(self) -> Sequence[Route]:
        """The routes of all endpoints."""
        return [
            Route("/sandbox/health", self.health),
            Route("/sandbox/requests", self.requests),
            Route("/sandbox/reset", self.reset, methods=["POST"]),
            *BehaviourEndpoints(self._faults).routes("/sandbox/faults"),
            *BehaviourEndpoints(self._quirks).routes("/sandbox/quirks"),
            Route("/sandbox/tokens", self.expire_tokens, methods=["DELETE"]),
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

        If faults applied, the entry also has `fault` and `handled`. `fault` names the kinds of
        these faults. `handled` says whether the request reached the API. If `handled` is true,
        `status` is the API's status, even if the client received another response. If `handled` is
        false, `status` is the status of the fault's response, or null if there was no response.
        """
        return _json([*self._request_log.entries()])

    async def reset(self, _request: Request) -> Response:
        """`POST /sandbox/reset`: removes faults and quirks; resets store, tokens and log."""
        self._faults.clear()
        self._quirks.clear()
        self._authenticator.reset()
        self._store.reset()
        self._request_log.clear()
        return Response(status_code=204)

    async def expire_tokens(self, _request: Request) -> Response:
        """`DELETE /sandbox/tokens`: lets all tokens expire. A reset restores the bearer token."""
        self._authenticator.expire_tokens()
        return Response(status_code=204)

    async def stored_object(self, request: Request) -> Response:
        """`GET /sandbox/objects/{id or key}`: an object's stored fields, and its type as `kind`.

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
        """`GET /sandbox/firings`: the recorded outcomes of rules, oldest first."""
        return _firings(lambda: recorder.query_firings(self._store, request.query_params))

    async def simulate(self, request: Request) -> Response:
        """`POST /sandbox/simulate`: evaluates the rules for a hypothetical event."""
        body = await request.body()
        return _firings(lambda: simulation.simulate(self._store, body))


class BehaviourEndpoints(Generic[B]):
    """The endpoints that add, list and remove behaviours, which are faults or quirks.

    Args:
        behaviours: The active faults or quirks.
    """

    def __init__(self, behaviours: ActiveBehaviours[B]) -> None:
        self._behaviours = behaviours

    def routes(self, path: str) -> Sequence[Route]:
        """The routes of the endpoints, which have this path or begin with it."""
        return [
            Route(path, self.list_all),
            Route(path, self.add, methods=["POST"]),
            Route(path, self.clear, methods=["DELETE"]),
            Route(f"{path}/{{id}}", self.remove, methods=["DELETE"]),
        ]

    async def list_all(self, _request: Request) -> Response:
        """`GET`: the active behaviours. `struck` counts the requests to which each has applied."""
        return _json([*self._behaviours.as_json()])

    async def add(self, request: Request) -> Response:
        """`POST`: adds one or more behaviours. If one is invalid, responds with 400."""
        try:
            return _json([*self._behaviours.add(await request.body())], 201)
        except InvalidBehaviourError as error:
            return _rejected(errors.bad_request("; ".join(error.problems)), error.problems)

    async def clear(self, _request: Request) -> Response:
        """`DELETE`: removes all behaviours. The connections of delayed requests are closed."""
        self._behaviours.clear()
        return Response(status_code=204)

    async def remove(self, request: Request) -> Response:
        """`DELETE` with an id: removes one behaviour. If no behaviour has the id, 404."""
        id_ = str(request.path_params["id"])
        if self._behaviours.remove(id_):
            return Response(status_code=204)
        return _rejected(errors.path_not_found(f"{id_} is not active"))


def _firings(firings: Callable[[], list[Firing]]) -> Response:
    try:
        return JSONResponse(firings())
    except errors.ApiError as error:
        return _rejected(error)


def _rejected(error: errors.ApiError, problems: Sequence[str] = ()) -> Response:
    body = {"errors": [*problems] or [error.reason]}
    return JSONResponse(body, error.status, {errors.REASON_HEADER: error.reason})


def _json(value: JsonValue, status: int = 200) -> Response:
    return Response(json.dumps(value), status, media_type=PLAIN_JSON)
