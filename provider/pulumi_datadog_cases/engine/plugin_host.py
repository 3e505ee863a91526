"""What is set up once in the process in which Pulumi runs a dynamic provider.

Each of these leans on something Pulumi's SDK does but does not promise; a test named in the
function's docstring says when it no longer holds.
"""

import functools
import gc
import inspect
import os
import select
import stat
import sys
import threading
import weakref
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import cast

from pulumi_datadog_cases.engine.values import printable

STDOUT = 1

#: How many calls may run side by side; more than any sensible `--parallel`.
WORKERS = 64

#: Set to anything, it brings tracebacks back.
DEBUG = "PULUMI_DATADOG_CASES_DEBUG"


def set_up() -> None:
    """Make the process fit for users: one-line errors, as many workers as Pulumi asks for.

    What is loaded by now stays to the end, so no collection of garbage has to walk through it: one
    takes 20 ms, and the first comes with the first request.
    """
    if not os.environ.get(DEBUG):
        # The SDK sends `traceback.format_exc()` to the user; without frames that is the message.
        # Canary: test_plugin_host.py::test_the_sdk_still_sends_tracebacks.
        sys.tracebacklimit = 0
    widen_worker_pool()
    _watch_pulumi()
    gc.freeze()


@functools.cache
def _watch_pulumi() -> None:
    threading.Thread(target=end_with_pulumi, name="end with Pulumi", daemon=True).start()


def end_with_pulumi() -> None:
    """Wait until nobody reads what this process says, then end it.

    A Pulumi that is killed leaves its plugins behind, for ever (tried): one in the middle of a
    create would go on with it, unseen by the run that comes next. The pipe that Pulumi has given it
    as stdout then has no reader, which the system tells at once. Where there is no such pipe, or no
    `poll` as on Windows, the plugin lives on.
    Canary: test_plugin_host.py::test_a_plugin_ends_with_its_pulumi.
    """
    if not hasattr(select, "poll") or not stat.S_ISFIFO(os.fstat(STDOUT).st_mode):
        return
    reader = select.poll()
    reader.register(STDOUT, 0)  # of nothing but that it is gone
    reader.poll()
    os._exit(1)  # no thread may go on


def urn_of_call() -> str | None:
    """The URN of the resource that the calling worker serves; None where that has changed.

    The SDK does not hand it on to a dynamic provider, but has it in the request from which it
    calls the provider. Canary: test_plugin_host.py::test_a_call_knows_its_urn.
    """
    frame = inspect.currentframe()
    while frame is not None:
        urn = getattr(frame.f_locals.get("request"), "urn", None)
        if isinstance(urn, str):
            return urn
        frame = frame.f_back
    return None


def widen_worker_pool() -> bool:
    """Let the calling worker's pool grow; answer whether that worked.

    The SDK serves 4 calls at a time whatever `--parallel` says. A worker thread is started with
    a weak reference to its executor as the first argument, which is the only way to it. Where
    that has changed, 4 it stays. Canary: test_plugin_host.py::test_a_worker_finds_its_pool.

    Reads and deletes come all at once, so some wait for a worker before the first call can widen
    anything. They are given theirs here: a pool that has once let calls wait takes as many workers
    for idle as there were, and of a destroy 4 deletes would run at a time to the end (tried).
    """
    arguments = getattr(threading.current_thread(), "_args", ())
    reference = arguments[0] if arguments else None
    if not isinstance(reference, weakref.ref):
        return False
    pool = cast("weakref.ref[object]", reference)()
    if not isinstance(pool, ThreadPoolExecutor):
        return False
    if pool._max_workers < WORKERS:  # noqa: SLF001 - see above
        pool._max_workers = WORKERS  # noqa: SLF001
        for _ in range(pool._work_queue.qsize()):  # noqa: SLF001
            pool._adjust_thread_count()  # noqa: SLF001
    return True


@contextmanager
def one_line_errors() -> Generator[None]:
    """Let an exception reach Pulumi in one line, without the ones that caused it.

    A chained exception is printed with its causes even where no traceback is. An id or a name in
    a message may hold what would break the line, or steer the terminal.
    """
    try:
        yield
    except Exception as error:
        error.args = tuple(printable(a) if isinstance(a, str) else a for a in error.args)
        if not os.environ.get(DEBUG):
            error.__cause__ = None  # which takes the context away, too
        raise


def warn(message: str) -> None:
    """Tell the user something that is no error.

    Pulumi shows what a dynamic provider prints on stderr as information on the stack;
    `pulumi.log` has no engine to talk to in here.
    """
    sys.stderr.write(f"warning: {printable(message)}\n")
    sys.stderr.flush()
