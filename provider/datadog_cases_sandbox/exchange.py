"""One request on its way to the API, and what becomes of it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from datadog_cases_sandbox.history import History


@dataclass(frozen=True, slots=True)
class Reply:
    """A response, ready for the wire.

    Attributes:
        status: The HTTP status.
        headers: The headers; the length is the server's to add.
        content: The body.
        reason: Why it is a refusal, in one line of ASCII, if it is one.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes = b""
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the API did with a request, and what the client gets to see of it.

    Attributes:
        handled: What the API answered; None if the request never came so far.
        sent: What the client is sent; None if its connection is closed instead.
        cut: Whether it is sent the first half of the body alone.
        faults: The kinds of the faults that struck, the outermost first.
    """

    handled: Reply | None
    sent: Reply | None
    cut: bool = False
    faults: tuple[str, ...] = ()


class Layer(Protocol):
    """Something that lies around the API."""

    async def around(self, exchange: "Exchange") -> Outcome:
        """What becomes of a request; what lies further in is asked by `exchange.proceed()`."""
        ...


@dataclass(slots=True)
class Exchange:
    """A request, as faults see it.

    Attributes:
        method: Its method.
        path: Its path below `/api/v2`.
        reads_many: Whether it asks for a list, a search or a count.
        in_path: The path's parameters by name.
        in_query: The query's parameters by name.
        history: What the store was before.
        view: How the store looks to the API while it handles the request, and what becomes of what
            it writes. A fault may put another in its place.
        handle: Has the API handle it, within the view.
        layers: What lies around the API, the outermost first.
    """

    method: str
    path: str
    reads_many: bool
    in_path: Mapping[str, str]
    in_query: Mapping[str, str]
    history: History
    view: AbstractContextManager[None]
    handle: Callable[[AbstractContextManager[None]], Reply]
    layers: Iterator[Layer] = field(default_factory=lambda: iter(()))

    @property
    def addressed(self) -> list[str]:
        """The ids and keys in its path."""
        return [name for value in self.in_path.values() for name in _spellings(value)]

    @property
    def named(self) -> list[str]:
        """Those, and the ids in its query."""
        in_query = (value for name, value in self.in_query.items() if name.endswith("_id"))
        return [*self.addressed, *(name for value in in_query for name in _spellings(value))]

    async def proceed(self) -> Outcome:
        """Sends it one layer further in: to the next fault, and in the end to the API."""
        for layer in self.layers:
            return await layer.around(self)
        reply = self.handle(self.view)
        return Outcome(reply, reply)


def _spellings(value: str) -> tuple[str, str]:
    # Ids are stored in lower case, keys in upper case.
    return value, value.lower()
