"""What the sandbox says of rules, below `/sandbox`: no keys are asked for."""

from collections.abc import Callable, Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from datadog_cases_sandbox import errors
from datadog_cases_sandbox.rules import firings, simulation
from datadog_cases_sandbox.rules.firings import Firing
from datadog_cases_sandbox.store import Store

FIRINGS: Final = "/sandbox/firings"
SIMULATE: Final = "/sandbox/simulate"


def routes(store: Store) -> Sequence[Route]:
    """The endpoints that tell of a store's rules; all are told in BEHAVIOUR.md."""

    async def kept(request: Request) -> Response:
        return _answer(lambda: firings.selected(store, request.query_params))

    async def simulated(request: Request) -> Response:
        sent = await request.body()
        return _answer(lambda: simulation.simulated(store, sent))

    return [Route(FIRINGS, kept), Route(SIMULATE, simulated, methods=["POST"])]


def _answer(found: Callable[[], list[Firing]]) -> Response:
    try:
        return JSONResponse(found())
    except errors.Refusal as refusal:
        return JSONResponse({"errors": [refusal.reason]}, refusal.status)
