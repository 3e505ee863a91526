"""Fixtures of the reliability tests, and the values that these tests measure.

Each measured value is called a figure. An example is the number of lost objects. Each figure has a
goal. By default, the tests run in a short form. With `--soak`, they run in a long form with more
trials. The long form fails if a figure misses its goal. `make soak` runs the long form and prints
all figures as a table.
"""

import functools
import importlib.util
import json
import random
import re
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
import requests

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization, Stack

#: A function that adds a value to a figure, as in `measure("edits: rounds", 1)`.
Measure: TypeAlias = Callable[[str, float], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--soak", action="store_true", help="run the reliability tests in their long form"
    )
    parser.addoption(
        "--native",
        action="store_true",
        help="let the tests that can use both front ends use only the native plugin",
    )
    parser.addoption("--seed", help="repeat the random choices of the run that printed this seed")


#: Parts of the names of tests, in the order in which the long form starts them. pytest-xdist gives
#: each worker two tests at the start. The tests in the third place are fast, so that no slow test
#: waits for a worker that runs another slow test.
_ORDER = ("test_edits.py", "killed-", "test_hostile.py", "tests/proof/test_", "")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In the long form, start the slowest tests first. In the short form, leave some out.

    With several pytest workers, the faster tests then run while the slowest tests are running.
    Unless `--native` is given, the short form runs only the first batch of each test that deploys
    through real Pulumi with the native plugin. It runs each test in process with one of the two
    front ends.
    """
    if config.getoption("--soak", default=False):
        items.sort(key=lambda item: next(n for n, part in enumerate(_ORDER) if part in item.nodeid))
    elif not config.getoption("--native", default=False):
        items[:] = [item for item in items if _is_in_short_form(item)]


def _is_in_short_form(item: pytest.Item) -> bool:
    parameters: dict[str, object] = item.callspec.params if hasattr(item, "callspec") else {}
    front_end = parameters.get("front_end")
    if front_end is None:
        return True
    if "laboratory" not in getattr(item, "fixturenames", ()):
        return front_end == "dynamic" or parameters.get("batch", 0) == 0
    others = sorted(f"{name}={value}" for name, value in parameters.items() if name != "front_end")
    chosen = zlib.crc32(" ".join([item.name.partition("[")[0], *others]).encode()) % 2
    return front_end == ("dynamic", "native")[chosen]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Repeat the tests that use the fixture `front_end` for both front ends.

    The option `--native` chooses the native plugin. The long form uses one front end in a run.
    """
    if "front_end" in metafunc.fixturenames:
        native, soak = (metafunc.config.getoption(f"--{each}") for each in ("native", "soak"))
        front_ends = ["native"] if native else ["dynamic"] if soak else ["dynamic", "native"]
        metafunc.parametrize("front_end", front_ends)


@pytest.fixture
def new_front_end_stack(
    front_end: str, new_stack: "NewStack", request: pytest.FixtureRequest
) -> "NewStack":
    """Return a `NewStack` function whose stacks use dynamic resources or the native plugin."""
    if front_end == "dynamic":
        return new_stack
    sdk = request.getfixturevalue("generated_sdks") / "python-installed"

    def new(organization: "Organization | None", program: str = "") -> "Stack":
        stack = new_stack(organization)
        stack.use_native_plugin(sdk)
        stack.write(program)
        return stack

    return new


@pytest.fixture(scope="session")
def soak(pytestconfig: pytest.Config) -> bool:
    """Whether the tests run in their long form."""
    return bool(pytestconfig.getoption("--soak", default=False))


@pytest.fixture
def rng(pytestconfig: pytest.Config, request: pytest.FixtureRequest) -> random.Random:
    """A random generator. A failed test prints the `--seed` option that repeats its choices."""
    seed = pytestconfig.getoption("--seed", default=None) or time.time_ns()
    print(f"random choices: --seed {seed}")  # noqa: T201 - pytest shows it if the test fails
    return random.Random(f"{seed} {request.node.name}")  # noqa: S311 - not for security


# --- figures ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figure:
    """The goal of a figure, and how to combine and format the measurements of that figure."""

    goal: str
    #: Whether a value meets the goal.
    holds: Callable[[float], bool] = lambda measured: measured == 0
    #: Combines two measurements.
    total: Callable[[float, float], float] = lambda one, other: one + other
    #: Format string for the value.
    form: str = "{:.0f}"


