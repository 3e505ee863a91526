"""How figures that goals limit are made of the results of one run.

Seconds of operations are never compared with a number, but with other contenders' in the same run:
machines differ, and so do days. Of repeats the median counts.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from benchmarks import startup
from benchmarks.measure import ASKING, MEMORY, REQUESTS, SECONDS, STATE, Key, Results
from benchmarks.workloads import (
    CASE,
    CASES,
    CHECK,
    CREATE,
    CROWD,
    DESTROY,
    LARGE,
    NOTHING,
    RULES,
    Workload,
)

OURS, FLOOR, TOFU, NAIVE = "ours", "floor", "tofu", "naive"
#: Milliseconds from which on it is the API that an operation waits for.
SLOW = 50
#: Times the floor, which is what is as good as the floor.
NEAR = 1.15
MEGABYTE = 1_000_000
ANY = math.inf


@dataclass(frozen=True)
class Finding:
    """One figure that a goal limits.

    Attributes:
        where: Of what it is, such as `create, N = 100, 50 ms`.
        measured: The figure.
        most: What it must not be above.
        least: What it must not be below.
    """

    where: str
    measured: float
    most: float = ANY
    least: float = 0

    @property
    def strain(self) -> float:
        """The figure in terms of its limit: above 1 is beyond it."""
        over = self.measured / self.most if self.most else self.measured and ANY
        under = self.least / self.measured if self.measured else self.least and ANY
        return max(over, under)

    @property
    def holds(self) -> bool:
        """Whether the figure is within its limits."""
        return self.strain <= 1


Find: TypeAlias = Callable[[Results], Iterator[Finding]]


def _each(
    results: Results, quantity: str, workload: Workload, steps: Sequence[str]
) -> Iterator[tuple[Key, float]]:
    """What was measured of us in some steps, in all sizes."""
    for step in steps:
        for key in results.keys(workload.name, step, OURS):
            figure = results.row(key).median(quantity)
            if figure is not None:
                yield key, figure


def _other(results: Results, key: Key, contender: str, quantity: str = SECONDS) -> float | None:
    """What was measured of another contender in the same place."""
    return results.row(key._replace(contender=contender)).median(quantity)


def _where(key: Key) -> str:
    return f"{key.step}, N = {key.n}, {key.latency} ms"


def requests(
    workload: Workload,
    *steps: str,
    most: Callable[[int], float],
    least: Callable[[int], float] = lambda _: 0,
) -> Find:
    """Requests, with limits that may depend on N."""

    def find(results: Results) -> Iterator[Finding]:
        for key, requests in _each(results, REQUESTS, workload, steps):
            yield Finding(_where(key), requests, most(key.n), least(key.n))

    return find


def requests_of_checks(results: Results) -> Iterator[Finding]:
    """Requests of drift checks: never more than one per resource."""
    for workload in (RULES, CASES, CROWD):
        yield from requests(workload, CHECK, most=lambda n: n)(results)


def requests_of_nothing(results: Results) -> Iterator[Finding]:
    """Requests where nothing is to do."""
    for workload in (RULES, CASES, CASE):
        yield from requests(workload, NOTHING, most=lambda _: 0)(results)


def times_floor(workload: Workload) -> Find:
    """Seconds in terms of the floor's."""

    def find(results: Results) -> Iterator[Finding]:
        for key, seconds in _each(results, SECONDS, workload, [CREATE, CHECK, DESTROY]):
            floor = _other(results, key, FLOOR)
            if floor is not None and key.latency >= SLOW:
                yield Finding(_where(key), seconds / floor, most=NEAR)

    return find


def times_tofu(step: str) -> Find:
    """Seconds in terms of OpenTofu's; where the floor is above these, it is what counts."""

    def find(results: Results) -> Iterator[Finding]:
        for workload in (RULES, CASES):
            for key, seconds in _each(results, SECONDS, workload, [step]):
                floor, tofu = _other(results, key, FLOOR), _other(results, key, TOFU)
                if floor is not None and tofu is not None and key.latency >= SLOW:
                    most = NEAR * floor / tofu if floor > tofu else 1
                    yield Finding(f"{workload.name}: {_where(key)}", seconds / tofu, most)

    return find


def times_faster_than_tofu(results: Results) -> Iterator[Finding]:
    """How much faster than OpenTofu the one drift check is that this is asked of."""
    key = Key(RULES.name, CHECK, OURS, 500, 200)
    ours, tofu = results.row(key).median(SECONDS), _other(results, key, TOFU)
    if ours is not None and tofu is not None:
        yield Finding(_where(key), tofu / ours, least=3)


def latencies(step: str) -> Find:
    """How many latencies lie between the first request of an operation and the last answer."""

    def find(results: Results) -> Iterator[Finding]:
        for key, seconds in _each(results, ASKING, CASE, [step]):
            # To a tenth: each request takes some milliseconds more than the latency.
            yield Finding(_where(key), round(seconds * 1000 / key.latency, 1), most=2)

    return find


def growth(results: Results) -> Iterator[Finding]:
    """By how much more than the floor the time per rule grows, from few rules to many."""

    def grows(contender: str) -> float | None:
        few, many = (
            results.row(Key(LARGE.name, CREATE, contender, n, 0)).median(SECONDS)
            for n in LARGE.full.sizes
        )
        few_n, many_n = LARGE.full.sizes
        return None if few is None or many is None else (many / many_n) / (few / few_n)

    ours, floor = grows(OURS), grows(FLOOR)
    if ours is not None and floor is not None:
        yield Finding("create, N = 500 and 5,000", ours / floor, most=1.3)


def works(results: Results) -> Iterator[Finding]:
    """1 where it does, 0 where it does not."""
    for step in LARGE.steps:
        key = Key(LARGE.name, step.name, OURS, max(LARGE.full.sizes), 0)
        if key in results.rows:
            yield Finding(_where(key), float(results.rows[key].failure is None), least=1)


def memory(results: Results) -> Iterator[Finding]:
    """The most memory that the plugin has."""
    for key, memory in _each(results, MEMORY, LARGE, [CREATE, CHECK]):
        yield Finding(_where(key), memory / MEGABYTE, most=150)


def state(results: Results) -> Iterator[Finding]:
    """The size of the state in terms of the naive provider's."""
    for workload in (RULES, CASES):
        for key, size in _each(results, STATE, workload, [CREATE]):
            naive = _other(results, key, NAIVE, STATE)
            if naive is not None:
                yield Finding(f"{workload.name}: {_where(key)}", size / naive, most=0.5)


def beyond(step: str, seconds: float) -> Find:
    """Seconds more than the least that a start takes."""

    def find(results: Results) -> Iterator[Finding]:
        key = Key(startup.WORKLOAD, step, OURS, 1, 0)
        ours, least = results.row(key).median(SECONDS), _other(results, key, FLOOR)
        if ours is not None and least is not None:
            yield Finding(step, max(ours - least, 0), most=seconds)

    return find
