"""The kinds of faults. Each kind is a class that says how the fault handles a request.

To add a kind of fault, write its class and list the class in `AnyFault`.
"""

import asyncio
import http
import json
import math
import re
import time
from dataclasses import replace
from typing import Annotated, ClassVar, Final, Generic, Literal, TypeAlias

from pydantic import AfterValidator, Field, JsonValue, PrivateAttr, ValidationInfo, field_validator
from typing_extensions import override

from datadog_cases_sandbox.behaviours import K_co
from datadog_cases_sandbox.faults.base import CommittableFault, Fault
from datadog_cases_sandbox.handler import PLAIN_JSON, JsonObject
from datadog_cases_sandbox.middleware import HttpRequest, HttpResponse, Outcome

HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
HEADER_VALUE: Final = re.compile(r"[\t\x20-\x7e]*")
FRAMING_HEADERS: Final = {"content-length", "transfer-encoding"}

BODYLESS: Final = {http.HTTPStatus.NO_CONTENT, http.HTTPStatus.NOT_MODIFIED}

HTML_PAGE: Final = b"""<!DOCTYPE html>
<html><head><title>Please wait</title></head><body><h1>Please wait</h1></body></html>
"""


def _headers(headers: dict[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if HEADER_NAME.fullmatch(name) is None:
            raise ValueError(f"{name!r} is not a valid header name")
        if HEADER_VALUE.fullmatch(value) is None:
            raise ValueError(f"the value of {name} must be one line of ASCII")
        if name.lower() in FRAMING_HEADERS:
            raise ValueError(
                f"{name} is set by the server and cannot be changed; to send only half of the "
                "body, use a fault of the kind cut_body"
            )
    return headers


def _with_body(status: int) -> int:
    if status in BODYLESS:
        raise ValueError(f"{status} has no body")
    return status


StatusCode = Annotated[int, Field(ge=200, le=599)]
Seconds = Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)]


class StatusFault(CommittableFault[Literal["status"]]):
    """Sends a response in place of the API, as a gateway does.

    Attributes:
        status: The response's HTTP status.
        headers: The response's headers.
        body: The response's body. A string is sent as it is, any other value as JSON. The default
            depends on the status. With a status of 400 or more, the body is an error that contains
            the status's name. With a lower status, there is no body.
    """

    status: StatusCode
    headers: Annotated[dict[str, str], AfterValidator(_headers)] = Field(default_factory=dict)
    body: JsonValue = None

    @field_validator("body")
    @classmethod
    def _status_allows_body(cls, body: JsonValue, info: ValidationInfo) -> JsonValue:
        if body is not None:
            _with_body(info.data.get("status", 200))
        return body

    async def _apply(self, request: HttpRequest) -> Outcome:
        return await self._respond(request, self._response())

    def _response(self) -> HttpResponse:
        body = self.body
        if body is None and self.status >= http.HTTPStatus.BAD_REQUEST:
            body = _error(self.status)
        if body is None:
            return HttpResponse(self.status, self.headers)
        media_type, text = (
            ("text/plain", body) if isinstance(body, str) else (PLAIN_JSON, json.dumps(body))
        )
        headers = {"content-type": media_type, **self.headers}
        return HttpResponse(self.status, headers, text.encode())


class HtmlFault(CommittableFault[Literal["html"]]):
    """Sends an HTML page in place of the API, as a proxy or a captive portal does.

    Attributes:
        status: The response's HTTP status.
    """

    status: Annotated[StatusCode, AfterValidator(_with_body)] = 200

    async def _apply(self, request: HttpRequest) -> Outcome:
        page = HttpResponse(self.status, {"content-type": "text/html"}, HTML_PAGE)
        return await self._respond(request, page)


class LatencyFault(CommittableFault[Literal["latency"]]):
    """Delays the request or, if `committed`, the response.

    The API handles the request even if the client gives up during the delay. If the fault is
    removed during the delay, the connection is closed. In this case, the API does not handle a
    delayed request. If the response is delayed, the API has already handled the request.

    Attributes:
        seconds: The delay.
    """

    seconds: Seconds
    _cancelled: asyncio.Event = PrivateAttr(default_factory=asyncio.Event)

    def cancel(self) -> None:
        """Ends all delays."""
        self._cancelled.set()

    async def _apply(self, request: HttpRequest) -> Outcome:
        if self.committed:
            outcome = await request.proceed()
            return replace(outcome, sent=None) if await self._is_cancelled() else outcome
        return Outcome(None, None) if await self._is_cancelled() else await request.proceed()

    async def _is_cancelled(self) -> bool:
        """Waits for the delay. Returns true at once if the fault is removed during the delay."""
        try:
            return await asyncio.wait_for(self._cancelled.wait(), self.seconds)
        except TimeoutError:
            return False


class DropBeforeFault(Fault[Literal["drop_before"]]):
    """Closes the connection. The API does not handle the request."""

    @override
    async def _apply(self, request: HttpRequest) -> Outcome:
        return Outcome(None, None)


