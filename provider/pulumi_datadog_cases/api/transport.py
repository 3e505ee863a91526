"""The policy by which requests are sent: what is tried again, when, and for how long."""

import json
import logging
import math
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from pulumi_datadog_cases.api.answers import ROOT, Call, read
from pulumi_datadog_cases.api.document import JSON, Document
from pulumi_datadog_cases.api.errors import (
    ApiError,
    ConnectionFailed,
    DatadogCasesError,
    RateLimited,
    ServerError,
)
from pulumi_datadog_cases.api.gate import Gate, HeldTooLongError
from pulumi_datadog_cases.api.headers import RateLimit, date
from pulumi_datadog_cases.api.settings import RATE_LIMIT_TIMEOUT, RETRY_TIMEOUT, Settings

if TYPE_CHECKING:
    from pulumi_datadog_cases.api.connections import Connections

Params: TypeAlias = Mapping[str, "str | int | bool | None"]
"""Query parameters by name; None leaves one out."""

_LOG = logging.getLogger("pulumi_datadog_cases")
_TRIES = 4
_TRIES_UNREACHED = 2
_BACKOFF = 0.5
_LONGEST_BACKOFF = 8.0


class Transport:
    """Sends requests as one organisation. One is meant to be shared by all threads.

    What is retried, and why:

    - 429: for as long as there is time, whatever the request, because a limited one was not
      carried out. The wait is what `X-RateLimit-Reset` or `Retry-After` asks for.
    - A connection that could not be made (name not found, refused, no TLS): once more, whatever
      the request, because it never arrived. Not oftener: most of the time a site is misspelt,
      and that should be known within seconds.
    - 408, 5xx, a timeout, a connection lost after sending: up to four tries, but only where
      doing it twice does the same as doing it once. The API knows no idempotency key
      (documented), so a repeated create might make two.
    - Everything else never: the same request would get the same answer.

    Waits double from half a second to eight, each shortened by chance to as little as half, so
    that many workers do not come back at once; a wait that the API asks for is the least, and
    lengthened by up to a second for the same reason. No try begins later than
    `Settings.retry_timeout` after the first: a wait that would end later is not begun.

    A limit concerns all who share it. Where answers tell how many requests it allows per period
    and how many remain, requests are counted, and what has no place in the present period waits
    for its turn in a later one without being refused first. A 429 is the end of the period for
    all, too. Who waits, waits in the order of coming; requests to endpoints with another limit
    go on (`gate.Gate`). In all, limits may hold up requests for `Settings.rate_limit_timeout`.
    """

    def __init__(  # noqa: PLR0913 - what a test puts in time's place
        self,
        settings: Settings,
        *,
        timeouts: tuple[float, float] = (5.0, 30.0),
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Open nothing yet.

        Args:
            settings: keys, base URL and time limits.
            timeouts: seconds to wait for a connection, and for each next part of an answer.
            sleep: waits for seconds.
            clock: seconds that only go forward.
            now: Unix time, for answers that name a point in time.
            chance: a number from 0 up to 1.
        """
        self.settings = settings
        self._timeouts = timeouts
        self._connections: Connections | None = None
        self._gate = Gate(allowance=settings.rate_limit_timeout, clock=clock, sleep=sleep)
        self._sleep = sleep
        self._clock = clock
        self._now = now
        self._chance = chance
        self._writes = 0
        self._clock_offset = 0.0
        self._lock = threading.Lock()

    @property
    def writes(self) -> int:
        """How many requests that may have changed something have ended so far."""
        return self._writes

    @property
    def clock_offset(self) -> float:
        """See `Client.clock_offset`."""
        return self._clock_offset

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        body: Document | None = None,
        repeatable: bool | None = None,
    ) -> Document | None:
        """Send a request, retrying as the class says, and return the decoded body.

        Args:
            method: the HTTP method.
            path: what follows `/api/v2`, with ids encoded by `path()`.
            params: query parameters.
            body: the JSON body.
            repeatable: whether doing it twice does the same as once. By default every method
                is, save POST.

        Returns:
            The JSON object of the answer; None where the body is empty.

        Raises:
            ApiError: the API said no.
            ConnectionFailed: no answer came.
            InvalidResponse: the answer is not the API's.
            ValueError: the body holds a number that JSON cannot express.
        """
        call = self.call(method, path, repeatable=repeatable)
        data = None if body is None else _encode(body, call)
        try:
            return self._persist(call, params, data)
        finally:
            if method != "GET":
                with self._lock:
                    self._writes += 1

    def call(self, method: str, path: str, *, repeatable: bool | None = None) -> Call:
        """A request as error messages tell of it."""
        safe = method != "POST" if repeatable is None else repeatable
        return Call(self.settings, method, ROOT + path, safe)

    def close(self) -> None:
        """Close the connections."""
        if self._connections is not None:
            self._connections.close()

    def _connected(self) -> "Connections":
        """The connections, from the first request on.

        `requests` takes longer to load than all else here, and a run with nothing to do sends none.
        """
        with self._lock:
            if self._connections is None:
                from pulumi_datadog_cases.api.connections import Connections  # noqa: PLC0415

                self._connections = Connections(self.settings, self._timeouts)
            return self._connections

    def _persist(self, call: Call, params: Params | None, data: bytes | None) -> Document | None:
        """Try, and try again as the class says."""
        until = self._clock() + self.settings.retry_timeout
        refusals = failures = 0
        refused: RateLimited | None = None
        may_have_arrived = False
        while True:
            chance = self._chance()
            try:
                self._gate.wait(call.endpoint, until=until)
                return self._try(call, params, data)
            except HeldTooLongError as held:
                given_up = self._held_back(call, held, refused)
                given_up.may_have_arrived = may_have_arrived
                raise given_up from None
            except RateLimited as error:
                refused = error
                refusals += 1
                wait = pause(error, refusals, repeatable=call.repeatable, chance=chance)
                self._gate.close(call.endpoint, wait)
            except DatadogCasesError as error:
                failures += 1
                wait = pause(error, failures, repeatable=call.repeatable, chance=chance)
                may_have_arrived = error.may_have_arrived = (
                    may_have_arrived or error.may_have_arrived
                )
                if self._clock() + wait > until:
                    raise
                # As text: who keeps the records would keep the error, and all that its frames hold.
                _LOG.info("trying again in %.1f s: %s", wait, str(error))
                self._sleep(wait)

    def _try(self, call: Call, params: Params | None, data: bytes | None) -> Document | None:
        answer = self._connected().send(call, _query(params or {}), data)
        now = self._now()
        if (server_time := date(answer.headers, "Date")) is not None:
            self._clock_offset = server_time - now
        now += self._clock_offset
        self._gate.learn(call.endpoint, RateLimit.read(answer.headers, now))
        return read(answer, call, now=now)

    def _held_back(
        self, call: Call, held: HeldTooLongError, refused: RateLimited | None
    ) -> RateLimited:
        """The error for a request that limits hold back for longer than they may."""
        limit = f"rate limit {held.limit}" if held.limit else "rate limit"
        said = f"{call} was not sent: the {limit} is used up." if refused is None else str(refused)
        if held.spent is None:
            allow = f"let a call wait longer than {self.settings.retry_timeout:.0f} s"
            setting = RETRY_TIMEOUT
        else:
            allow = (
                f"let rate limits hold up a run for longer than "
                f"{self.settings.rate_limit_timeout:.0f} s in all ({held.spent:.0f} s are spent)"
            )
            setting = RATE_LIMIT_TIMEOUT
        return RateLimited(
            f"{said} Run again in {math.ceil(held.wait):.9g} s, or {allow}: {setting}.",
            status=429,
            method=call.method,
            path=call.path,
            details=refused.details if refused else (),
            request_id=refused.request_id if refused else None,
            retry_after=refused.retry_after if refused else held.wait,
        )


def pause(error: DatadogCasesError, tries: int, *, repeatable: bool, chance: float) -> float:
    """The retry policy of `Transport`: seconds until the next try, infinite to give up.

    Args:
        error: how the last try ended.
        tries: how many there were: of a 429, how many ended so; of others, how many of these.
        repeatable: whether doing it twice does the same as once.
        chance: a number from 0 up to 1.
    """
    most: float
    match error:
        case RateLimited():
            most = math.inf
        case ConnectionFailed(may_have_arrived=False):
            most = _TRIES_UNREACHED
        case ServerError() | ConnectionFailed() | ApiError(status=408) if repeatable:
            most = _TRIES
        case _:
            most = 1
    if tries >= most:
        return math.inf
    backoff = min(_LONGEST_BACKOFF, _BACKOFF * 2.0 ** min(tries - 1, 9)) * (1 + chance) / 2
    match error:
        case RateLimited(retry_after=float(asked)):
            return max(backoff, asked)  # the gate sees to it that not all come back at once
        case ApiError(retry_after=float(asked)):
            return max(backoff, asked + chance)
        case _:
            return backoff


def _query(params: Params) -> dict[str, str]:
    """The parameters as the API spells values: true and false in lower case."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in params.items()
        if value is not None
    }


def _encode(body: Document, call: Call) -> bytes:
    try:
        return json.dumps(body, allow_nan=False, default=_plain).encode()
    except ValueError:
        raise ValueError(
            f"{call} was not sent: its body holds a number that JSON cannot express (nan or inf)"
        ) from None


def _plain(value: JSON) -> JSON:
    """Mappings and sequences of any class as the two that the encoder knows."""
    match value:
        case Mapping():
            return dict(value)
        case Sequence():
            return list(value)
        case _:
            raise TypeError(f"{type(value).__name__} is not JSON")
