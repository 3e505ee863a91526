"""`Contender`: the interface to a deployment tool that the benchmarks compare."""

import json
import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

import psutil

from benchmarks import processes
from benchmarks.sandbox import KEYS, Sandbox

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "benchmarks" / "programs"
#: How many operations each contender except `Script` runs concurrently. The number is Pulumi's
#: default on this machine.
PARALLEL = 4 * (os.cpu_count() or 1)

JSON: TypeAlias = Mapping[str, Any]


class UnsupportedError(Exception):
    """A contender does not support an operation. The message gives the reason, in one line."""


@dataclass(frozen=True)
class Plan:
    """The objects to deploy.

    The contenders' programs read the plan from `plan.json` in their folder.

    Attributes:
        project_id: The project of all objects.
        rules: The attributes of each automation rule, in the API's form.
        cases: The fields `title`, `description`, `priority`, `status_name`, `attributes` and
            `due_date` of each case.
        ids: The ids of the rules if the plan imports existing rules; otherwise empty.
    """

    project_id: str
    rules: Sequence[JSON] = ()
    cases: Sequence[JSON] = ()
    ids: Sequence[str] = ()

    def to_json(self) -> str:
        """Return the content of `plan.json`."""
        document = {
            "project_id": self.project_id,
            "rules": self.rules,
            "cases": self.cases,
            "ids": self.ids,
        }
        return json.dumps(document)


class Contender(ABC):
    """A deployment tool with its own deployment, in its own folder.

    Each method returns when its operation has finished.

    Args:
        folder: An empty folder.
        sandbox: The local server that serves the API.
        latency: Milliseconds that the sandbox waits before each response.
        limit: Seconds that an operation may take.

    Raises:
        UnsupportedError: The contender does not support an operation.
        OperationFailedError: An operation failed or timed out.
    """

    #: The contender's name in tables, charts and options.
    name: ClassVar[str]
    #: The contender's description in the report.
    about: ClassVar[str]
    #: Whether to measure the contender more than once. Once is enough if no goal uses its seconds.
    is_repeated: ClassVar[bool] = True

    def __init__(self, folder: Path, sandbox: Sandbox, latency: int, limit: float) -> None:
        self.folder = folder
        self.sandbox = sandbox
        self.latency = latency
        self.limit = limit

    @abstractmethod
    def set_up(self) -> None:
        """Prepare the folder for the operations. The preparation is not measured."""

    @abstractmethod
    def up(self, plan: Plan) -> None:
        """Create, change and delete objects until they match the plan."""

    @abstractmethod
    def check(self) -> None:
        """Check whether the objects differ from the last plan. Change nothing."""

    @abstractmethod
    def destroy(self) -> None:
        """Delete all objects. Cases are archived instead, because the API cannot delete cases."""

    @abstractmethod
    def import_existing(self, plan: Plan) -> None:
        """Import the existing objects of the plan."""

    def copy_program(self, name: str) -> None:
        """Copy a program of `benchmarks/programs` into the folder."""
        shutil.copytree(PROGRAMS / name, self.folder, dirs_exist_ok=True)

    def write_plan(self, plan: Plan) -> None:
        """Write `plan.json` for the contender's program."""
        (self.folder / "plan.json").write_text(plan.to_json(), encoding="utf-8")

    def run(
        self,
        *command: str | Path,
        monitor: Callable[[psutil.Process], None] | None = None,
    ) -> None:
        """Run a program in the folder; see `processes.run`."""
        processes.run(
            command,
            cwd=self.folder,
            environment=self.environment,
            limit=self.limit,
            monitor=monitor,
        )

    @property
    def environment(self) -> dict[str, str]:
        """The environment of this process, but with the URL and the keys of the sandbox."""
        return {name: value for name, value in os.environ.items() if not name.startswith("DD_")} | {
            "DD_HOST": self.sandbox.url,
            "DD_API_KEY": KEYS["DD-API-KEY"],
            "DD_APP_KEY": KEYS["DD-APPLICATION-KEY"],
            "BENCH_LATENCY": str(self.latency / 1000),
        }
