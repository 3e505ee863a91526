"""Texts, keys and numbers that somebody has thought of, as the values of every kind."""

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

#: Where a value lies in others: keys of mappings, and places in lists.
Path: TypeAlias = tuple[str | int, ...]

T = TypeVar("T")

KINDS = sorted(set(cases.resources.__all__) - {"Provider"})

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


#: What an outcome tells of where the next run would find something to do.
UNSETTLED = ("drift of", "create to do", "update to do", "replace to do")

ANY_TEXT = st.sampled_from(TEXTS[:-1]) | st.text(max_size=5)
ANY_VALUE = st.recursive(
    st.none() | st.booleans() | st.sampled_from(NUMBERS) | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(ANY_TEXT, inner, max_size=2),
    max_leaves=4,
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_value_is_refused_in_clean_words_or_kept_as_it_is(
    kind: str,
    soak: bool,  # noqa: FBT001 - a fixture
    laboratory: "Laboratory",
    measure: "Measure",
) -> None:
    full = laboratory.life(kind)["full"]
    wrong: list[str] = []
    for path, usual in leaves(full):
        values: Sequence[str | float] = TEXTS if isinstance(usual, str) else NUMBERS
        for value in values if soak else some(values, path):
            trial = laboratory.trial(kind, "create", put(full, path, value))
            refused = trial.refused()
            told = None if refused else trial.act()
            raw = [s for s in (*refused, *refused.values(), told or "") if not s.isprintable()]
            left = [] if refused or told else unsettled(trial)
            if not refused and not _is_json(value):
                left.append("not refused in the preview")
            measure("hostile: values", 1)
            measure("hostile: texts that reach the terminal raw", bool(raw))
            measure("hostile: states that are no JSON or not settled", bool(left))
            if raw or left:
                wrong.append(f"{path}={str(value)[:40]!r}: {raw=}, {left=}")
    assert not wrong, "\n".join(wrong)


def unsettled(trial: "Trial") -> list[str]:
    """What is wrong with what has been deployed."""
    json.dumps(trial.outputs, allow_nan=False)
    return [each for each in trial.outcome() if each.startswith(UNSETTLED)]


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, derandomize=True, max_examples=60)
@given(data=st.data())
def test_what_a_preview_says_moves_no_cursor(kind: str, data: st.DataObject) -> None:
    resource = getattr(cases, kind)
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
    """Every text and number in a value but those that hold an id, with its path."""
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
    """The value with something else in one place."""
    if not path:
        return new
    copy: Any = dict(value) if isinstance(value, Mapping) else list(value)
    copy[path[0]] = put(value[path[0]], path[1:], new)
    return copy


def some(values: Sequence[T], path: Path) -> Sequence[T]:
    """One of the values, the same one in every run."""
    return random.Random(str(path)).sample(values, 1)  # noqa: S311 - nothing is kept secret by it
