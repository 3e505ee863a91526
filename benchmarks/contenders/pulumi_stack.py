"""The base class of contenders that deploy a Pulumi program with the real `pulumi`."""

import json
from pathlib import Path
from typing import Any, ClassVar

import psutil

from benchmarks import processes
from benchmarks.contenders.base import PARALLEL, Contender, Plan


class PulumiContender(Contender):
    """A Pulumi program that keeps its state in local files."""

    #: The program's folder in `benchmarks/programs`.
    program: ClassVar[str]
    #: The command that starts the plugin.
    plugin: ClassVar[str] = "pulumi-resource-pulumi-python"
    #: Text on the command line of the plugin's Python process.
    plugin_process: ClassVar[str] = "pulumi.dynamic"

    #: Whether Pulumi writes the state only once, at the end. By default, Pulumi writes the state
    #: after each step. With thousands of resources, these writes take most of the time.
    skip_checkpoints = False
    #: Whether to measure the plugin's memory. The measurement uses a little processor time.
    measure_memory = False
    #: The plugin's largest resident set size, in bytes.
    peak_memory = 0

    def set_up(self) -> None:
        """Create the stack."""
        self.copy_program(self.program)
        (self.folder / "Pulumi.yaml").write_text("name: bench\nruntime: python\n", encoding="utf-8")
        self.run("pulumi", "stack", "init", "bench", "--non-interactive")

    def up(self, plan: Plan) -> None:
        """Run `pulumi up` without the preview that it shows by default."""
        self.write_plan(plan)
        self.pulumi("up", "--yes", "--skip-preview")

    def check(self) -> None:
        """Run `pulumi preview --refresh`."""
        self.pulumi("preview", "--refresh")

    def destroy(self) -> None:
        """Run `pulumi destroy` without the preview that it shows by default."""
        self.pulumi("destroy", "--yes", "--skip-preview")

    def pulumi(self, command: str, *options: str) -> None:
        """Run a Pulumi command."""
        usual = ("--parallel", str(PARALLEL), "--non-interactive", "--suppress-progress")
        monitor = self._record_memory if self.measure_memory else None
        self.run("pulumi", command, *options, *usual, monitor=monitor)

    def _record_memory(self, pulumi: psutil.Process) -> None:
        self.peak_memory = max(self.peak_memory, processes.peak_memory(pulumi, self.plugin_process))

    @property
    def environment(self) -> dict[str, str]:
        """The base environment, with a separate state and home folder for Pulumi."""
        return super().environment | {
            "PULUMI_BACKEND_URL": self.folder.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "benchmark",
            # Without this variable, Pulumi downloads the plugin of `pulumi-datadog`, because that
            # package is a development dependency of this project.
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_DATADOG_CASES_JOURNAL": str(self.folder / "journal"),
            "PULUMI_HOME": str(self.folder.parent / "pulumi-home"),
            "PULUMI_SKIP_CHECKPOINTS": str(self.skip_checkpoints).lower(),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }

    @property
    def state(self) -> Path:
        """The state file."""
        return self.folder / ".pulumi" / "stacks" / "bench" / "bench.json"

    @property
    def resources(self) -> list[dict[str, Any]]:
        """The program's resources, read from the state."""
        deployment = json.loads(self.state.read_text(encoding="utf-8"))["checkpoint"]["latest"]
        return [each for each in deployment["resources"] if "id" in each and "provider" in each]
