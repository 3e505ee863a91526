"""Tests of `StoredForms`: a value that the API stores in another form counts as unchanged.

A *form* is a spelling of a value, such as `Ann ` in the program and `ANN` in the API's response.
After a write, the state stores the forms of the program and of the API. A live value that has
neither form is an edit by a person, and counts as a difference.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pytest
from tests.engine.conftest import SECRET_MARK

from pulumi_datadog_cases.engine.lifecycle import LiveObject

if TYPE_CHECKING:
    from tests.engine.conftest import Library, Stack

    from pulumi_datadog_cases.engine.values import Values

DECLARED = {
    "shelf_id": "shelf-1",
    "title": " Moby Dick ",
    "isbn": "12",
    "blurb": "#whales",
    "labels": {"Sea": "North"},
    "tags": ["B", "a"],
    "loan": {"days": 3, "stamps": [{"day": "MO", "clerk": "Ann "}, {"day": "TU", "clerk": "bo"}]},
}


def tidy(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values in other forms, as an API might store them."""
    changes: dict[str, Callable[[Any], Any]] = {
        "title": str.strip,
        "isbn": "isbn {}".format,
        "blurb": "C{0[1]}".format,
        "labels": lambda labels: {k.lower(): v.lower() for k, v in labels.items()},
        "tags": lambda tags: sorted(tag.lower() for tag in tags),
        "loan": lambda loan: {
            **loan,
            "stamps": [
                {**stamp, "id": at, "clerk": stamp["clerk"].strip().upper()}
                for at, stamp in enumerate(reversed(loan["stamps"]))
            ],
        },
    }
    return {
        name: changes[name](value) if value and name in changes else value
        for name, value in values.items()
    }


