"""The active quirks, and how requests pass through them.

Each quirk is a layer between the requests and the handlers. The quirk that was added first is the
outermost layer. Faults are layers outside of all quirks. BEHAVIOUR.md documents how to use quirks.
"""

from collections.abc import Sequence
from typing import Final

from pydantic import TypeAdapter

from datadog_cases_sandbox.behaviours import ActiveBehaviours
from datadog_cases_sandbox.endpoints import registry
from datadog_cases_sandbox.handler import ApiRequest, ApiResponse
from datadog_cases_sandbox.history import History
from datadog_cases_sandbox.quirks.types import AnyQuirk

QUIRK: Final[TypeAdapter[AnyQuirk]] = TypeAdapter(AnyQuirk)


class ActiveQuirks(ActiveBehaviours[AnyQuirk]):
    """The active quirks by id.

    Args:
        history: The store's history. It is recorded only while a quirk needs past states.
    """

    def __init__(self, history: History) -> None:
        super().__init__("quirk", QUIRK, history)

    def handle(self, request: ApiRequest) -> ApiResponse:
        """Passes a request through the matching quirks to the handler of its endpoint."""
        return _handle(request, self.active())


def _handle(request: ApiRequest, layers: Sequence[AnyQuirk]) -> ApiResponse:
    if not layers:
        return registry.HANDLERS[request.method, request.route](request)
    quirk, *inner = layers
    if not quirk.matches(request):
        return _handle(request, inner)
    return quirk.handle(request, lambda changed: _handle(changed, inner))
