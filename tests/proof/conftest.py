"""What the proof counts and measures, in a short form and, with `--soak`, in the long one.

A figure is what a test has measured against a goal. Each test adds to its figures and fails where
a goal is missed; `make soak` prints them all as a table.
"""

import functools
import importlib.util
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
import requests

if TYPE_CHECKING:
    from tests.conftest import Organization, Stack

#: Adds to a figure: `measure("rounds", 1)`.
Measure: TypeAlias = Callable[[str, float], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="run the proof in its long form")
    parser.addoption("--seed", help="repeat what chance did in a run that printed this seed")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes longest, while the rest goes on beside it."""
    if config.getoption("--soak", default=False):
        items.sort(key=lambda item: not item.nodeid.startswith("tests/proof/test_"))


@pytest.fixture(scope="session")
def soak(pytestconfig: pytest.Config) -> bool:
    """Whether this is the long form."""
    return bool(pytestconfig.getoption("--soak", default=False))


@pytest.fixture
def chance(pytestconfig: pytest.Config, request: pytest.FixtureRequest) -> random.Random:
    """Chance, which `--seed` repeats."""
    seed = pytestconfig.getoption("--seed", default=None) or time.time_ns()
    print(f"chance: --seed {seed}")  # noqa: T201 - pytest shows it where a test fails
    return random.Random(f"{seed} {request.node.name}")  # noqa: S311 - nothing is kept secret by it


# --- figures ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figure:
    """What is measured over all tests of a run, and what it must come to."""

    goal: str
    holds: Callable[[float], bool] = lambda measured: measured == 0
    #: How the measurements of several tests come together.
    total: Callable[[float, float], float] = lambda one, other: one + other
    #: How it is written.
    form: str = "{:.0f}"


def _at_least(goal: int) -> Figure:
    return Figure(f"at least {goal}", lambda measured: measured >= goal)


def _at_most(goal: float, form: str) -> Figure:
    return Figure(f"at most {form.format(goal)}", lambda measured: measured <= goal, max, form)


NONE = Figure("0")
#: Every figure of the long form, in the order of the table.
FIGURES: Mapping[str, Figure] = {
    "killed: rounds": _at_least(200),
    "killed: objects lost": NONE,
    "killed: objects doubled": NONE,
    "killed: orphans": NONE,
    "killed: half-made cases put away": Figure("any", lambda _: True),
    "killed: changes in the next preview": NONE,
    "killed: next deployments that failed": NONE,
    "killed: longest life of a plugin after its CLI": _at_most(10, "{:.1f} s"),
    "faults: trials": _at_least(3500),
    "faults: errors that do not help": NONE,
    "faults: trials that the next try did not settle": NONE,
    "faults: objects lost": NONE,
    "faults: objects doubled or orphaned": NONE,
    "storms: runs": _at_least(33),
    "storms: errors that do not help": NONE,
    "storms: next runs that failed": NONE,
    "storms: objects lost, doubled or orphaned": NONE,
    "hostile: requests to another URL than meant": NONE,
    "hostile: values": _at_least(500),
    "hostile: texts that reach the terminal raw": NONE,
    "hostile: states that are no JSON or not settled": NONE,
    "limited: errors": NONE,
    "limited: objects lost, doubled or orphaned": NONE,
    "limited: refusals for each request": _at_most(0.5, "{:.2f}"),
    "limited: seconds": Figure("any", lambda _: True, max, "{:.1f} s"),
    "limited: seconds without a limit": Figure("any", lambda _: True, max, "{:.1f} s"),
    "limited: time over what is necessary": _at_most(1.3, "{:.2f}"),
}


@pytest.fixture
def measure(record_property: Callable[[str, object], None]) -> Measure:
    """See `Measure`."""

    def measure(figure: str, measured: float) -> None:
        assert figure in FIGURES
        record_property(figure, measured)

    return measure


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a long form that has missed a goal."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.config.getoption("--soak", default=False) and reporter is not None:
        measured = _measured(reporter)
        if not all(name in measured and FIGURES[name].holds(measured[name]) for name in FIGURES):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table of the long form."""
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