class DropAfterFault(Fault[Literal["drop_after"]]):
    """Lets the API handle the request, then closes the connection without a response."""

    async def _apply(self, request: HttpRequest) -> Outcome:
        return replace(await request.proceed(), sent=None)


class CutBodyFault(Fault[Literal["cut_body"]]):
    """Lets the API handle the request, then closes the connection after half of the body.

    The fault does not apply to a response without a body.
    """

    async def handle(self, request: HttpRequest) -> Outcome:
        """Lets the API handle the request. If the response has a body, cuts the body."""
        outcome = await request.proceed()
        if outcome.sent is None or not outcome.sent.content or not self._applies():
            return outcome
        return self._recorded(replace(outcome, truncated=True))


class RateLimitFault(Fault[Literal["rate_limit"]]):
    """Limits the number of requests in a period. Further requests are rejected and not handled.

    A period begins with the first request after the end of the previous period.

    Attributes:
        requests: The number of requests per period.
        period: The length of a period, in seconds.
        name: The limit's name, for the header `X-RateLimit-Name`.
        epoch: If true, the header `X-RateLimit-Reset` is the Unix time at which the period ends. If
            false, it is the number of seconds until the period ends. The header's value is always
            rounded up to whole seconds.
    """

    requests: Annotated[int, Field(ge=1)]
    period: Annotated[Seconds, Field(gt=0)]
    name: Annotated[str, Field(pattern=r"^[\x20-\x7e]+$")] = "sandbox"
    epoch: bool = False
    _ends: float = PrivateAttr(default=0)
    _left: int = PrivateAttr(default=0)

    async def handle(self, request: HttpRequest) -> Outcome:
        """Passes a request on, or rejects it. The response always has the limit's headers."""
        now = time.monotonic()
        if now >= self._ends:
            self._ends, self._left = now + self.period, self.requests
        if self._left == 0:
            return await super().handle(request)
        self._left -= 1
        headers = self._headers()
        outcome = await request.proceed()
        if outcome.sent is None:
            return outcome
        sent = replace(outcome.sent, headers={**headers, **outcome.sent.headers})
        return replace(outcome, sent=sent)

    @override
    async def _apply(self, request: HttpRequest) -> Outcome:
        status = http.HTTPStatus.TOO_MANY_REQUESTS
        headers = {"content-type": PLAIN_JSON, **self._headers()}
        return Outcome(None, HttpResponse(status, headers, json.dumps(_error(status)).encode()))

    def _headers(self) -> dict[str, str]:
        reset = self._ends - time.monotonic() + (time.time() if self.epoch else 0)
        return {
            "X-RateLimit-Limit": str(self.requests),
            "X-RateLimit-Period": f"{self.period:g}",
            "X-RateLimit-Remaining": str(self._left),
            "X-RateLimit-Reset": str(math.ceil(reset)),
            "X-RateLimit-Name": self.name,
        }


class StaleReadFault(Fault[K_co], Generic[K_co]):
    """A fault that lets the API see a past state of the store.

    The store begins to record its history when the first fault of this class is added.

    Attributes:
        seconds: The age of the past state, in seconds.
    """

    needs_history: ClassVar[bool] = True
    seconds: Seconds


class StaleListFault(StaleReadFault[Literal["stale_list"]]):
    """Makes lists, searches and counts return the state of the store from some seconds ago.

    Objects whose ids are in the request are exempt: the API sees their current state. For example,
    a request for the rules of a new project finds that project, but the list of rules is outdated.
    """

    def matches(self, request: HttpRequest) -> bool:
        """Whether `endpoint` matches the request, and the request reads a list, search or count."""
        return request.reads_many and super().matches(request)

    async def _apply(self, request: HttpRequest) -> Outcome:
        moment = time.monotonic() - self.seconds
        request.view = request.history.as_of(moment, except_for=request.names)
        return await request.proceed()


class NotFoundAfterCreateFault(StaleReadFault[Literal["not_found_after_create"]]):
    """Makes requests for an object fail with 404 until some seconds after the object's creation."""

    async def handle(self, request: HttpRequest) -> Outcome:
        """Applies if the path names an object that was created less than `seconds` seconds ago."""
        moment = time.monotonic() - self.seconds
        is_new = request.history.was_created_since(moment, request.names_in_path)
        if not is_new or not self._applies():
            return await request.proceed()
        request.view = request.history.as_of(moment)
        return self._recorded(await request.proceed())


AnyFault: TypeAlias = Annotated[
    StatusFault
    | LatencyFault
    | DropBeforeFault
    | DropAfterFault
    | CutBodyFault
    | HtmlFault
    | StaleListFault
    | NotFoundAfterCreateFault
    | RateLimitFault,
    Field(discriminator="kind"),
]


def _error(status: int) -> JsonObject:
    try:
        return {"errors": [http.HTTPStatus(status).phrase]}
    except ValueError:  # a status without a name
        return {"errors": [f"Status {status}"]}
