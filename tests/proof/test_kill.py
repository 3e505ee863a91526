"""After a killed deployment, the next deployment loses, duplicates and orphans no objects.

Deployments are killed at random moments.
"""

import os
import random
import re
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Generator, Iterator, Sequence
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
    pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs pidfd_open (Linux)"),
]

#: A program with two or more resources of most types. Resources with equal inputs are the hardest
#: to tell apart in a recovery. If `GENERATION` changes, all resources get new names, so Pulumi
#: replaces them all. If `VERSION` changes, Pulumi updates the resources. If `KEY` changes, Pulumi
#: moves the cases of one project to a new project, and replaces all other objects of the project.
PROGRAM = """
import os
import pulumi
import pulumi_datadog_cases as cases

generation, version = os.environ["GENERATION"], int(os.environ["VERSION"])
key = os.environ["KEY"]
# A new machine does not know which cases the killed run has archived. Without `force_destroy`,
# these cases would count as cases of other people, and their project could not be deleted.
force = os.environ.get("FORCE_DESTROY") == "true"


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
    force_destroy=force,
)
desk = cases.Project(
    name("desk"),
    key=key,
    name=f"Desk {version}",
    settings={"notification": {"notify_on_case_comment": bool(version)}},
    force_destroy=force,
)
annex = cases.Project(name("annex"), key=f"A{generation}", name="Annex", force_destroy=force)
# An update archives some of these cases. A later run refuses to delete a project that contains such
# archived cases, unless the project has `force_destroy`.
spare = cases.Project(name("spare"), key=f"S{generation}", name="Spare", force_destroy=True)
for twin in range(3 * version):
    cases.Case(name("spare", twin), project_id=spare.id, title="Spare")
plain = [
    cases.Case(name("plain", twin), project_id=desk.id, title=f"Plain {version}")
    for twin in range(3)
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
    for twin in range(2)
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

#: About how many requests each operation sends if it is not killed.
REQUESTS = {"renew": 55, "update": 48, "move": 40, "destroy": 25}
#: The delay of each response of the sandbox, in seconds.
LATENCY = 0.04
#: Seconds to wait for a process to end.
TIMEOUT = 60.0
#: The number of tests that share the kills of a mode.
BATCHES = 5
#: The modes, each with the number of kills in the short and in the long form. In all modes, one to
#: three deployments in a row are killed before the next deployment may succeed. A new machine has
#: no intent log, which is the record of unfinished create operations. So on new machines,
#: `datadog-cases recover` runs before each deployment that follows a kill.
NEW_MACHINES = "killed on new machines"
MODES = {"killed": (10, 200), "killed without checkpoints": (5, 100), NEW_MACHINES: (10, 200)}


#: Parts of the command lines of plugins: of dynamic resources, and of the native plugin.
PLUGINS = (b"pulumi.dynamic", b"pulumi-resource-datadog-cases")


@pytest.mark.parametrize("batch", range(BATCHES))
@pytest.mark.parametrize("mode", MODES)
def test_deployment_after_kill_recovers_everything(  # noqa: PLR0913, PLR0917 - fixtures
    batch: int,
    mode: str,
    soak: bool,  # noqa: FBT001 - a fixture
    rng: random.Random,
    new_front_end_stack: "NewStack",
    faults: "Faults",
    audit: "Audit",
    measure: "Measure",
    tmp_path: Path,
) -> None:
    del batch
    faults.add({"endpoint": "*", "kind": "latency", "seconds": LATENCY})
    stack = new_front_end_stack(audit.organization, PROGRAM)
    log = tmp_path / "journal"
    stack.environment["PULUMI_DATADOG_CASES_JOURNAL"] = str(log)
    stack.prepare_for_kills()
    if mode == "killed without checkpoints":
        stack.environment["PULUMI_SKIP_CHECKPOINTS"] = "true"

    victims = ["CLI", "plugin"]
    if mode == NEW_MACHINES:
        # The CLI and its plugin are killed together. If only the plugin were killed, Pulumi would
        # report an error for each unfinished create operation, and would not list these operations
        # as pending.
        victims = ["machine"]
        stack.environment["FORCE_DESTROY"] = "true"

    def change_machine() -> None:
        if mode == NEW_MACHINES:
            shutil.rmtree(log, ignore_errors=True)
            recover(stack)

    kills = MODES[mode][soak] // BATCHES
    failures: list[str] = []
    with Deployments(stack, faults, rng, victims, change_machine) as deployments:
        stack.up()
        audit(stack)
        while kills > 0:
            descriptions = deployments.kill(times=rng.randint(1, 3))
            # If `repeat` raises an error, the 1 stays in the figure. Otherwise the -1 removes it.
            measure(f"{mode}: next deployments that failed", 1)
            deployments.repeat()
            measure(f"{mode}: next deployments that failed", -1)
            if mode == NEW_MACHINES and rng.random() < 1 / 2:
                clear_pending_creates(stack)
            found = audit(stack)
            changes = sum(map(int, re.findall(r"(\d+) to ", stack.preview())))
            outlived = deployments.seconds_outlived()
            if mode == NEW_MACHINES:
                # The intent log may still contain entries for resources that the program no longer
                # declares. Such entries are expected, so they are not counted.
                shutil.rmtree(log, ignore_errors=True)
            entries = [each.name for each in log.glob("*/*/[im]*")]  # intent-…, made-…
            kills -= len(descriptions)
            measure(f"{mode}: deployments", len(descriptions))
            measure(f"{mode}: objects lost", len(found.lost))
            measure(f"{mode}: objects duplicated", len(found.duplicated))
            measure(f"{mode}: objects orphaned", len(found.orphaned))
            measure(f"{mode}: incomplete cases archived", len(found.archived))
            measure(f"{mode}: changes in the next preview", changes)
            measure(f"{mode}: entries left in the intent log", len(entries))
            measure(f"{mode}: longest time a plugin outlived its CLI", outlived)
            if found.wrong or changes or entries or outlived >= TIMEOUT:
                failures.append(
                    f"{'; '.join(descriptions)}: {found}, {changes} changes, "
                    f"entries {entries}, {outlived:.1f} s"
                )
    assert not failures, "\n".join(failures)


def recover(stack: "Stack") -> None:
    """Run `datadog-cases recover`. It must find a result for each pending create."""
    done = subprocess.run(
        ["datadog-cases", "recover"],  # noqa: S607 - from PATH
        cwd=stack.folder,
        env=stack.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def clear_pending_creates(stack: "Stack") -> None:
    stack("refresh", "--yes", "--skip-preview", "--clear-pending-creates")


class Deployments:
    """Runs and kills deployments of one stack."""

    def __init__(
        self,
        stack: "Stack",
        faults: "Faults",
        rng: random.Random,
        victims: Sequence[str],
        change_machine: Callable[[], None],
    ) -> None:
        self._stack = stack
        self._victims = victims
        self._change_machine = change_machine
        self._faults = faults
        self._rng = rng
        self._generation = 0
        self._version = 0
        self._moves = 0
        self._command = "up"
        self._remaining: list[Process] = []
        self._executor = ThreadPoolExecutor()
        self._outlived: list[Future[float]] = []
        self._declare()

    def _declare(self) -> None:
        self._stack.environment |= {
            "GENERATION": str(self._generation),
            "VERSION": str(self._version),
            "KEY": f"D{self._generation}M{self._moves}",
        }

    def kill(self, times: int) -> list[str]:
        """Choose a random operation. Start and kill this operation `times` times in a row.

        Each kill comes at a random moment. Return a description of each kill. The list is shorter
        than `times` if the operation succeeded before a kill.
        """
        operation = self._rng.choice(["renew", "renew", "update", "move", "destroy"])
        self._generation += operation == "renew"
        self._version = (self._version + (operation == "update")) % 2
        self._moves += operation == "move"
        self._declare()
        self._command = "destroy" if operation == "destroy" else "up"
        descriptions: list[str] = []
        while len(descriptions) < times and (description := self._kill(operation)):
            descriptions.append(description)
            self._stack("cancel", "--yes")
            self._change_machine()
        return descriptions

    def _kill(self, operation: str) -> str | None:
        """Run an operation, and kill the CLI, its plugins or both at a random moment.

        Return a description of the kill. Return None if the operation succeeded before the kill.
        """
        victim = self._rng.choice(self._victims)
        requests = self._rng.randrange(REQUESTS[operation])
        delay = self._rng.uniform(0, 2 * LATENCY)
        with self._start() as cli:
            last = self._faults.count + requests
            while cli.poll() is None and self._faults.count < last:
                time.sleep(LATENCY / 4)
            time.sleep(delay)
            remaining = [*descendants(cli.pid)]
            plugins = [each for each in remaining if any(p in each.command for p in PLUGINS)]
            if victim in {"CLI", "machine"}:
                cli.kill()
            for each in {"CLI": [], "plugin": plugins, "machine": remaining}[victim]:
                each.kill()
            self._remaining += remaining
            self._outlived += [self._executor.submit(each.ended_after, TIMEOUT) for each in plugins]
            if cli.wait(TIMEOUT) == 0:
                return None
        return f"{operation}, {victim} killed {delay:.3f} s after request {requests}"

    def repeat(self) -> None:
        """Run the killed operation again, as a user would. After a destroy, deploy the stack."""
        self._stack("cancel", "--yes")
        if self._command == "destroy":
            self._stack.destroy()
        self._stack.up()

    @contextmanager
    def _start(self) -> Generator["subprocess.Popen[bytes]"]:
        with subprocess.Popen(
            ["pulumi", self._command, "--yes", "--skip-preview", "--non-interactive"],  # noqa: S607 - from PATH
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
        """Wait for the plugins to end; return the longest time that a plugin outlived its CLI.

        Processes that have not ended after `TIMEOUT` are killed.
        """
        longest = max((each.result() for each in self._outlived), default=0.0)
        for each in self._remaining:
            each.kill()
            each.close()
        self._remaining, self._outlived = [], []
        return longest

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._remaining:
            each.kill()
        self.seconds_outlived()
        self._executor.shutdown()


# --- processes -------------------------------------------------------------------------------


class Process:
    """A descendant process, identified by a pidfd.

    Unlike a pid, a pidfd never refers to a later process with the same pid.
    """

    def __init__(self, pid: int) -> None:
        self._descriptor = os.pidfd_open(pid)
        self.command = Path(f"/proc/{pid}/cmdline").read_bytes()

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)

    def ended_after(self, seconds: float) -> float:
        """Wait until the process ends, but at most `seconds`. Return how long it has waited."""
        start = time.monotonic()
        select.select([self._descriptor], [], [], seconds)
        return time.monotonic() - start

    def close(self) -> None:
        os.close(self._descriptor)


def descendants(pid: int) -> Iterator[Process]:
    """Yield all descendants of a process."""
    with suppress(FileNotFoundError, ProcessLookupError):  # if the process has ended
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (thread / "children").read_text().split()):
                yield Process(child)
                yield from descendants(child)
