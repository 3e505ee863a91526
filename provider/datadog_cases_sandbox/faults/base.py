"""The base class of faults: how often a fault applies."""

import random
from dataclasses import replace
from typing import Annotated, Generic

from pydantic import Field, PrivateAttr

from datadog_cases_sandbox.behaviours import Behaviour, K_co
from datadog_cases_sandbox.middleware import HttpRequest, HttpResponse, Outcome


class Fault(Behaviour[K_co], Generic[K_co]):
    """A fault: a middleware that changes how matching requests are handled.

    Attributes:
        count: The maximum number of times that the fault applies; unlimited by default.
        probability: The probability that the fault applies, from 0 to 1; 1 by default.
        seed: The seed of the random choices. The same seed makes the same choices.
    """

    count: Annotated[int, Field(ge=1)] | None = None
    probability: Annotated[float, Field(ge=0, le=1)] | None = None
    seed: int = 0
    _random: random.Random = PrivateAttr()

    def model_post_init(self, context: object) -> None:
        """Seeds the random choices."""
        super().model_post_init(context)
        self._random = random.Random(self.seed)  # noqa: S311 - reproducible on purpose

    def matches(self, request: HttpRequest) -> bool:
        """Whether the fault may apply to this request. By default, `endpoint` decides this."""
        return self.is_for(request.method, request.path)

    async def handle(self, request: HttpRequest) -> Outcome:
        """Handles a matching request."""
        if self._applies():
            return self._recorded(await self._apply(request))
        return await request.proceed()

    async def _apply(self, request: HttpRequest) -> Outcome:
        """Handles a request to which the fault applies."""
        return await request.proceed()

    def _applies(self) -> bool:
        """Decides whether the fault applies this time, and counts it if so."""
        if self._applied == self.count:
            return False
        if self.probability is not None and self._random.random() >= self.probability:
            return False
        self._applied += 1
        return True

    def _recorded(self, outcome: Outcome) -> Outcome:
        return replace(outcome, faults=(self.kind, *outcome.faults))


class CommittableFault(Fault[K_co], Generic[K_co]):
    """A fault that applies either before or after the API handles a request.

    Attributes:
        committed: If true, the fault applies after the API has handled the request, and the changes
            that the request has made are kept. If false, the fault applies before the request
            reaches the API.
    """

    committed: bool = False

    async def _respond(self, request: HttpRequest, response: HttpResponse) -> Outcome:
        """Sends this response to the client. If `committed`, the API handles the request first."""
        outcome = await request.proceed() if self.committed else Outcome(None, None)
        return replace(outcome, sent=response, truncated=False)
