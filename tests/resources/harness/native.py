"""Deploys a resource in process through the native plugin."""

import functools
import re
import sys
import uuid
from collections.abc import Generator, Mapping
from contextlib import contextmanager, redirect_stderr
from io import StringIO
from typing import TYPE_CHECKING, Any, cast

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    CreateResult,
    DiffResult,
    ReadResult,
    UpdateResult,
)
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2
from tests.resources.harness.in_process import InProcessDeployment

from pulumi_datadog_cases.engine.dynamic import GET_KEY
from pulumi_datadog_cases.engine.names import (
    snake_case,
    with_camel_case_names,
    with_snake_case_names,
)
from pulumi_datadog_cases.plugin.provider import Provider
from pulumi_datadog_cases.plugin.wire import from_struct, to_struct

if TYPE_CHECKING:
    from google.protobuf.struct_pb2 import Struct  # type: ignore[import-untyped]

    from pulumi_datadog_cases.engine import Resource
    from pulumi_datadog_cases.engine.dynamic import DynamicProvider


class NativeDeployment(InProcessDeployment):
    """Calls the native plugin as Pulumi calls it, with the messages that Pulumi sends."""

    def provider(self) -> "DynamicProvider":
        if self._provider_of_run:
            return self._provider_of_run
        InProcessDeployment.forget_case_ids()
        return cast("DynamicProvider", _Adapter(self._resource_class, self._config, self._urn))

    @functools.cached_property
    def _urn(self) -> str:
        """A URN that no other test has.

        If tests shared a URN, the provider could find the creates of another test in the intent
        log, which stores creates by URN.
        """
        kind = self._resource_class.__name__
        return f"urn:pulumi:dev::tests::datadog-cases:index:{kind}::tested-{uuid.uuid4()}"


class _Adapter:
    """Offers the methods of a dynamic provider, and calls the native plugin.

    The tests spell property names as Python programs do. The native plugin receives and returns
    camelCase names, as programs in other languages spell them. This class converts the names.
    """

    def __init__(
        self, resource_class: "type[Resource]", config: Mapping[str, str], urn: str
    ) -> None:
        self._properties = resource_class.properties
        self._inputs = {name for name, p in self._properties.items() if not p.computed}
        self._urn = urn
        self._provider = Provider()
        settings = {key.partition(":")[2]: value for key, value in config.items()}
        self._provider.configure(provider_pb2.ConfigureRequest(args=to_struct(settings)))

    def check(self, olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        request = provider_pb2.CheckRequest(
            urn=self._urn, olds=self._sent(olds), news=self._sent(news)
        )
        with _warnings_in_python():
            answer = self._provider.check(request)
        failures = [CheckFailure("", _in_python(each.reason)) for each in answer.failures]
        return CheckResult(self._received(answer.inputs), failures)

    def diff(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        before, after = self._sent(olds), self._sent(news)
        request = provider_pb2.DiffRequest(
            urn=self._urn, id=id_, olds=before, old_inputs=before, news=after
        )
        with _warnings_in_python():
            answer = self._provider.diff(request)
        return DiffResult(
            changes=answer.changes == provider_pb2.DiffResponse.DIFF_SOME,
            replaces=[*map(snake_case, answer.replaces)],
            delete_before_replace=answer.deleteBeforeReplace,
        )

    def create(self, props: dict[str, Any]) -> CreateResult:
        request = provider_pb2.CreateRequest(urn=self._urn, properties=self._sent(props))
        answer = self._provider.create(request)
        return CreateResult(answer.id, self._received(answer.properties))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        known = {name: value for name, value in props.items() if name != GET_KEY}
        inputs = {n: v for n, v in known.items() if n in self._inputs and GET_KEY not in props}
        request = provider_pb2.ReadRequest(
            urn=self._urn, id=id_, properties=self._sent(known), inputs=self._sent(inputs)
        )
        answer = self._provider.read(request)
        return ReadResult(
            answer.id, self._received(answer.properties), self._received(answer.inputs)
        )

    def update(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        request = provider_pb2.UpdateRequest(
            urn=self._urn,
            id=id_,
            olds=self._sent(olds),
            old_inputs=self._sent(olds),
            news=self._sent(news),
        )
        return UpdateResult(self._received(self._provider.update(request).properties))

    def delete(self, id_: str, props: dict[str, Any]) -> None:
        request = provider_pb2.DeleteRequest(urn=self._urn, id=id_, properties=self._sent(props))
        self._provider.delete(request)

    def _sent(self, values: Mapping[str, Any]) -> "Struct":
        own = {name: value for name, value in values.items() if name != "__provider"}
        return to_struct(with_camel_case_names(self._properties, own))

    def _received(self, struct: "Struct") -> dict[str, Any]:
        plain = {name: rpc.unwrap_rpc_secret(each) for name, each in from_struct(struct).items()}
        return with_snake_case_names(self._properties, plain)


@contextmanager
def _warnings_in_python() -> Generator[None]:
    """Print the warnings of the block, with property names as Python programs spell them."""
    with redirect_stderr(StringIO()) as stderr:
        yield
    sys.stderr.write(_in_python(stderr.getvalue()))


def _in_python(reason: str) -> str:
    """Return a message with property names as Python programs spell them."""
    return re.sub(r"\b[a-z]+(?:[A-Z][a-z0-9]*)+\b", lambda name: snake_case(name[0]), reason)
