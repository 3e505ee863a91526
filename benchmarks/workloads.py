"""What contenders are asked to do, how often, and in which sizes."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from benchmarks.contenders.contender import JSON, Contender, Plan
from benchmarks.sandbox import Sandbox

#: Milliseconds: with so many, seconds tell how many latencies an operation takes in a row.
LONG = 1000


#: From so many resources on, Pulumi writes its state once per operation.
MANY = 2000


@dataclass(frozen=True)
class Scene:
    """Where a workload is played.

    Attributes:
        sandbox: The API.
        project_id: The project that all belongs to.
        n: How many resources there are to be.
    """

    sandbox: Sandbox
    project_id: str
    n: int

    def rules(self, renamed: int = 0, to: str = "Rule") -> Plan:
        """A plan with rules, the first of them under other names."""
        names = [f"{to if i < renamed else 'Rule'} {i}" for i in range(self.n)]
        return Plan(self.project_id, rules=[*map(_rule, names)])

    def cases(self, *, changed: bool = False) -> Plan:
        """A plan with cases, in which each field is as it was, or each is changed."""
        return Plan(self.project_id, cases=[_case(i, changed=changed) for i in range(self.n)])

    def rules_made_by_hand(self) -> Plan:
        """A plan with rules that are there already."""
        plan = self.rules()
        return replace(plan, ids=self.sandbox.make_rules(self.project_id, plan.rules))


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


Act = Callable[[Contender, Plan], None]


@dataclass(frozen=True)
class Step:
    """One thing that is measured.

    Attributes:
        name: In tables.
        plan: What is to be there. It is made before anything is measured.
        act: What the contender does.
        largest: The largest number of resources with which it is played: what differs little from
            other steps would take long.
    """

    name: str
    plan: Callable[[Scene], Plan]
    act: Act
    largest: int = 5000


def _up(contender: Contender, plan: Plan) -> None:
    contender.up(plan)


def _check(contender: Contender, _plan: Plan) -> None:
    contender.check()


def _destroy(contender: Contender, _plan: Plan) -> None:
    contender.destroy()


def _take_over(contender: Contender, plan: Plan) -> None:
    contender.take_over(plan)


CREATE, NOTHING, CHECK, DESTROY = "create", "nothing to do", "drift check", "destroy"
CHANGE_ONE, CHANGE_ALL, CHANGE_FIELDS = "change 1", "change all", "change 6 fields"
IMPORT = "import"


@dataclass(frozen=True)
class Grid:
    """In which sizes and at which latencies a workload is played.

    Attributes:
        sizes: Numbers of resources.
        latencies: Milliseconds.
    """

    sizes: Sequence[int]
    latencies: Sequence[int]


@dataclass(frozen=True)
class Workload:
    """Steps that each contender plays one after the other, beginning with nothing.

    Attributes:
        name: In tables and options.
        about: What it is.
        steps: What is measured.
        full: In which sizes, in the full form.
        quick: In which sizes, in the quick form.
        contenders: The names of those that play it; None for all.
        crowded: Whether the project holds 10,000 cases already.
        patience: How many times the usual limit its operations may take.
        writes_state_once: Whether Pulumi does so in any size, for sizes to be compared.
        watches_memory: Whether the memory of plugins is measured.
        watches_api: Whether it is measured for how long the API is asked.
    """

    name: str
    about: str
    steps: Sequence[Step]
    full: Grid
    quick: Grid
    contenders: Collection[str] | None = None
    crowded: bool = False
    patience: int = 1
    writes_state_once: bool = False
    watches_memory: bool = False
    watches_api: bool = False


RULES = Workload(
    "rules",
    "N automation rules of one project",
    [
        Step(CREATE, Scene.rules, _up),
        Step(NOTHING, Scene.rules, _up, largest=100),
        Step(CHECK, Scene.rules, _check),
        Step(CHANGE_ONE, lambda scene: scene.rules(1, "First rule"), _up, largest=100),
        Step(CHANGE_ALL, lambda scene: scene.rules(scene.n, "Renamed rule"), _up, largest=100),
        Step(DESTROY, Scene.rules, _destroy),
    ],
    full=Grid([10, 100, 500, 2000], [0, 50, 200]),
    quick=Grid([10, 100], [50]),
)
CASES = Workload(
    "cases",
    "N cases of one project, with 6 fields each",
    [
        Step(CREATE, Scene.cases, _up),
        Step(NOTHING, Scene.cases, _up),
        Step(CHECK, Scene.cases, _check),
        Step(DESTROY, Scene.cases, _destroy),
    ],
    full=Grid([10, 100, 500], [50, 200]),
    quick=Grid([100], [50]),
    contenders=["ours", "floor", "naive", "tofu"],
)
CASE = Workload(
    "case",
    "one case with 6 fields",
    [
        Step(CREATE, Scene.cases, _up),
        Step(NOTHING, Scene.cases, _up),
        Step(CHANGE_FIELDS, lambda scene: scene.cases(changed=True), _up),
    ],
    full=Grid([1], [LONG]),
    quick=Grid([1], [LONG]),
    contenders=["ours", "naive", "tofu"],
    watches_api=True,
)
CROWD = Workload(
    "crowd",
    "10 managed cases in a project of 10,000",
    [
        Step(CREATE, Scene.cases, _up),
        Step(CHECK, Scene.cases, _check),
        Step(DESTROY, Scene.cases, _destroy),
    ],
    full=Grid([10], [50]),
    quick=Grid([10], [50]),
    contenders=["ours", "floor", "naive", "tofu"],
    crowded=True,
)
IMPORTING = Workload(
    "import",
    "N rules that are there already, taken over",
    [Step(IMPORT, Scene.rules_made_by_hand, _take_over)],
    full=Grid([10, 100, 500], [50]),
    quick=Grid([10], [50]),
    contenders=["ours", "naive", "tofu", "script"],
)
LARGE = Workload(
    "large",
    "thousands of rules in one program",
    [Step(CREATE, Scene.rules, _up), Step(CHECK, Scene.rules, _check)],
    full=Grid([500, 5000], [0]),
    quick=Grid([500], [0]),
    contenders=["ours", "floor"],
    patience=4,
    writes_state_once=True,
    watches_memory=True,
)
WORKLOADS = [RULES, CASES, CASE, CROWD, IMPORTING, LARGE]


def usual_repeats(n: int, latency: int) -> int:
    """How often a size is played in the full form: what is small tells little when played once.

    At no latency, goals limit no seconds.
    """
    if latency == 0:
        return 1
    return next((times for most, times in ((10, 5), (100, 3)) if n <= most), 1)
