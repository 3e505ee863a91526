"""The API that all contenders work at: one sandbox process, and what the harness asks of it."""

import threading
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import requests

from pulumi_datadog_cases.testing import CaseSandbox

KEYS = {"DD-API-KEY": "sandbox-api-key", "DD-APPLICATION-KEY": "sandbox-app-key"}
_WORKERS = 8
#: Seconds between two looks of a watch.
_LOOK = 0.05


class Sandbox:
    """A sandbox, seen from the harness."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session = requests.Session()
        self._session.headers.update(KEYS)

    def reset(self) -> None:
        """Go back to how the sandbox was when it started."""
        self._session.post(f"{self.url}/sandbox/reset", timeout=60).raise_for_status()

    def set_latency(self, milliseconds: int) -> None:
        """Let each request of the API wait so long, and begin to count them anew."""
        faults = f"{self.url}/sandbox/faults"
        self._session.delete(faults, timeout=60).raise_for_status()
        fault = {"endpoint": "*", "kind": "latency", "seconds": milliseconds / 1000}
        self._session.post(faults, json=fault, timeout=60).raise_for_status()

    def requests(self) -> int:
        """How many requests came since the latency was set: it has struck each of them."""
        faults = self._session.get(f"{self.url}/sandbox/faults", timeout=60).json()
        struck: int = faults[0]["struck"]
        return struck

    @contextmanager
    def watched(self) -> Generator[Callable[[], float]]:
        """Watch the API; afterwards, say for how many seconds it was asked.

        From the coming of the first request to the answer of the last. The API should have been
        reset a moment before, because the watch reads again and again what it was asked.
        """
        times: list[float] = []
        over = threading.Event()

        def watch() -> None:
            seen = (0, self._answered())
            is_over = False
            while not is_over:
                is_over = over.wait(_LOOK)
                now = (self.requests(), self._answered())
                if now != seen:
                    times.append(time.perf_counter())
                    seen = now

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            yield lambda: times[-1] - times[0] if times else 0.0
        finally:
            over.set()
            watcher.join()

    def _answered(self) -> int:
        return len(self._session.get(f"{self.url}/sandbox/requests", timeout=60).json())

    def make_project(self) -> str:
        """Make a project, and return its id."""
        attributes = {"key": "BENCH", "name": "Benchmarks"}
        return self._make("projects", {"type": "project", "attributes": attributes})

    def make_rules(self, project_id: str, rules: Sequence[object]) -> list[str]:
        """Make rules by hand, as it were, and return their ids."""
        with ThreadPoolExecutor(_WORKERS) as pool:
            make = partial(self._make, f"projects/{project_id}/rules")
            return [*pool.map(make, ({"type": "rule", "attributes": rule} for rule in rules))]

    def _make(self, path: str, data: object) -> str:
        answer = self._session.post(
            f"{self.url}/api/v2/cases/{path}", json={"data": data}, timeout=60
        )
        answer.raise_for_status()
        made: dict[str, Any] = answer.json()["data"]
        return str(made["id"])


@contextmanager
def sandbox(*options: str | Path) -> Generator[Sandbox]:
    """Run a sandbox on a free port."""
    with CaseSandbox.started(*map(str, options)) as started:
        yield Sandbox(started.url)
