"""Sets up the plugin process, in which Pulumi runs dynamic providers.

Most functions rely on undocumented behaviour of Pulumi's Python SDK. A note "Canary" in such a
function names the test that fails when the SDK changes that behaviour.
"""

import asyncio
import functools
import gc
import inspect
import os
import select
import stat
import sys
import threading
import traceback
import weakref
from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from types import MappingProxyType, SimpleNamespace
from typing import Any, Final, TypeVar, cast

from pulumi.dynamic import DiffResult
from pulumi.runtime import rpc

from pulumi_datadog_cases._text import escape_controls
from pulumi_datadog_cases.engine.detailed_diff import DiffKind, top_level_name
from pulumi_datadog_cases.engine.interruption import interrupted

_T = TypeVar("_T")

STDOUT = 1

#: The maximum number of concurrent calls; more than any sensible `--parallel`.
WORKERS = 64

#: The gRPC method with which Pulumi asks a plugin to stop.
CANCEL = "/pulumirpc.ResourceProvider/Cancel"

#: The gRPC status code with which the SDK reports an exception.
UNKNOWN = 2

#: If this environment variable is set, errors show their traceback.
DEBUG = "PULUMI_DATADOG_CASES_DEBUG"

#: The attribute that marks an exception. Pulumi shows only the message of a marked exception.
_ONE_LINE: Final = "_pulumi_datadog_cases_one_line"


def set_up() -> None:
    """Shorten errors, send detailed diffs, add workers, and react to Ctrl-C and to Pulumi's end.

    `gc.freeze` exempts the modules loaded so far from garbage collection. Without it, a collection
    would take 20 ms during the first request.
    """
    if not os.environ.get(DEBUG):
        _send_messages_without_tracebacks()
    send_detailed_diffs()
    widen_worker_pool()
    _start_watching_pulumi()
    _start_listening_for_cancel()
    gc.freeze()


@functools.cache
def _start_watching_pulumi() -> None:
    threading.Thread(target=exit_with_pulumi, name="exit with Pulumi", daemon=True).start()


def exit_with_pulumi() -> None:
    """Wait until Pulumi ends, then end this process.

    Without this function, the plugins of a killed Pulumi process keep running (tried). Such a
    plugin could finish a create after the next run has started. The plugin's stdout is a pipe that
    Pulumi reads. When Pulumi ends, the pipe loses its reader, and `poll` reports that at once.
    On Windows, which has no `poll`, the plugin keeps running. The same is true if stdout is not a
    pipe. Canary: test_plugin_host.py::test_canary_plugin_exits_with_pulumi.
    """
    if not hasattr(select, "poll") or not stat.S_ISFIFO(os.fstat(STDOUT).st_mode):
        return
    reader = select.poll()
    reader.register(STDOUT, 0)  # without events, `poll` reports only that the reader is gone
    reader.poll()
    os._exit(1)  # ends all threads


@functools.cache
def _start_listening_for_cancel() -> None:
    listen_for_cancel()


class _CancelListener:
    """Sets `interrupted` when Pulumi calls `Cancel`. The SDK's own handler sends the response."""

    def service(self, call: Any) -> None:  # noqa: ANN401 - grpc's HandlerCallDetails, without stubs
        """Notice a call of `Cancel`. Return None, so that grpc asks the next handler."""
        if call.method == CANCEL:
            interrupted.set()


def listen_for_cancel() -> bool:
    """Make Ctrl-C set `interrupted`; return whether a handler of `Cancel` could be inserted.

    After Ctrl-C, Pulumi calls `Cancel` of each plugin, waits for the calls that are in progress,
    and starts no new calls. Pulumi also calls `Cancel` at the end of each run. No call is running
    then, so nothing is interrupted. The SDK's `Cancel` does nothing. This function inserts a
    handler before the SDK's handler in the list of the gRPC server. The server is a local variable
    of the SDK's function `main`, which waits in the main thread. If the SDK or grpc changes these
    internals, waits continue after Ctrl-C.
    Canary: test_plugin_host.py::test_canary_cancel_interrupts_waits.
    """
    frame = sys._current_frames().get(threading.main_thread().ident or 0)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    while frame is not None:
        server = frame.f_locals.get("server")
        handlers = getattr(getattr(server, "_state", None), "generic_handlers", None)
        if isinstance(handlers, list):
            cast("list[object]", handlers).insert(0, _CancelListener())
            return True
        frame = frame.f_back
    return False