def _at_least(goal: int) -> Figure:
    return Figure(f"at least {goal}", lambda measured: measured >= goal)


def _at_most(goal: float, form: str) -> Figure:
    return Figure(f"at most {form.format(goal)}", lambda measured: measured <= goal, max, form)


NONE = Figure("0")

#: The name under which a test report stores one cell of the table of quirks and resource types. A
#: quirk is a behaviour that the real API may have, and that the sandbox can switch on. Each
#: resource type has a table of operations (its `SPEC`). The tests run rows of that table under each
#: quirk. The stored value is a list: the quirk, the resource type, the number of rows, the number
#: of rows that failed, and the number of requests to which the quirk has applied.
QUIRK_CELL = "quirk"


def _after_kills(mode: str, deployments: int) -> Mapping[str, Figure]:
    """Return the figures of one mode of `test_kill.py`, which kills deployments."""
    return {
        f"{mode}: deployments": _at_least(deployments),
        f"{mode}: objects lost": NONE,
        f"{mode}: objects duplicated": NONE,
        f"{mode}: objects orphaned": NONE,
        f"{mode}: incomplete cases archived": Figure("any", lambda _: True),
        f"{mode}: changes in the next preview": NONE,
        f"{mode}: next deployments that failed": NONE,
        f"{mode}: entries left in the intent log": NONE,
        f"{mode}: longest time a plugin outlived its CLI": _at_most(10, "{:.1f} s"),
    }


#: Every figure of the long form, in the order in which the table shows the figures.
FIGURES: Mapping[str, Figure] = {
    **_after_kills("killed", 200),
    **_after_kills("killed without checkpoints", 100),
    **_after_kills("killed on new machines", 200),
    "edits: rounds": _at_least(400),
    "edits: rounds with a loss, an unreadable error or wrong advice": NONE,
    "faults: trials": _at_least(3500),
    "faults: errors without advice": NONE,
    "faults: trials that failed again without a fault": NONE,
    "faults: objects lost": NONE,
    "faults: objects duplicated or orphaned": NONE,
    "storms: runs": _at_least(33),
    "storms: errors without advice": NONE,
    "storms: next runs that failed": NONE,
    "storms: objects lost, duplicated or orphaned": NONE,
    "quirks: rows": _at_least(2000),
    "quirks: rows with a wrong, permanent or missing difference": NONE,
    "hostile: requests to an unintended URL": NONE,
    "hostile: values": _at_least(500),
    "hostile: texts shown unescaped": NONE,
    "hostile: invalid states or permanent diffs": NONE,
    "limited: errors": NONE,
    "limited: objects lost, duplicated or orphaned": NONE,
    "limited: 429 responses per request": _at_most(0.5, "{:.2f}"),
    "limited: seconds": Figure("any", lambda _: True, max, "{:.1f} s"),
    "limited: seconds without a limit": Figure("any", lambda _: True, max, "{:.1f} s"),
    "limited: time relative to the minimum": _at_most(1.3, "{:.2f}"),
}


@pytest.fixture
def measure(record_property: Callable[[str, object], None]) -> Measure:
    """A function that adds a value to a figure (see `Measure`)."""

    def measure(figure: str, measured: float) -> None:
        assert figure in FIGURES
        record_property(figure, measured)

    return measure


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run of the long form if any figure misses its goal or was not measured."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.config.getoption("--soak", default=False) and reporter is not None:
        measured = _measured(reporter)
        if not all(name in measured and FIGURES[name].holds(measured[name]) for name in FIGURES):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """After a run of the long form, print the table of figures."""
    if not terminalreporter.config.getoption("--soak", default=False):
        return
    measured = _measured(terminalreporter)
    width = max(map(len, FIGURES))
    terminalreporter.section("figures")
    terminalreporter.line(f"{'figure':{width}}  {'goal':>15}  {'measured':>10}  holds")
    for name, figure in FIGURES.items():
        holds = name in measured and figure.holds(measured[name])
        shown = figure.form.format(measured[name]) if name in measured else "-"
        line = f"{name:{width}}  {figure.goal:>15}  {shown:>10}  {'yes' if holds else 'NO'}"
        terminalreporter.line(line, green=holds, red=not holds)
    _print_quirks(terminalreporter)


