"""`Provider`: answers the calls of Pulumi's engine for programs in every language."""

import functools
import inspect
import itertools
import json
import os
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from importlib.metadata import version
from typing import Any

import grpc  # type: ignore[import-untyped] # comes with pulumi, without stubs
from google.protobuf.empty_pb2 import Empty  # type: ignore[import-untyped] # without stubs
from google.protobuf.struct_pb2 import Struct  # type: ignore[import-untyped] # without stubs
from pulumi.runtime import rpc
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from pulumi_datadog_cases._text import escape_controls
from pulumi_datadog_cases.api import Item
from pulumi_datadog_cases.api.config.settings import is_setting, native_config
from pulumi_datadog_cases.engine import Timing, names
from pulumi_datadog_cases.engine.detailed_diff import detailed_diff, top_level_name
from pulumi_datadog_cases.engine.interruption import interrupted
from pulumi_datadog_cases.engine.operations import ObjectState, Operations, check
from pulumi_datadog_cases.engine.plugin_host import DEBUG, save_incomplete, warn
from pulumi_datadog_cases.engine.resource_type import ResourceType
from pulumi_datadog_cases.engine.safety.create_once import CreateIncompleteError
from pulumi_datadog_cases.engine.stored_forms import with_secret_forms
from pulumi_datadog_cases.engine.values import (
    UNKNOWN,
    Value,
    Values,
    contains_unknown,
    select_declared,
)
from pulumi_datadog_cases.lookups.lookup import options_for
from pulumi_datadog_cases.plugin.package import lookup, package_schema, resource_class
from pulumi_datadog_cases.plugin.wire import from_struct, to_struct


