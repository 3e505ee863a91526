"""Runs lookups: chooses the organisation, waits for resources, and runs equal calls only once."""

import functools
import inspect
import os
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar, cast
from weakref import WeakKeyDictionary

import pulumi
from pulumi.output import UNKNOWN
from pulumi.runtime.rpc import (
    _expand_dependencies,  # pyright: ignore[reportPrivateUsage] - Pulumi's own lookups use it
)
from pulumi.runtime.settings import get_monitor
from pulumi.runtime.sync_await import (
    _sync_await,  # pyright: ignore[reportPrivateUsage] - as above
)

from pulumi_datadog_cases.api import Client, NotFound, Settings
from pulumi_datadog_cases.engine.inputs import is_output
from pulumi_datadog_cases.engine.validation import reject_output_texts
from pulumi_datadog_cases.resources.provider import Provider

P = ParamSpec("P")
T = TypeVar("T")

#: The token of every dynamic resource. `get_provider` needs it to find a parent's provider.
_DYNAMIC = "pulumi-python:dynamic:Resource"


class NoMatch(LookupError):  # noqa: N818 - named like `NotFound`
    """A lookup for one object found none; the message lists the names of existing objects."""

    __module__ = "pulumi_datadog_cases"


class MultipleMatches(LookupError):  # noqa: N818 - as above
    """A lookup for one object found several objects; the message lists their ids."""

    __module__ = "pulumi_datadog_cases"


@dataclass(frozen=True)
class _Run:
    """What the lookups of one run share.

    With Pulumi's Automation API, one process executes programs of several stacks, and the same
    program several times. These runs must not share anything: they may have different keys, and
    objects may have changed since the previous run.
    """

    clients: dict["_Config", Client] = field(default_factory=dict["_Config", Client])
    #: The results of calls, by function and arguments.
    results: dict[Hashable, Any] = field(default_factory=dict[Hashable, Any])

    @classmethod
    def current(cls) -> "_Run":
        """Return the current run. Each run has its own connection to Pulumi's engine."""
        return _runs.setdefault(get_monitor() or _NO_PROGRAM, cls())


class _NoProgram:
    """Stands for the connection if no program runs, as in a script that calls lookups."""


_NO_PROGRAM = _NoProgram()
_runs = WeakKeyDictionary[object, _Run]()


@dataclass(frozen=True)
class _Resolved(pulumi.InvokeOptions):
    """The options of a lookup once all their values are known."""

    #: The client of the organisation that the lookup reads.
    client: Client
    #: The URNs of the resources that the lookup depends on. They exist when the lookup runs.
    after: frozenset[str] = frozenset()


def client_of(opts: pulumi.InvokeOptions | None) -> Client:
    """Return the client of the organisation that a lookup reads.

    Args:
        opts: the options of the call. If they have no explicit provider, the client uses the
            stack's config and the environment.

    Raises:
        TypeError: the explicit provider is not a `Provider` of this package.
        ValueError: a setting of the explicit provider is not known yet.
        ConfigurationError: a credential is missing, or a setting is invalid.
    """
    if isinstance(opts, _Resolved):
        return opts.client
    provider = _provider(opts)
    return _client(None if provider is None else _known_config(provider))


def options_for(config: Mapping[str, str]) -> pulumi.InvokeOptions:
    """Return the options of a lookup that reads the organisation of a config.

    Args:
        config: values by config key, such as `datadog:site`.
    """
    return _Resolved(_client(_frozen(config)))


def lookup(function: Callable[P, T]) -> Callable[P, T]:
    """Wrap a lookup so that calls with equal arguments send their requests once per run.

    Such calls share one result, so callers must not modify it. Calls that depend on different
    resources do not share a result, because the update of these resources may change what a lookup
    finds.

    The wrapped lookup rejects outputs: they have no value yet.
    """
    signature = inspect.signature(function)

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        arguments = signature.bind(*args, **kwargs).arguments
        opts = arguments.pop("opts", None)
        for name, value in arguments.items():
            if _contains_output(value):
                raise TypeError(
                    f"{function.__name__}: {name} is an output, which has no value yet: "
                    f"call {function.__name__}_output"
                )
        reject_output_texts(function.__name__, arguments)
        resolved = opts if isinstance(opts, _Resolved) else _Resolved(client_of(opts))
        hashable = {name: _hashable(value) for name, value in arguments.items()}
        call = (function, frozenset(hashable.items()), resolved)
        results = _Run.current().results
        if call not in results:
            results[call] = cast("Callable[..., T]", function)(**hashable, opts=resolved)
        return cast("T", results[call])

    return wrapper


