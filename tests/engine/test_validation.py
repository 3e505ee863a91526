"""Validation of inputs: accepted values, normalized values, and messages."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, NotRequired, Required

import pulumi
import pytest
from typing_extensions import TypedDict

from pulumi_datadog_cases.engine.validation import (
    InputNotYetKnown,
    KnownInputs,
    Normalizer,
    Validator,
    Violations,
    did_you_mean,
    is_output_text,
    quote,
    run_validator,
    validate,
)
from pulumi_datadog_cases.engine.values import UNKNOWN, Value

Color = Literal["RED", "GREEN"]


class Inner(TypedDict, total=False):
    size: Required[pulumi.Input[int]]
    color: pulumi.Input[Color]


class Outer(TypedDict):
    inner: pulumi.Input[Inner]
    inners: NotRequired[pulumi.Input[Sequence[pulumi.Input[Inner]]]]


def _even(value: int) -> int:
    if value % 2:
        raise ValueError("must be even")
    return value


def _red_is_small(inner: KnownInputs) -> Violations:
    size = inner["size"]
    if inner.get("color") == "RED" and isinstance(size, int) and size > 1:
        yield "size", "must be 1: color is RED"


Even = Annotated[int, Normalizer(_even)]


def test_canary_output_as_text() -> None:
    """If this fails, Pulumi's SDK describes outputs otherwise: adapt `_OUTPUT_TEXT`."""

    async def new_output() -> pulumi.Output[str]:
        return pulumi.Output.from_input("value")

    # In an event loop of its own: an output that is made without one leaves a loop open.
    output = asyncio.run(new_output())
    for text in str(output), f"a {output} b", repr([output]):
        assert is_output_text(text), text
        assert is_output_text(text.upper())


@pytest.mark.parametrize("text", ["", "Output[T]", "o.apply(f)", "<object at 0x7f1b97079e90>"])
def test_other_texts_are_not_output_texts(text: str) -> None:
    assert not is_output_text(text)


def refused(annotation: object, value: Value) -> list[tuple[str, str]]:
    return [(finding.path, finding.message) for finding in validate(annotation, value, "p")[1]]


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        (str, ""),
        (bool, False),
        (int, 0),
        (float, 1),
        (float, 1.5),
        (str | None, "a"),
        (dict[str, int], {"a": 1}),
        (list[str], ["a"]),
        (Sequence[str], ["a"]),
        (str | float | Sequence[str | float], [1, 2.5]),
        (object, {"any": ["thing", 1, True]}),
        (Mapping[str, object], {"any": {"thing": 1}}),
        (Color | str, "GREEN"),
        (Outer, {"inner": {"size": 1}, "inners": [{"size": 2, "color": "RED"}]}),
        (Even, 2),
    ],
)
def test_valid_values_are_unchanged(annotation: object, value: Value) -> None:
    assert validate(annotation, value, "p") == (value, [])


@pytest.mark.parametrize(
    ("annotation", "value", "words"),
    [
        (str, 1, "must be a string, got 1"),
        (str, True, "must be a string, got True"),
        (bool, 1, "must be a boolean, got 1"),
        (bool, "true", 'must be a boolean, got "true"'),
        (int, True, "must be an integer, got True"),
        (int, 1.5, "must be an integer, got 1.5"),
        (float, "1", 'must be a number, got "1"'),
        (float, float("nan"), "must be a number, got nan"),
        (float, float("inf"), "must be a number, got inf"),
        (
            object,
            {"a": [1, float("inf")]},
            "must be any JSON value without nan and inf, got {'a': [1, inf]}",
        ),
        (str | float, [], "must be a string or a number, got []"),
        (Sequence[str], "abc", 'must be a list of strings, got "abc"'),
        (Mapping[str, str], ["a"], "must be a mapping, got ['a']"),
        (Inner, "x", 'must be a mapping with size, color, got "x"'),
        (Color, 3, "must be one of RED, GREEN, got 3"),
        (Color, "BLUE", '"BLUE" is not one of RED, GREEN'),
        (Color, "GREN", '"GREN" is not one of RED, GREEN; did you mean "GREEN"?'),
        (Even, 3, "must be even, got 3"),
        (Even, "x", 'must be an integer, got "x"'),
    ],
)
def test_message_names_expected_type_and_value(
    annotation: object, value: Value, words: str
) -> None:
    assert refused(annotation, value) == [("p", words)]