def urn_of_call() -> str | None:
    """Return the URN of the resource that the current call is about, or None if not found.

    The SDK does not pass the URN to dynamic providers. But a function of the SDK on the call stack
    has a local variable `request`, whose attribute `urn` is the URN. Canary:
    test_plugin_host.py::test_canary_call_knows_its_urn.
    """
    return _member_of_request("urn", str)


def time_limit_of_call() -> AbstractContextManager[None]:
    """Return a context in which waits end when the call has taken too long.

    The resource option `custom_timeouts` sets the limit. The SDK does not pass it to dynamic
    providers. But Pulumi's request, which is on the call stack, has it in seconds as `timeout`.
    Canary: test_plugin_host.py::test_canary_call_knows_its_time_limit.
    """
    return interrupted.time_limit(_member_of_request("timeout", float) or 0.0)


def _member_of_request(name: str, type_: type[_T]) -> _T | None:
    """Return a member of Pulumi's request of the current call, or None if not found."""
    members = (getattr(request, name, None) for request in _locals_of_callers("request"))
    return next((member for member in members if isinstance(member, type_)), None)


def _locals_of_callers(name: str) -> Iterator[object]:
    """Yield the values of the local variables with this name in all functions on the call stack."""
    frame = inspect.currentframe()
    while frame is not None:
        if name in frame.f_locals:
            yield frame.f_locals[name]
        frame = frame.f_back


def save_incomplete(id_: str, outputs: Mapping[str, object], reason: str) -> None:
    """Let Pulumi save an object in the state although the create that is in progress fails.

    Pulumi saves the object with the error, and updates it in the next deployment even if its inputs
    do not change. Providers in Go report such an object in the details of their gRPC error. The
    Python SDK offers no way to set these details. But a function of the SDK that is on the call
    stack has a local variable `context`, which is grpc's context of the call. This function sets
    the details in that context, and grpc sends them with the exception that the caller raises next.
    If the SDK changes this, Pulumi does not save the object.
    Canary: test_plugin_host.py::test_canary_incomplete_object_is_reported.

    Must not be called while an exception is handled: reading the variables of a frame, and
    importing a module, can keep the exception and all objects of its frames alive (tried).

    Args:
        id_: the object's id.
        outputs: the outputs to save, with the pickled provider.
        reason: why the create fails.
    """
    with suppress(Exception):
        from google.protobuf.any_pb2 import (  # type: ignore[import-untyped] # noqa: PLC0415
            Any as Message,
        )
        from pulumi.runtime.proto import provider_pb2, status_pb2  # noqa: PLC0415

        reason = escape_controls(reason)
        properties = asyncio.run(rpc.serialize_properties({**outputs}, {}))
        detail = Message()
        detail.Pack(
            provider_pb2.ErrorResourceInitFailed(id=id_, properties=properties, reasons=[reason])
        )
        status = status_pb2.Status(code=UNKNOWN, message=reason, details=[detail])
        context = cast("Any", next(_locals_of_callers("context")))
        context.set_trailing_metadata([("grpc-status-details-bin", status.SerializeToString())])


def widen_worker_pool() -> bool:
    """Enlarge the thread pool that runs the current call; return whether the pool was found.

    The SDK runs 4 calls at a time, whatever `--parallel` says. The pool can be reached only through
    one of its worker threads: the thread's first argument is a weak reference to the pool. If the
    SDK changes this, the limit of 4 stays. Canary:
    test_plugin_host.py::test_canary_worker_finds_its_pool.

    Pulumi sends all reads, or all deletes, at once. Some of these calls arrive before this function
    has raised the limit, and wait in a queue. A higher limit alone does not help them, because the
    pool starts a worker only when a call arrives. In a trial with the higher limit alone, no more
    than 4 deletes ran at a time. So this function starts one worker for each waiting call.
    """
    arguments = getattr(threading.current_thread(), "_args", ())
    reference = arguments[0] if arguments else None
    if not isinstance(reference, weakref.ref):
        return False
    pool = cast("weakref.ref[object]", reference)()
    if not isinstance(pool, ThreadPoolExecutor):
        return False
    if pool._max_workers < WORKERS:  # noqa: SLF001 - see the docstring
        pool._max_workers = WORKERS  # noqa: SLF001
        for _ in range(pool._work_queue.qsize()):  # noqa: SLF001
            pool._adjust_thread_count()  # noqa: SLF001
    return True


