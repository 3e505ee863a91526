"""Validation of inputs: accepted values, normalized values, and messages."""

import asyncio
import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, NotRequired, Required

import pulumi
import pytest
from typing_extensions import TypedDict

from pulumi_datadog_cases.api.enums import CaseInsightType
from pulumi_datadog_cases.engine.validation import (
    DependsOn,
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
Level = Literal[1, 2] | int


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
    """If this fails, Pulumi's SDK has changed the text of `str(output)`: adapt `_OUTPUT_TEXT`."""

    async def new_output() -> pulumi.Output[str]:
        return pulumi.Output.from_input("value")

    # `asyncio.run` provides an event loop and closes it. Without an event loop, an output opens a
    # loop and does not close it.
    output = asyncio.run(new_output())
    for text in str(output), f"a {output} b", repr([output]):
        assert is_output_text(text), text
        assert is_output_text(text.upper())


@pytest.mark.parametrize("method", ["toString", "toJSON"])
def test_texts_of_outputs_in_typescript_are_recognized(method: str) -> None:
    text = f"Calling [{method}] on an [Output<T>] is not supported.\n\nTo get the value of"
    assert is_output_text(f"cases of {text}")


@pytest.mark.parametrize("text", ["", "Output[T]", "o.apply(f)", "<object at 0x7f1b97079e90>"])
def test_other_texts_are_not_output_texts(text: str) -> None:
    assert not is_output_text(text)


def refused(annotation: object, value: Value) -> list[tuple[str, str]]:
    _, diagnostics = validate(annotation, value, "p")
    return [(each.path, each.message) for each in diagnostics if not each.warning]


def warned(annotation: object, value: Value) -> list[tuple[str, str]]:
    """Return the warnings about a value. The value must be valid, and stay unchanged."""
    validated, diagnostics = validate(annotation, value, "p")
    assert validated == value
    assert all(each.warning for each in diagnostics)
    return [(each.path, each.message) for each in diagnostics]


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
        (Color, "", '"" is not one of RED, GREEN'),
        (Level, "1", 'must be one of 1, 2 or an integer, got "1"'),
        (Level, True, "must be one of 1, 2 or an integer, got True"),
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
        "inner": {"color": 1},
        "inners": [{"size": 1}, {"size": "x", "colour": "RED"}],
    }
    assert refused(Outer, value) == [
        ("p.inner.size", "is missing"),
        ("p.inner.color", "must be one of RED, GREEN, got 1"),
        ("p.inners[1].colour", 'is not a known key; did you mean "color"?'),
        ("p.inners[1].size", 'must be an integer, got "x"'),
    ]


def test_unlisted_key_is_sent_with_a_warning() -> None:
    assert warned(Inner, {"size": 1, "zzz": {"any": ["JSON", 1]}}) == [
        ("p.zzz", "is not a known key; known keys: size, color; sent as is")
    ]


def test_key_similar_to_a_declared_key_is_no_typo() -> None:
    assert refused(Inner, {"sizes": 1}) == [
        ("p.size", "is missing"),
        ("p.sizes", 'is not a known key; did you mean "size"?'),
    ]
    assert [path for path, _ in warned(Inner, {"size": 1, "sizes": [1]})] == ["p.sizes"]


def test_unlisted_key_must_be_json() -> None:
    assert [path for path, _ in refused(Inner, {"size": 1, "zzz": [math.nan]})] == ["p.zzz"]


def test_enum_case_is_normalized() -> None:
    assert validate(Color, "green", "p") == ("GREEN", [])


@pytest.mark.parametrize("annotation", [Color, Color | str])
def test_unlisted_value_of_enum_is_sent_with_a_warning(annotation: object) -> None:
    assert warned(annotation, "pink") == [("p", '"pink" is not one of RED, GREEN; sent as is')]


def test_unlisted_number_of_enum_is_sent_with_a_warning() -> None:
    assert warned(Level, 0) == [("p", "0 is not one of 1, 2; sent as is")]
    assert warned(Level, 2) == []


def test_typo_in_enum_is_refused() -> None:
    assert refused(Color, "GREE") == [
        ("p", '"GREE" is not one of RED, GREEN; did you mean "GREEN"?')
    ]