def _measured(reporter: pytest.TerminalReporter) -> dict[str, float]:
    """The figures of a run, over all its tests."""
    measured: dict[str, float] = {}
    for report in (each for reports in reporter.stats.values() for each in reports):
        # What a test has measured stands in the reports of all its phases.
        if getattr(report, "when", "") == "call":
            for name, value in report.user_properties:
                before = measured.get(name)
                measured[name] = value if before is None else FIGURES[name].total(before, value)
    return measured


# --- what is there ---------------------------------------------------------------------------

#: An object as state and organisation both know it, such as `Case 5a9d…` or `CaseWatcher …/…`.
Name: TypeAlias = str


def declared(stack: "Stack") -> Counter[Name]:
    """Every object that a stack's state holds."""
    latest = json.loads(stack.state)["checkpoint"]["latest"]
    names: Counter[Name] = Counter()
    for resource in latest.get("resources") or []:
        package, _, kind = resource["type"].rpartition(":")
        if package.endswith("datadog-cases"):
            outputs = resource["outputs"]
            within = f"{outputs['case_id']}/" if kind in _WITHIN_CASES else ""
            names[f"{kind} {within}{resource['id']}"] += 1
    return names


#: Kinds whose ids repeat from case to case.
_WITHIN_CASES = {"CaseComment", "CaseCustomAttribute", "CaseIncident", "CaseInsight", "CaseWatcher"}


#: Of these a case has one at most.
_PARTS = {
    "jira_issue": "CaseJiraIssue",
    "service_now_ticket": "CaseServiceNowTicket",
    "notebook_id": "CaseNotebook",
}


class Census:
    """Every object in an organisation, read through the API."""

    def __init__(self, organization: "Organization") -> None:
        self._call = organization.call
        self._stored = organization.stored
        #: What is a part of a case, of a case that this stack has or of any other.
        self.parts: set[Name] = set()
        #: With a word on what it is, which is the same for doubles.
        self.objects: dict[Name, str] = {}
        #: Cases that have been put away, which is how they end.
        self.archived: set[Name] = set()
        for name, about in self._all():
            assert name not in self.objects
            self.objects[name] = about

    def _all(self) -> Iterator[tuple[Name, str]]:
        for project in self._call("GET /cases/projects"):
            yield f"Project {project['id']}", project["attributes"]["key"]
            inside = f"/cases/projects/{project['id']}"
            for rule in self._call(f"GET {inside}/rules"):
                yield f"AutomationRule {rule['id']}", rule["attributes"]["name"]
            for rule in self._call(f"GET {inside}/notification_rules"):
                yield f"NotificationRule {rule['id']}", rule["attributes"].get("query", "")
            for view in self._call(f"GET /cases/views?project_id={project['id']}"):
                yield f"CaseView {view['id']}", view["attributes"]["name"]
        for favorite in self._call("GET /cases/projects/favorites"):
            yield f"ProjectFavorite {favorite['id']}", ""
        for window in self._call("GET /maintenance_windows"):
            yield f"MaintenanceWindow {window['id']}", window["attributes"]["name"]
        yield from self._types()
        for case in self._cases():
            yield from self._case(case)

    def _types(self) -> Iterator[tuple[Name, str]]:
        for each in self._call("GET /cases/types"):
            if not each["attributes"].get("deleted_at") and not each["id"].startswith("00000000-"):
                yield f"CaseType {each['id']}", each["attributes"]["name"]
                for one in self._call(f"GET /cases/types/{each['id']}/custom_attributes"):
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
        for cell in self._call(f"GET /cases/{id_}/timelines?page[size]=100"):
            message = cell["attributes"]["cell_content"]["message"]
            yield f"CaseComment {id_}/{cell['id']}", message
        self.parts.update(self._parts(id_))
        for watcher in self._call(f"GET /cases/{id_}/watchers"):
            yield f"CaseWatcher {id_}/{watcher['relationships']['user']['data']['id']}", ""
        for link in self._call(f"GET /cases/link?entity_type=CASE&entity_id={id_}"):
            if link["attributes"]["parent_entity_id"] == id_:
                yield f"CaseLink {link['id']}", link["attributes"]["relationship"]

    def _parts(self, case_id: str) -> Iterator[Name]:
        kept = self._stored(case_id) or {}
        for name, kind in _PARTS.items():
            if kept[name]:
                yield f"{kind} {case_id}"
        for incident in kept["incident_ids"]:
            yield f"CaseIncident {case_id}/{incident}"
        for key in kept["custom_attributes"]:
            yield f"CaseCustomAttribute {case_id}/{key}"


