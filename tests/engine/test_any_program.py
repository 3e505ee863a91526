"""Rules that `check` and `diff` must keep for every program of every resource type.

A *program* is here the declared inputs of one resource. Hypothesis generates programs from the
annotations of the properties, so new resource types and properties are tested automatically. Some
tests replace values of a program, at any depth, by unknowns. In a real program, an unknown is an
output of a resource that does not exist yet.
"""

import functools
import types
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import (
    Annotated,
    Any,
    ForwardRef,
    Literal,
    NotRequired,
    Required,
    TypeAlias,
    Union,
    get_args,
    get_origin,
)
from unittest.mock import patch

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from pulumi.dynamic import Config, ConfigureRequest
from tests import check_failures
from typing_extensions import is_typeddict

import pulumi_datadog_cases as cases
from pulumi_datadog_cases._text import escape_controls
from pulumi_datadog_cases.engine import Normalizer, Resource
from pulumi_datadog_cases.engine.dynamic import DynamicProvider
from pulumi_datadog_cases.engine.values import UNKNOWN

Path: TypeAlias = tuple[str | int, ...]

RESOURCE_CLASSES = [
    exported
    for exported in (getattr(cases, name) for name in cases.__all__)
    if isinstance(exported, type) and issubclass(exported, Resource)
]
#: A few examples per resource type are enough, because all types share one engine.
few = settings(max_examples=30)
EVERY_RESOURCE_TYPE = pytest.mark.parametrize(
    "resource_class", RESOURCE_CLASSES, ids=lambda resource_class: resource_class.__name__
)

