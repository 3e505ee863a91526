"""`RateLimiter`: delays requests while a rate limit of the organisation is used up."""

import logging
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from pulumi_datadog_cases.api.http.headers import RateLimit

_LOG = logging.getLogger("pulumi_datadog_cases")
# The limiter adds this number of seconds to the period that a response reports, because requests do
# not arrive as evenly as they are sent. Datadog's page on rate limits also recommends intervals
# that are slightly longer than the limit requires.
_PERIOD_MARGIN = 0.1
# Waiting requests are spread over this number of seconds at the start of a period.
_SPREAD = 2.0
# The assumed number of requests per period if responses do not report the number. It determines how
# waiting requests are spread.
_DEFAULT_REQUESTS = 100
# A wait of at least this number of seconds is logged as a warning. `pulumi up` shows warnings.
_MIN_WARNED_WAIT = 10.0


class RateLimitWaitError(Exception):
    """A request would have to wait longer for a rate limit than is allowed.

    Two waits have a maximum: the wait of the request, and the total wait of the process.

    Attributes:
        wait: the number of seconds that the request would have to wait.
        limit: the limit's name; "" if unknown.
        spent: the number of seconds that the process has waited so far, if the total wait would
            exceed its maximum. None if the wait of the request would exceed its own maximum.
    """

    def __init__(self, wait: float, limit: str, spent: float | None) -> None:
        super().__init__(f"would have to wait {wait} s")
        self.wait = wait
        self.limit = limit
        self.spent = spent


class _Slot(NamedTuple):
    """The place of one request in a limit's queue. Times are those of the limiter's clock.

    Attributes:
        opens: the start of the first period in which the limit allows the request.
        turn: when the request is sent. This may be later than `opens`, because waiting requests
            are spread over the start of a period.
    """

    opens: float
    turn: float


_NOW = _Slot(-math.inf, -math.inf)


