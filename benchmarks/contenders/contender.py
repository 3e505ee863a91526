"""What every contender can be asked for."""

import json
import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

import psutil

from benchmarks import processes
from benchmarks.sandbox import KEYS, Sandbox

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "benchmarks" / "programs"
#: How many operations run at a time: what Pulumi takes by itself. The others are given the same.
PARALLEL = 4 * (os.cpu_count() or 1)

JSON: TypeAlias = Mapping[str, Any]


class UnableError(Exception):
    """A contender has no such operation. The message says why, in one line."""


@dataclass(frozen=True)
class Plan:
    """What is to be there. The programs read it, as JSON, from `plan.json` in their folder.

    Attributes:
        project_id: The project that all belongs to.
        rules: The attributes of each automation rule, as the API has them.
        cases: The fields of each case: `title`, `description`, `priority`, `status_name`,
            `attributes` and `due_date`.
        ids: Where rules are there already and are to be taken over: their ids.
    """

    project_id: str
    rules: Sequence[JSON] = ()
    cases: Sequence[JSON] = ()
    ids: Sequence[str] = ()


class Contender(ABC):
    """One way to deploy, with a deployment of its own in a folder of its own.

    Each operation ends when it is done.

    Args:
        folder: An empty folder.
        sandbox: The API.
        latency: Milliseconds that the API waits before each answer.
        limit: Seconds that an operation may take.

    Raises:
        UnableError: From an operation: there is no such thing here.
        FailedError: From an operation: it failed, or took too long.
    """

    #: In tables, charts and options.
    name: ClassVar[str]
    #: What it is.
    about: ClassVar[str]
    #: Whether it is played again with the others: its seconds are what goals compare.
    repeats: ClassVar[bool] = True

    def __init__(self, folder: Path, sandbox: Sandbox, latency: int, limit: float) -> None:
        self.folder = folder
        self.sandbox = sandbox
        self.latency = latency
        self.limit = limit

    @abstractmethod
    def prepare(self) -> None:
        """Get ready for the other operations; this is not measured."""

    @abstractmethod
    def up(self, plan: Plan) -> None:
        """Bring about what is planned, from whatever was there before."""

    @abstractmethod
    def check(self) -> None:
        """Look whether all is still as it was planned last; change nothing."""

    @abstractmethod
    def destroy(self) -> None:
        """Remove all; archive the cases."""

    @abstractmethod
    def take_over(self, plan: Plan) -> None:
        """Take over what is there already."""

    def take_program(self, name: str) -> None:
        """Copy a program into the folder."""
        shutil.copytree(PROGRAMS / name, self.folder, dirs_exist_ok=True)

    def write(self, plan: Plan) -> None:
        """Put the plan where the programs find it."""
        (self.folder / "plan.json").write_text(json.dumps(asdict(plan)), encoding="utf-8")

    def run(
        self,
        *command: str | Path,
        meanwhile: Callable[[psutil.Process], None] | None = None,
    ) -> None:
        """Run a program in the folder; see `processes.run`."""
        processes.run(
            command,
            cwd=self.folder,
            environment=self.environment,
            limit=self.limit,
            meanwhile=meanwhile,
        )

    @property
    def environment(self) -> dict[str, str]:
        """This process's environment, without what would lead to another organisation."""
        return {name: value for name, value in os.environ.items() if not name.startswith("DD_")} | {
            "DD_HOST": self.sandbox.url,
            "DD_API_KEY": KEYS["DD-API-KEY"],
            "DD_APP_KEY": KEYS["DD-APPLICATION-KEY"],
            "BENCH_LATENCY": str(self.latency / 1000),
        }
