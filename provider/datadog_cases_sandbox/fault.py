"""What all faults have in common: which requests they are for, and how often they strike."""

import random
import re
from dataclasses import replace
from typing import Annotated, Final, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PrivateAttr

from datadog_cases_sandbox.call import Json
from datadog_cases_sandbox.exchange import Exchange, Outcome, Reply

K = TypeVar("K", bound=str)

ENDPOINT: Final = re.compile(r"\*|(\*|DELETE|GET|PATCH|POST|PUT) (\*|/(?!api/)[^\s?]*)")


def _endpoint(text: str) -> str:
    if ENDPOINT.fullmatch(text) is None:
        raise ValueError(
            "must be '*', or a method (or '*'), a space and the path below /api/v2 (or '*')"
        )
    return text


class Fault(BaseModel, Generic[K]):
    """What all faults have: a layer around the API.

    Attributes:
        kind: What it does.
        endpoint: The requests it is for: method and path, the path below `/api/v2` and without its
            query. In the path a `*` stands for anything within one part, a `**` for any number of
            parts. `*` in place of the path, or of everything, is any.
        count: How often it strikes at most; by default there is no end.
        probability: How likely it is to strike, from 0 to 1; by default it always does.
        seed: Makes the choices of the probability: the same for the same seed.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    kind: K
    endpoint: Annotated[str, AfterValidator(_endpoint)]
    count: Annotated[int, Field(ge=1)] | None = None
    probability: Annotated[float, Field(ge=0, le=1)] | None = None
    seed: int = 0
    _pattern: re.Pattern[str] = PrivateAttr()
    _random: random.Random = PrivateAttr()
    _struck: int = PrivateAttr(default=0)

    def model_post_init(self, _context: object) -> None:
        """Readies what only a fault in use has."""
        self._pattern = _pattern(self.endpoint)
        self._random = random.Random(self.seed)  # noqa: S311 - meant to be foreseen

    def matches(self, exchange: Exchange) -> bool:
        """Whether it is for this request."""
        return self._pattern.fullmatch(f"{exchange.method} {exchange.path}") is not None

    async def around(self, exchange: Exchange) -> Outcome:
        """What becomes of a request that it matches."""
        if self._strikes():
            return self._noted(await self._strike(exchange))
        return await exchange.proceed()

    def end(self) -> None:
        """Called when it is taken away: it holds nothing back from then on."""

    def shown(self) -> Json:
        """The fault as it was set, and how often it has `struck`."""
        return {**self.model_dump(exclude_none=True), "struck": self._struck}

    async def _strike(self, exchange: Exchange) -> Outcome:
        """What becomes of a request that it strikes."""
        return await exchange.proceed()

    def _strikes(self) -> bool:
        """Whether it strikes this time; if so, that is counted."""
        if self._struck == self.count:
            return False
        if self.probability is not None and self._random.random() >= self.probability:
            return False
        self._struck += 1
        return True

    def _noted(self, outcome: Outcome) -> Outcome:
        return replace(outcome, faults=(self.kind, *outcome.faults))


class Committable(Fault[K], Generic[K]):
    """A fault that strikes before the API has handled a request, or after.

    Attributes:
        committed: True if the request is handled first, and what it changes stays changed.
    """

    committed: bool = False

    async def _answered(self, exchange: Exchange, reply: Reply) -> Outcome:
        """What becomes of a request that is answered by the fault."""
        outcome = await exchange.proceed() if self.committed else Outcome(None, None)
        return replace(outcome, sent=reply, cut=False)


def _pattern(endpoint: str) -> re.Pattern[str]:
    """A regular expression for a method, a space and a path."""
    method, _, path = endpoint.partition(" ")
    if path in {"", "*"}:
        path = "**"
    globs = {"*": "[^/]*", "**": ".*"}
    steps = re.split(r"(\*\*?)", f"{method} {path}")
    return re.compile("".join(globs.get(step, re.escape(step)) for step in steps))