@dataclass(frozen=True)
class Findings:
    """How a state differs from the organisation that it speaks of."""

    #: In the state only.
    lost: set[Name]
    #: In the organisation only, and like one in the state.
    doubled: set[Name]
    #: In the organisation only.
    orphans: set[Name]
    #: Cases that were put away without ever having been in the state.
    put_away: set[Name]

    @property
    def wrong(self) -> int:
        """How many objects are not as they should be."""
        return len(self.lost | self.doubled | self.orphans)


class Audit:
    """Compares a stack with an organisation that is all its own, and tells each finding once."""

    def __init__(self, organization: "Organization") -> None:
        self.organization = organization
        self._told: set[Name] = set()
        self._ever: set[Name] = set()

    def __call__(self, stack: "Stack") -> Findings:
        state, there = declared(stack), Census(self.organization)
        assert set(state.values()) <= {1}, "two resources stand for one object"
        self._ever |= state.keys()
        living = {name: what for name, what in there.objects.items() if name not in there.archived}
        like = {(name.split()[0], living[name]) for name in state if name in living}
        extra = living.keys() - state.keys()
        doubled = {name for name in extra if (name.split()[0], living[name]) in like}
        found = Findings(
            state.keys() - living.keys() - there.parts - self._told,
            doubled - self._told,
            extra - doubled - self._told,
            there.archived - self._ever - self._told,
        )
        self._told |= found.lost | extra | there.archived
        return found


#: Counts what is there: `count(organization)`.
Count: TypeAlias = Callable[["Organization"], Census]


@pytest.fixture
def count() -> Count:
    return Census


@pytest.fixture
def audit(organization: "Organization") -> Audit:
    return Audit(organization)


# --- errors ----------------------------------------------------------------------------------

#: What keeps an error from helping whoever reads it, as in `unhelpful("a.b.Error: words")`.
Unhelpful: TypeAlias = Callable[[str], str | None]
#: What to do, in the words of any of our errors.
_ADVICE = re.compile(r"\b(run|look|check|correct|remove|set|lacks|try)\b", re.IGNORECASE)


@pytest.fixture(scope="session")
def unhelpful() -> Unhelpful:
    """See `Unhelpful`."""

    def unhelpful(error: str) -> str | None:
        if not error.startswith("pulumi_datadog_cases."):
            return "it is none of ours"
        if not error.isprintable():
            return "it takes more than one line, or moves the cursor"
        if not re.search(r"/api/v2/|[0-9a-f]{8}-", error):
            return "it does not say what it is about"
        return None if _ADVICE.search(error) else "it does not say what to do"

    return unhelpful


# --- the tables of all kinds -----------------------------------------------------------------

#: Loads a module of `tests/resources`: `load("test_case").LIFE`.
Load: TypeAlias = Callable[[str], ModuleType]


@pytest.fixture(scope="session")
def load() -> Load:
    """See `Load`. Pytest knows those modules by their path, and Python not at all."""

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
    """What goes wrong between the provider and a sandbox; see BEHAVIOUR.md there."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/sandbox/faults"
        self._session = requests.Session()

    def add(self, *faults: Mapping[str, object]) -> None:
        self._session.post(self._url, json=faults).raise_for_status()

    @property
    def struck(self) -> int:
        """How often those that are set have struck."""
        return sum(each["struck"] for each in self._session.get(self._url).json())

    def clear(self) -> None:
        self._session.delete(self._url).raise_for_status()

    def close(self) -> None:
        self._session.close()


@pytest.fixture
def faults(organization: "Organization") -> Iterator[Faults]:
    """The faults of the sandbox, of which none are left."""
    if not organization.is_sandbox:
        pytest.skip("with --live nothing can be made to fail")
    faults = Faults(organization.settings.base_url)
    yield faults
    faults.clear()
    faults.close()
