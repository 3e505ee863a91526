"""Playing workloads: the steps are timed, and what the API is asked is counted."""

import itertools
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks import crowd
from benchmarks.contenders.contender import Contender, Plan, UnableError
from benchmarks.contenders.stack import StackContender
from benchmarks.measure import ASKING, MEMORY, REQUESTS, SECONDS, STATE, Key, Results
from benchmarks.processes import FailedError
from benchmarks.sandbox import Sandbox
from benchmarks.workloads import CREATE, MANY, Scene, Step, Workload


class Player:
    """Lets contenders play, and writes down what it took.

    A contender that fails is no failure of the benchmark: what became of it is a result.

    Args:
        results: Where to write.
        contenders: Who plays.
        limit: Seconds that one operation may take.
        folder: An empty folder for what they deploy.
        say: Tells what goes on.
    """

    def __init__(
        self,
        results: Results,
        contenders: Sequence[type[Contender]],
        limit: float,
        folder: Path,
        say: Callable[[str], None],
    ) -> None:
        self._results = results
        self._contenders = contenders
        self._limit = limit
        self._folder = folder
        self._say = say
        self._numbers = itertools.count()

    def play(
        self, workload: Workload, sandbox: Sandbox, n: int, latency: int, repeats: int
    ) -> None:
        """Play a workload so often. The contenders take turns; each time another one begins."""
        for repeat in range(repeats):
            players = [
                contender
                for contender in self._contenders
                if workload.contenders is None or contender.name in workload.contenders
                if repeat == 0 or contender.repeats
            ]
            first = repeat % max(len(players), 1)
            for kind in players[first:] + players[:first]:
                self._say(f"{workload.name}: {kind.name}, N = {n}, {latency} ms, {repeat + 1}")
                folder = self._folder / str(next(self._numbers))
                folder.mkdir()
                contender = kind(folder, sandbox, latency, self._limit * workload.patience)
                self._play(workload, contender, n)
                shutil.rmtree(folder)

    def _play(self, workload: Workload, contender: Contender, n: int) -> None:
        sandbox = contender.sandbox
        sandbox.reset()
        project = crowd.PROJECT if workload.crowded else sandbox.make_project()
        scene = Scene(sandbox, project, n)
        trouble = self._prepare(workload, contender, n)
        for step in (each for each in workload.steps if n <= each.largest):
            key = Key(workload.name, step.name, contender.name, n, contender.latency)
            if self._results.row(key).failure:  # of an earlier repeat
                return
            if trouble:
                self._results.fail(key, trouble)
                continue
            try:
                self._measure(key, workload, contender, step, step.plan(scene))
            except UnableError as error:
                self._results.fail(key, str(error))
            except FailedError as error:
                self._results.fail(key, str(error))
                trouble = f"{step.name} has failed"

    def _prepare(self, workload: Workload, contender: Contender, n: int) -> str | None:
        """Get a contender ready; if that fails, say why."""
        if isinstance(contender, StackContender):
            contender.writes_state_once = workload.writes_state_once or n >= MANY
            contender.watches_memory = workload.watches_memory
        try:
            contender.prepare()
        except (FailedError, UnableError) as error:
            return str(error)
        return None

    def _measure(
        self, key: Key, workload: Workload, contender: Contender, step: Step, plan: Plan
    ) -> None:
        sandbox = contender.sandbox
        sandbox.set_latency(contender.latency)
        with ExitStack() as watching:
            asking = watching.enter_context(sandbox.watched()) if workload.watches_api else None
            began = time.perf_counter()
            step.act(contender, plan)
            figures = {SECONDS: time.perf_counter() - began, REQUESTS: sandbox.requests()}
        if asking:
            figures[ASKING] = asking()
        if isinstance(contender, StackContender):
            if step.name == CREATE:
                figures[STATE] = contender.state.stat().st_size
            if workload.watches_memory:
                figures[MEMORY] = contender.peak_memory
        self._results.add(key, figures)
