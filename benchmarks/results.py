"""The results of a run, stored as JSON. For each measured step, they contain samples by metric."""

import json
import os
import platform
import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple, Self

import psutil

from benchmarks import opentofu_build, processes
from benchmarks.contenders.base import PARALLEL

#: The metrics are, in this order: the seconds of the step, the number of requests, the size of the
#: state in bytes, the plugin's memory in bytes, and the seconds from the first request to the last
#: response.
SECONDS, REQUESTS, STATE, MEMORY, API_SECONDS = "seconds", "requests", "state", "memory", "asking"


class Key(NamedTuple):
    """Identifies what was measured: a step of a workload by a contender, at one size and latency.

    Attributes:
        workload: Name of the workload.
        step: Name of the step.
        contender: Name of the contender.
        n: Number of resources.
        latency: Milliseconds that the API waits before each response.
    """

    workload: str
    step: str
    contender: str
    n: int
    latency: int


@dataclass
class Row:
    """The samples of one key.

    Attributes:
        samples: For each metric, one sample per repeat.
        failure: The reason why samples are missing, or None if all samples were measured.
    """

    samples: dict[str, list[float]] = field(default_factory=dict)
    failure: str | None = None

    def median(self, metric: str) -> float | None:
        """Return the median of the samples, or None if there are no samples."""
        samples = self.samples.get(metric)
        return statistics.median(samples) if samples else None

    def spread(self, metric: str) -> float:
        """Return the difference between the largest and the smallest sample."""
        samples = self.samples.get(metric) or [0.0]
        return max(samples) - min(samples)


class Results:
    """All results of one run.

    Attributes:
        machine: Date, hardware and versions of the run.
        rows: Samples by key, in the order of measurement.
    """

    def __init__(self, machine: Mapping[str, str]) -> None:
        self.machine = machine
        self.rows: dict[Key, Row] = {}

    def add(self, key: Key, samples: Mapping[str, float]) -> None:
        """Add the samples of one repeat, one for each metric."""
        row = self.rows.setdefault(key, Row())
        for metric, sample in samples.items():
            row.samples.setdefault(metric, []).append(round(sample, 4))

    def fail(self, key: Key, reason: str) -> None:
        """Record the reason why samples of a key are missing."""
        self.rows.setdefault(key, Row()).failure = reason

    def row(self, key: Key) -> Row:
        """Return the samples of a key, or an empty row if nothing was measured."""
        return self.rows.get(key, Row())

    def keys(self, workload: str, step: str, contender: str) -> Iterator[Key]:
        """Yield the keys of a contender's step, for all sizes and latencies."""
        return (key for key in self.rows if key[:3] == (workload, step, contender))

    def write(self, path: Path) -> None:
        """Write the results as JSON, one line per row."""
        rows = [json.dumps([*key, row.samples, row.failure]) for key, row in self.rows.items()]
        machine = json.dumps(self.machine, indent=1)
        lines = ",\n".join(rows)
        text = f'{{"machine": {machine},\n"rows": [\n{lines}\n]}}\n'
        path.write_text(text, encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read results from a file that `write` wrote."""
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        results = cls(document["machine"])
        for *key, samples, failure in document["rows"]:
            results.rows[Key(*key)] = Row(samples, failure)
        return results


def describe_machine(date: str) -> dict[str, str]:
    """Return the hardware and software versions of this machine, for the report."""
    pulumi = processes.run(
        ["pulumi", "version"], cwd=Path.cwd(), environment=os.environ, limit=60
    ).strip()
    opentofu = opentofu_build.versions()
    return {
        "date": date,
        "processors": f"{os.cpu_count()} ({platform.machine()})",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": platform.system(),
        "load before the run": f"{os.getloadavg()[0]:.1f}",
        "python": platform.python_version(),
        "operations at a time": str(PARALLEL),
        "pulumi": f"{pulumi.removeprefix('v')}, SDK {version('pulumi')}",
        "opentofu": f"{opentofu['opentofu']}, provider Mastercard/restapi {opentofu['restapi']}",
        "datadog-api-client": version("datadog-api-client"),
    }
