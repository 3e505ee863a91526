"""Single resources in process: every operation in a process of its own, as far as it can tell."""

import gc
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import pytest

import pulumi_datadog_cases as cases
from pulumi_datadog_cases.api.http.transport import Transport
from pulumi_datadog_cases.engine import Timing
from pulumi_datadog_cases.engine.dynamic import DynamicProvider
from pulumi_datadog_cases.engine.safety import intent_log
from pulumi_datadog_cases.resources._shared import base

if TYPE_CHECKING:
    from tests.conftest import Organization
    from tests.proof.conftest import Count, Faults, Load
    from tests.resources.conftest import InProcess, Inputs, Life, Player

Verb: TypeAlias = Literal["create", "read", "update", "delete"]
#: As the sandbox takes it.
Fault: TypeAlias = Mapping[str, object]

#: Seconds that an answer may take, and for which an API may not show what it has made.
TIMEOUT, SETTLING = 0.25, 0.8
#: How much faster than others a transport waits.
HASTE = 200


@dataclass(frozen=True)
class Laboratory:
    """Where trials take place: a sandbox, and a provider that waits less."""

    organization: "Organization"
    faults: "Faults"
    count: "Count"
    load: "Load"

    def life(self, kind: str) -> "Life":
        """The table of a kind."""
        module = getattr(cases, kind).__module__.rpartition(".")[2]
        life: Life = self.load(f"test_{module}").LIFE
        return life

    def trial(self, kind: str, verb: Verb, change: "Inputs") -> "Trial":
        """A fresh organisation with a resource in it, but for a create."""
        self.organization.reset()
        return Trial(self, self.life(kind), verb, change)


UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: What no two trials have in common: ids, moments, and the numbers of cases.
VARYING = re.compile(
    rf"{UUID.pattern}|[0-9a-f]{{32}}|\d{{4}}-\d\d-\d\dT[\d:.]+Z|\d{{9,}}\.\d+|(?<=RUN-)\d+"
)


class Trial:
    """One operation on one resource, each try of which is a process of its own."""

    def __init__(self, laboratory: Laboratory, life: "Life", verb: Verb, change: "Inputs") -> None:
        self._laboratory = laboratory
        self._organization = organization = laboratory.organization
        self._verb = verb
        tables = laboratory.load("conftest")
        self._deployment: InProcess = tables.InProcess(life["kind"], organization)
        self._player: Player = tables.Player(life, organization, self._deployment, lambda _: None)
        self._moving = {*tables.STAMPS, "public_id"}
        self._player.names["run"] = "RUN"
        self._player.__enter__()  # there is nothing to leave: all is reset
        self._player.declared = dict(change if verb == "create" else life["full"])
        if verb != "create":
            self._up()
            self._player.declared = self._player.overlaid(life["full"], change)

    def _up(self) -> str:
        begin_process()
        did = self._deployment.up(self._player.fill(self._player.declared))
        self._player.names["id"] = self._deployment.id
        # As the program's process does when Pulumi has saved the resource.
        intent_log.mark_saved(self._player.life["kind"].__name__, str(self._deployment.id))
        return did

    def _act(self) -> None:
        """The operation."""
        begin_process()
        if self._verb == "read":
            self._deployment.refresh()
        elif self._verb != "delete":
            self._up()
        elif self._deployment.id is not None:
            self._deployment.destroy()

    @property
    def outputs(self) -> dict[str, Any]:
        """What the state keeps of the resource."""
        return self._deployment.outputs

    def refused(self) -> dict[str, str]:
        """Why a preview refuses what is declared, by property path."""
        return self._deployment.refused(self._player.fill(self._player.declared))

    def requests(self) -> list[str]:
        """What the operation asks for, undisturbed: `GET /cases/*/timelines`."""
        before = len(self._organization.journal())
        self._act()
        asked = [each.partition("?")[0] for each in self._organization.asked()[before:]]
        return list(dict.fromkeys(UUID.sub("*", each) for each in asked))

    def act(self, faults: Sequence[Fault] = ()) -> str | None:
        """The operation, under faults that are gone after it; the error that it ends with."""
        self._laboratory.faults.add(*faults)
        try:
            return self._told(self._act)
        finally:
            self._laboratory.faults.clear()

    def settle(self) -> str | None:
        """The next run, undisturbed; the error that it ends with."""
        return self._told(self._act if self._verb == "delete" else self._up)

    def _told(self, act: Callable[[], object]) -> str | None:
        before = self._deployment.inputs
        try:
            act()
        except Exception as error:  # noqa: BLE001 - whatever it is, the user is told
            self._deployment.inputs = before  # of what has failed nothing gets into the state
            return f"{type(error).__module__}.{type(error).__qualname__}: {error}"
        return None

    def outcome(self) -> Counter[str]:
        """All that there is, in words that are the same after every trial like this one."""
        census = self._laboratory.count(self._organization)
        there = Counter(
            f"{name.split()[0]} {about}"
            for name, about in census.objects.items()
            if name not in census.archived
        )
        if self._deployment.id is not None:
            begin_process()
            there.update(f"drift of {name}" for name in self._deployment.refresh())
            there[f"{self._up()} to do"] += 1
        stored = self._organization.stored(self._player.fill(self._player.stored_as)) or {}
        for name in stored.keys() - self._moving:
            if stored[name]:
                there[VARYING.sub("…", f"{name}: {json.dumps(stored[name], sort_keys=True)}")] += 1
        return there


def begin_process() -> None:
    """Forget all that a process of Pulumi's knows."""
    base._client.cache_clear()  # noqa: SLF001 - what a process does once
    intent_log.intent_log.cache_clear()
    gc.collect()  # the lock by which the others know that it lives is let go


@pytest.fixture
def timeouts() -> tuple[float, float]:
    """Seconds to wait for a connection and for an answer, which a fault makes take longer."""
    return 1.0, TIMEOUT


@pytest.fixture
def laboratory(  # noqa: PLR0913, PLR0917 - fixtures
    organization: "Organization",
    faults: "Faults",
    count: "Count",
    load: "Load",
    timeouts: tuple[float, float],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Laboratory]:
    # Configuring a provider takes the process's tracebacks away, which a test wants back.
    monkeypatch.setenv("PULUMI_DATADOG_CASES_DEBUG", "1")
    monkeypatch.setenv(intent_log.FOLDER_VARIABLE, str(tmp_path))
    monkeypatch.setattr(DynamicProvider, "timing", Timing(consistency_window=SETTLING))
    hasty = {
        "timeouts": timeouts,
        "sleep": lambda seconds: time.sleep(seconds / HASTE),
        "clock": lambda: time.monotonic() * HASTE,
    }
    usual = Transport.__init__.__kwdefaults__ or {}
    monkeypatch.setattr(Transport.__init__, "__kwdefaults__", {**usual, **hasty})
    begin_process()
    gc.freeze()  # each process begins with a collection, which would take long
    yield Laboratory(organization, faults, count, load)
    gc.unfreeze()
    begin_process()  # a client that gives answers up so soon is nothing for other tests
