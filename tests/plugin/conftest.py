"""The native plugin as a process, called as Pulumi's engine calls it."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc  # type: ignore[import-untyped] # comes with pulumi, without stubs
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc
from tests.processes import run, start_server

from pulumi_datadog_cases.plugin.package import resource_classes
from pulumi_datadog_cases.plugin.wire import from_struct, to_struct

if TYPE_CHECKING:
    from tests.conftest import Organization, Stack

ROOT = Path(__file__).parents[2]
YAML_QUICKSTART = (ROOT / "examples" / "yaml" / "Pulumi.yaml").read_text(encoding="utf-8")

RESOURCE_CLASSES = [pytest.param(each, id=each.__name__) for _, each in resource_classes()]


class Plugin:
    """A running native plugin."""

    def __init__(self, port: int) -> None:
        self.channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self.stub = provider_pb2_grpc.ResourceProviderStub(self.channel)

    def configure(self, organization: "Organization") -> None:
        settings = {key.partition(":")[2]: value for key, value in organization.config.items()}
        self.stub.Configure(provider_pb2.ConfigureRequest(args=to_struct(settings)))

    def check(self, kind: str, **inputs: Any) -> tuple[dict[str, Any], list[str]]:  # noqa: ANN401 - JSON
        """Return the normalized inputs, and the messages of the failures."""
        request = provider_pb2.CheckRequest(urn=urn(kind), news=to_struct(inputs))
        answer = self.stub.Check(request)
        return from_struct(answer.inputs), [each.reason for each in answer.failures]

    def create(
        self, kind: str, inputs: Mapping[str, Any], *, preview: bool = False
    ) -> tuple[str, dict[str, Any]]:
        request = provider_pb2.CreateRequest(
            urn=urn(kind), properties=to_struct(inputs), preview=preview
        )
        answer = self.stub.Create(request)
        return answer.id, from_struct(answer.properties)

    def invoke(self, function: str, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        request = provider_pb2.InvokeRequest(
            tok=f"datadog-cases:index:{function}", args=to_struct(arguments)
        )
        return from_struct(getattr(self.stub.Invoke(request), "return"))

    def list(self, kind: str, limit: int = 0, **query: Any) -> list[tuple[str, str]] | None:  # noqa: ANN401 - JSON
        """Return the import id and the name of each object; None if the list is unknown."""
        request = provider_pb2.ListRequest(
            token=f"datadog-cases:index:{kind}", query=to_struct(query), limit=limit
        )
        responses = [*self.stub.List(request)]
        if any(each.HasField("computed") for each in responses):
            return None
        return [(each.result.id, each.result.name) for each in responses]


def urn(kind: str) -> str:
    return f"urn:pulumi:dev::tests::datadog-cases:index:{kind}::tested"


@pytest.fixture(autouse=True)
def empty_intent_log(intent_log_folder: Path) -> Iterator[Path]:
    """Keep the creates of other tests, whose resources have the same URNs, out of each test.

    The native plugin removes a create from the log only in the next run. The folders of the
    processes stay, because this process may log in one of them. Return the log's folder.
    """
    yield intent_log_folder
    for pattern in ("intent-*", "made-*"):
        for intent in intent_log_folder.rglob(pattern):
            intent.unlink()


@pytest.fixture
def plugin(organization: "Organization", request: pytest.FixtureRequest) -> Iterator[Plugin]:
    """A running plugin. A parameter names the program that starts it, as arguments of Python."""
    program: list[str] = getattr(request, "param", ["-m", "pulumi_datadog_cases.plugin"])
    with ExitStack() as running:
        _, port = start_server(running, sys.executable, "-u", *program)
        started = Plugin(int(port))
        running.callback(started.channel.close)
        started.configure(organization)
        yield started


def write_yaml(stack: "Stack", program: str) -> None:
    """Replace the program by a YAML program."""
    named = program.replace("name: secops\n", "name: project\n", 1)
    (stack.folder / "Pulumi.yaml").write_text(named, encoding="utf-8")


def write_python(stack: "Stack", program: str) -> None:
    """Replace the program by a Python program."""
    stack.write(program)
    (stack.folder / "Pulumi.yaml").write_text("name: project\nruntime: python\n", encoding="utf-8")


def datadog_cases(stack: "Stack", *arguments: str, ends_with: int = 0) -> str:
    """Run a command for a stack, and return its output. `ends_with` is the expected exit code."""
    done = run("datadog-cases", *arguments, cwd=stack.folder, env=stack.environment)
    assert done.returncode == ends_with, done.stdout
    return done.stdout
