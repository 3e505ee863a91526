"""`ResourceType`: validation, comparison and outputs of a toy resource type."""

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_datadog_cases.engine.values import UNKNOWN, without_hidden

if TYPE_CHECKING:
    from tests.engine.conftest import Library, Stack

LEAST: dict[str, Any] = {"shelf_id": "s", "title": "a"}
LOAN: dict[str, Any] = {"days": 14, "reader": {"name": "Ada"}}


# --- undeclared values are not managed -------------------------------------------------------


def test_create_sends_only_declared_values(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST)
    assert library.writes == [("create", {"shelf_id": "s", "title": "a", "pages": 1})]


def test_state_contains_only_declared_inputs(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST)
    assert library.books["book-1"]["language"] == "en"
    assert "language" not in stack.outputs


def test_undeclared_changes_are_not_drift(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST, loan=LOAN, labels={"a": "1"})
    book = library.books["book-1"]
    book["language"] = "fr"
    book["labels"]["theirs"] = "x"
    book["loan"]["reader"]["city"] = "Oslo"
    assert stack.refresh() == {}
    assert stack.up(**LEAST, loan=LOAN, labels={"a": "1"}) == "nothing"


def test_update_keeps_undeclared_values_at_every_depth(stack: "Stack", library: "Library") -> None:
    stamps = [{"day": "mon"}]
    stack.up(**LEAST, loan={**LOAN, "stamps": stamps})
    loan = library.books["book-1"]["loan"]
    loan["reader"]["city"] = "Oslo"
    loan["stamps"][0]["clerk"] = "Bo"
    stack.up(**LEAST, loan={**LOAN, "days": 7, "stamps": [{"day": "sun"}, {"day": "mon"}]})
    assert library.books["book-1"]["loan"] == {
        "days": 7,
        "reader": {"name": "Ada", "city": "Oslo"},
        "stamps": [{"day": "sun"}, {"day": "mon", "clerk": "Bo"}],
    }


def test_drift_of_declared_value_is_repaired(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST, loan=LOAN)
    library.books["book-1"]["loan"]["reader"]["name"] = "Bob"
    seen = {"days": 14, "reader": {"name": "Bob"}}
    assert stack.refresh() == {"loan": (LOAN, seen)}
    assert stack.up(**LEAST, loan=LOAN) == "update"
    assert library.writes[-1] == ("update", "book-1", {"loan": LOAN})


# --- values removed from the program ---------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "cleared"),
    [("blurb", "good", ""), ("labels", {"a": "1"}, {}), ("tags", ["x"], [])],
)
def test_removed_property_is_cleared(
    stack: "Stack", library: "Library", name: str, value: object, cleared: object
) -> None:
    stack.up(**LEAST, **{name: value})
    assert stack.diff(**LEAST).changes is not False
    assert stack.up(**LEAST) == "update"
    assert library.writes[-1] == ("update", "book-1", {name: cleared})
    assert name not in stack.outputs
    assert stack.up(**LEAST) == "nothing"


def test_removed_property_without_clear_value_stays(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST, cover="SOFT")
    writes, reads = len(library.writes), library.reads
    assert stack.up(**LEAST) == "update"
    assert (len(library.writes), library.reads) == (writes, reads)
    assert "cover" not in stack.outputs
    assert stack.outputs["revision"] == 1
    assert stack.up(**LEAST) == "nothing"


def test_removed_key_is_dropped(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST, labels={"a": "1", "b": "2"})
    library.books["book-1"]["labels"]["theirs"] = "x"
    stack.up(**LEAST, labels={"a": "1"})
    assert library.books["book-1"]["labels"] == {"a": "1", "theirs": "x"}


def test_clearing_mapping_keeps_undeclared_keys(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST, labels={"a": "1"})
    library.books["book-1"]["labels"]["theirs"] = "x"
    stack.up(**LEAST)
    assert library.books["book-1"]["labels"] == {"theirs": "x"}


# --- outputs ---------------------------------------------------------------------------------


def test_outputs_are_inputs_and_computed_values(stack: "Stack") -> None:
    declared = {**LEAST, "pages": 3, "labels": {"a": "1"}, "loan": LOAN}
    stack.up(**declared)
    shown = without_hidden(stack.outputs)
    # The revision is 2, because a second request sets `loan`.
    assert shown == {**declared, "revision": 2, "lost_at": None, "touched_at": None}


