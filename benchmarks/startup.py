"""Measures the start-up: the package's import, the plugin's first response, the first request."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import grpc  # type: ignore[import-untyped] # no stubs
import psutil
from google.protobuf.struct_pb2 import Struct  # type: ignore[import-untyped] # no stubs
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from benchmarks import processes
from benchmarks.contenders.base import Contender, UnsupportedError
from benchmarks.contenders.floor import Floor
from benchmarks.contenders.native import Native
from benchmarks.contenders.opentofu import OpenTofu
from benchmarks.contenders.ours import Ours
from benchmarks.contenders.pulumi_stack import PulumiContender
from benchmarks.processes import OperationFailedError
from benchmarks.results import SECONDS, Key, Results
from benchmarks.sandbox import Sandbox
from benchmarks.workloads import PlanBuilder

WORKLOAD = "start-up"
IMPORT, READY, FIRST_REQUEST = "import", "plugin ready", "first request"
LIMIT = 60.0
#: The package loads its resources lazily, so the first statement imports one resource.
_OUR_IMPORT, _FLOOR_IMPORT = "from pulumi_datadog_cases import AutomationRule", "import pulumi"
#: Seconds between two readings of the request count.
_INTERVAL = 0.005


def measure(
    results: Results, sandbox: Sandbox, folder: Path, repeats: int, log: Callable[[str], None]
) -> None:
    """Measure the three steps of start-up. The contenders take turns."""
    sandbox.reset()
    plan = PlanBuilder(sandbox, sandbox.create_project(), 1).rules()
    types = (Ours, Native, Floor)
    ours, native, floor = (type_(folder / type_.name, sandbox, 0, LIMIT) for type_ in types)
    tofu = OpenTofu(folder / OpenTofu.name, sandbox, 0, LIMIT)
    for contender in (ours, native, floor, tofu):
        contender.folder.mkdir()
        with _recorded_failures(results, contender, READY, FIRST_REQUEST):
            contender.set_up()
            contender.up(plan)
    for repeat in range(repeats):
        log(f"{WORKLOAD}, {repeat + 1} of {repeats}")
        for stack, statement in ((ours, _OUR_IMPORT), (floor, _FLOOR_IMPORT)):
            _measure(results, stack, IMPORT, partial(_import, statement, folder))
        for stack in (ours, native, floor):
            _measure(results, stack, READY, partial(_plugin_ready, stack))
        for contender in (ours, native, tofu):
            _measure(results, contender, FIRST_REQUEST, partial(_first_request, contender))


def _measure(
    results: Results, contender: Contender, step: str, seconds: Callable[[], float]
) -> None:
    key = Key(WORKLOAD, step, contender.name, 1, 0)
    if results.row(key).failure is None:
        with _recorded_failures(results, contender, step):
            results.add(key, {SECONDS: seconds()})


@contextmanager
def _recorded_failures(results: Results, contender: Contender, *steps: str) -> Generator[None]:
    """If the contender fails in the `with` block, record the failure for these steps."""
    try:
        yield
    except (OperationFailedError, UnsupportedError) as error:
        for step in steps:
            results.fail(Key(WORKLOAD, step, contender.name, 1, 0), str(error))


def _import(statement: str, folder: Path) -> float:
    """Return how many seconds a new Python process takes to run an import statement."""
    command = [sys.executable, "-c", statement]
    started = time.perf_counter()
    processes.run(command, cwd=folder, environment=os.environ, limit=LIMIT)
    return time.perf_counter() - started


def _plugin_ready(stack: PulumiContender) -> float:
    """Return the seconds from the start of the plugin to its response to the first `Check`."""
    (resource,) = stack.resources
    started = time.perf_counter()
    with subprocess.Popen(
        [stack.plugin],  # on PATH
        cwd=stack.folder,
        env=stack.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # the plugin's shell prints on stderr that it was killed
        text=True,
    ) as plugin:
        try:
            port = plugin.stdout.readline().strip() if plugin.stdout else ""
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                _call_check(provider_pb2_grpc.ResourceProviderStub(channel), resource)
            return time.perf_counter() - started
        except grpc.RpcError as error:
            raise OperationFailedError(f"the plugin does not respond: {error}") from error
        finally:
            processes.kill_tree(psutil.Process(plugin.pid))


def _call_check(plugin: Any, resource: Mapping[str, Any]) -> None:  # noqa: ANN401 - generated code
    """Call `Configure` and `Check`, Pulumi's first calls to a plugin."""
    inputs = Struct()
    inputs.update(resource["inputs"])
    plugin.Configure(provider_pb2.ConfigureRequest(args=Struct()), timeout=LIMIT)
    urn = resource["urn"]
    plugin.Check(provider_pb2.CheckRequest(urn=urn, olds=inputs, news=inputs), timeout=LIMIT)


def _first_request(contender: Contender) -> float:
    """Return the seconds from the start of a drift check of one resource to its first request."""
    contender.sandbox.set_latency(0)
    with ThreadPoolExecutor() as pool:
        started = time.perf_counter()
        check = pool.submit(contender.check)
        while not (contender.sandbox.request_count() or check.done()):
            time.sleep(_INTERVAL)
        seconds = time.perf_counter() - started
        check.result()
    return seconds
