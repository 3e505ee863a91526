"""Faults: what goes wrong between a client and the API, on demand.

Each is a layer around the handling of the requests it matches: it delays them, answers in their
place, or takes their answer away. Faults set earlier lie further out. BEHAVIOUR.md shows how they
are set.
"""

import asyncio
import http
import json
import math
import random
import re
import time
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import Annotated, Final, Generic, Literal, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    JsonValue,
    PrivateAttr,
    TypeAdapter,
    ValidationError,
)

from datadog_cases_sandbox.call import PLAIN_JSON, Json
from datadog_cases_sandbox.outcome import Outcome, Reply

K = TypeVar("K", bound=str)

Rest: TypeAlias = Callable[[], Awaitable[Outcome]]
"""What lies further in: the other faults, and in the middle the API."""

ENDPOINT: Final = r"^(\*|[A-Z*]+ (\*|/\S*))$"
HEADER_NAME: Final = r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"
HEADER_VALUE: Final = r"^[\t\x20-\x7e]*$"


def _writable(headers: dict[str, str]) -> dict[str, str]:
    framing = {"content-length", "transfer-encoding"} & {name.lower() for name in headers}
    if framing:
        raise ValueError(f"{', '.join(framing)} is the server's to say")
    return headers


Seconds = Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)]
Headers = Annotated[
    dict[
        Annotated[str, Field(pattern=HEADER_NAME)],
        Annotated[str, Field(pattern=HEADER_VALUE)],
    ],
    AfterValidator(_writable),
]


