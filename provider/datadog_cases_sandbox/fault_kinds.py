"""The kinds of faults: what each takes, and what it does to a request that it strikes.

To add one: write its class and name it in `AnyFault`.
"""

import asyncio
import http
import json
import math
import re
import time
from dataclasses import replace
from typing import Annotated, Final, Generic, Literal, TypeAlias

from pydantic import AfterValidator, Field, JsonValue, PrivateAttr, ValidationInfo, field_validator
from typing_extensions import override

from datadog_cases_sandbox.call import PLAIN_JSON, Json
from datadog_cases_sandbox.exchange import Exchange, Outcome, Reply
from datadog_cases_sandbox.fault import Committable, Fault, K

HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
HEADER_VALUE: Final = re.compile(r"[\t\x20-\x7e]*")
FRAMING: Final = {"content-length", "transfer-encoding"}

BODYLESS: Final = {http.HTTPStatus.NO_CONTENT, http.HTTPStatus.NOT_MODIFIED}

HTML_PAGE: Final = b"""<!DOCTYPE html>
<html><head><title>Please wait</title></head><body><h1>Please wait</h1></body></html>
"""


def _headers(headers: dict[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if HEADER_NAME.fullmatch(name) is None:
            raise ValueError(f"{name!r} is no name of a header")
        if HEADER_VALUE.fullmatch(value) is None:
            raise ValueError(f"the value of {name} must be one line of ASCII")
        if name.lower() in FRAMING:
            raise ValueError(f"{name} is the server's to set; the kind cut_body makes it wrong")
    return headers


def _with_body(status: int) -> int:
    if status in BODYLESS:
        raise ValueError(f"{status} has no body")
    return status


StatusCode = Annotated[int, Field(ge=200, le=599)]
Seconds = Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)]


class Status(Committable[Literal["status"]]):
    """Another answer than the API's, such as a gateway's.

    Attributes:
        status: Its HTTP status.
        headers: Its headers.
        body: Its body: a string as it is, anything else as JSON. By default an error names itself
            in the list of strings that the reference promises, and other answers are empty.
    """

    status: StatusCode
    headers: Annotated[dict[str, str], AfterValidator(_headers)] = Field(default_factory=dict)
    body: JsonValue = None

    @field_validator("body")
    @classmethod
    def _can_be_sent(cls, body: JsonValue, known: ValidationInfo) -> JsonValue:
        if body is not None:
            _with_body(known.data.get("status", 200))
        return body

    async def _strike(self, exchange: Exchange) -> Outcome:
        return await self._answered(exchange, self._reply())

    def _reply(self) -> Reply:
        body = self.body
        if body is None and self.status >= http.HTTPStatus.BAD_REQUEST:
            body = _error(self.status)
        if body is None:
            return Reply(self.status, self.headers)
        media_type, text = (
            ("text/plain", body) if isinstance(body, str) else (PLAIN_JSON, json.dumps(body))
        )
        return Reply(self.status, {"content-type": media_type, **self.headers}, text.encode())


class Html(Committable[Literal["html"]]):
    """A page for people, as a proxy or a portal puts it in the place of an answer.

    Attributes:
        status: Its HTTP status.
    """

    status: Annotated[StatusCode, AfterValidator(_with_body)] = 200

    async def _strike(self, exchange: Exchange) -> Outcome:
        page = Reply(self.status, {"content-type": "text/html"}, HTML_PAGE)
        return await self._answered(exchange, page)


class Latency(Committable[Literal["latency"]]):
    """A wait before the request is handled or, if `committed`, between that and the answer.

    The request is handled even if the client has given up by then, but not if the fault is taken
    away while it waits: then the connection is closed.

    Attributes:
        seconds: How long.
    """

    seconds: Seconds
    _ended: asyncio.Event = PrivateAttr(default_factory=asyncio.Event)

    def end(self) -> None:
        """Ends all waits."""
        self._ended.set()

    async def _strike(self, exchange: Exchange) -> Outcome:
        if self.committed:
            outcome = await exchange.proceed()
            return replace(outcome, sent=None) if await self._is_ended() else outcome
        return Outcome(None, None) if await self._is_ended() else await exchange.proceed()

    async def _is_ended(self) -> bool:
        try:
            return await asyncio.wait_for(self._ended.wait(), self.seconds)
        except TimeoutError:
            return False


class DropBefore(Fault[Literal["drop_before"]]):
    """The connection is closed, and nothing else happens."""

    @override
    async def _strike(self, exchange: Exchange) -> Outcome:
        return Outcome(None, None)