@dataclass
class _Limit:
    """One rate limit, which allows a number of requests per period.

    A response says when the current period ends. This period is called the known period. The ends
    of later periods are computed from the end of the known period. Each request takes a slot, which
    is a place in a period. Requests take slots in the order in which they arrive. Each period has
    one slot for each request that the limit allows. Requests in the known period are sent at once.
    Requests in a later period are spread over the start of that period. If the number of requests
    per period is unknown, all slots come after the known period.

    Attributes:
        name: the limit's name; "" if unknown.
        requests: the number of requests per period; None if unknown.
        period: the length of a period in seconds; None if unknown.
        renews: the end of the known period, in the past or future; minus infinity if unknown.
        taken: the number of slots used since the known period began. All slots of past periods
            count as used.
        logged: the end of the wait in the latest log message. Other waits that end by this time are
            not logged.
    """

    name: str = ""
    requests: int | None = None
    period: float | None = None
    renews: float = -math.inf
    taken: int = 0
    logged: float = -math.inf

    def next_slot(self, now: float) -> _Slot:
        """Return the slot of the next request. Its times are in the past if no wait is needed."""
        if self.renews == -math.inf:
            return _NOW
        if self.requests is None or self.period is None:
            return _Slot(
                self.renews, self.renews + min(self.taken / _DEFAULT_REQUESTS, 1.0) * _SPREAD
            )
        period = self.period + _PERIOD_MARGIN
        # Unused slots of past periods cannot be used any more.
        passed = int((now - self.renews) // period) + 1
        self.taken = max(self.taken, passed * self.requests)
        periods, slot = divmod(self.taken, self.requests)
        if periods == 0:
            return _NOW
        opens = self.renews + (periods - 1) * period
        return _Slot(opens, opens + slot / self.requests * min(period, _SPREAD))

    def update(self, now: float, reported: RateLimit) -> None:
        """Store the limit that a response reports.

        The number of requests per period and the length of a period are stored each time. The end
        of the period and the number of used requests are stored only if no period is known yet.
        Once a period is known, `taken` counts slots from the start of that period. If a later
        response moved the period, this count would be wrong.
        """
        if reported.requests is None:
            return
        self.requests, self.period = reported.requests, reported.period
        if self.renews == -math.inf and reported.renews is not None:
            self.renews = now + reported.renews
            # `reported.used` does not count requests that have no response yet, but `taken` does.
            # So the higher of the two counts is used, up to the limit. A request beyond the limit
            # gets a 429, and its retry takes a slot of a later period. If the first attempt took
            # such a slot too, the request would have two slots.
            self.taken = min(max(self.taken, reported.used), reported.requests)

    def block(self, now: float, seconds: float) -> None:
        """Delay all requests for some seconds. If they are delayed already, change nothing."""
        if now >= self.next_slot(now).opens:
            self.renews = now + seconds
            self.taken = self.requests or 0

    def log(self, endpoint: str, opens: float, now: float) -> None:
        """Log a wait. Several waits until the same time are logged once."""
        if opens <= max(self.logged, now):
            return
        self.logged = opens
        level = logging.WARNING if opens - now >= _MIN_WARNED_WAIT else logging.INFO
        name = f" {self.name}" if self.name else ""
        _LOG.log(level, "rate limit%s used up: %s continues in %.1f s", name, endpoint, opens - now)


class RateLimiter:
    """Delays requests of all threads while their rate limit is used up.

    At first, each endpoint has a limit of its own. When a response gives the name of the limit, the
    endpoint shares one limit with all other endpoints that have a limit of this name.

    While a limit is used up, the requests under this limit wait instead of getting a 429 each. When
    the next period begins, these requests are sent one after the other. Requests under other limits
    do not wait.

    Requests of other processes are not counted. If other processes use the same limit, more
    requests get a 429.
    """

    def __init__(
        self, *, max_total_wait: float, clock: Callable[[], float], sleep: Callable[[float], object]
    ) -> None:
        """Create a limiter that knows no limits yet.

        Args:
            max_total_wait: the maximum wait of all requests together, in seconds. Waits at the
                same time count once.
            clock: a monotonic clock in seconds.
            sleep: waits for some seconds. If it returns early, `wait` returns early too.
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
            endpoint: the `RequestInfo.endpoint` of the request.
            until: the latest time to send the request, on the limiter's clock.

        Raises:
            RateLimitWaitError: the request cannot be sent by `until`, or the total wait would
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
                # The request needs a new slot in two cases: a 429 has blocked the limit again
                # during the sleep, or the endpoint has another limit now.
                if self._limit(endpoint) is limit and limit.renews == renews:
                    return

    def update(self, endpoint: str, reported: RateLimit) -> None:
        """Store what a response reports about the endpoint's limit."""
        with self._lock:
            limit = self._limit(endpoint)
            if reported.name and reported.name != limit.name:
                # The response names a limit that is not yet known for this endpoint:
                # 1. If a limit with this name exists, the endpoint shares that limit from now on.
                # 2. Otherwise, if the endpoint's limit has no name yet, it gets this name.
                # 3. Otherwise, the endpoint gets a new limit with this name.
                unnamed = _Limit() if limit.name else limit
                limit = self._by_name.setdefault(reported.name, unnamed)
                limit.name = reported.name
                self._by_endpoint[endpoint] = limit
            limit.update(self._clock(), reported)

    def block(self, endpoint: str, seconds: float) -> None:
        """After a 429, delay all requests that share the limit of the endpoint.

        If these requests are delayed already, nothing changes, because several concurrent requests
        may get a 429 in the same period.
        """
        with self._lock:
            self._limit(endpoint).block(self._clock(), seconds)

    def _limit(self, endpoint: str) -> _Limit:
        return self._by_endpoint.setdefault(endpoint, _Limit())

    def _add_wait(self, limit: _Limit, now: float, turn: float) -> None:
        """Add a wait to the total. Seconds in which another request waits already are not added.

        Raises:
            RateLimitWaitError: the total would exceed its maximum.
        """
        longer = max(0.0, turn - max(now, self._waiting_until))
        if self._total_wait + longer > self._max_total_wait:
            raise RateLimitWaitError(turn - now, limit.name, self._total_wait)
        self._total_wait += longer
        self._waiting_until = max(turn, self._waiting_until)
