"""The active faults, and how requests pass through them.

Each fault is a middleware around the API. Depending on its kind, a fault delays requests, responds
in place of the API, shows a past state of the store to the API, or withholds the API's response.
The fault that was added first is the outermost middleware. BEHAVIOUR.md documents how to use
faults.
"""

from typing import Final

from pydantic import TypeAdapter

from datadog_cases_sandbox.behaviours import ActiveBehaviours
from datadog_cases_sandbox.faults.types import AnyFault
from datadog_cases_sandbox.history import History
from datadog_cases_sandbox.middleware import HttpRequest, Outcome

FAULT: Final[TypeAdapter[AnyFault]] = TypeAdapter(AnyFault)


class FaultInjector(ActiveBehaviours[AnyFault]):
    """The active faults by id.

    Args:
        history: The store's history. It is recorded only while a fault needs past states.
    """

    def __init__(self, history: History) -> None:
        super().__init__("fault", FAULT, history)

    async def handle(self, request: HttpRequest) -> Outcome:
        """Passes a request through the matching faults to the API."""
        matching = [fault for fault in self.active() if fault.matches(request)]
        request.middleware = iter(matching)
        return await request.proceed()
