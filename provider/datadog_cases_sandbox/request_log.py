"""The log of requests to the API, which `GET /sandbox/requests` and the board show."""

import time
from collections import deque
from itertools import islice
from typing import Final, NamedTuple

from datadog_cases_sandbox.handler import JsonObject

LENGTH: Final = 100_000


class LoggedRequest(NamedTuple):
    """An entry of the request log.

    Attributes:
        at: The time of the response, in nanoseconds since the epoch. No two entries have the same
            time.
        entry: The entry as `GET /sandbox/requests` returns it.
    """

    at: int
    entry: JsonObject


class RequestLog:
    """The latest requests to the API, in memory.

    Attributes:
        version: A number that increases whenever the log changes. Its first value is the current
            time, so that a restarted sandbox does not use the same numbers again.
    """

    def __init__(self) -> None:
        self._requests = deque[LoggedRequest](maxlen=LENGTH)
        self.version = time.time_ns()

    def add(self, entry: JsonObject) -> None:
        """Adds a request to which the sandbox has just responded."""
        self._next_version()
        self._requests.append(LoggedRequest(self.version, entry))

    def clear(self) -> None:
        """Removes all requests."""
        self._next_version()
        self._requests.clear()

    def entries(self) -> list[JsonObject]:
        """All requests, oldest first."""
        return [request.entry for request in self._requests]

    def latest(self, count: int) -> list[LoggedRequest]:
        """At most `count` requests, newest first."""
        return [*islice(reversed(self._requests), count)]

    def _next_version(self) -> None:
        # A coarse clock may return the same time twice, and a clock that is set back may return an
        # earlier time. The version must increase nevertheless.
        self.version = max(time.time_ns(), self.version + 1)
