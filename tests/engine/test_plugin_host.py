"""Dynamic providers in the real plugin process, `python -m pulumi.dynamic`.

The process prints its port. The tests then call the process over gRPC, as Pulumi's engine does.
Canary tests fail if Pulumi's SDK changes a behaviour that this package relies on or works around.
"""

import base64
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, TypeAlias

import grpc  # type: ignore[import-untyped] # comes with pulumi, without stubs
import pytest
from google.protobuf.empty_pb2 import Empty  # type: ignore[import-untyped] # without stubs
from google.protobuf.struct_pb2 import Struct  # type: ignore[import-untyped] # without stubs
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, status_pb2
from tests.processes import start_server

from pulumi_datadog_cases.engine.plugin_host import (
    DEBUG,
    listen_for_cancel,
    save_incomplete,
    widen_worker_pool,
)

#: The source of two providers. `Plain` is like the providers in Pulumi's documentation. `Toy` uses
#: `pulumi_datadog_cases.engine`.
TOYS = '''
import threading
from collections.abc import Callable
from pulumi.dynamic import CreateResult, ReadResult, ResourceProvider
from pulumi_datadog_cases.engine import (
    Lifecycle, LiveObject, Prop, Resource, arg, computed, sleep
)
from pulumi_datadog_cases.engine.plugin_host import urn_of_call

class Plain(ResourceProvider):
    """A provider as in Pulumi's documentation. It does not use the engine of this package."""

    def create(self, props):
        meet(props)
        return CreateResult("id", {})

    def read(self, id_, props):
        return ReadResult("", None)

class Toy(Resource):
    """A resource that uses the engine of this package."""

    token_module = "toys"
    package = "toys"
    several: Prop[int] = arg(replace_on_changes=True)
    patience: Prop[int | None] = arg(default=None)
    seconds: Prop[int | None] = arg(default=None)
    later: Prop[int | None] = arg(default=None, after_create=True)
    urn: Prop[str] = computed()

    @classmethod
    def connect(cls, config):
        return cls.Lifecycle(None)

    class Lifecycle(Lifecycle[None]):
        not_found_error = KeyError

        def create(self, new):
            meet(new)
            if "seconds" in new:
                sleep(new["seconds"])
            return LiveObject("id", {"several": new["several"], "urn": urn_of_call()})

        def may_have_succeeded(self, error):
            return False

        def read(self, id_, known):
            return None

        def update(self, change):
            raise RuntimeError("not now")

        def delete(self, id_, known):
            try:
                raise ValueError("the cause")
            except ValueError as cause:
                raise RuntimeError("the effect") from cause

barriers = {}
lock = threading.Lock()

def meet(props):
    """Wait until `several` calls run this function concurrently."""
    several = int(props["several"])
    with lock:
        barrier = barriers.setdefault(several, threading.Barrier(several))
    barrier.wait(props.get("patience", 30))
'''


#: An object whose create failed halfway, and which Pulumi saves nevertheless: its id, its
#: properties, and the reasons of the failure.
Incomplete: TypeAlias = tuple[str, dict[str, object], list[str]]