class Fault(BaseModel, Generic[K]):
    """What all faults have.

    Attributes:
        endpoint: The requests it is for: `METHOD /path`, the path below `/api/v2` and without its
            query. A `*` stands for anything within one part, a `**` for any number of parts, a
            path that is `*` for every path; `*` alone is every request.
        count: How often it strikes at most. Without it, no end is set.
        probability: How likely it is to strike, from 0 to 1. Without it, it always does.
        seed: Makes the probability's choices: the same ones for the same seed.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    kind: K
    endpoint: Annotated[str, Field(pattern=ENDPOINT)]
    count: Annotated[int, Field(ge=1)] | None = None
    probability: Annotated[float, Field(ge=0, le=1)] | None = None
    seed: int = 0
    _struck: int = PrivateAttr(default=0)
    _random: random.Random = PrivateAttr(default_factory=random.Random)
    _pattern: re.Pattern[str] = PrivateAttr(default=re.compile(""))

    def model_post_init(self, _context: object) -> None:
        """Readies what only a fault in use has."""
        self._random.seed(self.seed)
        self._pattern = _pattern(self.endpoint)

    def matches(self, method: str, path: str) -> bool:
        """Whether it is for this request."""
        return self._pattern.fullmatch(f"{method} {path}") is not None

    def strikes(self) -> bool:
        """Whether it strikes this time; if so, that is counted."""
        if self._struck == self.count:
            return False
        if self.probability is not None and self._random.random() >= self.probability:
            return False
        self._struck += 1
        return True

    async def around(self, rest: Rest) -> Outcome:
        """What becomes of a request that it matches."""
        return await self._marked(rest) if self.strikes() else await rest()

    async def _marked(self, rest: Rest) -> Outcome:
        outcome = await self._strike(rest)
        return replace(outcome, faults=(self.kind, *outcome.faults))

    @abstractmethod
    async def _strike(self, rest: Rest) -> Outcome:
        """What becomes of a request that it strikes."""

    def shown(self) -> Json:
        """The fault as it was set, and how often it has struck."""
        return {**self.model_dump(exclude_none=True), "struck": self._struck}


class Committable(Fault[K], Generic[K]):
    """A fault that can strike before the API has handled a request, or after.

    Attributes:
        committed: True if the request is handled first, and what it changes stays changed.
    """

    committed: bool = False


class Status(Committable[Literal["status"]]):
    """Another answer than the API's, as a gateway gives it.

    Attributes:
        status: Its HTTP status.
        headers: Its headers.
        body: Its body: text as it is, anything else as JSON. An error that says nothing else has
            the list of strings that the reference promises; other answers are empty.
    """

    status: Annotated[int, Field(ge=200, le=599)]
    headers: Headers = Field(default_factory=dict)
    body: JsonValue = None

    async def _strike(self, rest: Rest) -> Outcome:
        handled = (await rest()).handled if self.committed else None
        return Outcome(handled, self._reply())

    def _reply(self) -> Reply:
        body = self.body
        if body is None and self.status >= http.HTTPStatus.BAD_REQUEST:
            body = {"errors": [_phrase(self.status)]}
        if body is None:
            return Reply(self.status, self.headers)
        text, media_type = (
            (body, "text/plain") if isinstance(body, str) else (json.dumps(body), PLAIN_JSON)
        )
        return Reply(self.status, {"content-type": media_type, **self.headers}, text.encode())


class Latency(Committable[Literal["latency"]]):
    """A wait before the request is handled, or, if `committed`, before it is answered.

    The request is handled even if the client gives up waiting.

    Attributes:
        seconds: How long.
    """

    seconds: Seconds

    async def _strike(self, rest: Rest) -> Outcome:
        if self.committed:
            outcome = await rest()
            await asyncio.sleep(self.seconds)
            return outcome
        await asyncio.sleep(self.seconds)
        return await rest()


class DropBefore(Fault[Literal["drop_before"]]):
    """The connection is closed, and nothing else happens."""

    async def _strike(self, rest: Rest) -> Outcome:  # noqa: ARG002 - what it is about
        return Outcome(None, None)


class DropAfter(Fault[Literal["drop_after"]]):
    """The request is handled, and the connection is closed without an answer."""

    async def _strike(self, rest: Rest) -> Outcome:
        return Outcome((await rest()).handled, None)


class RateLimit(Fault[Literal["rate_limit"]]):
    """So many requests per period; those beyond are refused and not handled.

    A period starts with the first request after the end of the last one.

    Attributes:
        requests: How many.
        period: Seconds.
        name: The limit's name, as the headers tell it.
        epoch: True if `X-RateLimit-Reset` is to be the time of the next period in Unix seconds,
            false for the seconds until then, rounded up as the API's are whole.
    """

    requests: Annotated[int, Field(ge=1)]
    period: Annotated[Seconds, Field(gt=0)]
    name: Annotated[str, Field(pattern=HEADER_VALUE)] = "sandbox"
    epoch: bool = False
    _ends: float = PrivateAttr(default=0)
    _left: int = PrivateAttr(default=0)

    async def around(self, rest: Rest) -> Outcome:
        """Lets a request through, or refuses it; the headers tell either where it stands."""
        now = time.monotonic()
        if now >= self._ends:
            self._ends, self._left = now + self.period, self.requests
        if self._left == 0:
            return await super().around(rest)
        self._left -= 1
        headers = self._headers()
        outcome = await rest()
        if outcome.sent is None:
            return outcome
        sent = replace(outcome.sent, headers={**headers, **outcome.sent.headers})
        return replace(outcome, sent=sent)

    async def _strike(self, rest: Rest) -> Outcome:  # noqa: ARG002 - what it is about
        status = http.HTTPStatus.TOO_MANY_REQUESTS
        content = json.dumps({"errors": [_phrase(status)]}).encode()
        headers = {"content-type": PLAIN_JSON, **self._headers()}
        return Outcome(None, Reply(status, headers, content))

    def _headers(self) -> dict[str, str]:
        reset = self._ends - time.monotonic() + (time.time() if self.epoch else 0)
        return {
            "X-RateLimit-Limit": str(self.requests),
            "X-RateLimit-Period": f"{self.period:g}",
            "X-RateLimit-Remaining": str(self._left),
            "X-RateLimit-Reset": str(math.ceil(reset)),
            "X-RateLimit-Name": self.name,
        }


AnyFault: TypeAlias = Annotated[
    Status | Latency | DropBefore | DropAfter | RateLimit,
    Discriminator(
        "kind",
        custom_error_type="kind",
        custom_error_message="must be one of {expected_tags}",
    ),
]
ONE_FAULT: Final[TypeAdapter[AnyFault]] = TypeAdapter(AnyFault)
"""Reads one fault."""


class MalformedFaultError(ValueError):
    """Something that is no fault; the text names the member."""


class Faults:
    """The faults that are set."""

    def __init__(self) -> None:
        self._by_id: dict[str, AnyFault] = {}
        self._next = 1

    def set(self, raw: bytes) -> list[Json]:
        """Adds one fault, or all of a list, or, if one is malformed, none.

        Args:
            raw: The JSON of a fault or of a list of faults.

        Returns:
            What has been set, as `shown`.

        Raises:
            MalformedFaultError: It is not that; the text says which member of which fault and why.
        """
        try:
            sent: JsonValue = json.loads(raw)
        except ValueError as error:
            raise MalformedFaultError(f"the body is not JSON: {error}") from None
        several = [*enumerate(sent)] if isinstance(sent, list) else [(None, sent)]
        read = [_read(position, one) for position, one in several]
        ids = [f"fault-{number}" for number in range(self._next, self._next + len(read))]
        self._next += len(read)
        self._by_id.update(zip(ids, read, strict=True))
        return self.shown(ids)

    def shown(self, ids: Iterable[str] | None = None) -> list[Json]:
        """Faults with their `id` and how often they have `struck`; all that are set by default."""
        return [
            {"id": one, **self._by_id[one].shown()} for one in (self._by_id if ids is None else ids)
        ]

    def clear(self) -> None:
        """Takes all away."""
        self._by_id.clear()

    async def outcome(self, method: str, path: str, handle: Callable[[], Reply]) -> Outcome:
        """What becomes of a request.

        Args:
            method: Its method.
            path: Its path below `/api/v2`.
            handle: Has the API handle it.
        """
        matching = [fault for fault in self._by_id.values() if fault.matches(method, path)]
        return await _through(matching, handle)


async def _through(faults: Sequence[AnyFault], handle: Callable[[], Reply]) -> Outcome:
    if not faults:
        reply = handle()
        return Outcome(reply, reply)
    outermost, *others = faults
    return await outermost.around(lambda: _through(others, handle))


def _read(position: int | None, one: JsonValue) -> AnyFault:
    try:
        return ONE_FAULT.validate_python(one)
    except ValidationError as invalid:
        fault = invalid.errors(include_url=False)[0]
    # The first step of a place is the kind by which the model was chosen, unless it was not.
    place = ".".join(str(step) for step in fault["loc"][1:]) or "kind"
    prefix = "" if position is None else f"[{position}]."
    raise MalformedFaultError(f"{prefix}{place}: {fault['msg']}")


def _pattern(endpoint: str) -> re.Pattern[str]:
    """A regular expression for `METHOD /path`."""
    method, _, path = endpoint.partition(" ")
    globs = {"**": ".*", "*": "[^/]*"}
    path = "**" if path in {"", "*"} else path
    return re.compile(
        "".join(globs.get(part, re.escape(part)) for part in re.split(r"(\*+)", f"{method} {path}"))
    )


def _phrase(status: int) -> str:
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"