def _print_quirks(reporter: pytest.TerminalReporter) -> None:
    """Print a table of all quirks and resource types."""
    cells = [
        value
        for reports in reporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
        if name == QUIRK_CELL
    ]
    by_name = {(quirk, resource_type): cell for quirk, resource_type, *cell in cells}
    types = sorted({resource_type for _, resource_type in by_name})
    reporter.section("quirks: rows that passed, with * if the quirk changed a response")
    for number, resource_type in enumerate(types, 1):
        reporter.line(f"{number:>2} {resource_type}")
    numbers = "".join(f"{number:>5}" for number in range(1, len(types) + 1))
    reporter.line(f"{'':24}{numbers}")
    for quirk in dict.fromkeys(quirk for quirk, _ in by_name):
        line = f"{quirk:24}"
        for resource_type in types:
            # If the run was interrupted, some cells are missing.
            rows, failed, applied = by_name.get((quirk, resource_type), (0, 0, False))
            line += f"{rows - failed:>4}{'*' if applied else ' '}"
        reporter.line(line)


def _measured(reporter: pytest.TerminalReporter) -> dict[str, float]:
    """Return the value of each figure. Each value combines the measurements of all tests."""
    measured: dict[str, float] = {}
    for report in (each for reports in reporter.stats.values() for each in reports):
        # Pytest makes three reports of each test: for setup, call and teardown. The reports of the
        # call and of the teardown both contain the test's measurements, so only the report of the
        # call is counted.
        if getattr(report, "when", "") == "call":
            for name, value in report.user_properties:
                if name == QUIRK_CELL:
                    continue
                before = measured.get(name)
                measured[name] = value if before is None else FIGURES[name].total(before, value)
    return measured


# --- objects in state and organisation -------------------------------------------------------

#: The name of an object: its resource type and its id, as in `Case 5a9d…`. An object has the same
#: name in the state and in the organisation. If the resource type is in `_CASE_CHILDREN`, the id
#: follows the id of the case, as in `CaseWatcher <case id>/<user id>`.
Name: TypeAlias = str


def declared(stack: "Stack") -> Counter[Name]:
    """Return the name of each object in a stack's state, and how many resources manage it."""
    latest = json.loads(stack.state)["checkpoint"]["latest"]
    names: Counter[Name] = Counter()
    for resource in latest.get("resources") or []:
        package, _, kind = resource["type"].rpartition(":")
        if package.endswith(("datadog-cases", "datadog-cases:index")):
            outputs = resource["outputs"]
            case = outputs.get("case_id") or outputs.get("caseId")
            within = f"{case}/" if kind in _CASE_CHILDREN else ""
            names[f"{kind} {within}{resource['id']}"] += 1
    return names


#: Resource types whose objects have the id of the case before their own id in their `Name`. Their
#: ids are unique only within a case, except those of `CaseComment`.
_CASE_CHILDREN = {
    "CaseComment",
    "CaseCustomAttribute",
    "CaseIncident",
    "CaseInsight",
    "CaseWatcher",
}


#: Resource types of which a case has at most one object. The sandbox stores that object in an
#: attribute of the case. The keys are the names of these attributes.
_SINGLE_CHILDREN = {
    "jira_issue": "CaseJiraIssue",
    "service_now_ticket": "CaseServiceNowTicket",
    "notebook_id": "CaseNotebook",
}


