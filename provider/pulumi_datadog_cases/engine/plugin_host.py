"""Set-up of the plugin process in which Pulumi runs dynamic providers.

Most functions rely on SDK behaviour that Pulumi does not promise. The docstring of each names its
canary: a test that fails when that behaviour changes.
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

from pulumi_datadog_cases._text import escape_controls

STDOUT = 1

#: The maximum number of concurrent calls; more than any sensible `--parallel`.
WORKERS = 64

#: The environment variable that, if set, shows tracebacks.
DEBUG = "PULUMI_DATADOG_CASES_DEBUG"


def set_up() -> None:
    """Set up one-line errors, a larger worker pool, and an exit when Pulumi is gone.

    `gc.freeze` exempts the modules loaded so far from garbage collection: a collection takes 20 ms,
    and the first happens with the first request.
    """
    if not os.environ.get(DEBUG):
        # The SDK shows `traceback.format_exc()`; without frames that is just the message.
        # Canary: test_plugin_host.py::test_canary_sdk_sends_tracebacks.
        sys.tracebacklimit = 0
    widen_worker_pool()
    _start_watching_pulumi()
    gc.freeze()


@functools.cache
def _start_watching_pulumi() -> None:
    threading.Thread(target=exit_with_pulumi, name="exit with Pulumi", daemon=True).start()


def exit_with_pulumi() -> None:
    """Wait until Pulumi is gone, then end this process.

    A killed Pulumi does not end its plugins (tried): one in the middle of a create would continue
    while the next run starts. The pipe that Pulumi passes as stdout then has no reader, which
    `poll` reports at once. Without such a pipe, or without `poll` as on Windows, the plugin stays.
    Canary: test_plugin_host.py::test_canary_plugin_exits_with_pulumi.
    """
    if not hasattr(select, "poll") or not stat.S_ISFIFO(os.fstat(STDOUT).st_mode):
        return
    reader = select.poll()
    reader.register(STDOUT, 0)  # no events but the loss of the reader
    reader.poll()
    os._exit(1)  # ends all threads


def urn_of_call() -> str | None:
    """Return the URN of the resource that the current call is about, or None if not found.

    The SDK does not pass it to dynamic providers, but has it in a local variable `request` of a
    calling frame. Canary: test_plugin_host.py::test_canary_call_knows_its_urn.
    """
    frame = inspect.currentframe()
    while frame is not None:
        urn = getattr(frame.f_locals.get("request"), "urn", None)
        if isinstance(urn, str):
            return urn
        frame = frame.f_back
    return None


def widen_worker_pool() -> bool:
    """Raise the size of the thread pool that runs the current call; return whether it worked.

    The SDK serves 4 calls at a time whatever `--parallel` says. A worker thread's first argument
    is a weak reference to its executor, which is the only way to it. If that has changed, the limit
    of 4 stays. Canary: test_plugin_host.py::test_canary_worker_finds_its_pool.

    Pulumi sends reads and deletes all at once, so some are queued before the first call can raise
    the limit. Workers for those are started here, because a pool that has queued calls believes
    that as many workers are idle, and would run 4 deletes at a time until the end (tried).
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
    """Reduce an exception to one line, without its causes.

    Chained exceptions are printed with their causes even without a traceback. An id or a name in a
    message may contain line breaks or control characters, which are escaped.
    """
    try:
        yield
    except Exception as error:
        error.args = tuple(escape_controls(a) if isinstance(a, str) else a for a in error.args)
        if not os.environ.get(DEBUG):
            error.__cause__ = None  # suppresses the context too
        raise


def warn(message: str) -> None:
    """Show the user a warning.

    Pulumi shows what a dynamic provider prints on stderr as information on the stack. `pulumi.log`
    does not work in the plugin process, because it has no connection to the engine.
    """
    sys.stderr.write(f"warning: {escape_controls(message)}\n")
    sys.stderr.flush()
