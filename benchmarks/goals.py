"""The performance goals, each with the formula that computes its figures.

The goals compare this project with other contenders. "The floor" is Pulumi with resources that only
wait. "naive" is a dynamic provider in the style of Pulumi's documentation.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks import formulas, startup
from benchmarks.formulas import NATIVE, OURS, Figure, Formula
from benchmarks.results import Results
from benchmarks.workloads import (
    CASE,
    CASES,
    CHANGE_ALL,
    CHANGE_FIELDS,
    CHECK,
    CREATE,
    CROWD,
    DESTROY,
    RULES,
)


@dataclass(frozen=True)
class Goal:
    """A performance goal.

    Attributes:
        text: The goal in words.
        unit: The unit of the figures.
        formula: Computes the goal's figures. Yields no figures if their samples were not measured.
    """

    text: str
    unit: str
    formula: Formula

    def evaluate(self, results: Results) -> "Verdict":
        """Compute the figures, and compare them with their limits."""
        figures = sorted(self.formula(results), key=lambda figure: -figure.limit_ratio)
        return Verdict(self, figures)


@dataclass(frozen=True)
class Verdict:
    """Whether a run meets a goal.

    Attributes:
        goal: The goal.
        figures: The goal's figures, sorted by their ratio to the limit. The worst comes first.
    """

    goal: Goal
    figures: Sequence[Figure]

    @property
    def missed(self) -> Sequence[Figure]:
        """The figures that miss their limits."""
        return [figure for figure in self.figures if not figure.is_met]

    @property
    def summary(self) -> str:
        """`yes`, `no`, `no: 3 of 14` or `not measured`."""
        if not self.figures:
            return "not measured"
        if not self.missed:
            return "yes"
        return "no" if len(self.figures) == 1 else f"no: {len(self.missed)} of {len(self.figures)}"


GOALS: Sequence[Goal] = [
    Goal(
        "drift check of N rules in one project: at most 2 requests",
        "requests",
        formulas.requests(RULES, CHECK, maximum=lambda _: 2),
    ),
    Goal(
        "drift check of N cases in one project: at most N/100 + 2 requests",
        "requests",
        formulas.requests(CASES, CHECK, maximum=lambda n: n / 100 + 2),
    ),
    Goal(
        "drift check of 10 managed cases among 10,000: at most 10 requests",
        "requests",
        formulas.requests(CROWD, CHECK, maximum=lambda _: 10),
    ),
    Goal(
        "drift check: at most one request per resource",
        "requests",
        formulas.requests_of_checks,
    ),
    Goal(
        "create N rules: at most N + 1 requests",
        "requests",
        formulas.requests(RULES, CREATE, maximum=lambda n: n + 1, minimum=lambda n: n),
    ),
    Goal(
        "change N rules: at most N + 1 requests",
        "requests",
        formulas.requests(RULES, CHANGE_ALL, maximum=lambda n: n + 1, minimum=lambda n: n),
    ),
    Goal(
        "create a case with labels and due date: takes at most 2 latencies",
        "latencies",
        formulas.latencies(CREATE),
    ),
    Goal(
        "destroy N rules: at most N requests",
        "requests",
        formulas.requests(RULES, DESTROY, maximum=lambda n: n),
    ),
    Goal(
        # Cases that Pulumi deletes at the same time share a request. Between two deletes, Pulumi
        # writes the state. With more than 100 cases, writing takes so long that each delete sends
        # its own request.
        "destroy N cases: at most N requests, fewer for N ≤ 100",
        "requests",
        formulas.requests(CASES, DESTROY, maximum=lambda n: n if n > 100 else n - 1),  # noqa: PLR2004
    ),
    Goal(
        "change 6 fields of a case: 6 requests",
        "requests",
        formulas.requests(CASE, CHANGE_FIELDS, maximum=lambda _: 6, minimum=lambda _: 6),
    ),
    Goal(
        "change 6 fields of a case: takes at most 2 latencies",
        "latencies",
        formulas.latencies(CHANGE_FIELDS),
    ),
    Goal("deploy without changes: 0 requests", "requests", formulas.requests_without_changes),
    Goal(
        "create: takes no longer than OpenTofu or 1.15 times the floor, whichever is longer",
        "times OpenTofu",
        formulas.times_tofu(CREATE),
    ),
    Goal(
        "drift check: takes no longer than OpenTofu or 1.15 times the floor, whichever is longer",
        "times OpenTofu",
        formulas.times_tofu(CHECK),
    ),
    Goal(
        "destroy: takes no longer than OpenTofu or 1.15 times the floor, whichever is longer",
        "times OpenTofu",
        formulas.times_tofu(DESTROY),
    ),
    Goal(
        "drift check, N = 500, 200 ms: at least 3 times faster than OpenTofu",
        "times faster",
        formulas.times_faster_than_tofu,
    ),
    Goal(
        "native plugin in the fast mode: takes no longer than OpenTofu",
        "times OpenTofu",
        formulas.fast_times_tofu(NATIVE, CREATE, CHECK, DESTROY, maximum=lambda _: 1),
    ),
    Goal(
        "fast mode, create: at most 1.3 times OpenTofu at 50 ms, 1.1 times at 200 ms",
        "times OpenTofu",
        formulas.fast_times_tofu(OURS, CREATE, maximum={50: 1.3, 200: 1.1}.__getitem__),
    ),
    Goal(
        "fast mode, N ≥ 500: drift check and destroy take no longer than OpenTofu",
        "times OpenTofu",
        formulas.fast_times_tofu(OURS, CHECK, DESTROY, maximum=lambda _: 1, min_n=500),
    ),
    Goal("rules: at most 1.15 times the floor", "times the floor", formulas.times_floor(RULES)),
    Goal("cases: at most 1.15 times the floor", "times the floor", formulas.times_floor(CASES)),
    Goal("5,000 rules in one program: succeeds", "success", formulas.succeeds),
    Goal(
        "time per rule, from 500 to 5,000 rules: grows at most 1.3 times as much as the floor's",
        "times the floor's growth",
        formulas.growth,
    ),
    Goal(
        "native plugin: takes at most 1.05 times as long as dynamic resources",
        "times ours",
        formulas.native_times_ours,
    ),
    Goal("native plugin ready: in under 0.3 s", "s", formulas.native_ready),
    Goal("memory of the plugin: under 150 MB", "MB", formulas.memory),
    Goal("state per resource: at most half of naive's", "times naive", formulas.state),
    Goal(
        "import of the package: under 0.25 s longer than the import of pulumi",
        "s more",
        formulas.startup_overhead(startup.IMPORT, 0.25),
    ),
    Goal(
        "plugin ready: under 0.4 s longer than with the floor",
        "s more",
        formulas.startup_overhead(startup.READY, 0.4),
    ),
]
