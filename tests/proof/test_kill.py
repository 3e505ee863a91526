"""A deployment killed at any moment: the next one leaves neither doubles nor orphans."""

import os
import random
import re
import select
import signal
import subprocess
import time
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pytest

if TYPE_CHECKING:
    from tests.conftest import NewStack, Stack
    from tests.proof.conftest import Audit, Faults, Measure

pytestmark = [
    pytest.mark.pulumi,
    pytest.mark.skipif(
        not hasattr(os, "pidfd_open"), reason="processes are told apart as on Linux"
    ),
]

#: Of most kinds there are two that are the same in all but their ids. A generation has names of
#: its own: the next one is created while the last one is deleted.
PROGRAM = """
import os
import pulumi
import pulumi_datadog_cases as cases

generation, version = os.environ["GENERATION"], int(os.environ["VERSION"])


def name(*words):
    return "-".join(map(str, [*words, generation]))


kinds = [
    cases.CaseType(name("kind", twin), name="Intrusion", description=f"Version {version}")
    for twin in range(2)
]
hosts = cases.CustomAttribute(
    name("hosts"),
    case_type_id=kinds[0].id,
    key="hosts",
    display_name=f"Hosts {version}",
    type="TEXT",
    is_multi=True,
)
desk = cases.Project(
    name("desk"),
    key=f"D{generation}",
    name=f"Desk {version}",
    settings={"notification": {"notify_on_case_comment": bool(version)}},
)
annex = cases.Project(name("annex"), key=f"A{generation}", name="Annex")
plain = [
    cases.Case(name("plain", twin), project_id=desk.id, title=f"Plain {version}")
    for twin in range(3 + version)
]
full = [
    cases.Case(
        name("full", twin),
        project_id=annex.id,
        type_id=kinds[0].id,
        title="Full",
        description=f"Version {version}",
        attributes={"env": [f"v{version}"], "team": ["secops"]},
        due_date=f"2031-11-2{version}",
        custom_attributes={"hosts": {"type": "TEXT", "value": ["a", f"{version}"]}},
        opts=pulumi.ResourceOptions(depends_on=[hosts]),
    )
    for twin in range(3 - version)
]
for twin in range(2):
    cases.AutomationRule(
        name("rule", twin),
        project_id=desk.id,
        name=f"Rule {version}",
        trigger={"type": "CASE_CREATED"},
        action={"type": "EXECUTE_WORKFLOW", "data": {"handle": "enrich"}},
    )
    cases.NotificationRule(
        name("notification", twin),
        project_id=desk.id,
        query=f"priority:P{version}",
        recipients=[{"type": "EMAIL", "data": {"email": "a@example.com"}}],
        triggers=[{"type": "CASE_CREATED"}],
    )
    cases.CaseView(
        name("view", twin), project_id=desk.id, name="View", query=f"version:{version}"
    )
    cases.MaintenanceWindow(
        name("window", twin),
        name=f"Night {version}",
        query="project:DESK",
        start_at="2031-01-01T00:00:00Z",
        end_at="2031-01-02T00:00:00Z",
    )
    cases.CaseComment(name("comment", twin), case_id=plain[0].id, comment=f"Hello {version}")
    cases.CaseLink(
        name("link", twin),
        parent_entity_type="CASE",
        parent_entity_id=plain[twin].id,
        child_entity_type="CASE",
        child_entity_id=full[0].id,
        relationship=["BLOCKS", "CAUSES"][version],
    )
    cases.CaseInsight(
        name("insight", twin),
        case_id=plain[twin].id,
        type="MONITOR",
        ref=f"/monitors/{version}",
        resource_id=str(version),
    )
"""

#: About how many requests each of these takes where nobody kills it.
REQUESTS = {"renew": 55, "update": 48, "destroy": 25}
#: Seconds that each answer takes.
LATENCY = 0.04
#: Seconds to wait for a process to end.
PATIENCE = 60.0
#: How many tests share the rounds.
LOTS = 5