class Provider:
    """The resources and lookups of one provider. Each public method answers one call of Pulumi."""

    timing = Timing()

    def __init__(self) -> None:
        self._config: Mapping[str, str] = {}
        self._operations: dict[str, Future[Operations]] = {}
        self._lock = threading.Lock()
        self._warned = set[str]()

    # --- the package -------------------------------------------------------------------------

    def plugin_info(self, _: Empty) -> plugin_pb2.PluginInfo:
        """Return the version of the package."""
        return plugin_pb2.PluginInfo(version=version("pulumi-datadog-cases"))

    def schema(self, _: provider_pb2.GetSchemaRequest) -> provider_pb2.GetSchemaResponse:
        """Return the schema of the package."""
        return provider_pb2.GetSchemaResponse(schema=json.dumps(package_schema()))

    # --- the provider ------------------------------------------------------------------------

    def check_config(self, request: provider_pb2.CheckRequest) -> provider_pb2.CheckResponse:
        """Reject unknown settings of the provider."""
        known = package_schema()["config"]["variables"]
        # Without a property, Pulumi prints only the message (tried). Otherwise it also prints the
        # value, which may be a key.
        failures = [
            provider_pb2.CheckFailure(
                reason=f"{name} is not a setting; known settings: {', '.join(known)}"
            )
            for name in from_struct(request.news)
            if is_setting(name) and name not in known
        ]
        return provider_pb2.CheckResponse(inputs=request.news, failures=failures)

    def diff_config(self, request: provider_pb2.DiffRequest) -> provider_pb2.DiffResponse:
        """No change of the provider replaces its resources: they stay in their organisation."""
        changed = _config(request.old_inputs) != _config(request.news)
        kinds = provider_pb2.DiffResponse
        return kinds(changes=kinds.DIFF_SOME if changed else kinds.DIFF_NONE)

    def configure(self, request: provider_pb2.ConfigureRequest) -> provider_pb2.ConfigureResponse:
        """Take the settings of the provider."""
        self._config = _config(request.args)
        return provider_pb2.ConfigureResponse(supportsPreview=True, acceptSecrets=False)

    def cancel(self, _: Empty) -> Empty:
        """End all waits, because the user interrupts the run."""
        interrupted.set()
        return Empty()

    # --- resources ---------------------------------------------------------------------------

    def check(self, request: provider_pb2.CheckRequest) -> provider_pb2.CheckResponse:
        """Validate and normalize the declared inputs."""
        resource_type = _resource_type(_token(request.urn))
        properties = resource_type.properties
        old, new = (_received(resource_type, each) for each in (request.olds, request.news))
        checked = check(resource_type, old, new)
        failures = list[provider_pb2.CheckFailure]()
        for each in checked.diagnostics:
            message = (
                f"{names.camel_case_path(properties, each.path)} "
                f"{names.in_message(properties, each.message)}"
            )
            if each.warning:
                self._warn_once(request.urn, message)
            else:
                failures.append(provider_pb2.CheckFailure(reason=message))
        inputs = _sent(resource_type, checked.inputs)
        return provider_pb2.CheckResponse(inputs=inputs, failures=failures)

    def _warn_once(self, urn: str, message: str) -> None:
        text = f"{_resource_type(_token(urn)).name} {_name(urn)}: {message}"
        if text not in self._warned:
            self._warned.add(text)
            warn(text)

    def diff(self, request: provider_pb2.DiffRequest) -> provider_pb2.DiffResponse:
        """Compare the declared inputs with the state."""
        operations = self._of(request.urn)
        resource_type = operations.resource_type
        properties = resource_type.properties
        old, before, new = (
            _received(resource_type, each)
            for each in (request.olds, request.old_inputs, request.news)
        )
        old = _declared(resource_type, old, before)
        difference = operations.diff(request.urn, request.id, old, new)
        if difference.warning:
            warning = names.in_message(properties, difference.warning)
            warn(f"{resource_type.name} {_name(request.urn)}: {warning}")
        kinds = provider_pb2.DiffResponse
        if not difference.changed:
            return kinds(changes=kinds.DIFF_NONE)
        before, new = (
            names.with_camel_case_names(
                properties, {n: v for n, v in each.items() if n in difference.changed}
            )
            for each in (before, new)
        )
        replaces = [*map(names.camel_case, difference.replaces)]
        paths = detailed_diff(before, new)
        detailed = {
            path: provider_pb2.PropertyDiff(
                kind=provider_pb2.PropertyDiff.Kind.Value(
                    kind + ("_REPLACE" if top_level_name(path) in replaces else "")
                ),
                inputDiff=True,
            )
            for path, kind in paths.items()
        }
        return kinds(
            changes=kinds.DIFF_SOME,
            diffs=[*map(names.camel_case, difference.changed)],
            replaces=replaces,
            deleteBeforeReplace=difference.delete_before_replace,
            detailedDiff=detailed,
            hasDetailedDiff=bool(detailed),
        )

    def create(self, request: provider_pb2.CreateRequest) -> provider_pb2.CreateResponse:
        """Create the object. In a preview, return the outputs that are known."""
        operations = self._of(request.urn)
        resource_type = operations.resource_type
        new = _received(resource_type, request.properties)
        if request.preview:
            properties = resource_type.properties.items()
            computed: Values = {name: UNKNOWN for name, p in properties if p.computed}
            outputs = _sent(resource_type, {**new, **computed})
            return provider_pb2.CreateResponse(properties=outputs)
        with interrupted.time_limit(request.timeout):
            state = operations.create(request.urn, new)
        outputs = with_secret_forms(state.outputs)
        if state.problem:
            known = resource_type.properties
            problem = names.in_message(known, state.problem)
            save_incomplete(state.id, names.with_camel_case_names(known, outputs), problem)
            raise CreateIncompleteError(state.problem, state.id, state.outputs)
        return provider_pb2.CreateResponse(id=state.id, properties=_sent(resource_type, outputs))

    def read(self, request: provider_pb2.ReadRequest) -> provider_pb2.ReadResponse:
        """Read the object for a refresh, an import or `get`."""
        operations = self._of(request.urn)
        resource_type = operations.resource_type
        known, declared = (
            _received(resource_type, each) for each in (request.properties, request.inputs)
        )
        # A resource in the state has inputs, and further outputs. For `get`, Pulumi sends the same
        # values as inputs and as outputs: those that the program passes.
        is_import = not declared or declared == known
        state: ObjectState | None
        if is_import:
            parents = {name: known[name] for name in resource_type.parents if name in known}
            state = operations.get(request.id, parents)
        else:
            known = _declared(resource_type, known, declared)
            state = operations.read(request.id, known)
        if state is None:
            return provider_pb2.ReadResponse()
        inputs = state.inputs
        if is_import:
            # A program that imports the object declares as little as possible.
            inputs = resource_type.declaration(inputs)[0]
        return provider_pb2.ReadResponse(
            id=state.id,
            properties=_sent(resource_type, with_secret_forms(state.outputs)),
            inputs=_sent(resource_type, inputs),
        )

    def update(self, request: provider_pb2.UpdateRequest) -> provider_pb2.UpdateResponse:
        """Update the object. In a preview, return the outputs that are known."""
        operations = self._of(request.urn)
        resource_type = operations.resource_type
        old, before, new = (
            _received(resource_type, each)
            for each in (request.olds, request.old_inputs, request.news)
        )
        old = _declared(resource_type, old, before)
        if request.preview:
            outputs = _planned_outputs(resource_type, old, new)
        else:
            with interrupted.time_limit(request.timeout):
                outputs = with_secret_forms(operations.update(request.id, old, new).outputs)
        return provider_pb2.UpdateResponse(properties=_sent(resource_type, outputs))

    def delete(self, request: provider_pb2.DeleteRequest) -> Empty:
        """Delete the object."""
        operations = self._of(request.urn)
        known = _received(operations.resource_type, request.properties)
        with interrupted.time_limit(request.timeout):
            operations.delete(request.urn, request.id, known)
        return Empty()

    def list(self, request: provider_pb2.ListRequest) -> Iterator[provider_pb2.ListResponse]:
        """Return the existing objects of a type, all of them in one page."""
        operations = self._of_type(request.token)
        query = _received(operations.resource_type, request.query)
        if contains_unknown(query):
            computed = provider_pb2.ListResponse.Computed()
            return iter([provider_pb2.ListResponse(computed=computed)])
        listed = itertools.islice(
            operations.list(query), request.limit if request.limit > 0 else None
        )
        # Read all objects here, where errors are reported, and not while gRPC sends them.
        results = [
            provider_pb2.ListResponse.Result(id=each.import_id, name=each.display_name)
            for each in listed
        ]
        return iter([provider_pb2.ListResponse(result=result) for result in results])

    def _of(self, urn: str) -> Operations:
        """Return the operations of a resource's type."""
        return self._of_type(_token(urn))

    def _of_type(self, token: str) -> Operations:
        """Return the operations of a resource type. The first call creates them."""
        resource_type = _resource_type(token)
        with self._lock:
            future = self._operations.get(resource_type.name)
            if future is None:
                future = self._operations[resource_type.name] = Future()
                try:
                    lifecycle = resource_type.connect(self._config.get)
                    lifecycle.timing = self.timing
                    future.set_result(Operations.connect(resource_type, lifecycle))
                except Exception as error:  # noqa: BLE001 - raised below
                    future.set_exception(error)
        return future.result()

    # --- lookups -----------------------------------------------------------------------------

    def invoke(self, request: provider_pb2.InvokeRequest) -> provider_pb2.InvokeResponse:
        """Run a lookup."""
        found = lookup(request.tok)
        if found is None:
            raise LookupError(f"there is no function {request.tok}")
        arguments = {names.snake_case(name): v for name, v in from_struct(request.args).items()}
        result = found(**arguments, opts=options_for(self._config))
        values: dict[str, Value]
        if isinstance(result, Item):
            values = _item(result)
        else:
            values = {"items": [_item(each) for each in result]}
        answer = provider_pb2.InvokeResponse()
        getattr(answer, "return").CopyFrom(to_struct(values))  # `return` is a keyword of Python
        return answer


