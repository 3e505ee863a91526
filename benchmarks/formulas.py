"""Computes figures from the results of one run. Each performance goal sets limits for figures.

The duration of an operation has no absolute limit, because it depends on the machine and the day.
Instead, the duration is divided by the duration of the same operation with another contender in the
same run. Figures are medians of the repeats. The contender "floor" is Pulumi with resources that
only wait.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from benchmarks import startup
from benchmarks.results import API_SECONDS, MEMORY, REQUESTS, SECONDS, STATE, Key, Results
from benchmarks.workloads import (
    CASE,
    CASES,
    CHECK,
    CREATE,
    CROWD,
    DESTROY,
    FAST,
    LARGE,
    NO_CHANGES,
    RULES,
    Workload,
)

OURS, NATIVE, FLOOR, TOFU, NAIVE = "ours", "native", "floor", "tofu", "naive"
#: The shortest latency, in milliseconds, at which goals compare seconds. At this latency and above,
#: operations mostly wait for the API.
MIN_LATENCY = 50
#: The maximum duration, as a multiple of the floor's.
FLOOR_TOLERANCE = 1.15
MEGABYTE = 1_000_000
UNLIMITED = math.inf


@dataclass(frozen=True)
class Figure:
    """One figure that a goal limits.

    Attributes:
        scenario: Step, size and latency, such as `create, N = 100, 50 ms`.
        value: The measured value.
        maximum: The upper limit.
        minimum: The lower limit.
    """

    scenario: str
    value: float
    maximum: float = UNLIMITED
    minimum: float = 0

    @property
    def limit_ratio(self) -> float:
        """The value relative to its limit. If the result is above 1, the value misses the limit."""
        over = self.value / self.maximum if self.maximum else self.value and UNLIMITED
        under = self.minimum / self.value if self.value else self.minimum and UNLIMITED
        return max(over, under)

    @property
    def is_met(self) -> bool:
        """Whether the value is within its limits."""
        return self.limit_ratio <= 1


Formula: TypeAlias = Callable[[Results], Iterator[Figure]]


def _ours(
    results: Results,
    metric: str,
    workload: Workload,
    steps: Sequence[str],
    contender: str = OURS,
) -> Iterator[tuple[Key, float]]:
    """Yield this project's medians for the given steps, at all sizes and latencies."""
    for step in steps:
        for key in results.keys(workload.name, step, contender):
            median = results.row(key).median(metric)
            if median is not None:
                yield key, median


def _other(results: Results, key: Key, contender: str, metric: str = SECONDS) -> float | None:
    """Return another contender's median for the same workload, step, size and latency."""
    return results.row(key._replace(contender=contender)).median(metric)


def _scenario(key: Key) -> str:
    return f"{key.step}, N = {key.n}, {key.latency} ms"


def requests(
    workload: Workload,
    *steps: str,
    maximum: Callable[[int], float],
    minimum: Callable[[int], float] = lambda _: 0,
) -> Formula:
    """Limit the number of requests; the limits depend on N, the number of resources."""

    def figures(results: Results) -> Iterator[Figure]:
        for key, requests in _ours(results, REQUESTS, workload, steps):
            yield Figure(_scenario(key), requests, maximum(key.n), minimum(key.n))

    return figures


def requests_of_checks(results: Results) -> Iterator[Figure]:
    """Limit the requests of drift checks to one per resource."""
    for workload in (RULES, CASES, CROWD):
        yield from requests(workload, CHECK, maximum=lambda n: n)(results)


def requests_without_changes(results: Results) -> Iterator[Figure]:
    """Limit the requests of deployments without changes to zero."""
    for workload in (RULES, CASES, CASE):
        yield from requests(workload, NO_CHANGES, maximum=lambda _: 0)(results)


def times_floor(workload: Workload) -> Formula:
    """Limit the duration of an operation, as a multiple of the floor's duration."""

    def figures(results: Results) -> Iterator[Figure]:
        for key, seconds in _ours(results, SECONDS, workload, [CREATE, CHECK, DESTROY]):
            floor = _other(results, key, FLOOR)
            if floor is not None and key.latency >= MIN_LATENCY:
                yield Figure(_scenario(key), seconds / floor, maximum=FLOOR_TOLERANCE)

    return figures


def times_tofu(step: str) -> Formula:
    """Limit the duration of an operation, as a multiple of OpenTofu's duration.

    The limit is OpenTofu's duration or 1.15 times the floor's duration, whichever is longer.
    """

    def figures(results: Results) -> Iterator[Figure]:
        for workload in (RULES, CASES):
            for key, seconds in _ours(results, SECONDS, workload, [step]):
                floor, tofu = _other(results, key, FLOOR), _other(results, key, TOFU)
                if floor is not None and tofu is not None and key.latency >= MIN_LATENCY:
                    maximum = FLOOR_TOLERANCE * floor / tofu if floor > tofu else 1
                    yield Figure(f"{workload.name}: {_scenario(key)}", seconds / tofu, maximum)

    return figures


