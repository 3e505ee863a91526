"""Fixtures to run trials. A trial is one operation on one resource, run in process.

Every operation starts with empty caches, as in a new plugin process.
"""

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
from tests.resources.harness.in_process import InProcessDeployment
from tests.resources.harness.native import NativeDeployment
from tests.resources.harness.runner import AUDIT_ATTRIBUTES, SpecRunner, merged

import pulumi_datadog_cases as cases
from pulumi_datadog_cases.api.http.transport import Transport
from pulumi_datadog_cases.engine import Timing
from pulumi_datadog_cases.engine.dynamic import DynamicProvider
from pulumi_datadog_cases.engine.safety import intent_log
from pulumi_datadog_cases.plugin.provider import Provider
from pulumi_datadog_cases.resources._shared import base

if TYPE_CHECKING:
    from tests.conftest import Organization
    from tests.proof.conftest import Faults, Load, ReadObjects
    from tests.resources.harness.spec import Inputs, ResourceSpec

Verb: TypeAlias = Literal["create", "read", "update", "delete"]
#: A fault in the sandbox's format.
Fault: TypeAlias = Mapping[str, object]

#: The response timeout and the consistency window, in seconds. During the consistency window after
#: a create, the API may not show the new object yet.
TIMEOUT, CONSISTENCY_WINDOW = 0.25, 0.8
#: The provider's usual waits for retries and rate limits are divided by this number.
SPEEDUP = 200


@dataclass(frozen=True)
class Laboratory:
    """Runs trials. The sandbox can inject faults, and the provider has short waits."""

    organization: "Organization"
    faults: "Faults"
    read_objects: "ReadObjects"
    load: "Load"
    #: Deploys through dynamic resources or through the native plugin.
    deployment: type[InProcessDeployment]

    def spec(self, resource_type: str) -> "ResourceSpec":
        """Return the table `SPEC` of a resource type, which is in `tests/resources`."""
        module = getattr(cases, resource_type).__module__.rpartition(".")[2]
        spec: ResourceSpec = self.load(f"test_{module}").SPEC
        return spec

    def trial(self, resource_type: str, verb: Verb, change: "Inputs") -> "Trial":
        """Remove all objects from the organisation, and return a trial.

        For a read, update or delete, the trial has already created its resource.
        """
        self.organization.reset()
        return Trial(self, self.spec(resource_type), verb, change)


UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: Text that differs between equal trials: ids, times, and numbers in case keys.
VARYING = re.compile(
    rf"{UUID.pattern}|[0-9a-f]{{32}}|\d{{4}}-\d\d-\d\dT[\d:.]+Z|\d{{9,}}\.\d+|(?<=RUN-)\d+"
)


