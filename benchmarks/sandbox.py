"""Runs and controls the sandbox, the local server that serves Datadog's API to all contenders."""

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
#: Seconds between two readings of the request counts.
_INTERVAL = 0.05


class Sandbox:
    """A running sandbox: sets its latency, creates objects in it and counts its requests."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session = requests.Session()
        self._session.headers.update(KEYS)

    def reset(self) -> None:
        """Restore the sandbox's initial data."""
        self._session.post(f"{self.url}/sandbox/reset", timeout=60).raise_for_status()

    def set_latency(self, milliseconds: int) -> None:
        """Delay each response by this many milliseconds, and reset the request count."""
        faults = f"{self.url}/sandbox/faults"
        self._session.delete(faults, timeout=60).raise_for_status()
        fault = {"endpoint": "*", "kind": "latency", "seconds": milliseconds / 1000}
        self._session.post(faults, json=fault, timeout=60).raise_for_status()

    def request_count(self) -> int:
        """Return the number of requests since the last call of `set_latency`.

        `set_latency` orders the sandbox to delay each response. The sandbox calls such an order a
        fault, and counts the requests to which the fault has applied.
        """
        faults = self._session.get(f"{self.url}/sandbox/faults", timeout=60).json()
        count: int = faults[0]["struck"]
        return count

    @contextmanager
    def measured_traffic(self) -> Generator[Callable[[], float]]:
        """Measure the seconds from the first request to the last response inside a `with` block.

        The block gets a function that returns the seconds. Call this function after the block.
        Reset the sandbox before the block: this method reads the sandbox's log of requests at short
        intervals, and a long log would slow the sandbox down.
        """
        times: list[float] = []
        stopped = threading.Event()

        def poll() -> None:
            previous = (0, self._response_count())
            is_last = False
            while not is_last:
                is_last = stopped.wait(_INTERVAL)
                counts = (self.request_count(), self._response_count())
                if counts != previous:
                    times.append(time.perf_counter())
                    previous = counts

        polling = threading.Thread(target=poll)
        polling.start()
        try:
            yield lambda: times[-1] - times[0] if times else 0.0
        finally:
            stopped.set()
            polling.join()

    def _response_count(self) -> int:
        return len(self._session.get(f"{self.url}/sandbox/requests", timeout=60).json())

    def create_project(self) -> str:
        """Create a project, and return its id."""
        attributes = {"key": "BENCH", "name": "Benchmarks"}
        return self._create("projects", {"type": "project", "attributes": attributes})

    def create_rules(self, project_id: str, rules: Sequence[object]) -> list[str]:
        """Create rules directly, not through a contender, and return their ids."""
        with ThreadPoolExecutor(_WORKERS) as pool:
            create = partial(self._create, f"projects/{project_id}/rules")
            return [*pool.map(create, ({"type": "rule", "attributes": rule} for rule in rules))]

    def _create(self, path: str, data: object) -> str:
        response = self._session.post(
            f"{self.url}/api/v2/cases/{path}", json={"data": data}, timeout=60
        )
        response.raise_for_status()
        created: dict[str, Any] = response.json()["data"]
        return str(created["id"])


@contextmanager
def sandbox(*options: str | Path) -> Generator[Sandbox]:
    """Run a sandbox on a free port."""
    with CaseSandbox.started(*map(str, options)) as running:
        yield Sandbox(running.url)