@contextmanager
def one_line_errors() -> Generator[None]:
    """Mark an exception, so that Pulumi shows only its message, without traceback and causes.

    An id or a name in the message may contain line breaks and control characters. These are
    escaped, so that the message is one line.
    """
    try:
        yield
    except Exception as error:
        error.args = tuple(escape_controls(a) if isinstance(a, str) else a for a in error.args)
        setattr(error, _ONE_LINE, True)
        raise


def _send_messages_without_tracebacks() -> None:
    """Let the SDK send only the messages of the exceptions that `one_line_errors` marked.

    The SDK sends the text of `traceback.format_exc()` to Pulumi. The SDK's module is the main
    module of this process. This function replaces the name `traceback` there. Exceptions of other
    dynamic providers in this process, such as the user's own, keep their tracebacks.
    Canary: test_plugin_host.py::test_canary_sdk_sends_tracebacks.
    """

    def format_exc() -> str:
        error = sys.exc_info()[1]
        if hasattr(error, _ONE_LINE):
            return "".join(traceback.format_exception_only(error))
        return traceback.format_exc()

    main = cast("Any", sys.modules["__main__"])
    if hasattr(main, "traceback"):
        main.traceback = SimpleNamespace(**{**vars(traceback), "format_exc": format_exc})


class DetailedDiffResult(DiffResult):
    """The result of a diff, with the paths that differ."""

    #: How the old inputs and the new inputs differ, by property path; see `detailed_diff`.
    paths: Mapping[str, DiffKind] = MappingProxyType({})


class _DiffResponses:
    """Replaces Pulumi's class `DiffResponse`, to add the paths of a `DetailedDiffResult`."""

    def __init__(self, proto: Any) -> None:  # noqa: ANN401 - Pulumi's module of messages
        self._proto = proto

    def __getattr__(self, name: str) -> object:
        return getattr(self._proto.DiffResponse, name)

    def __call__(self, **fields: object) -> object:
        response = self._proto.DiffResponse(**fields)
        result = next(_locals_of_callers("result"), None)
        if isinstance(result, DetailedDiffResult) and result.paths:
            response.changes = self._proto.DiffResponse.DIFF_SOME
            response.hasDetailedDiff = True
            for path, kind in result.paths.items():
                name = top_level_name(path)
                suffix = "_REPLACE" if name in (result.replaces or ()) else ""
                response.detailedDiff[path].kind = self._proto.PropertyDiff.Kind.Value(
                    f"{kind}{suffix}"
                )
                response.detailedDiff[path].inputDiff = True
                if name not in response.diffs:
                    response.diffs.append(name)
        return response


def send_detailed_diffs() -> None:
    """Let the SDK send the paths of a `DetailedDiffResult` to Pulumi.

    The SDK's function `Diff` has the `DiffResult` in its local variable `result`. `Diff` creates a
    `proto.DiffResponse` from only some members of the `DiffResult`. The SDK's module is the main
    module of this process. This function replaces the name `proto` there. If the SDK changes this,
    Pulumi compares the inputs itself, and compares lists by position.
    Canary: test_plugin_host.py::test_canary_diff_has_paths.
    """
    main = cast("Any", sys.modules["__main__"])
    proto: Any = getattr(main, "proto", None)
    if hasattr(proto, "DiffResponse") and not isinstance(proto.DiffResponse, _DiffResponses):
        main.proto = SimpleNamespace(**{**vars(proto), "DiffResponse": _DiffResponses(proto)})


def old_inputs_of_call() -> Mapping[str, Any]:
    """Return the inputs in the state, if the current call is a diff; empty if not found.

    The SDK does not pass them to dynamic providers. But Pulumi's request, which is on the call
    stack, has them as `old_inputs`. Canary: test_plugin_host.py::test_canary_diff_has_paths.
    """
    struct: Any = _member_of_request("old_inputs", object)
    found: Mapping[str, Any] = {} if struct is None else rpc.deserialize_properties(struct, True)
    return found


def warn(message: str) -> None:
    """Show the user a warning.

    Pulumi shows the stderr of a dynamic provider as information on the stack. `pulumi.log` does not
    work here, because the plugin process has no connection to Pulumi's engine.
    """
    sys.stderr.write(f"warning: {escape_controls(message)}\n")
    sys.stderr.flush()