def fast_times_tofu(
    contender: str, *steps: str, maximum: Callable[[int], float], min_n: int = 0
) -> Formula:
    """Limit the duration of operations in the fast mode, as a multiple of OpenTofu's.

    The limit depends on the latency.
    """

    def figures(results: Results) -> Iterator[Figure]:
        for key, seconds in _ours(results, SECONDS, FAST, steps, contender):
            tofu = _other(results, key, TOFU)
            if tofu is not None and key.n >= min_n:
                yield Figure(_scenario(key), seconds / tofu, maximum(key.latency))

    return figures


def native_times_ours(results: Results) -> Iterator[Figure]:
    """Limit the duration of operations with the native plugin, as a multiple of `ours`."""
    for workload in (RULES, CASES):
        steps = [step.name for step in workload.steps]
        for key, seconds in _ours(results, SECONDS, workload, steps, NATIVE):
            ours = _other(results, key, OURS)
            if ours is not None and key.n in {100, 500}:
                yield Figure(f"{workload.name}: {_scenario(key)}", seconds / ours, maximum=1.05)


def native_ready(results: Results) -> Iterator[Figure]:
    """Limit the seconds until the native plugin responds."""
    key = Key(startup.WORKLOAD, startup.READY, NATIVE, 1, 0)
    if (seconds := results.row(key).median(SECONDS)) is not None:
        yield Figure(startup.READY, seconds, maximum=0.3)


def times_faster_than_tofu(results: Results) -> Iterator[Figure]:
    """Require the drift check of 500 rules at 200 ms to be 3 times as fast as OpenTofu's."""
    key = Key(RULES.name, CHECK, OURS, 500, 200)
    ours, tofu = results.row(key).median(SECONDS), _other(results, key, TOFU)
    if ours is not None and tofu is not None:
        yield Figure(_scenario(key), tofu / ours, minimum=3)


def latencies(step: str) -> Formula:
    """Limit the time from the first request to the last response, as a multiple of the latency."""

    def figures(results: Results) -> Iterator[Figure]:
        for key, seconds in _ours(results, API_SECONDS, CASE, [step]):
            # Rounded, because each request takes a few milliseconds longer than the latency.
            yield Figure(_scenario(key), round(seconds * 1000 / key.latency, 1), maximum=2)

    return figures


def growth(results: Results) -> Iterator[Figure]:
    """Limit how much the time per rule grows from 500 to 5,000 rules.

    The figure is this growth divided by the floor's growth.
    """

    def time_growth(contender: str) -> float | None:
        small, large = (
            results.row(Key(LARGE.name, CREATE, contender, n, 0)).median(SECONDS)
            for n in LARGE.full.sizes
        )
        small_n, large_n = LARGE.full.sizes
        return None if small is None or large is None else (large / large_n) / (small / small_n)

    ours, floor = time_growth(OURS), time_growth(FLOOR)
    if ours is not None and floor is not None:
        yield Figure("create, N = 500 and 5,000", ours / floor, maximum=1.3)


def succeeds(results: Results) -> Iterator[Figure]:
    """Require success at the largest size. The figure is 1 for success and 0 for failure."""
    for step in LARGE.steps:
        key = Key(LARGE.name, step.name, OURS, max(LARGE.full.sizes), 0)
        if key in results.rows:
            yield Figure(_scenario(key), float(results.rows[key].failure is None), minimum=1)


def memory(results: Results) -> Iterator[Figure]:
    """Limit the peak memory of both plugins, in megabytes."""
    for contender in (OURS, NATIVE):
        for key, memory in _ours(results, MEMORY, LARGE, [CREATE, CHECK], contender):
            yield Figure(f"{contender}: {_scenario(key)}", memory / MEGABYTE, maximum=150)


def state(results: Results) -> Iterator[Figure]:
    """Limit the size of the state, as a multiple of the size with the contender "naive"."""
    for workload in (RULES, CASES):
        for key, size in _ours(results, STATE, workload, [CREATE]):
            naive = _other(results, key, NAIVE, STATE)
            if naive is not None:
                yield Figure(f"{workload.name}: {_scenario(key)}", size / naive, maximum=0.5)


def startup_overhead(step: str, seconds: float) -> Formula:
    """Limit how many seconds longer a start-up step takes than the same step of the floor."""

    def figures(results: Results) -> Iterator[Figure]:
        key = Key(startup.WORKLOAD, step, OURS, 1, 0)
        ours, floor = results.row(key).median(SECONDS), _other(results, key, FLOOR)
        if ours is not None and floor is not None:
            yield Figure(step, max(ours - floor, 0), maximum=seconds)

    return figures