def test_second_up_and_refresh_show_no_change(stack: "Stack", library: "Library") -> None:
    declared = {**LEAST, "blurb": "", "labels": {}, "pages": 90, "price": 2.5, "tags": ("b", "a")}
    stack.up(**declared)
    assert stack.refresh() == {}
    assert stack.up(**declared) == "nothing"
    assert stack.refresh() == {}
    assert len(library.writes) == 1
    assert stack.outputs.items() >= {"blurb": "", "labels": {}}.items()


def test_drift_shows_only_the_changed_property(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST, blurb="good")
    library.books["book-1"]["blurb"] = "bad"
    assert stack.refresh() == {"blurb": ("good", "bad")}


def test_equivalent_spelling_is_no_change(stack: "Stack", library: "Library") -> None:
    declared = {**LEAST, "isbn": "1-2", "cover": "soft", "tags": ["b", "a"]}
    stack.up(**declared)
    library.books["book-1"] |= {"cover": "Soft", "tags": ["b", "a"], "isbn": "12"}
    assert stack.refresh() == {}
    assert stack.up(**{**declared, "isbn": "12", "cover": "SOFT", "tags": ["a", "b"]}) == "nothing"


def test_integers_reach_the_api_as_integers(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST, pages=90, price=2.5, loan={"days": 7})
    assert [repr(library.books["book-1"][name]) for name in ("pages", "price", "loan")] == [
        "90",
        "2.5",
        "{'days': 7}",
    ]


# --- diff ------------------------------------------------------------------------------------


def test_only_declared_properties_replace(stack: "Stack") -> None:
    stack.up(**LEAST, isbn="1")
    assert stack.diff(**LEAST, isbn="2").replaces == ["isbn"]
    assert stack.diff(shelf_id="t", title="b", isbn="1").replaces == ["shelf_id"]
    diff = stack.diff(shelf_id="s", title="b", isbn="1", pages=2, blurb="c", labels={"a": "1"})
    assert (diff.changes, diff.replaces) == (None, [])


def test_removing_a_replacing_property_replaces(stack: "Stack") -> None:
    stack.up(**LEAST, isbn="1")
    assert stack.diff(**LEAST).replaces == ["isbn"]


def test_replacement_deletes_first_only_if_both_objects_would_be_the_same(stack: "Stack") -> None:
    stack.up(**LEAST, isbn="1")
    # `pulumi up --replace` replaces a resource although no property has changed.
    assert stack.diff(**LEAST, isbn="1").delete_before_replace is True
    assert stack.diff(**LEAST, isbn="2").delete_before_replace is False
    assert stack.diff(shelf_id="t", title="a", isbn="1").delete_before_replace is False


def test_replacement_gets_a_new_id(stack: "Stack") -> None:
    stack.up(**LEAST)
    assert stack.up(shelf_id="t", title="a") == "replace"
    assert stack.id == "book-2"


def test_other_pickled_provider_is_no_change(stack: "Stack") -> None:
    stack.up(**LEAST)
    inputs, _ = stack.check(**LEAST)
    olds = {**stack.outputs, "__provider": "old"}
    diff = stack.provider.diff("book-1", olds, {**inputs, "__provider": "new"})
    assert diff.changes is False


def test_computed_values_are_not_compared(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST)
    library.books["book-1"] |= {"revision": 7, "lost_at": "now"}
    assert set(stack.refresh()) == {"revision", "lost_at"}
    assert stack.up(**LEAST) == "nothing"


@pytest.mark.parametrize(
    "change",
    [
        {"title": UNKNOWN},
        {"labels": UNKNOWN},
        {"labels": {"a": UNKNOWN}},
        {"loan": {"days": 14, "reader": {"name": UNKNOWN}}},
        {"tags": ["x", UNKNOWN]},
    ],
)
def test_unknown_is_a_change_and_no_failure(stack: "Stack", change: dict[str, Any]) -> None:
    declared = {**LEAST, "labels": {"a": "1"}, "loan": LOAN, "tags": ["x", "y"]}
    stack.up(**declared)
    diff = stack.diff(**{**declared, **change})
    assert (diff.changes, diff.replaces) == (None, [])


def test_preview_shows_update_warning(stack: "Stack", capsys: pytest.CaptureFixture[str]) -> None:
    stack.up(**LEAST, pin="1234")
    stack.diff(**LEAST, pin="4321")
    assert capsys.readouterr().err == ""
    stack.diff(**LEAST)
    assert capsys.readouterr().err == (
        "warning: Book book-1: the old pin may still work; "
        "no longer managed, and not changed: pin\n"
    )


