"""`Transport`: sends requests, retries them, and waits while a rate limit is used up."""

import json
import logging
import math
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from pulumi_datadog_cases._interruption import Interruption
from pulumi_datadog_cases.api.config.settings import RATE_LIMIT_TIMEOUT, RETRY_TIMEOUT, Settings
from pulumi_datadog_cases.api.errors import DatadogCasesError, Interrupted, RateLimited
from pulumi_datadog_cases.api.http.headers import RateLimit, date
from pulumi_datadog_cases.api.http.json_api import JSON, Document
from pulumi_datadog_cases.api.http.rate_limiter import RateLimiter, RateLimitWaitError
from pulumi_datadog_cases.api.http.request import ROOT, RequestInfo
from pulumi_datadog_cases.api.http.responses import parse_response
from pulumi_datadog_cases.api.http.retries import is_idempotent, retry_delay

if TYPE_CHECKING:
    from pulumi_datadog_cases.api.http.session import Session

Params: TypeAlias = Mapping[str, "str | int | bool | None"]
"""Query parameters by name. A parameter with the value None is omitted."""

_LOG = logging.getLogger("pulumi_datadog_cases")


class Transport:
    """Sends requests to one organisation. Threads can share a transport.

    The module `retries` decides which requests are retried and after which delay. No attempt
    begins later than `Settings.retry_timeout` seconds after the first attempt. If a delay would
    end later than that, the request fails without waiting.

    The module `rate_limiter` applies rate limits to all threads. Responses may report how many
    requests a limit allows per period, and how many remain. The requests are then counted, and a
    request beyond the allowed number waits for a later period instead of getting a 429. After a
    429, all requests under the same limit wait and keep their order. Requests under other limits
    continue. `Settings.rate_limit_timeout` is the maximum total wait of a process.

    When the run is interrupted, all waits end and no further attempt begins. Attempts that were
    sent before are completed.
    """

    def __init__(  # noqa: PLR0913 - tests replace the clocks
        self,
        settings: Settings,
        *,
        timeouts: tuple[float, float] = (5.0, 30.0),
        interrupted: Interruption | None = None,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """Create a transport. It connects when the first request is sent.

        Args:
            settings: credentials, base URL and time limits.
            timeouts: seconds to wait for a connection, and for each part of a response.
            interrupted: an event. When it is set, waits end and no further request is sent.
            clock: a monotonic clock in seconds.
            now: returns the current Unix time, to interpret response headers that contain a time.
            jitter: returns a random number from 0 up to 1, which spreads retries.
        """
        self.settings = settings
        self._timeouts = timeouts
        self._session: Session | None = None
        self._interrupted = interrupted or Interruption()
        self._limiter = RateLimiter(
            max_total_wait=settings.rate_limit_timeout, clock=clock, sleep=self._interrupted.wait
        )
        self._clock = clock
        self._now = now
        self._jitter = jitter
        self._writes = 0
        self._clock_offset = 0.0
        self._lock = threading.Lock()

    @property
    def writes(self) -> int:
        """The number of write requests that have ended so far."""
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
        idempotent: bool | None = None,
    ) -> Document | None:
        """Send a request with retries, and return the decoded body.

        Args:
            method: the HTTP method.
            path: the path after `/api/v2`, with ids encoded by `paths.path`.
            params: query parameters.
            body: the JSON body.
            idempotent: whether sending the request twice has the same effect as sending it once.
                The default is false for POST, and true for other methods.

        Returns:
            The JSON object of the response; None if the body is empty.

        Raises:
            ApiError: an error response.
            ConnectionFailed: no response arrived, or only part of a response.
            InvalidResponse: the response is not in the API's format.
            Interrupted: the run was interrupted before the request was sent.
            ValueError: the body contains nan or inf.
        """
        info = self.request_info(method, path, idempotent=idempotent)
        data = None if body is None else _encode(body, info)
        try:
            return self._send_with_retries(info, params, data)
        finally:
            if method != "GET":
                with self._lock:
                    self._writes += 1

    def request_info(
        self, method: str, path: str, *, idempotent: bool | None = None
    ) -> RequestInfo:
        """Return the description of a request. The arguments are those of `request`."""
        return RequestInfo(
            self.settings, method, ROOT + path, is_idempotent(method, declared=idempotent)
        )

    def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            self._session.close()

    def _open_session(self) -> "Session":
        """Return the session. The first call creates it.

        The first call also imports the library `requests`. A run of Pulumi without changes sends no
        request, and so avoids this import, which is slow.
        """
        with self._lock:
            if self._session is None:
                from pulumi_datadog_cases.api.http.session import Session  # noqa: PLC0415

                self._session = Session(self.settings, self._timeouts)
            return self._session

    def _send_with_retries(
        self, info: RequestInfo, params: Params | None, data: bytes | None
    ) -> Document | None:
        until = self._clock() + self.settings.retry_timeout
        rate_limited = failed = 0
        last_429: RateLimited | None = None
        may_have_arrived = False
        while True:
            jitter = self._jitter()
            try:
                self._raise_if_interrupted(info)
                self._limiter.wait(info.endpoint, until=until)
                self._raise_if_interrupted(info)
                return self._send_once(info, params, data)
            except RateLimitWaitError as too_long:
                given_up = self._not_sent(info, too_long, last_429)
                given_up.may_have_arrived = may_have_arrived
                raise given_up from None
            except RateLimited as error:
                last_429 = error
                rate_limited += 1
                delay = self._retry_delay(error, rate_limited, info, jitter)
                self._limiter.block(info.endpoint, delay)
            except DatadogCasesError as error:
                failed += 1
                delay = self._retry_delay(error, failed, info, jitter)
                may_have_arrived = error.may_have_arrived = (
                    may_have_arrived or error.may_have_arrived
                )
                if self._clock() + delay > until:
                    raise
                # The error is logged as a string. Log handlers may keep the record, and an
                # exception in it would keep alive all objects in the exception's stack frames.
                _LOG.info("retrying in %.1f s: %s", delay, str(error))
                if self._interrupted.wait(delay):
                    raise

    def _retry_delay(
        self, error: DatadogCasesError, attempts: int, info: RequestInfo, jitter: float
    ) -> float:
        return retry_delay(
            error, attempts, self.settings, idempotent=info.idempotent, jitter=jitter
        )

    def _raise_if_interrupted(self, info: RequestInfo) -> None:
        if self._interrupted.is_set():
            raise Interrupted(
                f"{info} was not sent: {self._interrupted.reason}. Run again to continue."
            )

    def _send_once(
        self, info: RequestInfo, params: Params | None, data: bytes | None
    ) -> Document | None:
        response = self._open_session().send(info, _query(params or {}), data)
        now = self._now()
        if (server_time := date(response.headers, "Date")) is not None:
            self._clock_offset = server_time - now
        now += self._clock_offset
        self._limiter.update(info.endpoint, RateLimit.read(response.headers, now))
        return parse_response(response, info, now=now)

    def _not_sent(
        self, info: RequestInfo, too_long: RateLimitWaitError, last_429: RateLimited | None
    ) -> RateLimited:
        """Return the error for a request that would have to wait too long for a rate limit."""
        limit = f"rate limit {too_long.limit}" if too_long.limit else "rate limit"
        problem = (
            f"{info} was not sent: the {limit} is used up." if last_429 is None else str(last_429)
        )
        if too_long.spent is None:
            allow = f"allow a request to wait longer than {self.settings.retry_timeout:.0f} s"
            setting = RETRY_TIMEOUT
        else:
            allow = (
                f"allow a run to wait for rate limits longer than "
                f"{self.settings.rate_limit_timeout:.0f} s in total ({too_long.spent:.0f} s so far)"
            )
            setting = RATE_LIMIT_TIMEOUT
        return RateLimited(
            f"{problem} Run again in {math.ceil(too_long.wait):.9g} s, or {allow}: set {setting}.",
            status=429,
            method=info.method,
            path=info.path,
            details=last_429.details if last_429 else (),
            request_id=last_429.request_id if last_429 else None,
            retry_after=last_429.retry_after if last_429 else too_long.wait,
        )


def _query(params: Params) -> dict[str, str]:
    """Convert query parameters to strings. The API's true and false are in lower case."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in params.items()
        if value is not None
    }


def _encode(body: Document, info: RequestInfo) -> bytes:
    try:
        return json.dumps(body, allow_nan=False, default=_to_json).encode()
    except ValueError:
        raise ValueError(
            f"{info} was not sent: its body contains nan or inf, which JSON does not have"
        ) from None


def _to_json(value: JSON) -> JSON:
    """Convert a mapping to a dict, or a sequence to a list.

    The JSON encoder calls this function for values whose types it does not support.
    """
    match value:
        case Mapping():
            return dict(value)
        case Sequence():
            return list(value)
        case _:
            raise TypeError(f"{type(value).__name__} is not JSON")