class Plugin:
    """A running `python -m pulumi.dynamic`. The tests call it as Pulumi's engine does."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        self.process = process
        self.channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self._stub = provider_pb2_grpc.ResourceProviderStub(self.channel)

    def configure(self, **config: str) -> None:
        args = _struct({f"datadog:{name}": value for name, value in config.items()})
        self._stub.Configure(provider_pb2.ConfigureRequest(args=args))

    def create(
        self, provider: str, properties: Mapping[str, object], *, timeout: float = 0.0
    ) -> str:
        """Create a resource; return its id, or the error that Pulumi would show."""
        request = provider_pb2.CreateRequest(
            properties=_properties(provider, properties), timeout=timeout
        )
        return self._call(self._stub.Create, request)

    def incomplete(self, provider: str, properties: Mapping[str, object]) -> list[Incomplete]:
        """Send a create that fails. Return the incomplete objects in the details of the error."""
        request = provider_pb2.CreateRequest(properties=_properties(provider, properties))
        with pytest.raises(grpc.RpcError) as raised:
            self._stub.Create(request)
        metadata = dict(raised.value.trailing_metadata())
        status = status_pb2.Status.FromString(metadata.get("grpc-status-details-bin", b""))
        reported: list[Incomplete] = []
        for each in status.details:
            detail = provider_pb2.ErrorResourceInitFailed()
            each.Unpack(detail)
            reported.append((detail.id, dict(detail.properties), [*detail.reasons]))
        return reported

    def urn_seen(self, provider: str, urn: str) -> object:
        """Create a resource with a URN. Return the URN that the provider found for this call."""
        properties = _properties(provider, {"several": 1})
        answer = self._stub.Create(provider_pb2.CreateRequest(urn=urn, properties=properties))
        return dict(answer.properties).get("urn")

    def diff(
        self, provider: str, old: Mapping[str, object], new: Mapping[str, object]
    ) -> provider_pb2.DiffResponse:
        """Compare the inputs of a resource in the state with new inputs."""
        olds, news = _properties(provider, old), _properties(provider, new)
        request = provider_pb2.DiffRequest(id="id", olds=olds, news=news, old_inputs=olds)
        answer: provider_pb2.DiffResponse = self._stub.Diff(request)
        return answer

    def read(self, provider: str) -> str:
        request = provider_pb2.ReadRequest(id="id", properties=_properties(provider, {}))
        return self._call(self._stub.Read, request)

    def delete(self, provider: str) -> str:
        request = provider_pb2.DeleteRequest(id="id", properties=_properties(provider, {}))
        return self._call(self._stub.Delete, request)

    def create_many(self, provider: str, several: int, patience: int = 30) -> list[str]:
        """Create several resources concurrently. Each create waits until all others have begun."""
        properties = {"several": several, "patience": patience}
        with ThreadPoolExecutor(several) as engine:
            calls = [engine.submit(self.create, provider, properties) for _ in range(several)]
            return [call.result() for call in calls]

    def cancel(self) -> None:
        """Tell the plugin that the user interrupts the run."""
        self._stub.Cancel(Empty())

    @staticmethod
    def _call(call: Callable[[Any], Any], request: object) -> str:
        try:
            return str(getattr(call(request), "id", ""))
        except grpc.RpcError as error:
            return str(error.details())


def _struct(values: Mapping[str, object]) -> Struct:
    struct = Struct()
    struct.update(values)
    return struct


def _properties(provider: str, properties: Mapping[str, object]) -> Struct:
    """Return properties with a pickled instance of the provider `module.Class`.

    This function writes the pickle itself, so that only the plugin process imports the class.
    """
    module, _, name = provider.partition(".")
    # A pickle with protocol 4. Unpickling imports the class and calls it.
    pickled = b"\x80\x04" + f"c{module}\n{name}\n)R.".encode()
    return _struct({"__provider": base64.b64encode(pickled).decode(), **properties})


@pytest.fixture
def plugin(tmp_path: Path) -> Iterator[Callable[..., Plugin]]:
    """Return a function that starts a plugin process, as in `plugin(ENVIRONMENT_VARIABLE="x")`."""
    (tmp_path / "toys.py").write_text(TOYS, encoding="utf-8")
    silent = {name: value for name, value in os.environ.items() if not name.startswith("DD_")}
    silent.pop(DEBUG, None)
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    with ExitStack() as running:

        def start(**environment: str) -> Plugin:
            process, port = start_server(
                running,
                *(sys.executable, "-u", "-m", "pulumi.dynamic"),
                env={**silent, "PYTHONPATH": path, **environment},
            )
            started = Plugin(process, int(port))
            running.callback(started.channel.close)
            return started

        yield start


@pytest.fixture
def forbidding_url() -> Iterator[str]:
    """The URL of an API that responds 403 to every request."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = json.dumps({"errors": ["Forbidden"]}).encode()
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(403)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as in the base class
            """Do not log."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


PROJECT = "pulumi_datadog_cases.Project.Provider"
KEYS = {"apiKey": "the-api-key", "appKey": "the-app-key"}


# --- errors ----------------------------------------------------------------------------------


def test_missing_api_key_is_one_line(plugin: Callable[..., Plugin]) -> None:
    message = plugin().create(PROJECT, {"key": "SEC", "name": "Security"})
    assert message.startswith("pulumi_datadog_cases.ConfigurationError: the API key is missing: ")
    assert message.strip().count("\n") == 0


def test_api_error_is_one_line(plugin: Callable[..., Plugin], forbidding_url: str) -> None:
    running = plugin()
    running.configure(**KEYS, apiUrl=forbidding_url)
    message = running.create(PROJECT, {"key": "SEC", "name": "Security"})
    assert message.startswith("pulumi_datadog_cases.Forbidden: POST /api/v2/cases/projects")
    assert "403" in message
    assert message.strip().count("\n") == 0
    assert not any(key in message for key in KEYS.values())


def test_unexpected_exception_is_one_line(plugin: Callable[..., Plugin]) -> None:
    assert plugin().create("toys.Toy.Provider", {}) == "KeyError: 'several'\n"


def test_error_is_shown_without_causes(plugin: Callable[..., Plugin]) -> None:
    assert plugin().delete("toys.Toy.Provider") == "RuntimeError: the effect\n"


def test_debug_variable_shows_traceback_and_causes(plugin: Callable[..., Plugin]) -> None:
    message = plugin(**{DEBUG: "1"}).delete("toys.Toy.Provider")
    assert "Traceback (most recent call last)" in message
    assert "ValueError: the cause" in message
    assert "RuntimeError: the effect" in message


def test_canary_sdk_sends_tracebacks(plugin: Callable[..., Plugin]) -> None:
    message = plugin().create("toys.Plain", {})
    assert "Traceback" in message, (
        "Pulumi's SDK now sends its own message instead of `traceback.format_exc()`: "
        "delete _send_messages_without_tracebacks, and _ONE_LINE that marks exceptions for it, in "
        "engine/plugin_host.py"
    )


def test_errors_of_other_providers_keep_their_tracebacks(plugin: Callable[..., Plugin]) -> None:
    running = plugin()
    assert running.delete("toys.Toy.Provider") == "RuntimeError: the effect\n"
    message = running.create("toys.Plain", {})
    assert "Traceback (most recent call last)" in message
    assert "KeyError: 'several'" in message
    assert running.delete("toys.Toy.Provider") == "RuntimeError: the effect\n"


def test_canary_sdk_cannot_return_none_from_read(plugin: Callable[..., Plugin]) -> None:
    assert "TypeError" in plugin().read("toys.Plain"), (
        'Pulumi\'s SDK now accepts ReadResult("", None): DynamicProvider.read can return it'
    )


# --- workers ---------------------------------------------------------------------------------


def test_ten_calls_run_concurrently(plugin: Callable[..., Plugin]) -> None:
    running = plugin()
    # The SDK allows 4 concurrent calls. The first call raises this limit.
    assert running.create("toys.Toy.Provider", {"several": 1}) == "id"
    assert running.create_many("toys.Toy.Provider", 10) == ["id"] * 10


def test_canary_sdk_serves_four_calls(plugin: Callable[..., Plugin]) -> None:
    running = plugin()
    assert running.create_many("toys.Plain", 4) == ["id"] * 4
    assert "BrokenBarrierError" in running.create_many("toys.Plain", 5, patience=1)[0], (
        "Pulumi's SDK now serves more than 4 calls at a time: if its limit is now the value of "
        "--parallel, delete widen_worker_pool in engine/plugin_host.py"
    )


def test_canary_worker_finds_its_pool() -> None:
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(widen_worker_pool).result(10), (
            "Python now starts worker threads differently: widen_worker_pool in "
            "engine/plugin_host.py must find the executor in another way, or only 4 calls run at "
            "once"
        )
        three = threading.Barrier(3)
        for call in [pool.submit(three.wait, 30) for _ in range(3)]:
            call.result()


def test_queued_calls_run_concurrently() -> None:
    all_came, six = threading.Event(), threading.Barrier(6)

    def first_call() -> None:
        all_came.wait(30)
        widen_worker_pool()
        six.wait(30)

    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(first_call) for _ in range(6)]
        all_came.set()
        for call in calls:
            call.result()
        # The pool also has enough workers for later calls.
        for later in [pool.submit(six.wait, 30) for _ in range(6)]:
            later.result()


@pytest.mark.parametrize("arguments", [(), ("no reference",)])
def test_without_pool_nothing_changes(arguments: tuple[object, ...]) -> None:
    answers: list[bool] = []

    def work(*_: object) -> None:
        answers.append(widen_worker_pool())

    thread = threading.Thread(target=work, args=arguments)
    thread.start()
    thread.join()
    assert answers == [False]


# --- the plugin process ------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="on Windows a plugin outlives a killed Pulumi")
def test_canary_plugin_exits_with_pulumi(plugin: Callable[..., Plugin]) -> None:
    running = plugin()
    running.create("toys.Toy.Provider", {"several": 1})
    assert running.process.stdout is not None
    running.process.stdout.close()  # as the operating system does if Pulumi is killed
    assert running.process.wait(30) == 1


def test_plugin_lives_as_long_as_pulumi(plugin: Callable[..., Plugin]) -> None:
    running = plugin()
    for _ in range(2):
        assert running.create("toys.Toy.Provider", {"several": 1}) == "id"
    with pytest.raises(subprocess.TimeoutExpired):
        running.process.wait(0.5)


@pytest.mark.skipif(os.name != "posix", reason="on Windows a plugin outlives a killed Pulumi")
def test_canary_sdk_outlives_pulumi(plugin: Callable[..., Plugin]) -> None:
    running = plugin()
    running.create("toys.Plain", {"several": 1})
    assert running.process.stdout is not None
    running.process.stdout.close()
    try:
        running.process.wait(1)
    except subprocess.TimeoutExpired:
        return
    pytest.fail("Pulumi's SDK now exits when Pulumi is gone: delete exit_with_pulumi")


def test_canary_cancel_interrupts_waits(plugin: Callable[..., Plugin]) -> None:
    running = plugin()
    # The first call adds the handler of Cancel.
    assert running.create("toys.Toy.Provider", {"several": 1}) == "id"
    with ThreadPoolExecutor(2) as engine:
        waiting = [
            engine.submit(running.create, "toys.Toy.Provider", {"several": 2, "seconds": 10})
            for _ in range(2)
        ]
        running.cancel()
        answers = [each.result(60) for each in waiting]
    assert ["the run was interrupted" in answer for answer in answers] == [True, True], (
        "Pulumi's SDK or grpc now keeps the server or its handlers elsewhere: adapt "
        "listen_for_cancel in engine/plugin_host.py, or waits continue after Ctrl-C"
    )


def test_canary_call_knows_its_time_limit(plugin: Callable[..., Plugin]) -> None:
    waits = {"several": 1, "seconds": 30}
    answer = plugin().create("toys.Toy.Provider", waits, timeout=0.5)
    assert "the time limit of `custom_timeouts` has passed" in answer, (
        "Pulumi or its SDK now passes the time limit in another way: adapt time_limit_of_call in "
        "engine/plugin_host.py"
    )


def test_without_server_nothing_listens() -> None:
    assert not listen_for_cancel()


def test_canary_incomplete_object_is_reported(plugin: Callable[..., Plugin]) -> None:
    running = plugin(PULUMI_DATADOG_CASES_JOURNAL="")
    reported = running.incomplete("toys.Toy.Provider", {"several": 1, "later": 5})
    assert len(reported) == 1, (
        "Pulumi's SDK now calls providers differently: adapt save_incomplete in "
        "engine/plugin_host.py, or the state lacks objects whose create failed halfway"
    )
    pickled = _properties("toys.Toy.Provider", {})["__provider"]
    [(id_, properties, [reason])] = reported
    del properties["__organization"]
    assert (id_, properties) == ("id", {"several": 1.0, "urn": "", "__provider": pickled})
    assert reason.startswith("Toy id is incomplete: not now; removing it failed too: the effect.")


def test_outside_of_a_call_nothing_is_reported() -> None:
    save_incomplete("id", {}, "reason")


def test_canary_diff_has_paths(plugin: Callable[..., Plugin]) -> None:
    answer = plugin().diff("toys.Toy.Provider", {"several": 1}, {"several": 2, "patience": 3})
    paths = {path: (each.kind, each.inputDiff) for path, each in answer.detailedDiff.items()}
    kinds = provider_pb2.PropertyDiff
    assert paths == {"several": (kinds.UPDATE_REPLACE, True), "patience": (kinds.ADD, True)}, (
        "Pulumi's SDK now responds to diffs differently: adapt send_detailed_diffs in "
        "engine/plugin_host.py, or previews show lists by position"
    )
    assert answer.hasDetailedDiff
    assert (answer.changes, [*answer.replaces]) == (answer.DIFF_SOME, ["several"])
    assert sorted(answer.diffs) == ["patience", "several"]


def test_equal_inputs_have_no_paths(plugin: Callable[..., Plugin]) -> None:
    answer = plugin().diff("toys.Toy.Provider", {"several": 1}, {"several": 1})
    assert (answer.changes, len(answer.detailedDiff)) == (answer.DIFF_NONE, 0)


def test_canary_call_knows_its_urn(plugin: Callable[..., Plugin]) -> None:
    urn = "urn:pulumi:dev::project::toys:Toy::one"
    assert plugin().urn_seen("toys.Toy.Provider", urn) == urn, (
        "Pulumi's SDK now calls providers differently: adapt urn_of_call in engine/plugin_host.py, "
        "or the provider finds the objects of killed runs only by their content"
    )