#: Example texts. Every `Normalizer` of a text property accepts at least one of them.
TEXTS = [
    "00000000-0000-0000-0000-000000000001",
    "ABCDEF00-1234-4321-8888-000000000002",
    "SEC",
    "a longer text",
    "2026-11-21",
    "2026-11-21T08:00:00+01:00",
    "2026-11-22T08:00:00Z",
    "🚨",
    "",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


# --- values, from annotations ----------------------------------------------------------------


def _takes(extras: tuple[object, ...], value: Any) -> bool:  # noqa: ANN401 - JSON
    try:
        for extra in extras:
            if isinstance(extra, Normalizer):
                extra.normalize(value)
    except ValueError:
        return False
    return True


def _strategy(annotation: Any, extras: tuple[object, ...] = ()) -> st.SearchStrategy[Any]:  # noqa: ANN401 - types
    """Return a strategy for values of a type.

    Args:
        annotation: the type.
        extras: the metadata of the `Annotated` around the type, such as a `Normalizer`.
    """
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (NotRequired, Required, Annotated):
        return _strategy(arguments[0], (*extras, *arguments[1:]))
    if origin in (Union, types.UnionType):
        members = [each for each in arguments if not _is_of_pulumis(each)]
        return st.one_of([_strategy(each, extras) for each in members])
    if is_typeddict(annotation):
        return _fields(annotation)
    return _simple(annotation, extras) if origin is None else _generic(origin, arguments)


def _simple(annotation: object, extras: tuple[object, ...]) -> st.SearchStrategy[Any]:
    if annotation is str and extras:
        return st.sampled_from([text for text in TEXTS if _takes(extras, text)])
    strategies: dict[object, st.SearchStrategy[Any]] = {
        str: st.sampled_from(TEXTS) | st.text(max_size=5),
        bool: st.booleans(),
        int: st.integers(1, 3) if extras else st.integers(),
        float: st.floats(allow_nan=False, allow_infinity=False) | st.integers(),
        object: JSON,
        types.NoneType: st.none(),
    }
    return strategies[annotation]


def _generic(origin: Any, arguments: tuple[Any, ...]) -> st.SearchStrategy[Any]:  # noqa: ANN401 - types
    if origin is Literal:
        return st.sampled_from(arguments)
    if issubclass(origin, Mapping):
        return st.dictionaries(st.sampled_from("abc"), _strategy(arguments[1]), max_size=2)
    return st.lists(_strategy(arguments[0]), max_size=3)


def _is_of_pulumis(member: object) -> bool:
    """Whether a member of a union is one of the types that `Input[T]` adds to `T`."""
    return isinstance(member, ForwardRef) or get_origin(member) is Awaitable


def _fields(typed_dict: Any) -> st.SearchStrategy[dict[str, Any]]:  # noqa: ANN401 - types
    strategies = {key: _strategy(each) for key, each in typed_dict.__annotations__.items()}
    required = {
        key: each for key, each in strategies.items() if key in typed_dict.__required_keys__
    }
    optional = {key: each for key, each in strategies.items() if key not in required}
    return st.fixed_dictionaries(required, optional=optional)


def _programs(resource_class: type[Resource]) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for inputs of the right types. Validators may still reject the inputs."""
    inputs = {name: p for name, p in resource_class.properties.items() if not p.computed}
    strategies = {name: _strategy(p.annotation) for name, p in inputs.items()}
    return st.fixed_dictionaries(
        {name: strategies[name] for name, p in inputs.items() if p.required},
        optional={name: strategies[name] for name, p in inputs.items() if not p.required},
    )


# --- paths -----------------------------------------------------------------------------------


def _paths(value: Any, at: Path = ()) -> Iterator[Path]:  # noqa: ANN401 - JSON
    """Yield the path of every nested value that is not `None`."""
    if at and value is not None:
        yield at
    if isinstance(value, Mapping | list):
        items = value.items() if isinstance(value, Mapping) else enumerate(value)
        for key, item in items:
            yield from _paths(item, (*at, key))


# --- outputs in strings ----------------------------------------------------------------------

ADVICE = "is a text about an output, not its value: use "
#: The texts that `str` and `repr` make from an output.
OUTPUT_TEXTS = [
    "Calling __str__ on an Output[T] is not supported.\n\nTo get the value of an Output[T] ...",
    "<pulumi.output.Output object at 0x7f1b97079e90>",
]


def _value_at(value: Any, at: Path) -> Any:  # noqa: ANN401 - JSON
    return functools.reduce(lambda inner, key: inner[key], at, value)


def _replace(value: Any, at: Path, replacement: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - JSON
    """Return a copy of a value in which `replacement` has changed the value at a path."""
    if not at:
        return replacement(value)
    copy: Any = [*value] if isinstance(value, list) else {**value}
    copy[at[0]] = _replace(value[at[0]], at[1:], replacement)
    return copy


def _property_path(at: Path) -> str:
    first, *rest = at
    keys = (f"[{key}]" if isinstance(key, int) else f".{key}" for key in rest if key != "")
    return escape_controls(f"{first}{''.join(keys)}")


def _messages(resource_class: type[Resource], program: dict[str, Any], path: str) -> list[str]:
    """Return the messages of all failures at a path."""
    failures = _provider(resource_class).check({}, program).failures
    start = f"{path} "
    return [each.reason.removeprefix(start) for each in failures if each.reason.startswith(start)]


# --- unknowns --------------------------------------------------------------------------------


def _put_unknowns(value: Any, places: set[Path], at: Path = ()) -> Any:  # noqa: ANN401 - JSON
    if at in places:
        return UNKNOWN
    if isinstance(value, Mapping):
        return {key: _put_unknowns(item, places, (*at, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [_put_unknowns(item, places, (*at, key)) for key, item in enumerate(value)]
    return value


@st.composite
def _half_known(draw: st.DrawFn, program: dict[str, Any]) -> dict[str, Any]:
    """Return the program, but with unknowns in place of one to four of its values."""
    places = draw(st.sets(st.sampled_from(list(_paths(program))), min_size=1, max_size=4))
    half_known: dict[str, Any] = _put_unknowns(program, places)
    return half_known


def _provider(resource_class: type[Resource]) -> DynamicProvider:
    """Return a configured provider that sends no request."""
    provider = resource_class.Provider()
    keys = {"datadog:apiKey": "api-key", "datadog:appKey": "app-key"}
    provider.configure(ConfigureRequest(Config(raw_config=keys, project_name="project")))
    return provider


def _check(
    resource_class: type[Resource], program: dict[str, Any]
) -> tuple[dict[str, Any], set[str]]:
    """Return the checked inputs, and the paths of all failures."""
    result = _provider(resource_class).check({}, program)
    return result.inputs, {check_failures.split(failure)[0] for failure in result.failures}


# --- rules that always hold ------------------------------------------------------------------


@EVERY_RESOURCE_TYPE
@few
@given(data=st.data())
def test_unknown_never_fails_check(resource_class: type[Resource], data: st.DataObject) -> None:
    program = data.draw(_programs(resource_class))
    _, failures = _check(resource_class, program)
    _, failures_half_known = _check(resource_class, data.draw(_half_known(program)))
    assert failures_half_known <= failures


@EVERY_RESOURCE_TYPE
@few
@given(data=st.data())
def test_unknown_is_always_a_change(resource_class: type[Resource], data: st.DataObject) -> None:
    # `adopt` has an effect only on a create, so a diff never shows `adopt` as a change.
    declared = data.draw(_programs(resource_class)).items()
    program = {
        name: value for name, value in declared if not resource_class.properties[name].adopts
    }
    olds, _ = _check(resource_class, program)
    news, _ = _check(resource_class, data.draw(_half_known(program)))
    # Before a replacement, `dependents` sends requests to find the objects that the replacement
    # would destroy.
    with patch.object(resource_class.Lifecycle, "dependents", lambda *_: ()):
        diff = _provider(resource_class).diff("id", olds, news)
    assert diff.changes is not False
    assert set(diff.replaces or ()) <= {
        name for name, p in resource_class.properties.items() if p.replace_on_changes
    }


@EVERY_RESOURCE_TYPE
@few
@given(data=st.data())
def test_output_in_a_string_fails_check(
    resource_class: type[Resource], data: st.DataObject
) -> None:
    program = data.draw(_programs(resource_class))
    strings = {at for at in _paths(program) if isinstance(_value_at(program, at), str)}
    at = data.draw(st.sampled_from(sorted(strings, key=str)))
    text = data.draw(st.sampled_from(OUTPUT_TEXTS))
    changed = _replace(program, at, lambda _: f"some {text} more")
    messages = _messages(resource_class, changed, _property_path(at))
    assert any(message.startswith(ADVICE) for message in messages)


@EVERY_RESOURCE_TYPE
@few
@given(data=st.data())
def test_output_in_a_key_fails_check(resource_class: type[Resource], data: st.DataObject) -> None:
    program = data.draw(_programs(resource_class))
    mappings = {at for at in _paths(program) if isinstance(_value_at(program, at), Mapping)}
    if not mappings:
        return
    at = data.draw(st.sampled_from(sorted(mappings, key=str)))
    text = data.draw(st.sampled_from(OUTPUT_TEXTS))
    changed = _replace(program, at, lambda mapping: {**mapping, text: "value"})
    messages = _messages(resource_class, changed, _property_path(at))
    assert any(message.startswith(f"has a key that {ADVICE}") for message in messages)


@EVERY_RESOURCE_TYPE
@few
@given(data=st.data())
def test_check_is_idempotent(resource_class: type[Resource], data: st.DataObject) -> None:
    program = data.draw(_programs(resource_class))
    for each in (program, data.draw(_half_known(program))):
        once = _check(resource_class, each)
        assert _check(resource_class, once[0]) == once


@EVERY_RESOURCE_TYPE
@few
@given(data=st.data())
def test_unchanged_program_has_no_diff(resource_class: type[Resource], data: st.DataObject) -> None:
    program = data.draw(_programs(resource_class))
    olds, news = _check(resource_class, program)[0], _check(resource_class, program)[0]
    assert _provider(resource_class).diff("id", olds, news).changes is False


@EVERY_RESOURCE_TYPE
def test_generator_produces_valid_programs(resource_class: type[Resource]) -> None:
    """The tests above are useful only if some of the generated programs are valid."""
    unshrunk = settings(phases=[Phase.generate])
    find(
        _programs(resource_class),
        lambda program: not _check(resource_class, program)[1],
        settings=unshrunk,
    )
