"""A contender that is a Pulumi program, run by the real `pulumi`."""

import json
from pathlib import Path
from typing import Any, ClassVar

import psutil

from benchmarks import processes
from benchmarks.contenders.contender import PARALLEL, Contender, Plan

#: On the command line of the process that runs dynamic providers.
PLUGIN = "pulumi.dynamic"


class StackContender(Contender):
    """A program of Pulumi's, its state in files, as users have it on one machine."""

    #: The folder of its program.
    program: ClassVar[str]

    #: Whether Pulumi writes its state once, at the end. With files it writes the whole of it after
    #: each step otherwise, and thousands of resources take it nothing but that.
    writes_state_once = False
    #: Whether to look at the memory of the plugin, which takes a little of the processor's time.
    watches_memory = False
    #: Bytes: the most that the plugin has had while it was watched.
    peak_memory = 0

    def prepare(self) -> None:
        """Make the stack."""
        self.take_program(self.program)
        (self.folder / "Pulumi.yaml").write_text("name: bench\nruntime: python\n", encoding="utf-8")
        self.run("pulumi", "stack", "init", "bench", "--non-interactive")

    def up(self, plan: Plan) -> None:
        """Run `pulumi up`, without the preview that users get before it."""
        self.write(plan)
        self.pulumi("up", "--yes", "--skip-preview")

    def check(self) -> None:
        """Run `pulumi preview --refresh`."""
        self.pulumi("preview", "--refresh")

    def destroy(self) -> None:
        """Run `pulumi destroy`, without the preview that users get before it."""
        self.pulumi("destroy", "--yes", "--skip-preview")

    def pulumi(self, command: str, *options: str) -> None:
        """Run an operation of Pulumi's."""
        usual = ("--parallel", str(PARALLEL), "--non-interactive", "--suppress-progress")
        meanwhile = self._watch if self.watches_memory else None
        self.run("pulumi", command, *options, *usual, meanwhile=meanwhile)

    def _watch(self, pulumi: psutil.Process) -> None:
        self.peak_memory = max(self.peak_memory, processes.peak_memory(pulumi, PLUGIN))

    @property
    def environment(self) -> dict[str, str]:
        """With a state and a home that are the benchmark's own."""
        return super().environment | {
            "PULUMI_BACKEND_URL": self.folder.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "benchmark",
            # For developers' `pulumi-datadog`, which no contender uses.
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_DATADOG_CASES_JOURNAL": str(self.folder / "journal"),
            "PULUMI_HOME": str(self.folder.parent / "pulumi-home"),
            "PULUMI_SKIP_CHECKPOINTS": str(self.writes_state_once).lower(),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }

    @property
    def state(self) -> Path:
        """The file that holds the state."""
        return self.folder / ".pulumi" / "stacks" / "bench" / "bench.json"

    @property
    def resources(self) -> list[dict[str, Any]]:
        """The program's resources, as the state has them."""
        deployed = json.loads(self.state.read_text(encoding="utf-8"))["checkpoint"]["latest"]
        return [each for each in deployed["resources"] if "id" in each and "provider" in each]
