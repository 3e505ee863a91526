"""How requests wait while a rate limit is used up, on a clock of the test's own."""

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
    """A gate and its clock, on which waiting takes no time: what waits is known by its length."""

    max_total_wait: float = math.inf
    now: float = 1000.0
    waits: list[float] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.gate = RateLimiter(
            max_total_wait=self.max_total_wait, clock=lambda: self.now, sleep=self.sleep
        )

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.meanwhile()

    def wait(self, endpoint: str = CREATE, *, within: float = math.inf) -> float:
        """Seconds from now on at which a request that comes now goes."""
        self.waits.clear()
        self.gate.wait(endpoint, until=self.now + within)
        return sum(self.waits)

    def told(self, requests: int, period: float, remaining: int, reset: float) -> RateLimit:
        return RateLimit("case_write", requests, period, requests - remaining, reset)


@pytest.fixture
def watch() -> Watch:
    return Watch()


def test_nobody_waits_for_a_limit_that_is_not_known(watch: Watch) -> None:
    assert [watch.wait() for _ in range(1000)] == [0.0] * 1000


def test_all_wait_for_the_end_of_a_limit_and_do_not_rush_then(watch: Watch) -> None:
    watch.gate.block(CREATE, 30)
    waits = [watch.wait() for _ in range(64)]
    assert waits[0] == 30
    assert waits == sorted(set(waits))
    assert 31 < waits[-1] < 32


def test_each_refusal_of_many_tells_of_the_same_end(watch: Watch) -> None:
    watch.gate.block(CREATE, 30)
    watch.now += 1
    watch.gate.block(CREATE, 30)
    assert watch.wait() == 29


def test_other_endpoints_go_on(watch: Watch) -> None:
    watch.gate.block(CREATE, 30)
    assert watch.wait(COMMENT) == 0


@pytest.mark.parametrize("first", [CREATE, COMMENT])
def test_endpoints_whose_limit_has_one_name_wait_together(first: str, watch: Watch) -> None:
    watch.gate.update(CREATE, RateLimit("case_write"))
    watch.gate.update(COMMENT, RateLimit("case_write"))
    watch.gate.update(READ, RateLimit("case_read"))
    watch.gate.block(first, 30)
    assert watch.wait(CREATE) >= 30
    assert watch.wait(COMMENT) >= 30
    assert watch.wait(READ) == 0


def test_a_name_that_comes_late_takes_over_what_is_known(watch: Watch) -> None:
    watch.gate.block(CREATE, 30)
    watch.gate.update(CREATE, RateLimit("case_write"))
    watch.gate.update(COMMENT, RateLimit("case_write"))
    assert watch.wait(COMMENT) >= 30


def test_an_endpoint_that_comes_under_another_limit_leaves_the_first_alone(watch: Watch) -> None:
    watch.gate.update(CREATE, RateLimit("case_write"))
    watch.gate.update(COMMENT, RateLimit("case_write"))
    watch.gate.update(CREATE, RateLimit("case_create"))
    watch.gate.block(CREATE, 30)
    assert watch.wait(COMMENT) == 0


def test_what_remains_goes_at_once_and_the_rest_when_the_limit_renews(watch: Watch) -> None:
    watch.gate.update(CREATE, watch.told(10, 60, remaining=7, reset=20))
    waits = [watch.wait() for _ in range(27)]
    assert waits[:7] == [0.0] * 7
    assert all(20 <= wait < 23 for wait in waits[7:17])
    assert all(80 <= wait < 83 for wait in waits[17:27])


def test_what_is_on_its_way_takes_up_what_remains(watch: Watch) -> None:
    assert [watch.wait() for _ in range(8)] == [0.0] * 8
    watch.gate.update(CREATE, watch.told(10, 60, remaining=9, reset=20))
    assert [watch.wait() for _ in range(2)] == [0.0] * 2
    assert watch.wait() == 20


def test_too_many_on_their_way_cost_later_periods_nothing(watch: Watch) -> None:
    for _ in range(64):
        watch.wait()
    watch.gate.update(CREATE, watch.told(10, 60, remaining=9, reset=20))
    assert watch.wait() == 20


def test_a_limit_that_told_its_number_is_not_exceeded_after_a_refusal(watch: Watch) -> None:
    watch.gate.update(CREATE, RateLimit("case_write", 10, 60.0))
    watch.gate.block(CREATE, 20)
    waits = [watch.wait() for _ in range(20)]
    assert all(20 <= wait < 23 for wait in waits[:10])
    assert all(80 <= wait < 83 for wait in waits[10:])


