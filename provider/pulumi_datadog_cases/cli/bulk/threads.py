"""`map_in_threads`: calls a function for many items concurrently, and ends soon after Ctrl-C."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, as_completed
from typing import Final, TypeVar

_T = TypeVar("_T")
_R = TypeVar("_R")

_THREADS: Final = 8
# Seconds to wait for the calls in progress after an error or Ctrl-C.
_GRACE: Final = 5.0


def map_in_threads(function: Callable[[_T], _R], items: Iterable[_T]) -> list[_R]:
    """Call a function for each item, eight at a time; return the results in the items' order.

    If a call raises an error, or the user presses Ctrl-C, no further call begins. The error or
    `KeyboardInterrupt` is raised after the calls in progress have ended, or after five seconds.

    The threads are daemons, so that a request without a response does not delay the end of the
    process. The process would wait for the threads of a `ThreadPoolExecutor`.
    """
    calls = [(Future[_R](), item) for item in items]
    futures = [future for future, _ in calls]
    waiting = deque(calls)

    def work() -> None:
        while True:
            try:
                future, item = waiting.popleft()
            except IndexError:
                return
            try:
                future.set_result(function(item))
            except Exception as error:  # noqa: BLE001 - raised by `future.result`
                future.set_exception(error)

    workers = [threading.Thread(target=work, daemon=True) for _ in range(_THREADS)]
    try:
        for worker in workers:
            worker.start()
        for future in as_completed(futures):
            future.result()
    except BaseException:
        waiting.clear()
        end = time.monotonic() + _GRACE
        for worker in workers:
            worker.join(max(0.0, end - time.monotonic()))
        raise
    return [future.result() for future in futures]