class Trial:
    """One operation on one resource, run with faults and then again without faults.

    Each run starts with empty caches, as in a new plugin process.
    """

    def __init__(
        self, laboratory: Laboratory, spec: "ResourceSpec", verb: Verb, change: "Inputs"
    ) -> None:
        self._laboratory = laboratory
        self._organization = organization = laboratory.organization
        self._verb = verb
        self._deployment = laboratory.deployment(spec["resource_class"], organization)
        self._runner = SpecRunner(spec, organization, self._deployment, lambda _: None)
        self._moving = {*AUDIT_ATTRIBUTES, "public_id"}
        self._runner.placeholders["run"] = "RUN"
        # The prerequisites are not deleted, because the next trial resets the organisation.
        self._runner.create_prerequisites()
        self._runner.declared = dict(change if verb == "create" else spec["full_inputs"])
        if verb != "create":
            self._up()
            self._runner.declared = merged(spec["full_inputs"], change)

    def _up(self) -> str:
        begin_process()
        did = self._deployment.up(self._runner.fill(self._runner.declared))
        self._runner.placeholders["id"] = self._deployment.id
        # In a real deployment, the program's process makes this call after Pulumi has saved the
        # resource.
        intent_log.mark_saved(
            self._runner.spec["resource_class"].__name__, str(self._deployment.id)
        )
        return did

    def _act(self) -> None:
        """Perform the operation."""
        begin_process()
        if self._verb == "read":
            self._deployment.refresh()
        elif self._verb != "delete":
            self._up()
        elif self._deployment.id is not None:
            self._deployment.destroy()

    @property
    def outputs(self) -> dict[str, Any]:
        """The resource's outputs in the state."""
        return self._deployment.outputs

    def check_failures(self) -> dict[str, str]:
        """Check the declared inputs; return the messages of the failures by property path."""
        return self._deployment.check(self._runner.fill(self._runner.declared))

    def requests(self) -> list[str]:
        """Perform the operation without faults; return its requests without repetitions.

        Ids are replaced by `*`, as in `GET /cases/*/timelines`.
        """
        before = len(self._organization.request_log())
        self._act()
        asked = [each.partition("?")[0] for each in self._organization.request_lines()[before:]]
        return list(dict.fromkeys(UUID.sub("*", each) for each in asked))

    def act(self, faults: Sequence[Fault] = ()) -> str | None:
        """Perform the operation with faults; return its error, or None."""
        self._laboratory.faults.add(*faults)
        try:
            return self._error_of(self._act)
        finally:
            self._laboratory.faults.clear()

    def settle(self) -> str | None:
        """Deploy (or delete) again without faults; return the error, or None."""
        return self._error_of(self._act if self._verb == "delete" else self._up)

    def _error_of(self, act: Callable[[], object]) -> str | None:
        before = self._deployment.inputs
        try:
            act()
        except Exception as error:  # noqa: BLE001 - any error is shown to the user
            self._deployment.inputs = before  # a failed operation does not change the state
            return f"{type(error).__module__}.{type(error).__qualname__}: {error}"
        return None

    def outcome(self) -> Counter[str]:
        """Return descriptions of the operation's result, each with its number of occurrences.

        The result consists of all objects, all remaining drift, and all stored attributes.
        Descriptions contain neither ids nor times, so equal results have equal descriptions.
        """
        objects = self._laboratory.read_objects(self._organization)
        there = Counter(
            f"{name.split()[0]} {about}"
            for name, about in objects.objects.items()
            if name not in objects.archived
        )
        if self._deployment.id is not None:
            begin_process()
            there.update(f"drift of {name}" for name in self._deployment.refresh())
            there[f"{self._up()} to do"] += 1
        stored = self._organization.stored(self._runner.fill(self._runner.api_state_id)) or {}
        for name in stored.keys() - self._moving:
            if stored[name]:
                there[VARYING.sub("…", f"{name}: {json.dumps(stored[name], sort_keys=True)}")] += 1
        return there


def begin_process() -> None:
    """Clear all caches, as in a new plugin process."""
    base._client.cache_clear()  # noqa: SLF001 - the cache of a process
    intent_log.intent_log.cache_clear()
    # The collection closes the lock file of the old intent log. While that file is open, the intent
    # log's process counts as running.
    gc.collect()


@pytest.fixture
def timeouts() -> tuple[float, float]:
    """The timeouts for a connection and for a response, in seconds.

    A response that a fault delays takes longer than the response timeout.
    """
    return 1.0, TIMEOUT


@pytest.fixture
def laboratory(  # noqa: PLR0913, PLR0917 - fixtures
    organization: "Organization",
    faults: "Faults",
    read_objects: "ReadObjects",
    load: "Load",
    timeouts: tuple[float, float],
    front_end: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Laboratory]:
    # Without this variable, a provider's `configure` replaces `traceback` in the main module, so
    # that Pulumi shows errors in one line. Here, the main module is pytest's.
    monkeypatch.setenv("PULUMI_DATADOG_CASES_DEBUG", "1")
    monkeypatch.setenv(intent_log.FOLDER_VARIABLE, str(tmp_path))
    for provider in (DynamicProvider, Provider):
        monkeypatch.setattr(provider, "timing", Timing(consistency_window=CONSISTENCY_WINDOW))
    fast = {
        "timeouts": timeouts,
        "sleep": lambda seconds: time.sleep(seconds / SPEEDUP),
        "clock": lambda: time.monotonic() * SPEEDUP,
    }
    defaults = Transport.__init__.__kwdefaults__ or {}
    monkeypatch.setattr(Transport.__init__, "__kwdefaults__", {**defaults, **fast})
    begin_process()
    gc.freeze()  # makes the `gc.collect()` of each `begin_process` fast
    deployment = InProcessDeployment if front_end == "dynamic" else NativeDeployment
    yield Laboratory(organization, faults, read_objects, load, deployment)
    gc.unfreeze()
    begin_process()  # other tests must not get a client with these timeouts
