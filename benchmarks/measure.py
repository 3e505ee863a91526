"""What was measured: repeated figures by what they are of, kept as JSON."""

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

from benchmarks import get_peers, processes
from benchmarks.contenders.contender import PARALLEL

#: Quantities: seconds, requests, bytes of the state, bytes of the plugin's memory, and seconds from
#: the first request to the last answer.
SECONDS, REQUESTS, STATE, MEMORY, ASKING = "seconds", "requests", "state", "memory", "asking"


class Key(NamedTuple):
    """What figures are of.

    Attributes:
        workload: Its name.
        step: Its name.
        contender: Its name.
        n: How many resources there are.
        latency: Milliseconds that the API waits before each answer.
    """

    workload: str
    step: str
    contender: str
    n: int
    latency: int


@dataclass
class Row:
    """The figures of one key.

    Attributes:
        figures: By quantity, one figure per repeat.
        failure: Why there are none, or no more.
    """

    figures: dict[str, list[float]] = field(default_factory=dict)
    failure: str | None = None

    def median(self, quantity: str) -> float | None:
        """The median of the repeats; None where there are none."""
        figures = self.figures.get(quantity)
        return statistics.median(figures) if figures else None

    def spread(self, quantity: str) -> float:
        """From the least of the repeats to the most."""
        figures = self.figures.get(quantity) or [0.0]
        return max(figures) - min(figures)


class Results:
    """All that one run has measured.

    Attributes:
        machine: Where, with what, and when.
        rows: By key, in the order of measurement.
    """

    def __init__(self, machine: Mapping[str, str]) -> None:
        self.machine = machine
        self.rows: dict[Key, Row] = {}

    def add(self, key: Key, figures: Mapping[str, float]) -> None:
        """Add the figures of a repeat, by quantity."""
        row = self.rows.setdefault(key, Row())
        for quantity, figure in figures.items():
            row.figures.setdefault(quantity, []).append(round(figure, 4))

    def fail(self, key: Key, why: str) -> None:
        """Note why there is no figure."""
        self.rows.setdefault(key, Row()).failure = why

    def row(self, key: Key) -> Row:
        """The figures of a key; none where nothing was measured."""
        return self.rows.get(key, Row())

    def keys(self, workload: str, step: str, contender: str) -> Iterator[Key]:
        """The keys of a contender's step for all numbers of resources and latencies."""
        return (key for key in self.rows if key[:3] == (workload, step, contender))

    def write(self, path: Path) -> None:
        """Keep them as JSON, a line per row."""
        rows = [json.dumps([*key, row.figures, row.failure]) for key, row in self.rows.items()]
        machine = json.dumps(self.machine, indent=1)
        lines = ",\n".join(rows)
        text = f'{{"machine": {machine},\n"rows": [\n{lines}\n]}}\n'
        path.write_text(text, encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what was kept."""
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        results = cls(kept["machine"])
        for *key, figures, failure in kept["rows"]:
            results.rows[Key(*key)] = Row(figures, failure)
        return results


def this_machine(today: str) -> dict[str, str]:
    """What a reader has to know of where the figures come from."""
    pulumi = processes.run(
        ["pulumi", "version"], cwd=Path.cwd(), environment=os.environ, limit=60
    ).strip()
    peers = get_peers.versions()
    return {
        "date": today,
        "processors": f"{os.cpu_count()} ({platform.machine()})",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": platform.system(),
        "load before the run": f"{os.getloadavg()[0]:.1f}",
        "python": platform.python_version(),
        "operations at a time": str(PARALLEL),
        "pulumi": f"{pulumi.removeprefix('v')}, SDK {version('pulumi')}",
        "opentofu": f"{peers['opentofu']}, provider Mastercard/restapi {peers['restapi']}",
        "datadog-api-client": version("datadog-api-client"),
    }
