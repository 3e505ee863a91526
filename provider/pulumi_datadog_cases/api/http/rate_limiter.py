"""`RateLimiter`: delays requests while a rate limit of the organisation is used up."""

import logging
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from pulumi_datadog_cases.api.http.headers import RateLimit

_LOG = logging.getLogger("pulumi_datadog_cases")
# Seconds added to each period, since requests do not arrive as evenly as they are sent. Datadog
# recommends "a frequency slightly longer" than the limit's.
_PERIOD_MARGIN = 0.1
# Seconds over which waiting requests are spread at the start of a period, and the number of
# requests per period that is assumed for this if responses do not report it.
_SPREAD = 2.0
_DEFAULT_REQUESTS = 100
# Seconds from which a wait is logged as a warning, which `pulumi up` shows.
_MIN_WARNED_WAIT = 10.0


class RateLimitWaitError(Exception):
    """A request would have to wait for a rate limit longer than allowed.

    Attributes:
        wait: the necessary wait in seconds.
        limit: the limit's name, or "".
        spent: the seconds that the process has waited so far, if the total wait would exceed its
            maximum; None if this single wait is too long.
    """

    def __init__(self, wait: float, limit: str, spent: float | None) -> None:
        super().__init__(f"would have to wait {wait} s")
        self.wait = wait
        self.limit = limit
        self.spent = spent


class _Slot(NamedTuple):
    """When a request may be sent.

    Attributes:
        opens: when the limit allows it.
        turn: when it is sent, after the requests before it.
    """

    opens: float
    turn: float


_NOW = _Slot(-math.inf, -math.inf)


@dataclass
class _Limit:
    """One rate limit, as known from responses.

    The known period is the one that responses have reported. Requests get slots in the order of
    arrival, and each period has as many slots as the limit allows. Requests in the known period
    are sent at once; those in a later period are spread over its beginning. If the number of
    requests is unknown, all slots come after the end of the known period.

    Attributes:
        name: the limit's name, or "".
        requests: the number of requests per period.
        period: in seconds.
        renews: the end of the known period, in the past or future.
        taken: the number of slots used since the known period began: by requests, and by periods
            that have passed.
        logged: when requests continue according to the last log message; so each wait is logged
            once.
    """

    name: str = ""
    requests: int | None = None
    period: float | None = None
    renews: float = -math.inf
    taken: int = 0
    logged: float = -math.inf

    def next_slot(self, now: float) -> _Slot:
        """Return the slot of the next request; times in the past if it can be sent now."""
        if self.renews == -math.inf:
            return _NOW
        if self.requests is None or self.period is None:
            return _Slot(
                self.renews, self.renews + min(self.taken / _DEFAULT_REQUESTS, 1.0) * _SPREAD
            )
        period = self.period + _PERIOD_MARGIN
        # Slots of past periods are lost.
        passed = int((now - self.renews) // period) + 1
        self.taken = max(self.taken, passed * self.requests)
        periods, slot = divmod(self.taken, self.requests)
        if periods == 0:
            return _NOW
        opens = self.renews + (periods - 1) * period
        return _Slot(opens, opens + slot / self.requests * min(period, _SPREAD))

    def update(self, now: float, reported: RateLimit) -> None:
        """Store the reported limit; its end and used requests only if no period is known."""
        if reported.requests is None:
            return
        self.requests, self.period = reported.requests, reported.period
        if self.renews == -math.inf and reported.renews is not None:
            self.renews = now + reported.renews
            # The number may not include concurrent requests. If too many are sent, they get a 429
            # and are retried.
            self.taken = min(max(self.taken, reported.used), reported.requests)

    def block(self, now: float, seconds: float) -> None:
        """Block for some seconds, unless blocked already."""
        if now >= self.next_slot(now).opens:
            self.renews = now + seconds
            self.taken = self.requests or 0

    def log(self, endpoint: str, opens: float, now: float) -> None:
        """Log a wait, once for all requests that wait for the same time."""
        if opens <= max(self.logged, now):
            return
        self.logged = opens
        level = logging.WARNING if opens - now >= _MIN_WARNED_WAIT else logging.INFO
        name = f" {self.name}" if self.name else ""
        _LOG.log(level, "rate limit%s used up: %s continues in %.1f s", name, endpoint, opens - now)


class RateLimiter:
    """Delays requests whose limit is used up, across all threads.

    An endpoint has its own limit until a response gives the limit's name. From then on it shares
    the limit with all endpoints of that name. So requests under other limits continue, waiting
    requests need not each get a 429, and they do not all start at once when the limit renews.

    Requests of other processes are not counted: if they share a limit, more requests get a 429.
    """

    def __init__(
        self, *, max_total_wait: float, clock: Callable[[], float], sleep: Callable[[float], None]
    ) -> None:
        """Create a limiter that knows no limits yet.

        Args:
            max_total_wait: the maximum total wait in seconds; concurrent waits count once.
            clock: a monotonic clock in seconds.
            sleep: waits for some seconds.
        """
        self._max_total_wait = max_total_wait
        self._clock = clock
        self._sleep = sleep
        self._by_endpoint: dict[str, _Limit] = {}
        self._by_name: dict[str, _Limit] = {}
        self._total_wait = 0.0
        self._waiting_until = -math.inf
        self._lock = threading.Lock()

    def wait(self, endpoint: str, *, until: float) -> None:
        """Wait until a request may be sent.

        Args:
            endpoint: `RequestInfo.endpoint`.
            until: the latest time to send it.

        Raises:
            RateLimitWaitError: the request could not be sent by then, or the total wait would
                exceed its maximum.
        """
        while True:
            with self._lock:
                limit = self._limit(endpoint)
                renews = limit.renews
                now = self._clock()
                slot = limit.next_slot(now)
                if slot.opens > until:
                    raise RateLimitWaitError(slot.opens - now, limit.name, None)
                if slot.turn > now:
                    self._add_wait(limit, now, slot.turn)
                    limit.log(endpoint, slot.opens, now)
                limit.taken += 1
            if slot.turn <= now:
                return
            self._sleep(slot.turn - now)
            with self._lock:
                # If the limit was used up again meanwhile, slots are reassigned.
                if self._limit(endpoint) is limit and limit.renews == renews:
                    return

    def update(self, endpoint: str, reported: RateLimit) -> None:
        """Take over what a response reports about the endpoint's limit."""
        with self._lock:
            limit = self._limit(endpoint)
            if reported.name and reported.name != limit.name:
                # What is known about the unnamed limit is taken over to the named one.
                unnamed = _Limit() if limit.name else limit
                limit = self._by_name.setdefault(reported.name, unnamed)
                limit.name = reported.name
                self._by_endpoint[endpoint] = limit
            limit.update(self._clock(), reported)

    def block(self, endpoint: str, seconds: float) -> None:
        """Delay all requests that share the endpoint's limit.

        If they are delayed already, nothing changes: several concurrent requests may get a 429 for
        the same period.
        """
        with self._lock:
            self._limit(endpoint).block(self._clock(), seconds)

    def _limit(self, endpoint: str) -> _Limit:
        return self._by_endpoint.setdefault(endpoint, _Limit())

    def _add_wait(self, limit: _Limit, now: float, turn: float) -> None:
        """Add a wait to the total, as far as it does not overlap with another."""
        longer = max(0.0, turn - max(now, self._waiting_until))
        if self._total_wait + longer > self._max_total_wait:
            raise RateLimitWaitError(turn - now, limit.name, self._total_wait)
        self._total_wait += longer
        self._waiting_until = max(turn, self._waiting_until)