class OrganizationObjects:
    """The objects in an organisation, read through the API."""

    def __init__(self, organization: "Organization", only: str | None = None) -> None:
        """Read the objects of the resource type `only`, or of all resource types."""
        self._only = only
        self._call = organization.call
        self._stored = organization.stored
        #: Parts of cases, such as custom attribute values. The API has no list endpoint for these
        #: parts, so their names are read from the sandbox's storage.
        self.children: set[Name] = set()
        #: All other objects by name. The value describes the object, for example by the title of a
        #: case. Two objects of one type with equal descriptions are duplicates.
        self.objects: dict[Name, str] = {}
        #: Archived cases. An archived case counts as deleted, because the API cannot delete cases.
        self.archived: set[Name] = set()
        for name, description in self._all():
            assert name not in self.objects
            self.objects[name] = description

    def _all(self) -> Iterator[tuple[Name, str]]:
        for project in self._call("GET /cases/projects"):
            yield f"Project {project['id']}", project["attributes"]["key"]
            inside = f"/cases/projects/{project['id']}"
            for rule in self._list("AutomationRule", f"{inside}/rules"):
                yield f"AutomationRule {rule['id']}", rule["attributes"]["name"]
            for rule in self._list("NotificationRule", f"{inside}/notification_rules"):
                yield f"NotificationRule {rule['id']}", rule["attributes"].get("query", "")
            for view in self._list("CaseView", f"/cases/views?project_id={project['id']}"):
                yield f"CaseView {view['id']}", view["attributes"]["name"]
        for favorite in self._list("ProjectFavorite", "/cases/projects/favorites"):
            yield f"ProjectFavorite {favorite['id']}", ""
        for window in self._list("MaintenanceWindow", "/maintenance_windows"):
            yield f"MaintenanceWindow {window['id']}", window["attributes"]["name"]
        yield from self._types()
        for case in self._cases():
            yield from self._case(case)

    def _list(self, kind: str, path: str) -> list[dict[str, Any]]:
        """Return the objects at `path`, or none if objects of this type need not be read."""
        found: list[dict[str, Any]] = []
        if self._only in {None, kind}:
            found = self._call(f"GET {path}")
        return found

    def _types(self) -> Iterator[tuple[Name, str]]:
        for each in self._call("GET /cases/types"):
            if not each["attributes"].get("deleted_at") and not each["id"].startswith("00000000-"):
                yield f"CaseType {each['id']}", each["attributes"]["name"]
                attributes = f"/cases/types/{each['id']}/custom_attributes"
                for one in self._list("CustomAttribute", attributes):
                    yield f"CustomAttribute {one['id']}", one["attributes"]["key"]

    def _cases(self) -> Iterator[dict[str, Any]]:
        with_archived = "filter=archived:true OR archived:false&page[size]=100"
        for number in range(1, 1000):
            page = self._call(f"GET /cases?{with_archived}&page[number]={number}")
            yield from page
            if len(page) < 100:
                return

    def _case(self, case: Mapping[str, Any]) -> Iterator[tuple[Name, str]]:
        id_, attributes = case["id"], case["attributes"]
        if attributes.get("archived_at"):
            self.archived.add(f"Case {id_}")
        yield f"Case {id_}", attributes["title"]
        for insight in attributes["insights"]:
            resource_id = f"{insight['type']}:{insight['resource_id']}"
            yield f"CaseInsight {id_}/{resource_id}", resource_id
        for cell in self._list("CaseComment", f"/cases/{id_}/timelines?page[size]=100"):
            if cell["attributes"]["type"] == "COMMENT":
                message = cell["attributes"]["cell_content"]["message"]
                yield f"CaseComment {id_}/{cell['id']}", message
        self.children.update(self._children(id_))
        for watcher in self._list("CaseWatcher", f"/cases/{id_}/watchers"):
            yield f"CaseWatcher {id_}/{watcher['relationships']['user']['data']['id']}", ""
        for link in self._list("CaseLink", f"/cases/link?entity_type=CASE&entity_id={id_}"):
            if link["attributes"]["parent_entity_id"] == id_:
                yield f"CaseLink {link['id']}", link["attributes"]["relationship"]

    def _children(self, case_id: str) -> Iterator[Name]:
        stored = self._stored(case_id) or {}
        for name, kind in _SINGLE_CHILDREN.items():
            if stored[name]:
                yield f"{kind} {case_id}"
        for incident in stored["incident_ids"]:
            yield f"CaseIncident {case_id}/{incident}"
        for key in stored["custom_attributes"]:
            yield f"CaseCustomAttribute {case_id}/{key}"


@dataclass(frozen=True)
class Discrepancies:
    """Differences between the state of a stack and the objects of its organisation."""

    #: Objects in the state that the organisation does not have.
    lost: set[Name]
    #: Objects that are not in the state, but have the same type and the same description as an
    #: object in the state.
    duplicated: set[Name]
    #: All other objects that are not in the state.
    orphaned: set[Name]
    #: Archived cases that were never in the state.
    archived: set[Name]

    @property
    def wrong(self) -> int:
        """The number of lost, duplicated and orphaned objects."""
        return len(self.lost | self.duplicated | self.orphaned)


