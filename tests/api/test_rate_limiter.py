"""`RateLimiter` on a simulated clock."""

import heapq
import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from pulumi_datadog_cases.api.http.headers import RateLimit
from pulumi_datadog_cases.api.http.rate_limiter import RateLimiter, RateLimitWaitError

CREATE, COMMENT, READ = "POST /cases", "POST /cases/*/comment", "GET /cases/*"


@dataclass
class Watch:
    """A rate limiter with a simulated clock. Its waits are recorded and take no time.

    A test advances the clock by setting `now`. A test sets `meanwhile` to run code in each wait.
    """

    max_total_wait: float = math.inf
    now: float = 1000.0
    waits: list[float] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.limiter = RateLimiter(
            max_total_wait=self.max_total_wait, clock=lambda: self.now, sleep=self.sleep
        )

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.meanwhile()

    def wait(self, endpoint: str = CREATE, *, within: float = math.inf) -> float:
        """Pass a request to the limiter. Return the seconds for which the request has to wait."""
        self.waits.clear()
        self.limiter.wait(endpoint, until=self.now + within)
        return sum(self.waits)

    def reported(self, requests: int, period: float, remaining: int, reset: float) -> RateLimit:
        return RateLimit("case_write", requests, period, requests - remaining, reset)


@pytest.fixture
def watch() -> Watch:
    return Watch()


def test_unknown_limit_causes_no_wait(watch: Watch) -> None:
    assert [watch.wait() for _ in range(1000)] == [0.0] * 1000


def test_waiting_requests_are_spread_after_renewal(watch: Watch) -> None:
    watch.limiter.block(CREATE, 30)
    waits = [watch.wait() for _ in range(64)]
    assert waits[0] == 30
    assert waits == sorted(set(waits))
    assert 31 < waits[-1] < 32


def test_concurrent_429s_block_once(watch: Watch) -> None:
    watch.limiter.block(CREATE, 30)
    watch.now += 1
    watch.limiter.block(CREATE, 30)
    assert watch.wait() == 29


def test_other_endpoints_continue(watch: Watch) -> None:
    watch.limiter.block(CREATE, 30)
    assert watch.wait(COMMENT) == 0


@pytest.mark.parametrize("first", [CREATE, COMMENT])
def test_endpoints_with_same_limit_name_wait_together(first: str, watch: Watch) -> None:
    watch.limiter.update(CREATE, RateLimit("case_write"))
    watch.limiter.update(COMMENT, RateLimit("case_write"))
    watch.limiter.update(READ, RateLimit("case_read"))
    watch.limiter.block(first, 30)
    assert watch.wait(CREATE) >= 30
    assert watch.wait(COMMENT) >= 30
    assert watch.wait(READ) == 0


def test_limit_stays_blocked_when_its_name_arrives(watch: Watch) -> None:
    watch.limiter.block(CREATE, 30)
    watch.limiter.update(CREATE, RateLimit("case_write"))
    watch.limiter.update(COMMENT, RateLimit("case_write"))
    assert watch.wait(COMMENT) >= 30


def test_renamed_limit_does_not_change_the_old_one(watch: Watch) -> None:
    watch.limiter.update(CREATE, RateLimit("case_write"))
    watch.limiter.update(COMMENT, RateLimit("case_write"))
    watch.limiter.update(CREATE, RateLimit("case_create"))
    watch.limiter.block(CREATE, 30)
    assert watch.wait(COMMENT) == 0


def test_remaining_requests_go_now_others_after_renewal(watch: Watch) -> None:
    watch.limiter.update(CREATE, watch.reported(10, 60, remaining=7, reset=20))
    waits = [watch.wait() for _ in range(27)]
    assert waits[:7] == [0.0] * 7
    assert all(20 <= wait < 23 for wait in waits[7:17])
    assert all(80 <= wait < 83 for wait in waits[17:27])


def test_requests_in_flight_count_as_used(watch: Watch) -> None:
    assert [watch.wait() for _ in range(8)] == [0.0] * 8
    watch.limiter.update(CREATE, watch.reported(10, 60, remaining=9, reset=20))
    assert [watch.wait() for _ in range(2)] == [0.0] * 2
    assert watch.wait() == 20


def test_excess_in_flight_requests_do_not_reduce_later_periods(watch: Watch) -> None:
    for _ in range(64):
        watch.wait()
    watch.limiter.update(CREATE, watch.reported(10, 60, remaining=9, reset=20))
    assert watch.wait() == 20


