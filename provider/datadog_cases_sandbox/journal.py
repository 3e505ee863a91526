"""What the API was asked, for the sandbox's own endpoints and its board."""

import time
from collections import deque
from itertools import islice
from typing import Final, NamedTuple

from datadog_cases_sandbox.call import Json

LENGTH: Final = 100_000


class Noted(NamedTuple):
    """A request in the journal.

    Attributes:
        at: When it was answered, in nanoseconds since the epoch; no two have the same.
        entry: What there is to tell of it; see `GET /sandbox/requests`.
    """

    at: int
    entry: Json


class Journal:
    """The latest requests to the API, in memory.

    Attributes:
        version: Another one after every change, and in every sandbox.
    """

    def __init__(self) -> None:
        self._noted = deque[Noted](maxlen=LENGTH)
        self.version = time.time_ns()

    def note(self, entry: Json) -> None:
        """Adds a request that has just been answered."""
        self._renew()
        self._noted.append(Noted(self.version, entry))

    def clear(self) -> None:
        """Forgets all requests."""
        self._renew()
        self._noted.clear()

    def entries(self) -> list[Json]:
        """All requests, oldest first."""
        return [noted.entry for noted in self._noted]

    def latest(self, count: int) -> list[Noted]:
        """So many requests at most, newest first."""
        return [*islice(reversed(self._noted), count)]

    def _renew(self) -> None:
        # A clock may be coarse, or put back.
        self.version = max(time.time_ns(), self.version + 1)
