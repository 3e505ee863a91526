"""What becomes of a request, once the API has answered it and faults have had their way."""

from collections.abc import Mapping
from dataclasses import dataclass


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