def test_periods_that_passed_unused_are_not_made_up_for(watch: Watch) -> None:
    watch.gate.update(CREATE, watch.told(10, 60, remaining=0, reset=60))
    watch.now += 3600
    waits = [watch.wait() for _ in range(20)]
    assert waits[:10] == [0.0] * 10
    assert all(0 < wait <= 63 for wait in waits[10:])


def test_who_waits_while_the_limit_is_used_up_again_waits_anew(watch: Watch) -> None:
    def close_again() -> None:
        watch.now += 30
        watch.meanwhile = lambda: None
        watch.gate.block(CREATE, 50)

    watch.gate.block(CREATE, 30)
    watch.meanwhile = close_again
    assert watch.wait() == 30 + 50


def test_who_would_wait_for_too_long_is_told_so_and_takes_no_place(watch: Watch) -> None:
    watch.gate.update(CREATE, watch.told(1, 60, remaining=0, reset=40))
    with pytest.raises(RateLimitWaitError) as caught:
        watch.wait(within=30)
    assert (caught.value.wait, caught.value.limit) == (40, "case_write")
    assert watch.wait(within=40) == 40


def test_the_time_that_limits_take_is_bounded_in_all() -> None:
    watch = Watch(max_total_wait=100)
    watch.gate.block(CREATE, 60)
    watch.gate.block(COMMENT, 70)
    # A moment at which many wait counts once.
    assert watch.wait(CREATE) == 60
    assert watch.wait(COMMENT) == 70
    assert watch.wait(COMMENT) > 70
    watch.now += 80
    watch.gate.block(CREATE, 40)
    with pytest.raises(RateLimitWaitError) as caught:
        watch.wait(CREATE)
    assert caught.value.spent == pytest.approx(70, abs=1)
    watch.gate.block(READ, 20)
    assert watch.wait(READ) == 20


def test_many_who_wait_for_the_same_say_so_once(
    watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="pulumi_datadog_cases")
    watch.gate.update(CREATE, watch.told(10, 60, remaining=5, reset=5))
    for _ in range(25):
        watch.wait()
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("INFO", "rate limit case_write used up: POST /cases continues in 5.0 s"),
        # A wait that is worth a thought of the user's is a warning, which Pulumi shows.
        ("WARNING", "rate limit case_write used up: POST /cases continues in 65.1 s"),
    ]


@dataclass
class Api:
    """So many requests per period of the clock; how it stands is told as Datadog does."""

    requests: int
    period: float
    sent: dict[float, int] = field(default_factory=dict)
    refused: int = 0

    def answer(self, now: float) -> tuple[bool, RateLimit]:
        begun = now // self.period * self.period
        self.sent[begun] = used = self.sent.get(begun, 0) + 1
        if used > self.requests:
            self.refused += 1
        reset = math.ceil(begun + self.period - now)
        told = RateLimit("x", self.requests, self.period, min(used, self.requests), reset)
        return used <= self.requests, told


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("requests", "period", "creates"),
    [(100, 1, 1000), (10, 1, 100), (300, 10, 1000), (100, 60, 150), (1000, 60, 5000)],
)
def test_a_run_takes_little_longer_than_the_limit_makes_necessary(
    requests: int, period: float, creates: int, seed: int
) -> None:
    """Sixty-four workers, each busy with one create after the other."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    api = Api(requests, period)
    watch = Watch(now=1000 + chance.random() * period)
    begun = watch.now
    # When each worker, by its number, asks to pass, and when its request arrives.
    events = [(begun + chance.random() / 10, worker, False) for worker in range(64)]
    heapq.heapify(events)
    done = 0
    while done < creates:
        watch.now, worker, arrives = heapq.heappop(events)
        latency = 0.02 + chance.random() / 10
        if not arrives:
            heapq.heappush(events, (watch.now + watch.wait() + latency, worker, True))
            continue
        accepted, told = api.answer(watch.now)
        watch.gate.update(CREATE, told)
        done += accepted
        if not accepted:
            watch.gate.block(CREATE, told.renews or 0)
        heapq.heappush(events, (watch.now + latency, worker, False))
    # From the first on as many periods must begin as the limit splits the creates into.
    necessary = (math.ceil(creates / requests) - 1) * period
    assert watch.now - begun <= 1.3 * necessary
    assert api.refused <= 64 + creates / 20
