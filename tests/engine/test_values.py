"""Comparison, selection and merging of JSON values.

Some tests check rules that hold for all values, with generated values. Other tests check examples.
"""

from collections.abc import Mapping
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_datadog_cases.engine.values import (
    UNKNOWN,
    Value,
    equivalent,
    from_wire,
    is_same_instant,
    merge,
    select_declared,
)

KEYS = st.sampled_from("abc")
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 2),
    st.sampled_from([0.5, 1.0]),
    st.sampled_from(["", "a", "b"]),
)


def _below(inner: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    return st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3))


VALUES = st.recursive(SCALARS, _below, max_leaves=8)
#: Values as they reach a provider: Pulumi has dropped keys with the value `None` at every depth.
DECLARED = VALUES.map(from_wire)


def _undeclared(live: Value, old: Value, new: Value) -> set[tuple[str, ...]]:
    """The paths in a live mapping that are in neither the old nor the new declaration."""
    if not isinstance(live, Mapping) or not isinstance(new, Mapping):
        return set()
    before: Mapping[str, Value] = old if isinstance(old, Mapping) else {}
    paths: set[tuple[str, ...]] = {(key,) for key in live.keys() - new.keys() - before.keys()}
    for key in live.keys() & new.keys():
        paths |= {(key, *rest) for rest in _undeclared(live[key], before.get(key), new[key])}
    return paths


def _at(value: Value, path: tuple[str, ...]) -> Value:
    for key in path:
        assert isinstance(value, Mapping)
        value = value[key]
    return value


# --- rules that always hold ------------------------------------------------------------------


@given(VALUES)
def test_equivalent_is_reflexive(value: Value) -> None:
    assert equivalent(value, value)


@given(VALUES, VALUES)
def test_equivalent_is_symmetric(left: Value, right: Value) -> None:
    assert equivalent(left, right) is equivalent(right, left)


@given(VALUES)
def test_from_wire_is_equivalent(value: Value) -> None:
    assert equivalent(from_wire(value), value)
    assert from_wire(from_wire(value)) == from_wire(value)


@given(VALUES, DECLARED, DECLARED)
def test_merge_result_contains_new_declaration(live: Value, old: Value, new: Value) -> None:
    assert equivalent(select_declared(new, merge(live, old, new)), new)


@given(VALUES, DECLARED, DECLARED)
def test_merge_is_idempotent(live: Value, old: Value, new: Value) -> None:
    once = merge(live, old, new)
    assert merge(once, old, new) == once


@given(VALUES, DECLARED, DECLARED)
def test_merge_keeps_undeclared_paths(live: Value, old: Value, new: Value) -> None:
    merged = merge(live, old, new)
    for path in _undeclared(live, old, new):
        assert _at(merged, path) == _at(live, path)


@given(DECLARED, VALUES)
def test_select_declared_adds_nothing(declared: Value, live: Value) -> None:
    seen = select_declared(declared, live)
    if isinstance(declared, Mapping) and isinstance(live, Mapping):
        assert isinstance(seen, Mapping)
        assert seen.keys() == declared.keys() & live.keys()


# --- examples --------------------------------------------------------------------------------


#: Empty values. They all count as equivalent to each other.
NOTHING: list[Value] = [None, "", [], {}, {"a": ""}, {"a": {"b": []}, "c": None}]


@pytest.mark.parametrize(
    ("left", "right"),
    [*combinations(NOTHING, 2), (1, 1.0), ((1, 2), [1, 2]), ({"a": None, "b": 1}, {"b": 1})],
)
def test_equivalent_values(left: Value, right: Value) -> None:
    assert equivalent(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (None, 0),
        (None, False),
        ("", 0),
        (True, 1),
        (0, False),
        ("1", 1),
        ("a", "A"),
        ([1, 2], [2, 1]),
        ([""], []),
        ({"a": {"b": 1}}, {"a": {"b": 2}}),
        (UNKNOWN, UNKNOWN),
        ([UNKNOWN], [UNKNOWN]),
        ({"a": UNKNOWN}, {}),
    ],
)
def test_different_values(left: Value, right: Value) -> None:
    assert not equivalent(left, right)


def test_from_wire_restores_types_at_every_depth() -> None:
    sent: Value = {"a": 90.0, "b": ({"c": None, "d": 2.5, "e": [1.0]},), "f": None}
    undone = from_wire(sent)
    assert undone == {"a": 90, "b": [{"d": 2.5, "e": [1]}]}
    assert repr(undone) == "{'a': 90, 'b': [{'d': 2.5, 'e': [1]}]}"  # `==` would accept 90.0 for 90


def test_select_declared_keeps_declared_keys() -> None:
    declared: Value = {"a": 1, "b": {"c": 1}}
    live: Value = {"a": 2, "x": 3, "b": {"c": 4, "y": 5}}
    assert select_declared(declared, live) == {"a": 2, "b": {"c": 4}}


def test_select_declared_keeps_all_elements() -> None:
    live: Value = [{"id": "1", "name": "a"}, {"id": "2", "name": "b"}]
    seen = select_declared([{"name": "a"}], live)
    assert seen == [{"name": "a"}, {"id": "2", "name": "b"}]


def test_merge_drops_only_keys_no_longer_declared() -> None:
    live: Value = {"mine": 1, "dropped": 2, "theirs": 3}
    assert merge(live, {"mine": 1, "dropped": 2}, {"mine": 9}) == {"mine": 9, "theirs": 3}


def test_merge_matches_reordered_elements() -> None:
    live: Value = [{"id": "1", "name": "a"}, {"id": "2", "name": "b"}]
    old: Value = [{"name": "a"}, {"name": "b"}]
    assert merge(live, old, [{"name": "b"}, {"name": "a"}]) == [
        {"id": "2", "name": "b"},
        {"id": "1", "name": "a"},
    ]


def test_merge_keeps_server_keys_of_edited_element() -> None:
    live: Value = [{"id": "1", "name": "a"}, {"id": "2", "name": "b"}]
    old: Value = [{"name": "a"}, {"name": "b"}]
    assert merge(live, old, [{"name": "A"}, {"name": "b"}]) == [
        {"id": "1", "name": "A"},
        {"id": "2", "name": "b"},
    ]


def test_merge_drops_server_keys_of_removed_element() -> None:
    live: Value = [{"id": "1", "name": "a"}, {"id": "2", "name": "b"}]
    old: Value = [{"name": "a"}, {"name": "b"}]
    assert merge(live, old, [{"name": "b"}]) == [{"id": "2", "name": "b"}]


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("2031-01-01T00:00:00.123456499Z", "2031-01-01T00:00:00.123456Z", True),
        ("2031-01-01T00:00:00.9999996Z", "2031-01-01T00:00:01Z", True),
        ("2031-01-01T00:00:00Z", "2031-01-01T02:00:00.000+02:00", True),
        ("2031-01-01T00:00:00.12345Z", "2031-01-01T00:00:00.123452Z", False),
        ("2031-99-01T00:00:00Z", "2031-99-01T00:00:00Z", False),
        ("2031-01-01", "2031-01-01", False),
        (None, None, False),
    ],
)
def test_same_instant_tolerates_rounding(left: Value, right: Value, same: bool) -> None:  # noqa: FBT001 - a table
    assert is_same_instant(left, right) is same
