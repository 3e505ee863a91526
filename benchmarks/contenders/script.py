"""A script on the official client."""

import sys
from typing import ClassVar

from benchmarks.contenders.contender import PARALLEL, Contender, Plan, UnableError
from benchmarks.processes import FailedError


class Script(Contender):
    """Makes, lists and deletes rules, one after the other: see `programs/script`.

    It keeps no state: it can look at what is there, but does not know what should be.
    """

    name = "script"
    about = "a script on `datadog-api-client`, one thread"
    repeats = False
    threads: ClassVar[int] = 1
    _made = False

    def prepare(self) -> None:
        """Copy the script."""
        self.take_program("script")

    def up(self, plan: Plan) -> None:
        """Make the rules, the first time."""
        if self._made:
            raise UnableError("it keeps no state and would make all again")
        if plan.cases:
            raise UnableError("it is written for rules alone")
        least = len(plan.rules) / self.threads * self.latency / 1000
        if least > self.limit:
            raise FailedError(f"the latencies alone would take {least:.0f} s")
        self._made = True
        self.write(plan)
        self._script("create")

    def check(self) -> None:
        """List the rules."""
        self._script("list")

    def destroy(self) -> None:
        """List the rules and delete each of them."""
        self._script("delete")

    def take_over(self, plan: Plan) -> None:
        """Not possible."""
        del plan
        raise UnableError("it keeps no state")

    def _script(self, command: str) -> None:
        self.run(sys.executable, "__main__.py", command, str(self.threads))


class ThreadedScript(Script):
    """The same with as many threads as the others have operations at a time."""

    name = "threads"
    about = f"the same script with {PARALLEL} threads"
    threads = PARALLEL