def output_form(
    function: Callable[..., T],
    opts: pulumi.InvokeOptions | pulumi.InvokeOutputOptions | None,
    arguments: Mapping[str, object],
) -> pulumi.Output[T]:
    """Run a lookup when its arguments are known and the resources that it depends on exist.

    The lookup depends on the resources of its arguments and on those of `depends_on`. In a preview,
    the result is unknown if one of these resources is still to be created. The result is also
    unknown if there are such resources and the lookup finds no object in the preview, because the
    update of one of these resources may make the object appear.

    Args:
        function: the lookup, wrapped by `lookup`.
        opts: the options of the call.
        arguments: the arguments of the lookup by name.
    """
    provider = _provider(opts)
    depends_on = opts.depends_on if isinstance(opts, pulumi.InvokeOutputOptions) else None
    # The keys of the provider are secrets. The objects that a lookup reads with them are not.
    config = pulumi.Output.unsecret(pulumi.Output.from_input(provider and provider.config))
    inputs: pulumi.Output[dict[str, Any]] = pulumi.Output.all(
        arguments=pulumi.Output.from_input(dict(arguments)), config=config, depends_on=depends_on
    )

    async def run(known: dict[str, Any]) -> pulumi.Output[T]:
        direct = {*await inputs.resources(), *_as_list(known["depends_on"])}
        # This also returns the children of components.
        resources = await _expand_dependencies(direct, None)
        ids = [each.id for each in resources.values() if isinstance(each, pulumi.CustomResource)]
        resolved = _Resolved(_client(_frozen(known["config"])), frozenset(resources))

        def find(_: object) -> T:
            try:
                return function(**known["arguments"], opts=resolved)
            except (NoMatch, NotFound):
                if resources and pulumi.runtime.is_dry_run():
                    return cast("T", UNKNOWN)
                raise

        return pulumi.Output.all(*ids).apply(find)

    # An output that `apply` returns may be unknown, and an id is unknown until the resource exists.
    return inputs.apply(lambda known: _flatten(run(known)))


def _flatten(later: Awaitable[pulumi.Output[T]]) -> pulumi.Output[T]:
    return cast("pulumi.Output[T]", pulumi.Output.from_input(cast("Any", later)))


def _provider(opts: pulumi.InvokeOptions | None) -> Provider | None:
    """Return the explicit provider of a call, or of the parent of the call."""
    provider = opts.provider if opts else None
    if provider is None and opts and opts.parent:
        provider = opts.parent.get_provider(_DYNAMIC)
    if provider is None or isinstance(provider, Provider):
        return provider
    raise TypeError(
        f"the provider of a lookup is a {type(provider).__module__}.{type(provider).__name__}: "
        f"pass a pulumi_datadog_cases.Provider"
    )


def _known_config(provider: Provider) -> "_Config":
    """Return a provider's config. If a setting is an output, wait for its value."""
    known: object = dict(provider.config)
    if _contains_output([*provider.config.values()]):
        # Wait only if a setting is an output, because during a wait Pulumi registers the resources
        # that are declared so far.
        known = _sync_await(pulumi.Output.from_input(known).future())
    if known is None:
        raise ValueError(
            "a setting of the explicit provider is not known yet: call the output form of the "
            "lookup, whose name ends in _output"
        )
    return _frozen(cast("dict[str, str]", known))


_Config = frozenset[tuple[str, str]] | None
"""The config of an explicit provider; None for the stack's config."""


def _frozen(config: Mapping[str, str] | None) -> _Config:
    return None if config is None else frozenset(config.items())


def _client(config: _Config) -> Client:
    """Return the client of this run for a config and the environment."""
    clients = _Run.current().clients
    if config not in clients:
        clients[config] = _connect(config)
    return clients[config]


def _connect(config: _Config) -> Client:
    def from_stack(key: str) -> str | None:
        namespace, _, name = key.partition(":")
        return pulumi.Config(namespace).get(name)

    from_config = from_stack if config is None else dict(config).get
    return Client(Settings.resolve(from_config, os.environ))


def _contains_output(value: object) -> bool:
    if isinstance(value, list | tuple):
        return any(map(_contains_output, cast("list[object]", value)))
    return is_output(value)


def _as_list(resources: object) -> list[pulumi.Resource]:
    if resources is None or isinstance(resources, pulumi.Resource):
        return [resources] if resources else []
    return [*cast("Iterable[pulumi.Resource]", resources)]


def _hashable(value: object) -> object:
    return tuple(cast("list[object]", value)) if isinstance(value, list) else value