def test_preview_tells_kept_values_from_cleared_ones(
    stack: "Stack", capsys: pytest.CaptureFixture[str]
) -> None:
    stack.up(**LEAST, language="en", price=3.5, blurb="b", labels={"a": "1"}, tags=["x"])
    # `blurb`, `labels` and `tags` are cleared, because they have a value that clears them.
    stack.diff(**LEAST, price=3.5)
    assert capsys.readouterr().err == (
        "warning: Book book-1: no longer managed, and not changed: language\n"
    )
    stack.diff(**LEAST, language="en", price=4.5, labels={})
    assert capsys.readouterr().err == ""


# --- check -----------------------------------------------------------------------------------


def test_check_reports_all_failures_with_paths(stack: "Stack") -> None:
    _, refused = stack.check(
        titel="a",
        revision=3,
        cover="HRAD",
        pages=2.5,
        isbn="12x",
        labels={"a": ["b"]},
        tags="x",
        loan={"day": 1, "reader": {"city": 4}, "stamps": [{"day": "mon"}, {"clerk": "Bo"}]},
    )
    # The constructor has already rejected a program that does not pass a required input. So if
    # `check` finds that an input is missing, Pulumi has dropped it because of `--target`.
    missing = "is missing: with --target, also target the resource that the value comes from"
    assert dict(refused) == {
        "shelf_id": missing,
        "title": missing,
        "titel": 'is not a property of Book; did you mean "title"?',
        "revision": "is read-only; remove it",
        "cover": '"HRAD" is not one of SOFT, HARD; did you mean "HARD"?',
        "pages": "must be an integer, got 2.5",
        "isbn": 'must be digits and dashes, got "12x"',
        "labels.a": "must be a string, got ['b']",
        "tags": 'must be a list of strings, got "x"',
        "loan.day": 'is not a known key; did you mean "days"?',
        "loan.reader.city": "must be a string, got 4",
        "loan.stamps[1].day": "is missing",
    }


def test_nested_validator_reports_full_path(stack: "Stack") -> None:
    _, refused = stack.check(**LEAST, loan={"reader": {"name": "Ada"}})
    assert refused == [("loan.days", "is missing: a reader needs to know how long")]


def test_validate_inputs_failure_is_reported(stack: "Stack") -> None:
    _, refused = stack.check(**LEAST, genre="POETRY", cover="hard")
    assert refused == [("cover", "must be SOFT: genre is POETRY")]


@pytest.mark.parametrize("unsure", [UNKNOWN, 5, "NOVELL"])
def test_validator_skips_unknown_and_invalid_properties(stack: "Stack", unsure: object) -> None:
    _, refused = stack.check(**LEAST, genre=unsure, cover="HARD")
    assert "cover" not in dict(refused)


def test_validator_skips_unlisted_value(stack: "Stack") -> None:
    _, refused = stack.check(**LEAST, genre="DRAMA", cover="HARD")
    assert refused == []


def test_siblings_of_unknowns_are_validated(stack: "Stack") -> None:
    _, refused = stack.check(
        shelf_id=UNKNOWN, title="a", cover=1, loan={"days": UNKNOWN, "reader": {"name": 1}}
    )
    assert dict(refused) == {
        "cover": "must be one of SOFT, HARD, got 1",
        "loan.reader.name": "must be a string, got 1",
    }


def test_unlisted_value_of_open_enum_warns(
    stack: "Stack", library: "Library", capsys: pytest.CaptureFixture[str]
) -> None:
    stack.up(**LEAST, genre="DRAMA")
    assert library.books["book-1"]["genre"] == "DRAMA"
    assert capsys.readouterr().err == (
        'warning: Book: genre "DRAMA" is not one of NOVEL, POETRY; sent as is\n'
    )


def test_typo_in_open_enum_is_rejected(stack: "Stack") -> None:
    _, refused = stack.check(**LEAST, genre="POETTRY")
    assert refused == [
        ("genre", '"POETTRY" is not one of NOVEL, POETRY; did you mean "POETRY"?'),
    ]


def test_defaults_are_part_of_checked_inputs(stack: "Stack") -> None:
    inputs, _ = stack.check(**LEAST)
    assert inputs == {**LEAST, "pages": 1}


def test_removed_value_returns_to_default(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST, pages=3)
    stack.up(**LEAST)
    assert library.writes[-1] == ("update", "book-1", {"pages": 1})


def test_none_means_undeclared(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST, blurb=None, labels={"a": "1", "b": None}, pages=None)
    assert library.writes == [
        ("create", {"shelf_id": "s", "title": "a", "pages": 1, "labels": {"a": "1"}})
    ]
