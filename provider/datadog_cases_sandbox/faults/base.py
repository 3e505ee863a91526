"""The base class of faults: which requests a fault matches, and how often it applies."""

import random
import re
from dataclasses import replace
from typing import Annotated, Final, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PrivateAttr

from datadog_cases_sandbox.handler import JsonObject
from datadog_cases_sandbox.middleware import HttpRequest, HttpResponse, Outcome

K = TypeVar("K", bound=str)

ENDPOINT: Final = re.compile(r"\*|(\*|DELETE|GET|PATCH|POST|PUT) (\*|/(?!api/)[^\s?]*)")


def _endpoint(text: str) -> str:
    if ENDPOINT.fullmatch(text) is None:
        raise ValueError(
            "must be '*', or a method, a space and the path below /api/v2; '*' can replace the "
            "method or the path"
        )
    return text


class Fault(BaseModel, Generic[K]):
    """A fault: a middleware that changes how matching requests are handled.

    Attributes:
        kind: The fault's kind. Each subclass has its own kind.
        endpoint: Which requests the fault matches. It consists of a method, a space, and the path
            below `/api/v2` without its query. The method or the path may be `*`, which matches any
            method or path. Within a path, `*` matches any text in one path segment, and `**`
            matches any number of segments. If `endpoint` is only `*`, the fault matches any
            request.
        count: The maximum number of times that the fault applies; unlimited by default.
        probability: The probability that the fault applies, from 0 to 1; 1 by default.
        seed: The seed of the random choices. The same seed makes the same choices.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    kind: K
    endpoint: Annotated[str, AfterValidator(_endpoint)]
    count: Annotated[int, Field(ge=1)] | None = None
    probability: Annotated[float, Field(ge=0, le=1)] | None = None
    seed: int = 0
    _pattern: re.Pattern[str] = PrivateAttr()
    _random: random.Random = PrivateAttr()
    _applied: int = PrivateAttr(default=0)

    def model_post_init(self, _context: object) -> None:
        """Compiles the pattern and seeds the random choices."""
        self._pattern = _pattern(self.endpoint)
        self._random = random.Random(self.seed)  # noqa: S311 - reproducible on purpose

    def matches(self, request: HttpRequest) -> bool:
        """Whether the fault is for this request."""
        return self._pattern.fullmatch(f"{request.method} {request.path}") is not None

    async def handle(self, request: HttpRequest) -> Outcome:
        """Handles a matching request."""
        if self._applies():
            return self._recorded(await self._apply(request))
        return await request.proceed()

    def cancel(self) -> None:
        """Ends the delays that the fault causes. Called when the fault is removed."""

    def as_json(self) -> JsonObject:
        """The fault's members, and `struck`, the number of times that it has applied."""
        return {**self.model_dump(exclude_none=True), "struck": self._applied}

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


class CommittableFault(Fault[K], Generic[K]):
    """A fault that applies either before or after the API handles a request.

    Attributes:
        committed: Whether the API handles the request before the fault applies. The changes that
            the request makes are then kept.
    """

    committed: bool = False

    async def _respond(self, request: HttpRequest, response: HttpResponse) -> Outcome:
        """Sends a response in the API's place."""
        outcome = await request.proceed() if self.committed else Outcome(None, None)
        return replace(outcome, sent=response, truncated=False)


def _pattern(endpoint: str) -> re.Pattern[str]:
    """A regular expression for a method, a space and a path."""
    method, _, path = endpoint.partition(" ")
    if path in {"", "*"}:
        path = "**"
    globs = {"*": "[^/]*", "**": ".*"}
    parts = re.split(r"(\*\*?)", f"{method} {path}")
    return re.compile("".join(globs.get(part, re.escape(part)) for part in parts))