def servicer(provider: Provider) -> provider_pb2_grpc.ResourceProviderServicer:
    """Return the gRPC service that answers with the methods of a provider."""
    service = provider_pb2_grpc.ResourceProviderServicer()
    methods: Mapping[str, Callable[[Any], object]] = {
        "GetPluginInfo": provider.plugin_info,
        "GetSchema": provider.schema,
        "CheckConfig": provider.check_config,
        "DiffConfig": provider.diff_config,
        "Configure": provider.configure,
        "Cancel": provider.cancel,
        "Check": provider.check,
        "Diff": provider.diff,
        "Create": provider.create,
        "Read": provider.read,
        "Update": provider.update,
        "Delete": provider.delete,
        "List": provider.list,
        "Invoke": provider.invoke,
    }
    for name, method in methods.items():
        setattr(service, name, functools.partial(_answer, method))
    return service


def _answer(
    method: Callable[[Any], object],
    request: object,
    context: Any,  # noqa: ANN401 - grpc's `ServicerContext`, without stubs
) -> object:
    """Call a method. Send an exception to Pulumi as one line, without traceback.

    `save_incomplete` finds the local variable `context` in the call stack, so its name must stay.
    """
    try:
        return method(request)
    except Exception as error:  # noqa: BLE001 - reported to Pulumi
        if os.environ.get(DEBUG):
            message = "".join(traceback.format_exception(error))
        else:
            text = "".join(traceback.format_exception_only(error)).strip()
            message = escape_controls(_with_names_of_program(request, text))
    return context.abort(grpc.StatusCode.UNKNOWN, message)


