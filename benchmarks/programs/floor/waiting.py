"""The floor: a dynamic provider that only waits.

A deployment with this provider shows the cost of Pulumi's engine, SDK and language host. The
provider costs as little as a dynamic provider can cost:

- The state contains the name of the provider class instead of the pickled provider, and does not
  store the name as a secret.
- The plugin has as many worker threads as this project's plugin. By default, the SDK serves only 4
  calls at a time, even if Pulumi makes more calls concurrently.
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
        """Enlarge the plugin's thread pool.

        Pulumi calls this method in a thread of the pool. The thread's first argument refers to the
        pool.
        """
        del req
        pool: object = threading.current_thread()._args[0]()  # type: ignore[attr-defined] # noqa: SLF001
        if isinstance(pool, ThreadPoolExecutor):
            pool._max_workers = WORKERS  # noqa: SLF001
            for _ in range(pool._work_queue.qsize()):  # noqa: SLF001 - calls already waiting for a thread
                pool._adjust_thread_count()  # noqa: SLF001

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        """Compare the inputs without waiting, because the comparison needs no request."""
        return DiffResult(changes=olds != news)

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Wait for one latency per round of requests that the API would need."""
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
    """A resource that creates no object in the API."""

    def __init__(self, name: str, properties: dict[str, Any]) -> None:
        super().__init__(WaitingProvider(), name, properties)
