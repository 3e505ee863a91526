"""The floor: a dynamic provider that only waits for one latency per call.

It shows the cost of the engine, the SDK and the language host, with the cheapest possible dynamic
provider: the state contains only its name and no secret, and the plugin has as many workers as this
project's (by default the SDK serves 4 calls at a time, whatever Pulumi's concurrency is).
"""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pulumi.dynamic import (
    CreateResult,
    DiffResult,
    ReadResult,
    Resource,
    ResourceProvider,
    UpdateResult,
)

LATENCY = float(os.environ["BENCH_LATENCY"])
WORKERS = 64


class WaitingProvider(ResourceProvider):
    """A provider that only waits."""

    serialize_as_secret_always = False

    def configure(self, req: object) -> None:
        """Enlarge the pool of workers, which the first argument of a worker's thread refers to."""
        del req
        pool: object = threading.current_thread()._args[0]()  # type: ignore[attr-defined] # noqa: SLF001
        if isinstance(pool, ThreadPoolExecutor):
            pool._max_workers = WORKERS  # noqa: SLF001
            for _ in range(pool._work_queue.qsize()):  # noqa: SLF001 - calls that already wait
                pool._adjust_thread_count()  # noqa: SLF001

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        """Compare the inputs."""
        return DiffResult(changes=olds != news)

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Wait for one latency per request that the API would need."""
        time.sleep(LATENCY * props["rounds"])
        return CreateResult("id", props)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Wait for one latency."""
        time.sleep(LATENCY)
        return ReadResult(id_, props)

    def update(self, _id: str, _olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """Wait for one latency."""
        time.sleep(LATENCY)
        return UpdateResult(news)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Wait for one latency."""
        time.sleep(LATENCY)


class Waiting(Resource, module="benchmarks", name="Waiting"):
    """A resource without an object."""

    def __init__(self, name: str, properties: dict[str, Any]) -> None:
        super().__init__(WaitingProvider(), name, properties)