@pytest.mark.parametrize("lot", range(LOTS))
def test_the_next_deployment_settles_what_a_killed_one_left(  # noqa: PLR0913, PLR0917 - fixtures
    lot: int,
    soak: bool,  # noqa: FBT001 - a fixture
    chance: random.Random,
    new_stack: "NewStack",
    faults: "Faults",
    audit: "Audit",
    measure: "Measure",
    tmp_path: Path,
) -> None:
    del lot
    faults.add({"endpoint": "*", "kind": "latency", "seconds": LATENCY})
    stack = new_stack(audit.organization, PROGRAM)
    stack.environment["PULUMI_DATADOG_CASES_JOURNAL"] = str(tmp_path / "journal")
    # Pulumi keeps metadata beside a state in a file. A kill may leave them empty, and the state
    # cannot be read any more (tried): "failed to load checkpoint: EOF".
    stack.environment["PULUMI_BACKEND_URL"] += "?metadata=skip&no_tmp_dir=true"
    stack("stack", "select", "stack")
    rounds = (200 if soak else 10) // LOTS
    wrong: list[str] = []
    with Deployments(stack, faults, chance) as deployments:
        stack.up()
        audit(stack)
        while rounds:
            story = deployments.kill()
            measure("killed: next deployments that failed", 1)
            deployments.repeat()
            measure("killed: next deployments that failed", -1)
            found = audit(stack)
            changes = sum(map(int, re.findall(r"(\d+) to ", stack.preview())))
            outlived = deployments.seconds_outlived()
            if story is None:
                continue
            rounds -= 1
            measure("killed: rounds", 1)
            measure("killed: objects lost", len(found.lost))
            measure("killed: objects doubled", len(found.doubled))
            measure("killed: orphans", len(found.orphans))
            measure("killed: half-made cases put away", len(found.put_away))
            measure("killed: changes in the next preview", changes)
            measure("killed: longest life of a plugin after its CLI", outlived)
            if found.wrong or changes or outlived >= PATIENCE:
                wrong.append(f"{story}: {found}, {changes} changes, {outlived:.1f} s")
    assert not wrong, "\n".join(wrong)


class Deployments:
    """Deployments of one stack, each killed at a moment of its own."""

    def __init__(self, stack: "Stack", faults: "Faults", chance: random.Random) -> None:
        self._stack = stack
        self._faults = faults
        self._chance = chance
        self._generation = 0
        self._version = 0
        self._command = "up"
        self._left: list[Process] = []
        self._watch = ThreadPoolExecutor()
        self._outlived: list[Future[float]] = []
        self._declare()

    def _declare(self) -> None:
        wanted = {"GENERATION": str(self._generation), "VERSION": str(self._version)}
        self._stack.environment |= wanted

    def kill(self) -> str | None:
        """Begin one and kill it: how that was, or None where it was through before."""
        does = self._chance.choice(["renew", "renew", "update", "destroy"])
        victim = self._chance.choice(["CLI", "plugin"])
        requests = self._chance.randrange(REQUESTS[does])
        delay = self._chance.uniform(0, 2 * LATENCY)
        self._generation += does == "renew"
        self._version = (self._version + (does == "update")) % 2
        self._declare()
        self._command = "destroy" if does == "destroy" else "up"
        with self._begun() as cli:
            last = self._faults.struck + requests
            while cli.poll() is None and self._faults.struck < last:
                time.sleep(LATENCY / 4)
            time.sleep(delay)
            self._left = [*family(cli.pid)]
            plugins = [each for each in self._left if b"pulumi.dynamic" in each.command]
            for each in [cli] if victim == "CLI" else plugins:
                each.kill()
            self._outlived = [self._watch.submit(each.ended_after, PATIENCE) for each in plugins]
            if cli.wait(PATIENCE) == 0:
                return None
        return f"{does}, {victim} killed {delay:.3f} s after request {requests}"

    def repeat(self) -> None:
        """Deploy once more as a user would; after that everything is there."""
        self._stack("cancel", "--yes")
        if self._command == "destroy":
            self._stack.destroy()
        self._stack.up()

    @contextmanager
    def _begun(self) -> Generator["subprocess.Popen[bytes]"]:
        with subprocess.Popen(
            ["pulumi", self._command, "--yes", "--skip-preview", "--non-interactive"],  # noqa: S607 - as found on PATH
            cwd=self._stack.folder,
            env=self._stack.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as cli:
            try:
                yield cli
            finally:
                cli.kill()

    def seconds_outlived(self) -> float:
        """How long a plugin lived on, for which this waits; in the end nothing is left running."""
        longest = max((each.result() for each in self._outlived), default=0.0)
        for each in self._left:
            each.kill()
            each.close()
        self._left, self._outlived = [], []
        return longest

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._left:
            each.kill()
        self.seconds_outlived()
        self._watch.shutdown()


# --- processes -------------------------------------------------------------------------------


class Process:
    """A process that somebody else has started, which no later one is taken for."""

    def __init__(self, pid: int) -> None:
        self._descriptor = os.pidfd_open(pid)
        self.command = Path(f"/proc/{pid}/cmdline").read_bytes()

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)

    def ended_after(self, seconds: float) -> float:
        """Wait for its end, for so long at most: how long that was."""
        begun = time.monotonic()
        select.select([self._descriptor], [], [], seconds)
        return time.monotonic() - begun

    def close(self) -> None:
        os.close(self._descriptor)


def family(pid: int) -> Iterator[Process]:
    """All that a process has started, and what that has started in turn."""
    with suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (thread / "children").read_text().split()):
                yield Process(child)
                yield from family(child)
