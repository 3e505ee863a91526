"""The workloads: which steps the contenders run, at which sizes, and how often."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from benchmarks.contenders.base import JSON, Contender, Plan
from benchmarks.sandbox import Sandbox

#: A latency in milliseconds that is so long that the duration of a step shows how many requests are
#: sent one after the other.
LONG_LATENCY = 1000
#: With this number of resources or more, Pulumi writes its state only once per command, at the end.
#: With fewer resources, Pulumi writes its state after each operation on a resource.
SKIP_CHECKPOINTS_FROM = 2000


@dataclass(frozen=True)
class PlanBuilder:
    """Builds the plans of a workload.

    Attributes:
        sandbox: The local server that serves the API.
        project_id: The project of all objects.
        n: The number of resources.
    """

    sandbox: Sandbox
    project_id: str
    n: int

    def rules(self, renamed: int = 0, to: str = "Rule") -> Plan:
        """Return a plan with rules. The names of the first `renamed` rules begin with `to`."""
        names = [f"{to if i < renamed else 'Rule'} {i}" for i in range(self.n)]
        return Plan(self.project_id, rules=[*map(_rule, names)])

    def cases(self, *, changed: bool = False) -> Plan:
        """Return a plan with cases. If `changed` is true, all their fields have other values."""
        return Plan(self.project_id, cases=[_case(i, changed=changed) for i in range(self.n)])

    def existing_rules(self) -> Plan:
        """Create rules, and return a plan that imports them."""
        plan = self.rules()
        return replace(plan, ids=self.sandbox.create_rules(self.project_id, plan.rules))


def _rule(name: str) -> JSON:
    return {
        "name": name,
        "trigger": {"type": "STATUS_TRANSITIONED", "data": {"to_status_name": "Closed"}},
        "action": {"type": "EXECUTE_WORKFLOW", "data": {"handle": "write-report"}},
    }


def _case(number: int, *, changed: bool) -> JSON:
    return {
        "title": f"Case {number}, changed" if changed else f"Case {number}",
        "description": "Looked into." if changed else "To be looked into.",
        "priority": "P2" if changed else "P3",
        "status_name": "In Progress" if changed else "Open",
        "attributes": {"env": ["prod", "dev"] if changed else ["prod"]},
        "due_date": "2031-02-01" if changed else "2031-01-01",
    }


@dataclass(frozen=True)
class Step:
    """One measured operation of a workload.

    Attributes:
        name: The name in tables.
        plan: Builds the plan, before the measurement starts.
        run: Runs the contender's operation.
        max_n: The step is measured with at most this many resources. To shorten the benchmark,
            steps that are similar to others have a low maximum.
    """

    name: str
    plan: Callable[[PlanBuilder], Plan]
    run: Callable[[Contender, Plan], None]
    max_n: int = 5000


def _up(contender: Contender, plan: Plan) -> None:
    contender.up(plan)


def _check(contender: Contender, _plan: Plan) -> None:
    contender.check()


def _destroy(contender: Contender, _plan: Plan) -> None:
    contender.destroy()


def _import_existing(contender: Contender, plan: Plan) -> None:
    contender.import_existing(plan)


CREATE, NO_CHANGES, CHECK, DESTROY = "create", "nothing to do", "drift check", "destroy"
CHANGE_ONE, CHANGE_ALL, CHANGE_FIELDS = "change 1", "change all", "change 6 fields"
IMPORT = "import"


def _life(plan: Callable[[PlanBuilder], Plan]) -> Sequence[Step]:
    """Return the steps from the create to the destroy, without changes."""
    return [Step(CREATE, plan, _up), Step(CHECK, plan, _check), Step(DESTROY, plan, _destroy)]


@dataclass(frozen=True)
class Grid:
    """The sizes and latencies at which a workload is measured, in all combinations.

    Attributes:
        sizes: Numbers of resources.
        latencies: Milliseconds.
    """

    sizes: Sequence[int]
    latencies: Sequence[int]


@dataclass(frozen=True)
class Workload:
    """A sequence of steps that each contender runs, starting without objects.

    Attributes:
        name: The name in tables and options.
        about: The description in the report.
        steps: The steps, in order.
        full: The grid of a full run.
        quick: The grid of a run with `--quick`.
        contenders: The names of the contenders that run the workload; None for all.
        populated: Whether the project contains 10,000 other cases.
        limit_factor: Multiplies the time limit of the operations.
        skip_checkpoints: Whether Pulumi writes its state only once, at the end of a command, for
            all numbers of resources. The durations for different numbers can then be compared.
        measure_memory: Whether the memory of plugins is measured.
        measure_api_seconds: Whether the time from first request to last response is measured.
    """

    name: str
    about: str
    steps: Sequence[Step]
    full: Grid
    quick: Grid
    contenders: Collection[str] | None = None
    populated: bool = False
    limit_factor: int = 1
    skip_checkpoints: bool = False
    measure_memory: bool = False
    measure_api_seconds: bool = False


RULES = Workload(
    "rules",
    "N automation rules in one project",
    [
        Step(CREATE, PlanBuilder.rules, _up),
        Step(NO_CHANGES, PlanBuilder.rules, _up, max_n=100),
        Step(CHECK, PlanBuilder.rules, _check),
        Step(CHANGE_ONE, lambda plans: plans.rules(1, "First rule"), _up, max_n=100),
        Step(CHANGE_ALL, lambda plans: plans.rules(plans.n, "Renamed rule"), _up, max_n=100),
        Step(DESTROY, PlanBuilder.rules, _destroy),
    ],
    full=Grid([10, 100, 500, 2000], [0, 50, 200]),
    quick=Grid([10, 100], [50]),
)
CASES = Workload(
    "cases",
    "N cases in one project, with 6 fields each",
    [
        Step(CREATE, PlanBuilder.cases, _up),
        Step(NO_CHANGES, PlanBuilder.cases, _up),
        Step(CHECK, PlanBuilder.cases, _check),
        Step(DESTROY, PlanBuilder.cases, _destroy),
    ],
    full=Grid([10, 100, 500], [50, 200]),
    quick=Grid([100], [50]),
    contenders=["ours", "native", "floor", "naive", "tofu"],
)
CASE = Workload(
    "case",
    "one case with 6 fields",
    [
        Step(CREATE, PlanBuilder.cases, _up),
        Step(NO_CHANGES, PlanBuilder.cases, _up),
        Step(CHANGE_FIELDS, lambda plans: plans.cases(changed=True), _up),
    ],
    full=Grid([1], [LONG_LATENCY]),
    quick=Grid([1], [LONG_LATENCY]),
    contenders=["ours", "native", "naive", "tofu"],
    measure_api_seconds=True,
)
CROWD = Workload(
    "crowd",
    "10 managed cases in a project of 10,000",
    _life(PlanBuilder.cases),
    full=Grid([10], [50]),
    quick=Grid([10], [50]),
    contenders=["ours", "native", "floor", "naive", "tofu"],
    populated=True,
)
IMPORTS = Workload(
    "import",
    "import of N existing rules",
    [Step(IMPORT, PlanBuilder.existing_rules, _import_existing)],
    full=Grid([10, 100, 500], [50]),
    quick=Grid([10], [50]),
    contenders=["ours", "naive", "tofu", "script"],
)
FAST = Workload(
    "fast mode",
    "N automation rules, with the state written once per command",
    _life(PlanBuilder.rules),
    full=Grid([100, 500, 2000], [50, 200]),
    quick=Grid([100], [50]),
    contenders=["ours", "native", "floor", "tofu"],
    skip_checkpoints=True,
)
LARGE = Workload(
    "large",
    "thousands of rules in one program",
    [Step(CREATE, PlanBuilder.rules, _up), Step(CHECK, PlanBuilder.rules, _check)],
    full=Grid([500, 5000], [0]),
    quick=Grid([500], [0]),
    contenders=["ours", "native", "floor"],
    limit_factor=4,
    skip_checkpoints=True,
    measure_memory=True,
)
WORKLOADS = [RULES, CASES, CASE, CROWD, IMPORTS, FAST, LARGE]


def default_repeats(n: int, latency: int) -> int:
    """Return how often a full run measures a size.

    Small sizes are measured more often, because their durations vary most. Without a latency, one
    measurement is enough, because no goal limits these seconds.
    """
    if latency == 0:
        return 1
    return next((repeats for max_n, repeats in ((10, 5), (100, 3)) if n <= max_n), 1)
