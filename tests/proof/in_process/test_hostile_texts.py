"""Hostile texts, keys and numbers as values in the inputs of every resource type."""

import json
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stderr
from io import StringIO
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pulumi_datadog_cases as cases

if TYPE_CHECKING:
    from tests.proof.conftest import Measure
    from tests.proof.in_process.conftest import Laboratory, Trial

#: The path of a nested value: mapping keys and list indexes.
Path: TypeAlias = tuple[str | int, ...]

T = TypeVar("T")

RESOURCE_TYPES = sorted(set(cases.resources.__all__) - {"Provider"})

TEXTS = [
    "two\nlines",
    "\r\nHost: evil.example",
    "\x1b[31mred\x1b[2J",
    "\x1b]8;;https://evil.example\x07link\x1b]8;;\x07",
    "nul\x00byte",
    "👩‍👩‍👧 🚨",
    "\u202egnp.exe",
    "مرحبا\u2067",
    "\u2028\ufeff\u200b",
    "  padded\t",
    "\"'\\$(x)`y`%s%n<b>&amp;",
    "a/../../b?c=d#e%2f",
    "",
    "long " * 200_000,
]
NUMBERS = [math.nan, math.inf, -math.inf, 1e308, -0.0, 2**63, 1.0000000000000002]


#: A description in `Trial.outcome` reports a permanent diff if it begins with one of these texts.
PERMANENT_DIFFS = ("drift of", "create to do", "update to do", "replace to do")

ANY_TEXT = st.sampled_from(TEXTS[:-1]) | st.text(max_size=5)
ANY_VALUE = st.recursive(
    st.none() | st.booleans() | st.sampled_from(NUMBERS) | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(ANY_TEXT, inner, max_size=2),
    max_leaves=4,
)


@pytest.mark.parametrize("resource_type", RESOURCE_TYPES)
def test_value_is_rejected_or_stored_unchanged(
    resource_type: str,
    soak: bool,  # noqa: FBT001 - a fixture
    laboratory: "Laboratory",
    measure: "Measure",
) -> None:
    full = laboratory.spec(resource_type)["full_inputs"]
    failures: list[str] = []
    for path, original in leaves(full):
        values: Sequence[str | float] = TEXTS if isinstance(original, str) else NUMBERS
        for value in values if soak else sample(values, path):
            trial = laboratory.trial(resource_type, "create", put(full, path, value))
            failures_by_path = trial.check_failures()
            error = None if failures_by_path else trial.act()
            raw = [
                s
                for s in (*failures_by_path, *failures_by_path.values(), error or "")
                if not s.isprintable()
            ]
            diffs = [] if failures_by_path or error else permanent_diffs(trial)
            if not failures_by_path and not _is_json(value):
                diffs.append("accepted by check")
            measure("hostile: values", 1)
            measure("hostile: texts shown unescaped", bool(raw))
            measure("hostile: invalid states or permanent diffs", bool(diffs))
            if raw or diffs:
                failures.append(f"{path}={str(value)[:40]!r}: {raw=}, {diffs=}")
    assert not failures, "\n".join(failures)


def permanent_diffs(trial: "Trial") -> list[str]:
    """Return the diffs that the next refresh or update shows after the deployment of a trial."""
    json.dumps(trial.outputs, allow_nan=False)
    return [each for each in trial.outcome() if each.startswith(PERMANENT_DIFFS)]


@pytest.mark.parametrize("resource_type", RESOURCE_TYPES)
@settings(deadline=None, derandomize=True, max_examples=60)
@given(data=st.data())
def test_check_messages_have_no_control_characters(resource_type: str, data: st.DataObject) -> None:
    resource = getattr(cases, resource_type)
    names = st.sampled_from(sorted(resource.Provider.resource_type.inputs)) | ANY_TEXT
    program = data.draw(st.dictionaries(names, ANY_VALUE, max_size=4))
    with redirect_stderr(StringIO()) as warnings:
        refused = resource.Provider().check({}, program).failures
    for failure in refused:
        assert failure.property.isprintable()
        assert failure.reason.isprintable()
    for line in warnings.getvalue().split("\n"):
        assert line.isprintable()


def _is_json(value: str | float) -> bool:
    return isinstance(value, str) or math.isfinite(value)


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, str | float]]:  # noqa: ANN401 - JSON
    """Yield the path and value of every text and number. Texts with a placeholder are left out."""
    if isinstance(value, Mapping | list):
        items = value.items() if isinstance(value, Mapping) else enumerate(value)
        for key, item in items:
            yield from leaves(item, (*path, key))
    elif (
        isinstance(value, str | int | float)
        and not isinstance(value, bool)
        and "{" not in str(value)
    ):
        yield path, value


def put(value: Any, path: Path, new: object) -> Any:  # noqa: ANN401 - JSON
    """Return a copy of `value`, with the nested value at `path` replaced by `new`."""
    if not path:
        return new
    copy: Any = dict(value) if isinstance(value, Mapping) else list(value)
    copy[path[0]] = put(value[path[0]], path[1:], new)
    return copy


def sample(values: Sequence[T], path: Path) -> Sequence[T]:
    """Return one of the values, in a list. The choice is the same in every run."""
    return random.Random(str(path)).sample(values, 1)  # noqa: S311 - not for security