def test_known_limit_is_kept_after_429(watch: Watch) -> None:
    watch.limiter.update(CREATE, RateLimit("case_write", 10, 60.0))
    watch.limiter.block(CREATE, 20)
    waits = [watch.wait() for _ in range(20)]
    assert all(20 <= wait < 23 for wait in waits[:10])
    assert all(80 <= wait < 83 for wait in waits[10:])


def test_unused_requests_of_past_periods_are_lost(watch: Watch) -> None:
    watch.limiter.update(CREATE, watch.reported(10, 60, remaining=0, reset=60))
    watch.now += 3600
    waits = [watch.wait() for _ in range(20)]
    assert waits[:10] == [0.0] * 10
    assert all(0 < wait <= 63 for wait in waits[10:])


def test_waiting_request_waits_again_if_blocked_again(watch: Watch) -> None:
    def block_again() -> None:
        watch.now += 30
        watch.meanwhile = lambda: None
        watch.limiter.block(CREATE, 50)

    watch.limiter.block(CREATE, 30)
    watch.meanwhile = block_again
    assert watch.wait() == 30 + 50


def test_too_long_wait_raises_and_takes_no_slot(watch: Watch) -> None:
    watch.limiter.update(CREATE, watch.reported(1, 60, remaining=0, reset=40))
    with pytest.raises(RateLimitWaitError) as caught:
        watch.wait(within=30)
    assert (caught.value.wait, caught.value.limit) == (40, "case_write")
    assert watch.wait(within=40) == 40


def test_total_wait_is_limited() -> None:
    watch = Watch(max_total_wait=100)
    watch.limiter.block(CREATE, 60)
    watch.limiter.block(COMMENT, 70)
    # If two requests wait at the same time, this time counts only once in the total.
    assert watch.wait(CREATE) == 60
    assert watch.wait(COMMENT) == 70
    assert watch.wait(COMMENT) > 70
    watch.now += 80
    watch.limiter.block(CREATE, 40)
    with pytest.raises(RateLimitWaitError) as caught:
        watch.wait(CREATE)
    assert caught.value.spent == pytest.approx(70, abs=1)
    watch.limiter.block(READ, 20)
    assert watch.wait(READ) == 20


def test_wait_is_logged_once(watch: Watch, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="pulumi_datadog_cases")
    watch.limiter.update(CREATE, watch.reported(10, 60, remaining=5, reset=5))
    for _ in range(25):
        watch.wait()
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("INFO", "rate limit case_write used up: POST /cases continues in 5.0 s"),
        # A long wait is logged as a warning, because Pulumi shows warnings to the user.
        ("WARNING", "rate limit case_write used up: POST /cases continues in 65.1 s"),
    ]


@dataclass
class Api:
    """An API with a rate limit. Each response contains the limit, as Datadog's responses do."""

    requests: int
    period: float
    sent: dict[float, int] = field(default_factory=dict)
    rejected: int = 0

    def respond(self, now: float) -> tuple[bool, RateLimit]:
        begun = now // self.period * self.period
        self.sent[begun] = used = self.sent.get(begun, 0) + 1
        if used > self.requests:
            self.rejected += 1
        reset = math.ceil(begun + self.period - now)
        reported = RateLimit("x", self.requests, self.period, min(used, self.requests), reset)
        return used <= self.requests, reported


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("requests", "period", "creates"),
    [(100, 1, 1000), (10, 1, 100), (300, 10, 1000), (100, 60, 150), (1000, 60, 5000)],
)
def test_limiter_is_close_to_the_optimum(
    requests: int, period: float, creates: int, seed: int
) -> None:
    """Simulate sixty-four workers. Each worker sends one create after another."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    api = Api(requests, period)
    watch = Watch(now=1000 + rng.random() * period)
    begun = watch.now
    # The next event of each worker, as a tuple: the time, the worker, and a boolean. If it is True,
    # the worker's request arrives at the API. If it is False, the worker calls the limiter.
    events = [(begun + rng.random() / 10, worker, False) for worker in range(64)]
    heapq.heapify(events)
    done = 0
    while done < creates:
        watch.now, worker, arrives = heapq.heappop(events)
        latency = 0.02 + rng.random() / 10
        if not arrives:
            heapq.heappush(events, (watch.now + watch.wait() + latency, worker, True))
            continue
        accepted, reported = api.respond(watch.now)
        watch.limiter.update(CREATE, reported)
        done += accepted
        if not accepted:
            watch.limiter.block(CREATE, reported.renews or 0)
        heapq.heappush(events, (watch.now + latency, worker, False))
    # The shortest time in which the API accepts this number of create requests.
    necessary = (math.ceil(creates / requests) - 1) * period
    assert watch.now - begun <= 1.3 * necessary
    assert api.rejected <= 64 + creates / 20
