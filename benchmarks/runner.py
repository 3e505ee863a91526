"""Runs workloads: times each step and counts the requests that the API receives."""

import itertools
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks import populated
from benchmarks.contenders.base import Contender, Plan, UnsupportedError
from benchmarks.contenders.pulumi_stack import PulumiContender
from benchmarks.processes import OperationFailedError
from benchmarks.results import API_SECONDS, MEMORY, REQUESTS, SECONDS, STATE, Key, Results
from benchmarks.sandbox import Sandbox
from benchmarks.workloads import CREATE, SKIP_CHECKPOINTS_FROM, PlanBuilder, Step, Workload


class Runner:
    """Runs workloads with each contender, and adds the samples to the results.

    If a contender fails, the results record the failure and the benchmark continues.

    Args:
        results: Receives samples and failures.
        contenders: The contenders to run.
        limit: Seconds that one operation may take.
        folder: An empty folder for the deployments.
        log: Prints a line about the progress.
    """

    def __init__(
        self,
        results: Results,
        contenders: Sequence[type[Contender]],
        limit: float,
        folder: Path,
        log: Callable[[str], None],
    ) -> None:
        self._results = results
        self._contenders = contenders
        self._limit = limit
        self._folder = folder
        self._log = log
        self._numbers = itertools.count()

    def run(self, workload: Workload, sandbox: Sandbox, n: int, latency: int, repeats: int) -> None:
        """Run a workload with all contenders, `repeats` times.

        The contenders take turns, and each repeat begins with a different contender. A contender
        whose `is_repeated` is false runs only in the first repeat.
        """
        for repeat in range(repeats):
            contenders = [
                contender
                for contender in self._contenders
                if workload.contenders is None or contender.name in workload.contenders
                if repeat == 0 or contender.is_repeated
            ]
            first = repeat % max(len(contenders), 1)
            for contender_type in contenders[first:] + contenders[:first]:
                name = contender_type.name
                self._log(f"{workload.name}: {name}, N = {n}, {latency} ms, {repeat + 1}")
                folder = self._folder / str(next(self._numbers))
                folder.mkdir()
                limit = self._limit * workload.limit_factor
                self._run(workload, contender_type(folder, sandbox, latency, limit), n)
                shutil.rmtree(folder)

    def _run(self, workload: Workload, contender: Contender, n: int) -> None:
        sandbox = contender.sandbox
        sandbox.reset()
        project_id = populated.PROJECT_ID if workload.populated else sandbox.create_project()
        plans = PlanBuilder(sandbox, project_id, n)
        failure = self._set_up(workload, contender, n)
        for step in (each for each in workload.steps if n <= each.max_n):
            key = Key(workload.name, step.name, contender.name, n, contender.latency)
            if self._results.row(key).failure:  # the step failed in an earlier repeat
                return
            if failure:
                self._results.fail(key, failure)
                continue
            try:
                self._measure(key, workload, contender, step, step.plan(plans))
            except UnsupportedError as error:
                self._results.fail(key, str(error))
            except OperationFailedError as error:
                self._results.fail(key, str(error))
                failure = f"{step.name} failed"

    def _set_up(self, workload: Workload, contender: Contender, n: int) -> str | None:
        """Set up a contender. If the set-up fails, return the reason."""
        if isinstance(contender, PulumiContender):
            contender.skip_checkpoints = workload.skip_checkpoints or n >= SKIP_CHECKPOINTS_FROM
            contender.measure_memory = workload.measure_memory
        try:
            contender.set_up()
        except (OperationFailedError, UnsupportedError) as error:
            return str(error)
        return None

    def _measure(
        self, key: Key, workload: Workload, contender: Contender, step: Step, plan: Plan
    ) -> None:
        sandbox = contender.sandbox
        sandbox.set_latency(contender.latency)
        with ExitStack() as stack:
            api_seconds = (
                stack.enter_context(sandbox.measured_traffic())
                if workload.measure_api_seconds
                else None
            )
            started = time.perf_counter()
            step.run(contender, plan)
            seconds = time.perf_counter() - started
            samples = {SECONDS: seconds, REQUESTS: sandbox.request_count()}
        if api_seconds:
            samples[API_SECONDS] = api_seconds()
        if isinstance(contender, PulumiContender):
            if step.name == CREATE:
                samples[STATE] = contender.state.stat().st_size
            if workload.measure_memory:
                samples[MEMORY] = contender.peak_memory
        self._results.add(key, samples)
