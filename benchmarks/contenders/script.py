"""The contenders that run a script with Datadog's official client."""

import sys
from typing import ClassVar

from benchmarks.contenders.base import PARALLEL, Contender, Plan, UnsupportedError
from benchmarks.processes import OperationFailedError


class Script(Contender):
    """A script that creates, lists and deletes rules one after the other: see `programs/script`.

    The script keeps no state. It can list the rules, but cannot compare them with the plan.
    """

    name = "script"
    about = "a script on `datadog-api-client`, one thread"
    is_repeated = False
    threads: ClassVar[int] = 1
    _has_run = False

    def set_up(self) -> None:
        """Copy the script."""
        self.copy_program("script")

    def up(self, plan: Plan) -> None:
        """Create the rules. The script supports this only once."""
        if self._has_run:
            raise UnsupportedError("it keeps no state and would create everything again")
        if plan.cases:
            raise UnsupportedError("it supports rules only")
        minimum = len(plan.rules) / self.threads * self.latency / 1000
        if minimum > self.limit:
            raise OperationFailedError(f"the latencies alone would take {minimum:.0f} s")
        self._has_run = True
        self.write_plan(plan)
        self._script("create")

    def check(self) -> None:
        """List the rules."""
        self._script("list")

    def destroy(self) -> None:
        """List the rules and delete each of them."""
        self._script("delete")

    def import_existing(self, plan: Plan) -> None:
        """Raise `UnsupportedError`."""
        del plan
        raise UnsupportedError("it keeps no state")

    def _script(self, command: str) -> None:
        self.run(sys.executable, "__main__.py", command, str(self.threads))


class ThreadedScript(Script):
    """The same script with several threads.

    The number of threads is the number of operations that other contenders run concurrently.
    """

    name = "threads"
    about = f"the same script with {PARALLEL} threads"
    threads = PARALLEL
