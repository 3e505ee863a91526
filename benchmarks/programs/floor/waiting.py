"""The floor: a dynamic provider that does nothing but wait one latency per call.

What is left is what the engine, the SDK and the language host cost. It is as cheap as a dynamic
provider can be: the state holds its name alone, no secret, and the pool of the plugin's workers is
as wide as this project makes its own (the SDK serves 4 calls at a time, whatever is asked for).
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
    """Waits."""

    serialize_as_secret_always = False

    def configure(self, req: object) -> None:
        """Widen the pool of workers: the first argument of a worker's thread leads to it."""
        del req
        pool: object = threading.current_thread()._args[0]()  # type: ignore[attr-defined] # noqa: SLF001
        if isinstance(pool, ThreadPoolExecutor):
            pool._max_workers = WORKERS  # noqa: SLF001
            for _ in range(pool._work_queue.qsize()):  # noqa: SLF001 - calls that wait already
                pool._adjust_thread_count()  # noqa: SLF001

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        """Compare."""
        return DiffResult(changes=olds != news)

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Wait as often as the API would have to be asked, one after the other."""
        time.sleep(LATENCY * props["rounds"])
        return CreateResult("id", props)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Wait."""
        time.sleep(LATENCY)
        return ReadResult(id_, props)

    def update(self, _id: str, _olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """Wait."""
        time.sleep(LATENCY)
        return UpdateResult(news)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Wait."""
        time.sleep(LATENCY)


class Waiting(Resource, module="benchmarks", name="Waiting"):
    """A resource of which nothing is there."""

    def __init__(self, name: str, properties: dict[str, Any]) -> None:
        super().__init__(WaitingProvider(), name, properties)
