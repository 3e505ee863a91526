"""Tests of the rules that decide whether two different values are *forms* of the same value.

The program declares the first value, such as `Desk`. The API's response contains the second value,
such as `desk`.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_datadog_cases.engine.forms import Form, alike, compare, in_declared_form
from pulumi_datadog_cases.engine.values import Value, equivalent


@pytest.mark.parametrize(
    ("declared", "returned"),
    [
        (" Drill ", "Drill"),
        ("Drill", "DRILL"),
        ("env name", "env-name"),
        ("a long description of the drill", "a long description"),
        ("2026-01-02", "2026-01-02T00:00:00Z"),
        ("2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:05Z"),
        ("2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05.000Z"),
        (0.123456, 0.123),
        (1.999, 1),
        (["b", "a"], ["a", "b"]),
        ({"Env": ["Prod"]}, {"env": ["prod"], "team": ["x"]}),
        (
            [{"email": "A@x.org"}, {"email": "B@x.org"}],
            [{"email": "b@x.org"}, {"email": "a@x.org"}],
        ),
    ],
)
def test_alike(declared: Value, returned: Value) -> None:
    assert alike(declared, returned)


@pytest.mark.parametrize(
    ("declared", "returned"),
    [
        ("Drill", "Drills"),
        ("Drill", "Dr"),
        ("Drill", ""),
        ("P1", "P2"),
        ("CASE_CREATED_AND_CLOSED", "CASE_CREATED"),
        ("2026-01-02", "2026-01-03T00:00:00Z"),
        (1, 2),
        (0.5, 0.25),
        (True, False),
        (True, "true"),
        (["a", "b"], ["a"]),
        ({"env": ["prod"]}, {"env": ["test"]}),
        ({"env": ["prod"]}, {"team": ["prod"]}),
    ],
)
def test_not_alike(declared: Value, returned: Value) -> None:
    assert not alike(declared, returned)


@pytest.mark.parametrize(
    ("declared", "returned", "before"),
    [
        ("#ops", "C024BE91L", None),
        ("#ops", "C024BE91L", "C0OLDONE"),
        (["#ops", "#sec"], ["#ops", "C024BE91L"], None),
        ({"channel": "#ops", "days": 2}, {"channel": "C024BE91L", "days": 2}, {"channel": "C1"}),
    ],
)
def test_other_texts_count_as_forms(declared: Value, returned: Value, before: Value) -> None:
    comparison = compare(declared, returned, before, Form())
    assert comparison.new
    assert not comparison.rejected
    assert in_declared_form(returned, comparison.form) == declared
    assert compare(declared, returned, before, Form(), only_alike=True).rejected


@pytest.mark.parametrize(
    ("declared", "returned", "before"),
    [
        ("#ops", "", None),
        ("#ops", None, "#old"),
        ("#ops", "#old", "#old"),
        ("P1", "P3", None),
        ("CASE_CREATED", "CASE_CLOSED", None),
        ("5a9d0c00-0000-4000-8000-000000000001", "5a9d0c00-0000-4000-8000-000000000002", None),
        ("2026-01-02", "2027-01-02", None),
        (True, False, None),
        (90, 60, None),
        (["#ops", "#sec"], ["#ops"], None),
        (["#ops", "#sec"], ["#ops", "#old"], ["#ops", "#old"]),
        ({"channel": "#ops"}, {"other": "#ops"}, None),
    ],
)
def test_other_meanings_are_rejected(declared: Value, returned: Value, before: Value) -> None:
    comparison = compare(declared, returned, before, Form())
    assert comparison.rejected
    assert not comparison.new
    assert comparison.form.returned == declared


def test_known_form_counts_although_it_was_there_before() -> None:
    known = Form("#ops", "C024BE91L")
    comparison = compare("#ops", "C024BE91L", "C024BE91L", known)
    assert (comparison.form, comparison.new, comparison.rejected) == (known, [], [])


def test_only_the_edited_part_is_a_difference() -> None:
    declared: Any = {"to": [{"email": "A@x.org"}, {"email": "B@x.org"}], "on": True}
    returned: Any = {
        "to": [{"id": 1, "email": "b@x.org"}, {"id": 2, "email": "a@x.org"}],
        "on": True,
    }
    form = compare(declared, returned, None, Form()).form
    edited: Any = {"to": [{"id": 1, "email": "c@x.org"}, {"id": 2, "email": "a@x.org"}], "on": True}
    assert in_declared_form(edited, form) == {
        "to": [{"id": 2, "email": "A@x.org"}, {"id": 1, "email": "c@x.org"}],
        "on": True,
    }


def test_renamed_key_and_keys_of_others() -> None:
    form = compare({"Env": ["Prod"]}, {"env": ["prod"], "team": ["x"]}, None, Form()).form
    assert form == Form({"Env": ["Prod"]}, {"env": ["prod"]})
    live: Any = {"env": ["prod"], "team": ["y"]}
    assert in_declared_form(live, form) == {"Env": ["Prod"], "team": ["y"]}
    assert in_declared_form({"env": ["test"]}, form) == {"Env": ["test"]}
    assert in_declared_form({"team": ["y"]}, form) == {"team": ["y"]}


def test_undeclared_members_are_kept_even_if_they_are_empty() -> None:
    live: Any = {"a": "X", "new": None, "list": []}
    assert in_declared_form(live, Form({"a": "x"}, {"a": "X"})) == {**live, "a": "x"}


def test_member_that_the_api_omits() -> None:
    form = Form({"a": "x", "b": "y"}, {"a": "X"})
    assert in_declared_form({"a": "X", "c": 1}, form) == {"a": "x", "b": "y", "c": 1}
    assert in_declared_form({"a": "X", "b": "z"}, form) == {"a": "x", "b": "z"}


def test_order_of_a_list_that_the_api_keeps() -> None:
    form = compare(["A", "b"], ["a", "b"], None, Form()).form
    assert in_declared_form(["b", "a"], form) == ["b", "A"]


_TEXTS = st.text("aB c", max_size=4)
_LEAVES = st.none() | st.booleans() | st.integers(0, 3) | _TEXTS
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(_VALUES, _VALUES)
def test_any_accepted_form_is_shown_as_declared(declared: Value, returned: Value) -> None:
    comparison = compare(declared, returned, None, Form())
    if not comparison.rejected:
        shown = in_declared_form(comparison.form.returned, comparison.form)
        assert equivalent(shown, declared)


@given(_VALUES, _VALUES, _VALUES)
def test_a_third_value_is_never_hidden(declared: Value, returned: Value, live: Value) -> None:
    form = compare(declared, returned, None, Form()).form
    hidden = equivalent(in_declared_form(live, form), declared)
    if hidden and not _reordered(live, declared) and not _reordered(live, form.returned):
        assert _mixes(live, declared, form.returned)


def _mixes(live: Value, declared: Value, returned: Value) -> bool:
    """Whether every leaf of the live value also occurs in the declared or the returned value."""
    leaves = {repr(leaf) for value in (declared, returned) for leaf in _leaves(value)}
    return all(repr(leaf) in leaves for leaf in _leaves(live))


def _reordered(left: Value, right: Value) -> bool:
    return sorted(map(repr, _leaves(left))) == sorted(map(repr, _leaves(right)))


def _leaves(value: Value) -> list[Value]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in _leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in _leaves(item)]
    return [value] if value not in (None, "") else []