def test_long_enum_is_listed_in_part() -> None:
    ((_, message),) = warned(CaseInsightType, "QUANTUM_LEAP")
    assert message == (
        '"QUANTUM_LEAP" is not one of SECURITY_SIGNAL, MONITOR, EVENT_CORRELATION, '
        "ERROR_TRACKING, …; sent as is"
    )


class Tagged(TypedDict):
    kind: Color
    data: Annotated[Inner, DependsOn("kind")]


def test_form_is_free_if_its_enum_has_an_unlisted_value() -> None:
    for data in {"sizes": "x"}, [1], "x":
        assert [path for path, _ in warned(Tagged, {"kind": "PINK", "data": data})] == ["p.kind"]
    assert [path for path, _ in warned(Tagged, {"kind": "PINK"})] == ["p.kind"]
    assert refused(Tagged, {"kind": "PINK", "data": math.inf})


@pytest.mark.parametrize("kind", ["red", UNKNOWN])
def test_form_is_checked_if_its_enum_lists_the_value(kind: Value) -> None:
    assert [path for path, _ in refused(Tagged, {"kind": kind, "data": {}})] == ["p.data.size"]


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


def test_validator_runs_despite_warning_about_another_value() -> None:
    annotation = Annotated[Inner, Validator(_red_is_small)]
    value: Value = {"size": 2, "color": "RED", "zzz": 1}
    assert refused(annotation, value) == [("p.size", "must be 1: color is RED")]


def test_validator_ends_at_unlisted_value() -> None:
    annotation = Annotated[Inner, Validator(lambda declared: [("", str(declared["color"]))])]
    assert refused(annotation, {"size": 1, "color": "RED"}) == [("p", "RED")]
    assert [path for path, _ in warned(annotation, {"size": 1, "color": "PINK"})] == ["p.color"]


def test_validator_can_warn() -> None:
    annotation = Annotated[Inner, Validator(lambda _: [("size", "is odd")], warning=True)]
    assert warned(annotation, {"size": 1}) == [("p.size", "is odd; sent as is")]


def test_validator_keeps_violations_before_unknown() -> None:
    def rule(declared: KnownInputs) -> Violations:
        yield "a", "is wrong"
        yield "b", str(declared["b"])

    findings = list(run_validator(Validator(rule), {"a": 1, "b": UNKNOWN}, "p", []))
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
    ("word", "option"),
    [
        ("titel", "title"),
        ("tittle", "title"),
        ("Title", "title"),
        ("typ", "type"),
        ("HTPT", "HTTP"),
        ("ULR", "URL"),
        ("COMMENT-ADDED", "COMMENT_ADDED"),
        ("COMENTADDED", "COMMENT_ADDED"),
        ("CASE_CRAETED", "CASE_CREATED"),
        ("APPROVED_CASE_REVIEW", "CASE_REVIEW_APPROVED"),
    ],
)
def test_typo_suggests_option(word: str, option: str) -> None:
    assert did_you_mean(word, ["zzz", option]) == f'; did you mean "{option}"?'


@pytest.mark.parametrize(
    ("word", "option"),
    [
        ("banana", "title"),
        ("", "title"),
        ("P0", "P1"),  # too short for a typo
        ("PAGE", "CASE"),
        ("SCM_PR", "SCM_URL"),
        ("ASM_RECOMMENDATION", "APM_RECOMMENDATION"),  # another acronym
        ("descending", "ascending"),  # the opposite
        ("COMMENT_EDITED", "COMMENT_ADDED"),
        pytest.param("A" * 5_000_000, "CASE_CREATED", id="long"),  # its distance would take minutes
    ],
)
def test_other_words_are_no_typos(word: str, option: str) -> None:
    assert did_you_mean(word, [option]) == ""


def test_quote_is_one_short_printable_line() -> None:
    assert quote("a\nb\x1b[31m") == r'"a\nb\x1b[31m"'
    assert len(quote("x" * 1000)) == 80
    assert quote({"a": [1]}) == "{'a': [1]}"
