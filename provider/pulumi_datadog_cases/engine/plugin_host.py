"""Sets up the plugin process, in which Pulumi runs dynamic providers.

Most functions rely on undocumented behaviour of Pulumi's Python SDK. A note "Canary" in such a
function names the test that fails when the SDK changes that behaviour.
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

#: If this environment variable is set, errors show their traceback.
DEBUG = "PULUMI_DATADOG_CASES_DEBUG"


def set_up() -> None:
    """Shorten errors to one line, enlarge the worker pool, and exit when Pulumi ends.

    `gc.freeze` exempts the modules loaded so far from garbage collection. Otherwise a collection
    would take 20 ms during the first request.
    """
    if not os.environ.get(DEBUG):
        # The SDK sends the text of `traceback.format_exc()` to Pulumi. With a limit of 0 the text
        # is only the message.
        # Canary: test_plugin_host.py::test_canary_sdk_sends_tracebacks.
        sys.tracebacklimit = 0
    widen_worker_pool()
    _start_watching_pulumi()
    gc.freeze()


@functools.cache
def _start_watching_pulumi() -> None:
    threading.Thread(target=exit_with_pulumi, name="exit with Pulumi", daemon=True).start()


def exit_with_pulumi() -> None:
    """Wait until Pulumi ends, then end this process.

    If Pulumi is killed, its plugins keep running (tried). A plugin in the middle of a create would
    then continue while the next run starts. The plugin's stdout is a pipe that Pulumi reads. When
    Pulumi ends, the pipe loses its reader, and `poll` reports that at once. Windows has no `poll`.
    There, and if stdout is not a pipe, the plugin keeps running. Canary:
    test_plugin_host.py::test_canary_plugin_exits_with_pulumi.
    """
    if not hasattr(select, "poll") or not stat.S_ISFIFO(os.fstat(STDOUT).st_mode):
        return
    reader = select.poll()
    reader.register(STDOUT, 0)  # with no events, `poll` reports only the loss of the reader
    reader.poll()
    os._exit(1)  # ends all threads


def urn_of_call() -> str | None:
    """Return the URN of the resource that the current call is about, or None if not found.

    The SDK does not pass the URN to dynamic providers. But a function of the SDK that is on the
    call stack has a local variable `request`, and its attribute `urn` is the URN. Canary:
    test_plugin_host.py::test_canary_call_knows_its_urn.
    """
    frame = inspect.currentframe()
    while frame is not None:
        urn = getattr(frame.f_locals.get("request"), "urn", None)
        if isinstance(urn, str):
            return urn
        frame = frame.f_back
    return None


def widen_worker_pool() -> bool:
    """Enlarge the thread pool that runs the current call; return whether it worked.

    The SDK runs 4 calls at a time, whatever `--parallel` says. The pool can be reached only through
    one of its worker threads: the thread's first argument is a weak reference to the pool. If the
    SDK changes this, the limit of 4 stays. Canary:
    test_plugin_host.py::test_canary_worker_finds_its_pool.

    Pulumi sends all reads, or all deletes, at once. The calls that arrive before this function has
    raised the limit wait in a queue. The pool does not start workers for them later, and ran 4
    deletes at a time to the end (tried). So this function starts one worker for each waiting call.
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

    The causes must be removed because Python prints them even if it prints no traceback. An id or a
    name in the message may contain line breaks and control characters. These are escaped.
    """
    try:
        yield
    except Exception as error:
        error.args = tuple(escape_controls(a) if isinstance(a, str) else a for a in error.args)
        if not os.environ.get(DEBUG):
            error.__cause__ = None  # hides `__context__` too
        raise


def warn(message: str) -> None:
    """Show the user a warning.

    Pulumi shows the stderr of a dynamic provider as information on the stack. `pulumi.log` does not
    work here, because the plugin process has no connection to Pulumi's engine.
    """
    sys.stderr.write(f"warning: {escape_controls(message)}\n")
    sys.stderr.flush()