class Audit:
    """Compares the state of a stack with its organisation.

    Each call returns only discrepancies that no earlier call returned. The organisation must
    contain no objects of other stacks.
    """

    def __init__(self, organization: "Organization") -> None:
        self.organization = organization
        self._reported: set[Name] = set()
        self._ever_in_state: set[Name] = set()

    def __call__(self, stack: "Stack") -> Discrepancies:
        state, objects = declared(stack), OrganizationObjects(self.organization)
        assert set(state.values()) <= {1}, "two resources manage one object"
        self._ever_in_state |= state.keys()
        living = {
            name: description
            for name, description in objects.objects.items()
            if name not in objects.archived
        }
        in_state = {(name.split()[0], living[name]) for name in state if name in living}
        extra = living.keys() - state.keys()
        duplicated = {name for name in extra if (name.split()[0], living[name]) in in_state}
        found = Discrepancies(
            state.keys() - living.keys() - objects.children - self._reported,
            duplicated - self._reported,
            extra - duplicated - self._reported,
            objects.archived - self._ever_in_state - self._reported,
        )
        self._reported |= found.lost | extra | objects.archived
        return found


#: A function that reads the objects of an organisation. A call is `read_objects(organization)`.
ReadObjects: TypeAlias = type[OrganizationObjects]


@pytest.fixture
def read_objects() -> ReadObjects:
    return OrganizationObjects


#: A function that makes a new audit of the organisation.
NewAudit: TypeAlias = Callable[[], Audit]


@pytest.fixture
def new_audit(organization: "Organization") -> NewAudit:
    return functools.partial(Audit, organization)


@pytest.fixture
def audit(new_audit: NewAudit) -> Audit:
    return new_audit()


# --- errors ----------------------------------------------------------------------------------

#: A function that checks an error. A call is `unhelpful("a.b.Error: message")`. The function
#: returns what the error lacks, or `None` if the error is helpful.
Unhelpful: TypeAlias = Callable[[str], str | None]
#: Words that occur in the advice of this package's errors.
_ADVICE = re.compile(r"\b(run|look|check|correct|remove|set|lacks|try)\b", re.IGNORECASE)


@pytest.fixture(scope="session")
def unhelpful() -> Unhelpful:
    """A function that checks whether an error is helpful (see `Unhelpful`)."""

    def unhelpful(error: str) -> str | None:
        if not error.startswith("pulumi_datadog_cases."):
            return "it is not an error of this package"
        if not error.isprintable():
            return "it has several lines or control characters"
        if not re.search(r"/api/v2/|[0-9a-f]{8}-", error):
            return "it names no request and no object"
        return None if _ADVICE.search(error) else "it has no advice"

    return unhelpful


# --- the tables of all resource types --------------------------------------------------------

#: A function that loads a module of `tests/resources`. For example, `load("test_case").SPEC` is
#: the table of operations of `Case`.
Load: TypeAlias = Callable[[str], ModuleType]


@pytest.fixture(scope="session")
def load() -> Load:
    """A function that loads a module of `tests/resources` from its file.

    An `import` statement cannot find these modules, because `tests/resources` is not a package.
    """

    @functools.cache
    def load(name: str) -> ModuleType:
        path = Path(__file__).parents[1] / "resources" / f"{name}.py"
        spec = importlib.util.spec_from_file_location(f"proof.{name}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


# --- faults ----------------------------------------------------------------------------------


class Faults:
    """Controls the faults or the quirks of the sandbox; see the sandbox's BEHAVIOUR.md."""

    def __init__(self, url: str, endpoint: str = "faults") -> None:
        self._url = f"{url}/sandbox/{endpoint}"
        self._session = requests.Session()

    def add(self, *faults: Mapping[str, object]) -> None:
        self._session.post(self._url, json=faults).raise_for_status()

    @property
    def count(self) -> int:
        """The number of requests to which the current faults or quirks have applied.

        A request to which two of them have applied counts twice.
        """
        return sum(each["struck"] for each in self._session.get(self._url).json())

    def clear(self) -> None:
        self._session.delete(self._url).raise_for_status()

    def close(self) -> None:
        self._session.close()


@pytest.fixture
def faults(organization: "Organization") -> Iterator[Faults]:
    """Controls the sandbox's faults. After the test, all faults are removed."""
    if not organization.is_sandbox:
        pytest.skip("--live has no fault injection")
    faults = Faults(organization.settings.base_url)
    yield faults
    faults.clear()
    faults.close()


@pytest.fixture
def quirks(organization: "Organization") -> Iterator[Faults]:
    """Controls the sandbox's quirks. After the test, all quirks are removed."""
    if not organization.is_sandbox:
        pytest.skip("--live has no quirks")
    quirks = Faults(organization.settings.base_url, "quirks")
    yield quirks
    quirks.clear()
    quirks.close()
