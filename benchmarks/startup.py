"""What it takes until anything happens: imports, the plugin, the first request."""

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

import grpc  # type: ignore[import-untyped] # comes with pulumi, without stubs
import psutil
from google.protobuf.struct_pb2 import Struct  # type: ignore[import-untyped] # as above
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from benchmarks import processes
from benchmarks.contenders.contender import Contender, UnableError
from benchmarks.contenders.floor import Floor
from benchmarks.contenders.opentofu import OpenTofu
from benchmarks.contenders.ours import Ours
from benchmarks.contenders.stack import StackContender
from benchmarks.measure import SECONDS, Key, Results
from benchmarks.processes import FailedError
from benchmarks.sandbox import Sandbox
from benchmarks.workloads import Scene

WORKLOAD = "start-up"
IMPORT, READY, FIRST_REQUEST = "import", "plugin ready", "first request"
LIMIT = 60.0
#: The package loads its parts when they are asked for: ask for one, and so for Pulumi.
_OURS, _LEAST = "from pulumi_datadog_cases import AutomationRule", "import pulumi"
#: Seconds between two looks whether the first request has come.
_LOOK = 0.005


def measure(
    results: Results, sandbox: Sandbox, folder: Path, repeats: int, say: Callable[[str], None]
) -> None:
    """Measure all three, in turns."""
    sandbox.reset()
    plan = Scene(sandbox, sandbox.make_project(), 1).rules()
    ours, floor = (kind(folder / kind.name, sandbox, 0, LIMIT) for kind in (Ours, Floor))
    tofu = OpenTofu(folder / OpenTofu.name, sandbox, 0, LIMIT)
    for contender in (ours, floor, tofu):
        contender.folder.mkdir()
        with _failures(results, contender, READY, FIRST_REQUEST):
            contender.prepare()
            contender.up(plan)
    for repeat in range(repeats):
        say(f"{WORKLOAD}, {repeat + 1} of {repeats}")
        for stack, statement in ((ours, _OURS), (floor, _LEAST)):
            _measure(results, stack, IMPORT, partial(_import, statement, folder))
        for stack in (ours, floor):
            _measure(results, stack, READY, partial(_ready, stack))
        for contender in (ours, tofu):
            _measure(results, contender, FIRST_REQUEST, partial(_first_request, contender))


def _measure(
    results: Results, contender: Contender, step: str, seconds: Callable[[], float]
) -> None:
    key = Key(WORKLOAD, step, contender.name, 1, 0)
    if results.row(key).failure is None:
        with _failures(results, contender, step):
            results.add(key, {SECONDS: seconds()})


@contextmanager
def _failures(results: Results, contender: Contender, *steps: str) -> Generator[None]:
    """Within, a failure of a contender's is the result of these steps."""
    try:
        yield
    except (FailedError, UnableError) as error:
        for step in steps:
            results.fail(Key(WORKLOAD, step, contender.name, 1, 0), str(error))


def _import(statement: str, folder: Path) -> float:
    """Seconds that Python takes from its start to its end, with one statement in between."""
    command = [sys.executable, "-c", statement]
    began = time.perf_counter()
    processes.run(command, cwd=folder, environment=os.environ, limit=LIMIT)
    return time.perf_counter() - began


def _ready(stack: StackContender) -> float:
    """Seconds from the start of the plugin to its answer to a first `Check`."""
    (resource,) = stack.resources
    began = time.perf_counter()
    with subprocess.Popen(
        ["pulumi-resource-pulumi-python"],  # noqa: S607 - beside the `pulumi` on PATH
        cwd=stack.folder,
        env=stack.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # where its shell tells that it has been ended
        text=True,
    ) as plugin:
        try:
            port = plugin.stdout.readline().strip() if plugin.stdout else ""
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                _ask(provider_pb2_grpc.ResourceProviderStub(channel), resource)
            return time.perf_counter() - began
        except grpc.RpcError as error:
            raise FailedError(f"the plugin does not answer: {error}") from error
        finally:
            processes.end(psutil.Process(plugin.pid))


def _ask(plugin: Any, resource: Mapping[str, Any]) -> None:  # noqa: ANN401 - generated code
    """Ask a plugin what Pulumi asks first."""
    inputs = Struct()
    inputs.update(resource["inputs"])
    plugin.Configure(provider_pb2.ConfigureRequest(args=Struct()), timeout=LIMIT)
    urn = resource["urn"]
    plugin.Check(provider_pb2.CheckRequest(urn=urn, olds=inputs, news=inputs), timeout=LIMIT)


def _first_request(contender: Contender) -> float:
    """Seconds from the start of a drift check of one resource to its first request."""
    contender.sandbox.set_latency(0)
    with ThreadPoolExecutor() as pool:
        began = time.perf_counter()
        check = pool.submit(contender.check)
        while not (contender.sandbox.requests() or check.done()):
            time.sleep(_LOOK)
        seconds = time.perf_counter() - began
        check.result()
    return seconds