class DropAfter(Fault[Literal["drop_after"]]):
    """The request is handled, and the connection is closed without an answer."""

    async def _strike(self, exchange: Exchange) -> Outcome:
        return replace(await exchange.proceed(), sent=None)


class CutBody(Fault[Literal["cut_body"]]):
    """The request is handled; half of the answer's body comes, then the connection is closed.

    An answer without a body is none it can strike.
    """

    async def around(self, exchange: Exchange) -> Outcome:
        """Lets the request be handled, and then looks whether there is a body to cut."""
        outcome = await exchange.proceed()
        if outcome.sent is None or not outcome.sent.content or not self._strikes():
            return outcome
        return self._noted(replace(outcome, cut=True))


class RateLimit(Fault[Literal["rate_limit"]]):
    """So many requests per period; those beyond are refused, and not handled.

    A period begins with the first request after the end of the last one.

    Attributes:
        requests: How many.
        period: Seconds.
        name: The limit's name, as the headers tell it.
        epoch: True if `X-RateLimit-Reset` is to be the Unix time at which the period ends, false
            for the seconds until then. Both are rounded up to whole seconds.
    """

    requests: Annotated[int, Field(ge=1)]
    period: Annotated[Seconds, Field(gt=0)]
    name: Annotated[str, Field(pattern=r"^[\x20-\x7e]+$")] = "sandbox"
    epoch: bool = False
    _ends: float = PrivateAttr(default=0)
    _left: int = PrivateAttr(default=0)

    async def around(self, exchange: Exchange) -> Outcome:
        """Lets a request through, or refuses it; the headers tell either where it stands."""
        now = time.monotonic()
        if now >= self._ends:
            self._ends, self._left = now + self.period, self.requests
        if self._left == 0:
            return await super().around(exchange)
        self._left -= 1
        headers = self._headers()
        outcome = await exchange.proceed()
        if outcome.sent is None:
            return outcome
        sent = replace(outcome.sent, headers={**headers, **outcome.sent.headers})
        return replace(outcome, sent=sent)

    @override
    async def _strike(self, exchange: Exchange) -> Outcome:
        status = http.HTTPStatus.TOO_MANY_REQUESTS
        headers = {"content-type": PLAIN_JSON, **self._headers()}
        return Outcome(None, Reply(status, headers, json.dumps(_error(status)).encode()))

    def _headers(self) -> dict[str, str]:
        reset = self._ends - time.monotonic() + (time.time() if self.epoch else 0)
        return {
            "X-RateLimit-Limit": str(self.requests),
            "X-RateLimit-Period": f"{self.period:g}",
            "X-RateLimit-Remaining": str(self._left),
            "X-RateLimit-Reset": str(math.ceil(reset)),
            "X-RateLimit-Name": self.name,
        }


class Late(Fault[K], Generic[K]):
    """A fault that shows the store as it was.

    The store's past begins when the first of them is set.

    Attributes:
        seconds: How late the store is.
    """

    seconds: Seconds


class StaleList(Late[Literal["stale_list"]]):
    """Lists, searches and counts are answered as they were so many seconds ago.

    What the request itself names, such as the project whose rules it lists, is as it is now.
    """

    def matches(self, exchange: Exchange) -> bool:
        """Whether it is for this request, which it only is if that asks for more than one."""
        return exchange.reads_many and super().matches(exchange)

    async def _strike(self, exchange: Exchange) -> Outcome:
        moment = time.monotonic() - self.seconds
        exchange.view = exchange.history.as_of(moment, but=exchange.named)
        return await exchange.proceed()


class NotFoundAfterCreate(Late[Literal["not_found_after_create"]]):
    """What the path names is not there until so many seconds after it was made."""

    async def around(self, exchange: Exchange) -> Outcome:
        """Looks first whether the path names something so new."""
        moment = time.monotonic() - self.seconds
        if not exchange.history.has_made(moment, exchange.addressed) or not self._strikes():
            return await exchange.proceed()
        exchange.view = exchange.history.as_of(moment)
        return self._noted(await exchange.proceed())


AnyFault: TypeAlias = Annotated[
    Status
    | Latency
    | DropBefore
    | DropAfter
    | CutBody
    | Html
    | StaleList
    | NotFoundAfterCreate
    | RateLimit,
    Field(discriminator="kind"),
]


def _error(status: int) -> Json:
    try:
        return {"errors": [http.HTTPStatus(status).phrase]}
    except ValueError:  # a status without a name
        return {"errors": [f"Status {status}"]}
