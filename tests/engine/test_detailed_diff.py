"""Tests of the property paths that differ between two sets of inputs."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_datadog_cases.engine.detailed_diff import DiffKind, detailed_diff
from pulumi_datadog_cases.engine.values import UNKNOWN

ADD: DiffKind = "ADD"
DELETE: DiffKind = "DELETE"
UPDATE: DiffKind = "UPDATE"


@pytest.mark.parametrize(
    ("old", "new", "paths"),
    [
        ({"a": 1}, {"a": 1}, {}),
        ({"a": 1}, {"a": 2}, {"a": UPDATE}),
        ({"a": 1}, {"b": 1}, {"a": DELETE, "b": ADD}),
        ({"a": {"b": 1, "c": 1}}, {"a": {"b": 2, "c": 1}}, {"a.b": UPDATE}),
        ({"a": {"b.c": 1}}, {"a": {"b.c": 2}}, {'a["b.c"]': UPDATE}),
        ({"a": {'x"y': 1}}, {"a": {}}, {'a["x\\"y"]': DELETE}),
        ({"a": {"b": 1}}, {"a": 1}, {"a": UPDATE}),
        ({"a": ["x"]}, {"a": ["x", "y"]}, {"a[1]": ADD}),
        ({"a": ["x"]}, {"a": ["y", "x"]}, {"a[0]": ADD}),
        ({"a": ["x", "y", "z"]}, {"a": ["x", "z"]}, {"a[1]": DELETE}),
        ({"a": ["x", "y"]}, {"a": ["x", "z"]}, {"a[1]": UPDATE}),
        ({"a": ["x", "y"]}, {"a": ["y", "z"]}, {"a[0]": DELETE, "a[1]": ADD}),
        (
            {"a": [{"b": 1, "c": 1}, {"b": 2}]},
            {"a": [{"b": 1, "c": 2}, {"b": 2}]},
            {"a[0].c": UPDATE},
        ),
        ({"a": ["x", "y"]}, {"a": ["y", "y", "x"]}, {"a[0]": ADD, "a[1]": UPDATE}),
        ({"a": [["x"]]}, {"a": [["x", "y"]]}, {"a[0][1]": ADD}),
        ({"a": UNKNOWN}, {"a": UNKNOWN}, {"a": UPDATE}),
        ({"a": "x"}, {"a": UNKNOWN}, {"a": UPDATE}),
        ({"a": ["x"]}, {"a": ["x", UNKNOWN]}, {"a[1]": ADD}),
    ],
)
def test_paths(
    old: Mapping[str, Any], new: Mapping[str, Any], paths: Mapping[str, DiffKind]
) -> None:
    assert detailed_diff(old, new) == paths


LISTS = st.lists(st.sampled_from("abcd"))


@given(old=LISTS, new=LISTS)
def test_elements_without_a_path_are_unchanged(old: list[str], new: list[str]) -> None:
    paths = detailed_diff({"a": old}, {"a": new})
    left = [v for i, v in enumerate(old) if paths.get(f"a[{i}]") not in {DELETE, UPDATE}]
    stayed = [v for i, v in enumerate(new) if paths.get(f"a[{i}]") not in {ADD, UPDATE}]
    assert left == stayed
    assert len(paths) <= max(len(old), len(new))
