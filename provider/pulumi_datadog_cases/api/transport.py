"""Requests over HTTP: connections, headers, time limits and retries."""

import importlib.metadata
import json
import logging
import platform
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from http.cookiejar import DefaultCookiePolicy
from typing import TypeAlias

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from pulumi_datadog_cases.api.answers import Call, date_header, read
from pulumi_datadog_cases.api.document import JSON, Document
from pulumi_datadog_cases.api.errors import (
    ApiError,
    ConnectionFailed,
    DatadogCasesError,
    RateLimited,
    ServerError,
)
from pulumi_datadog_cases.api.failures import connection_failed
from pulumi_datadog_cases.api.settings import Settings

Params: TypeAlias = Mapping[str, "str | int | bool | None"]
"""Query parameters by name; None leaves one out."""

_LOG = logging.getLogger("pulumi_datadog_cases")
_ROOT = "/api/v2"
_CONNECTIONS = 64
_TRIES_LIMITED = 10
_TRIES = 4
_TRIES_UNREACHED = 2
_BACKOFF = 0.5
_LONGEST_BACKOFF = 8.0


class Transport:
    """Sends requests as one organisation. One is meant to be shared by all threads.

    What is retried, and why:

    - 429: up to ten tries, whatever the request, because a limited one was not carried out. The
      wait is what `X-RateLimit-Reset` or `Retry-After` asks for.
    - A connection that could not be made (name not found, refused, no TLS): once more, whatever
      the request, because it never arrived. Not oftener: most of the time a site is misspelt,
      and that should be known within seconds.
    - 408, 5xx, a timeout, a connection lost after sending: up to four tries, but only where
      doing it twice does the same as doing it once. The API knows no idempotency key
      (documented), so a repeated create might make two.
    - Everything else never: the same request would get the same answer.

    Waits double from half a second to eight, each shortened by chance to as little as half, so
    that many workers do not come back at once; a wait that the API asks for is the least, and
    lengthened by up to a second for the same reason. No try begins later than `patience` after
    the first: a wait that would end later is not begun.

    Redirects are not followed, cookies not kept, and `.netrc` not read; proxies and certificate
    bundles named in the environment are used, except for an API on this machine.
    """

    def __init__(  # noqa: PLR0913 - limits, and what a test puts in time's place
        self,
        settings: Settings,
        *,
        patience: float = 75.0,
        timeouts: tuple[float, float] = (5.0, 30.0),
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Open nothing yet.

        Args:
            settings: keys and base URL.
            patience: seconds after its first try within which a request may be tried again. The
                default lets a limit that resets every minute pass once.
            timeouts: seconds to wait for a connection and for an answer.
            sleep: waits for seconds.
            clock: seconds that only go forward.
            now: Unix time, for answers that name a point in time.
            chance: a number from 0 up to 1.
        """
        self.settings = settings
        self._patience = patience
        self._timeouts = timeouts
        self._sleep = sleep
        self._clock = clock
        self._now = now
        self._chance = chance
        self._session = _session(settings)
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
        return Call(self.settings, method, _ROOT + path, safe)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _persist(self, call: Call, params: Params | None, data: bytes | None) -> Document | None:
        """Try, and try again as the class says."""
        begun = self._clock()
        tries = 0
        may_have_arrived = False
        while True:
            tries += 1
            try:
                return self._try(call, params, data)
            except DatadogCasesError as error:
                may_have_arrived = error.may_have_arrived = (
                    may_have_arrived or error.may_have_arrived
                )
                wait = pause(error, tries, repeatable=call.repeatable, chance=self._chance())
                if wait is None or self._clock() - begun + wait > self._patience:
                    raise
                _LOG.info("trying again in %.1f s: %s", wait, error)
            self._sleep(wait)

    def _try(self, call: Call, params: Params | None, data: bytes | None) -> Document | None:
        try:
            response = self._session.request(
                call.method,
                self.settings.base_url + call.path,
                params=_query(params or {}),
                data=data,
                headers=None if data is None else {"Content-Type": "application/json"},
                timeout=self._timeouts,
                allow_redirects=False,
            )
        except (requests.RequestException, HTTPError) as error:
            raise connection_failed(call, error) from error
        now = self._now()
        if (date := date_header(response, "Date")) is not None:
            self._clock_offset = date - now
        return read(response, call, now=now)


def pause(error: DatadogCasesError, tries: int, *, repeatable: bool, chance: float) -> float | None:
    """The retry policy of `Transport`: seconds until the next try, None to give up.

    Args:
        error: how the last try ended.
        tries: how many there were.
        repeatable: whether doing it twice does the same as once.
        chance: a number from 0 up to 1.
    """
    match error:
        case RateLimited():
            most = _TRIES_LIMITED
        case ConnectionFailed(may_have_arrived=False):
            most = _TRIES_UNREACHED
        case ServerError() | ConnectionFailed() | ApiError(status=408) if repeatable:
            most = _TRIES
        case _:
            return None
    if tries >= most:
        return None
    backoff = min(_LONGEST_BACKOFF, _BACKOFF * 2.0 ** (tries - 1)) * (1 + chance) / 2
    if isinstance(error, ApiError) and error.retry_after is not None:
        return max(backoff, error.retry_after + chance)
    return backoff


def _session(settings: Settings) -> requests.Session:
    session = requests.Session()
    adapter = HTTPAdapter(pool_maxsize=_CONNECTIONS)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    session.headers.update(
        {
            "Accept": "application/json",
            "User-Agent": f"pulumi-datadog-cases/{_version()} (python {platform.python_version()})",
            "DD-API-KEY": settings.api_key,
            "DD-APPLICATION-KEY": settings.app_key,
        }
    )
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    # Without an auth of our own requests would add what .netrc holds for the host.
    session.auth = _as_it_is
    # A proxy could not reach an API on this machine.
    session.trust_env = not settings.is_loopback
    return session


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _version() -> str:
    try:
        return importlib.metadata.version("pulumi-datadog-cases")
    except importlib.metadata.PackageNotFoundError:  # run from a checkout
        return "checkout"


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