def _with_names_of_program(request: object, message: str) -> str:
    """Translate the names of the package in an error message to those of the program."""
    if isinstance(request, provider_pb2.InvokeRequest):
        found = lookup(request.tok)
        words = [found.__name__, *inspect.signature(found).parameters] if found else []
        return names.translate_words(words, message)
    cls = resource_class(getattr(request, "token", "") or _token(getattr(request, "urn", "")))
    return names.in_message(cls.properties, message) if cls else message


def _received(resource_type: ResourceType, struct: Struct) -> dict[str, Value]:
    """Return the values in a message, with the names of the package."""
    return names.with_snake_case_names(resource_type.properties, from_struct(struct))


def _sent(resource_type: ResourceType, values: Values) -> Struct:
    """Return a message with values, with the names of the program."""
    return to_struct(names.with_camel_case_names(resource_type.properties, values))


def _config(struct: Struct) -> dict[str, str]:
    """Return the config in a message with the settings of a provider."""
    settings = from_struct(struct).items()
    return native_config({name: rpc.unwrap_rpc_secret(value) for name, value in settings})


def _item(item: Item) -> dict[str, Value]:
    return {"id": item.id, "type": item.type, "values": item.values()}


def _declared(resource_type: ResourceType, outputs: Values, inputs: Values) -> dict[str, Value]:
    """Leave out of the outputs the inputs that the program does not declare. Other outputs stay.

    The outputs of a create or update contain only declared inputs, but those of an import contain
    all inputs that the object has.
    """
    return {
        name: select_declared(inputs[name], value) if name in inputs else value
        for name, value in outputs.items()
        if name in inputs or name not in resource_type.inputs
    }


def _planned_outputs(resource_type: ResourceType, old: Values, new: Values) -> dict[str, Value]:
    """Return the outputs that an update is known to have. Others are unknown until it has run."""
    changed = {*resource_type.changed(old, new)}
    planned: dict[str, Value] = dict(new)
    for name, p in resource_type.properties.items():
        if p.computed:
            is_known = not (p.volatile or changed & set(p.changes_with)) and name in old
            planned[name] = old[name] if is_known else UNKNOWN
    return planned


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]


def _token(urn: str) -> str:
    """Return the type token in a URN; "" if it has none."""
    return "".join(urn.split("::")[2:3]).rpartition("$")[2]


def _resource_type(token: str) -> ResourceType:
    cls = resource_class(token)
    if cls is None:
        raise LookupError(f"there is no resource type {token}")
    return cls.Provider.resource_type
