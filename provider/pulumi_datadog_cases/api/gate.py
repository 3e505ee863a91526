"""The gate at which requests wait while a rate limit of the organisation's is used up."""

import logging
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from pulumi_datadog_cases.api.headers import RateLimit

_LOG = logging.getLogger("pulumi_datadog_cases")
# Seconds by which periods are counted longer than they are, since requests do not arrive as
# evenly as they were sent. Datadog advises "a frequency slightly longer" than the limit's.
_CAUTION = 0.1
# Seconds over which those who have waited are spread, and how many of them where the limit does
# not tell its number.
_SPREAD = 2.0
_TOGETHER = 100
# Seconds from which on a wait is a warning: these reach a user who waits for `pulumi up`.
_WORTH_A_WARNING = 10.0


class HeldTooLongError(Exception):
    """A request's turn would come later than it may wait.

    Attributes:
        wait: seconds until its turn.
        limit: the limit's name, or "".
        spent: seconds that limits have held requests up in all, where it is that sum which may
            not grow any more; None where it is the single wait that is too long.
    """

    def __init__(self, wait: float, limit: str, spent: float | None) -> None:
        super().__init__(f"held back for {wait} s")
        self.wait = wait
        self.limit = limit
        self.spent = spent


class _Place(NamedTuple):
    """When a request may go.

    Attributes:
        opens: when the limit allows it.
        turn: when it may go all the same, as others go before it.
    """

    opens: float
    turn: float


_AT_ONCE = _Place(-math.inf, -math.inf)


@dataclass
class _Limit:
    """One limit, as far as answers have told.

    Requests are given places in the order in which they come: as many as the limit allows in the
    period of which answers told, as many in the next, and so on. Those in the first go at once,
    those in a later one are spread over its beginning. Where answers do not tell how many, all
    have their places after the end of the first.

    Attributes:
        name: as the answers call it, or "".
        requests: how many it allows per period.
        period: seconds.
        renews: when the period ended, or ends, of which answers told.
        given: places given since that period began, counting those that passed unused.
        logged: the latest of the times at which requests were logged to go on.
    """

    name: str = ""
    requests: int | None = None
    period: float | None = None
    renews: float = -math.inf
    given: int = 0
    logged: float = -math.inf

    def next_place(self, now: float) -> _Place:
        """When the next in line may go; times that have passed if at once."""
        if self.renews == -math.inf:
            return _AT_ONCE
        if self.requests is None or self.period is None:
            return _Place(self.renews, self.renews + min(self.given / _TOGETHER, 1.0) * _SPREAD)
        period = self.period + _CAUTION
        # Places of periods that have passed are lost.
        passed = int((now - self.renews) // period) + 1
        self.given = max(self.given, passed * self.requests)
        periods, place = divmod(self.given, self.requests)
        if periods == 0:
            return _AT_ONCE
        opens = self.renews + (periods - 1) * period
        return _Place(opens, opens + place / self.requests * min(period, _SPREAD))

    def count(self, now: float, told: RateLimit) -> None:
        """Take in how the limit stands, unless that is being counted here already."""
        if told.requests is None:
            return
        self.requests, self.period = told.requests, told.period
        if self.renews == -math.inf and told.renews is not None:
            self.renews = now + told.renews
            # Some may be on their way; those too many will be refused and come again.
            self.given = min(max(self.given, told.used), told.requests)

    def close(self, now: float, seconds: float) -> None:
        """Let no more go for so long, unless none go now anyway."""
        if now >= self.next_place(now).opens:
            self.renews = now + seconds
            self.given = self.requests or 0

    def log(self, endpoint: str, opens: float, now: float) -> None:
        """Say once for all who wait for the same that they do."""
        if opens <= max(self.logged, now):
            return
        self.logged = opens
        level = logging.WARNING if opens - now >= _WORTH_A_WARNING else logging.INFO
        name = f" {self.name}" if self.name else ""
        _LOG.log(level, "rate limit%s used up: %s goes on in %.1f s", name, endpoint, opens - now)


class Gate:
    """Lets requests pass, and holds back those whose limit is used up: all threads alike.

    Each endpoint counts as having a limit of its own until an answer names the limit; from then
    on it shares what is known of that. So the others go on, while those that wait need not find
    out one by one, and when the limit opens again they do not all rush at once.

    What other processes send is not known here: where they use the same limit, more is refused.
    """

    def __init__(
        self, *, allowance: float, clock: Callable[[], float], sleep: Callable[[float], None]
    ) -> None:
        """Hold nothing back yet.

        Args:
            allowance: seconds for which limits may hold requests up in all. Time in which
                several wait is counted once.
            clock: seconds that only go forward.
            sleep: waits for seconds.
        """
        self._allowance = allowance
        self._clock = clock
        self._sleep = sleep
        self._by_endpoint: dict[str, _Limit] = {}
        self._by_name: dict[str, _Limit] = {}
        self._held = 0.0
        self._held_until = -math.inf
        self._lock = threading.Lock()

    def wait(self, endpoint: str, *, until: float) -> None:
        """Wait for the turn of a request.

        Args:
            endpoint: what it asks.
            until: the latest at which its turn may come.

        Raises:
            HeldTooLongError: its turn would come later, or the allowance is spent.
        """
        while True:
            with self._lock:
                limit = self._limit(endpoint)
                renews = limit.renews
                now = self._clock()
                place = limit.next_place(now)
                if place.opens > until:
                    raise HeldTooLongError(place.opens - now, limit.name, None)
                if place.turn > now:
                    self._spend(limit, now, place.turn)
                    limit.log(endpoint, place.opens, now)
                limit.given += 1
            if place.turn <= now:
                return
            self._sleep(place.turn - now)
            with self._lock:
                # Places were given anew if it has been used up again in the meantime.
                if self._limit(endpoint) is limit and limit.renews == renews:
                    return

    def learn(self, endpoint: str, told: RateLimit) -> None:
        """Take in what an answer tells of the endpoint's limit."""
        with self._lock:
            limit = self._limit(endpoint)
            if told.name and told.name != limit.name:
                # What is known of a limit without a name is known of the one that now has one.
                unnamed = _Limit() if limit.name else limit
                limit = self._by_name.setdefault(told.name, unnamed)
                limit.name = told.name
                self._by_endpoint[endpoint] = limit
            limit.count(self._clock(), told)

    def close(self, endpoint: str, seconds: float) -> None:
        """Hold back all that shares the endpoint's limit.

        While it is held back already nothing changes: of many requests on their way at the same
        time, each is refused and tells of the same end.
        """
        with self._lock:
            self._limit(endpoint).close(self._clock(), seconds)

    def _limit(self, endpoint: str) -> _Limit:
        return self._by_endpoint.setdefault(endpoint, _Limit())

    def _spend(self, limit: _Limit, now: float, turn: float) -> None:
        """Take a wait off the allowance, as far as nobody waits at that time already."""
        longer = max(0.0, turn - max(now, self._held_until))
        if self._held + longer > self._allowance:
            raise HeldTooLongError(turn - now, limit.name, self._held)
        self._held += longer
        self._held_until = max(turn, self._held_until)
