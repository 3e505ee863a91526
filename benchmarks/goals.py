"""What deployments may cost: each goal, and the formula that judges it."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks import formulas, startup
from benchmarks.formulas import Find, Finding
from benchmarks.measure import Results
from benchmarks.workloads import (
    CASE,
    CASES,
    CHANGE_FIELDS,
    CHECK,
    CREATE,
    CROWD,
    DESTROY,
    RULES,
)


@dataclass(frozen=True)
class Goal:
    """A goal.

    Attributes:
        says: It, in words.
        unit: Of its figures.
        find: Its figures; there are none where what they are made of was not measured.
    """

    says: str
    unit: str
    find: Find

    def judge(self, results: Results) -> "Verdict":
        """Say how it stands."""
        return Verdict(self, sorted(self.find(results), key=lambda finding: -finding.strain))


@dataclass(frozen=True)
class Verdict:
    """How a goal stands.

    Attributes:
        goal: The goal.
        findings: Its figures, those nearest to their limits or farthest beyond them first.
    """

    goal: Goal
    findings: Sequence[Finding]

    @property
    def missed(self) -> Sequence[Finding]:
        """The figures that are beyond their limits."""
        return [finding for finding in self.findings if not finding.holds]

    @property
    def holds(self) -> str:
        """In a word or two."""
        if not self.findings:
            return "not measured"
        if not self.missed:
            return "yes"
        return (
            "no" if len(self.findings) == 1 else f"no: {len(self.missed)} of {len(self.findings)}"
        )


GOALS: Sequence[Goal] = [
    Goal(
        "drift check of N rules in one project: at most 2 requests",
        "requests",
        formulas.requests(RULES, CHECK, most=lambda _: 2),
    ),
    Goal(
        "drift check of N cases of one project: at most N/100 + 2 requests",
        "requests",
        formulas.requests(CASES, CHECK, most=lambda n: n / 100 + 2),
    ),
    Goal(
        "drift check of 10 managed cases among 10,000: at most 10 requests",
        "requests",
        formulas.requests(CROWD, CHECK, most=lambda _: 10),
    ),
    Goal(
        "drift check: never more than one request per resource",
        "requests",
        formulas.requests_of_checks,
    ),
    Goal(
        "create N rules: exactly N requests",
        "requests",
        formulas.requests(RULES, CREATE, most=lambda n: n, least=lambda n: n),
    ),
    Goal(
        "create a case with labels and due date: at most 2 latencies",
        "latencies",
        formulas.latencies(CREATE),
    ),
    Goal(
        "destroy N rules: at most N requests",
        "requests",
        formulas.requests(RULES, DESTROY, most=lambda n: n),
    ),
    Goal(
        # With many Pulumi writes its state for longer than one takes: they do not go at once.
        "destroy N cases: at most N requests, fewer for N ≤ 100",
        "requests",
        formulas.requests(CASES, DESTROY, most=lambda n: n if n > 100 else n - 1),  # noqa: PLR2004
    ),
    Goal(
        "a case with 6 changed fields: 6 requests",
        "requests",
        formulas.requests(CASE, CHANGE_FIELDS, most=lambda _: 6, least=lambda _: 6),
    ),
    Goal(
        "a case with 6 changed fields: at most 2 latencies",
        "latencies",
        formulas.latencies(CHANGE_FIELDS),
    ),
    Goal("nothing changed: 0 requests", "requests", formulas.requests_of_nothing),
    Goal(
        "create: no slower than OpenTofu, or 1.15 times the floor if that is more",
        "of its time",
        formulas.times_tofu(CREATE),
    ),
    Goal(
        "drift check: no slower than OpenTofu, or 1.15 times the floor if that is more",
        "of its time",
        formulas.times_tofu(CHECK),
    ),
    Goal(
        "destroy: no slower than OpenTofu, or 1.15 times the floor if that is more",
        "of its time",
        formulas.times_tofu(DESTROY),
    ),
    Goal(
        "drift check, N = 500, 200 ms: at least 3 times faster than OpenTofu",
        "times faster",
        formulas.times_faster_than_tofu,
    ),
    Goal("rules: at most 1.15 times the floor", "of the floor", formulas.times_floor(RULES)),
    Goal("cases: at most 1.15 times the floor", "of the floor", formulas.times_floor(CASES)),
    Goal("5,000 rules in one program: works", "of 1", formulas.works),
    Goal(
        "time per rule from 500 to 5,000: grows less than 1.3 times as much as the floor's",
        "of its growth",
        formulas.growth,
    ),
    Goal("memory of the plugin: under 150 MB", "MB", formulas.memory),
    Goal("state per resource: at most half of naive's", "of its size", formulas.state),
    Goal(
        "import of the package: under 0.25 s more than pulumi's",
        "s more",
        formulas.beyond(startup.IMPORT, 0.25),
    ),
    Goal(
        "plugin ready: under 0.4 s more than an empty provider's",
        "s more",
        formulas.beyond(startup.READY, 0.4),
    ),
]