@pytest.fixture(autouse=True)
def tidy_library(library: "Library", monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the library apply `tidy` to all values before it stores them."""
    create, update = library.create, library.update
    monkeypatch.setattr(library, "create", lambda values: create(tidy(values)))
    monkeypatch.setattr(library, "update", lambda id_, values: update(id_, tidy(values)))


def test_the_libraries_forms_are_no_difference(
    library: "Library", stack: "Stack", capfd: pytest.CaptureFixture[str]
) -> None:
    assert stack.up(**DECLARED) == "create"
    shown = capfd.readouterr().err
    assert shown == (
        "warning: Book book-1: the API returns title, isbn, blurb, labels.Sea, tags, tags[0], "
        "loan.stamps, loan.stamps[0].clerk, loan.stamps[1].clerk in another form than declared. "
        "From now on, the provider treats the two forms as equal, and shows no difference\n"
    )
    for _ in range(2):
        assert stack.up(**DECLARED) == "nothing"
        assert stack.refresh() == {}
    assert {name: stack.outputs[name] for name in DECLARED} == DECLARED
    assert capfd.readouterr().err == ""
    assert len(library.writes) == 2  # the create, and the request that sets the loan


def test_edits_are_shown_against_the_declared_values(library: "Library", stack: "Stack") -> None:
    stack.up(**DECLARED)
    live = library.books["book-1"]
    live["title"] = "Moby Duck"
    live["labels"]["sea"] = "south"
    live["labels"]["by"] = "others"
    live["loan"]["stamps"][1]["clerk"] = "CY"
    changed = stack.refresh()
    assert changed == {
        "title": (" Moby Dick ", "Moby Duck"),
        "labels": ({"Sea": "North"}, {"Sea": "south"}),
        "loan": (
            DECLARED["loan"],
            {"days": 3, "stamps": [{"day": "MO", "clerk": "CY"}, {"day": "TU", "clerk": "bo"}]},
        ),
    }
    before = len(library.writes)
    reads = library.reads
    assert stack.up(**DECLARED) == "update"
    assert [each[0] for each in library.writes[before:]] == ["update"]
    assert live["labels"] == {"sea": "north", "by": "others"}
    # The provider reads the book once, to merge the labels. The state already has the API's forms,
    # so the provider does not read the book again to find them.
    assert library.reads == reads + 1
    assert stack.refresh() == {}
    assert stack.up(**DECLARED) == "nothing"


def test_a_repair_by_hand_is_recognized(library: "Library", stack: "Stack") -> None:
    stack.up(**DECLARED)
    library.books["book-1"]["blurb"] = "Cx"
    assert stack.refresh() == {"blurb": ("#whales", "Cx")}
    library.books["book-1"]["blurb"] = "Cw"
    assert stack.refresh() == {"blurb": ("Cx", "#whales")}


def test_a_later_declaration_discards_the_form(library: "Library", stack: "Stack") -> None:
    stack.up(**DECLARED)
    assert stack.up(**{**DECLARED, "blurb": "#sea"}) == "update"
    assert library.books["book-1"]["blurb"] == "Cs"
    library.books["book-1"]["blurb"] = "Cw"
    assert stack.refresh() == {"blurb": ("#sea", "Cw")}


def test_a_key_that_is_no_longer_declared_is_removed(library: "Library", stack: "Stack") -> None:
    stack.up(**DECLARED)
    library.books["book-1"]["labels"]["by"] = "others"
    assert stack.up(**{**DECLARED, "labels": {"Ship": "Pequod"}}) == "update"
    assert library.books["book-1"]["labels"] == {"ship": "pequod", "by": "others"}
    assert stack.refresh() == {}


def test_replacement_needs_an_edit_of_the_program(stack: "Stack") -> None:
    stack.up(**DECLARED)
    assert not stack.diff(**DECLARED).replaces
    assert stack.diff(**{**DECLARED, "isbn": "13"}).replaces == ["isbn"]


def test_forms_are_stored_as_a_secret(stack: "Stack") -> None:
    stack.up(**DECLARED)
    assert SECRET_MARK in stack.outputs["__forms"]


# --- responses that do not show the write ----------------------------------------------------


def answer(
    library: "Library", monkeypatch: pytest.MonkeyPatch, respond: "Callable[[Values], Values]"
) -> None:
    """Let `respond` change the values in all responses to create and update requests."""
    for verb in ("create", "update"):
        write = getattr(library, verb)

        def changed(*arguments: object, write: Callable[..., LiveObject] = write) -> LiveObject:
            response = write(*arguments)
            return LiveObject(response.id, respond(response.values))

        monkeypatch.setattr(library, verb, changed)


@pytest.mark.parametrize("name", ["title", "blurb"])
def test_response_without_the_write(
    library: "Library", stack: "Stack", monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    answer(library, monkeypatch, lambda values: {k: v for k, v in values.items() if k != name})
    stack.up(**DECLARED)
    assert stack.refresh() == {}
    assert stack.up(**DECLARED) == "nothing"


def test_response_from_before_the_write(
    library: "Library", stack: "Stack", monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.up(**DECLARED)
    old = dict(library.books["book-1"])
    answer(library, monkeypatch, lambda _: old)
    edited = {**DECLARED, "blurb": "#sea", "title": "Omoo"}
    stack.up(**edited)
    assert {name: stack.outputs[name] for name in DECLARED} == edited
    assert stack.refresh() == {}
    library.books["book-1"]["blurb"] = old["blurb"]
    assert stack.refresh() == {"blurb": ("#sea", "Cw")}


def test_response_that_repeats_the_request(
    library: "Library", stack: "Stack", monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = {"shelf_id": "shelf-1", "title": " Moby Dick "}
    for verb in ("create", "update"):
        write = getattr(library, verb)

        def repeat(*arguments: Any, write: Callable[..., LiveObject] = write) -> LiveObject:  # noqa: ANN401 - two methods
            response = write(*arguments)
            return LiveObject(response.id, {**response.values, **arguments[-1]})

        monkeypatch.setattr(library, verb, repeat)
    stack.up(**declared)
    assert stack.refresh() == {"title": (" Moby Dick ", "Moby Dick")}
    assert stack.up(**declared) == "update"
    assert stack.refresh() == {}
    library.books["book-1"]["title"] = "Moby Duck"
    assert stack.refresh() == {"title": (" Moby Dick ", "Moby Duck")}


def test_ignored_write_is_shown(
    library: "Library", stack: "Stack", monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.up(**DECLARED)
    update = library.update
    monkeypatch.setattr(library, "update", lambda id_, _: update(id_, {}))
    edited = {**DECLARED, "blurb": "#sea"}
    assert stack.up(**edited) == "update"
    assert stack.outputs["blurb"] == "Cw"
    assert stack.up(**edited) == "update"


def test_read_after_the_write_shows_an_edit_by_someone_else(
    library: "Library", stack: "Stack", monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.up(**DECLARED)
    read = library.read

    def edit_and_read(id_: str, shelf: str) -> LiveObject:
        library.books[id_]["blurb"] = "by someone else"
        return read(id_, shelf)

    monkeypatch.setattr(library, "read", edit_and_read)
    edited = {**DECLARED, "blurb": "#sea"}
    stack.up(**edited)
    assert stack.outputs["blurb"] == "by someone else"
    assert stack.up(**edited) == "update"


def test_failed_read_after_the_write_fails_nothing(library: "Library", stack: "Stack") -> None:
    library.faults["read"] = ConnectionError("reset")
    assert stack.up(**{**DECLARED, "blurb": "", "labels": {}, "loan": {}}) == "create"
    assert stack.outputs["title"] == DECLARED["title"]
    assert len(library.books) == 1


def test_form_of_a_replacing_property_may_appear_in_a_later_read(
    library: "Library", stack: "Stack", monkeypatch: pytest.MonkeyPatch
) -> None:
    """The API cannot change the property, so nobody can have edited it."""
    values = {**DECLARED, "isbn": "12"}
    answer(library, monkeypatch, lambda response: {**response, "isbn": "12"})
    stack.up(**values)
    library.books["book-1"]["isbn"] = "1 2"
    assert stack.refresh().keys() == {"__forms"}
    assert stack.refresh() == {}
    assert stack.up(**values) == "nothing"
    library.books["book-1"]["isbn"] = "13"
    assert stack.refresh() == {"isbn": ("12", "13")}