def test_diagnostics_have_full_paths() -> None:
    value: Value = {
        "inner": {"color": "BLUE"},
        "inners": [{"size": 1}, {"size": "x", "colour": "RED"}],
    }
    assert refused(Outer, value) == [
        ("p.inner.size", "is missing"),
        ("p.inner.color", '"BLUE" is not one of RED, GREEN'),
        ("p.inners[1].colour", 'is not a known key; did you mean "color"?'),
        ("p.inners[1].size", 'must be an integer, got "x"'),
    ]


def test_unknown_key_lists_known_keys() -> None:
    ((_, words),) = refused(Inner, {"size": 1, "zzz": 1})
    assert words == "is not a known key; known keys: size, color"


def test_enum_case_is_normalized() -> None:
    assert validate(Color, "green", "p") == ("GREEN", [])


def test_open_enum_warns_about_unlisted_value() -> None:
    value, (finding,) = validate(Color | str, "PINK", "p")
    assert (value, finding.warning) == ("PINK", True)


def test_open_enum_rejects_typo() -> None:
    _, (finding,) = validate(Color | str, "GRENE", "p")
    assert not finding.warning
    assert finding.message.endswith('did you mean "GREEN"?')


def test_normalizer_applies_inside_lists_and_mappings() -> None:
    upper = Annotated[str, Normalizer(str.upper)]
    assert validate(Mapping[str, Sequence[upper]], {"a": ["x"]}, "p") == ({"a": ["X"]}, [])


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        (str, UNKNOWN),
        (Color, UNKNOWN),
        (Even, UNKNOWN),
        (Sequence[Even], [2, UNKNOWN]),
        (Annotated[Sequence[str], Normalizer(sorted)], ["b", UNKNOWN, "a"]),
        (str | float | Sequence[str | float], [UNKNOWN, 1]),
        (Outer, {"inner": UNKNOWN}),
        (Annotated[Inner, Validator(_red_is_small)], {"size": 2, "color": UNKNOWN}),
        (Annotated[Inner, Validator(_red_is_small)], {"size": UNKNOWN, "color": "RED"}),
    ],
)
def test_unknowns_are_unchanged(annotation: object, value: Value) -> None:
    assert validate(annotation, value, "p") == (value, [])


def test_validator_paths_are_relative_to_its_value() -> None:
    annotation = Annotated[Inner, Validator(_red_is_small)]
    assert refused(annotation, {"size": 2, "color": "red"}) == [
        ("p.size", "must be 1: color is RED")
    ]


def test_validator_is_skipped_for_invalid_value() -> None:
    annotation = Annotated[Inner, Validator(_red_is_small)]
    assert refused(annotation, {"color": "RED"}) == [("p.size", "is missing")]


def test_validator_runs_despite_warning() -> None:
    class Open(TypedDict):
        color: Color | str
        size: int

    annotation = Annotated[Open, Validator(lambda _: [("size", "is never right")])]
    _, findings = validate(annotation, {"color": "PINK", "size": 1}, "p")
    assert [(finding.path, finding.warning) for finding in findings] == [
        ("p.color", True),
        ("p.size", False),
    ]


def test_validator_keeps_violations_before_unknown() -> None:
    def rule(declared: KnownInputs) -> Violations:
        yield "a", "is wrong"
        yield "b", str(declared["b"])

    findings = list(run_validator(rule, {"a": 1, "b": UNKNOWN}, "p"))
    assert [finding.path for finding in findings] == ["p.a"]


@pytest.mark.parametrize(
    "read",
    [
        lambda known: known["a"],
        lambda known: known.get("a"),
        lambda known: known.inside("a"),
        lambda known: known["list"],
        lambda known: known.inside("b")["c"],
    ],
)
def test_reading_an_unknown_ends_validator(read: Any) -> None:  # noqa: ANN401 - a lambda
    known = KnownInputs({"a": UNKNOWN, "b": {"c": UNKNOWN}, "list": ["x", UNKNOWN]})
    with pytest.raises(InputNotYetKnown):
        read(known)


def test_validator_can_test_presence_of_unknown() -> None:
    known = KnownInputs({"a": UNKNOWN})
    assert "a" in known
    assert list(known) == ["a"]
    assert dict(known.inside("nothing")) == {}


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("tittle", '; did you mean "title"?'),
        ("Title", '; did you mean "title"?'),
        ("banana", ""),
        ("", ""),
    ],
)
def test_did_you_mean_suggests_only_similar_words(word: str, hint: str) -> None:
    assert did_you_mean(word, ["title", "description"]) == hint


def test_quote_is_one_short_printable_line() -> None:
    assert quote("a\nb\x1b[31m") == r'"a\nb\x1b[31m"'
    assert len(quote("x" * 1000)) == 80
    assert quote({"a": [1]}) == "{'a': [1]}"
