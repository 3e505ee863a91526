"""The rules of create, read, update and delete, on a toy kind whose far side is in memory."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.engine.conftest import Book, Library, Stack

LEAST: dict[str, Any] = {"shelf_id": "s", "title": "a"}
LOAN: dict[str, Any] = {"days": 14, "reader": {"name": "Ada"}}


# --- create ----------------------------------------------------------------------------------


def test_what_creation_does_not_take_is_set_right_after(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST, loan=LOAN)
    assert library.writes == [
        ("create", {**LEAST, "pages": 1}),
        ("update", "book-1", {"loan": LOAN}),
    ]


def test_nothing_is_set_that_is_so_already(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST, loan={})
    assert [verb for verb, *_ in library.writes] == ["create"]


def test_a_create_that_cannot_be_completed_leaves_nothing(
    stack: "Stack", library: "Library"
) -> None:
    library.faults["update"] = RuntimeError("the stamp is dry")
    with pytest.raises(
        Exception, match=r"^the stamp is dry \(the incomplete Book book-1 was removed"
    ):
        stack.up(**LEAST, loan=LOAN)
    assert library.books == {}


def test_a_create_that_cannot_be_undone_names_what_is_left(
    stack: "Stack", library: "Library"
) -> None:
    library.faults = {"update": RuntimeError("the stamp is dry"), "delete": OSError("no hands")}
    with pytest.raises(Exception, match="Book book-1 is incomplete") as raised:
        stack.up(**LEAST, loan=LOAN)
    assert "the stamp is dry" in str(raised.value)
    assert "no hands" in str(raised.value)


def test_a_create_that_fails_at_once_undoes_nothing(stack: "Stack", library: "Library") -> None:
    library.faults["create"] = RuntimeError("closed")
    with pytest.raises(RuntimeError, match="closed"):
        stack.up(**LEAST, loan=LOAN)
    assert [verb for verb, *_ in library.writes] == ["create"]


# --- update ----------------------------------------------------------------------------------


def test_only_what_changed_is_sent(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST, blurb="good", pages=3)
    stack.up(**{**LEAST, "title": "b"}, blurb="good", pages=3)
    assert library.writes[-1] == ("update", "book-1", {"title": "b"})


def test_an_update_of_plain_values_reads_nothing(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST)
    stack.up(shelf_id="s", title="b")
    assert library.reads == 0


def test_an_update_of_what_is_gone_says_what_to_do(
    stack: "Stack",
    book: "type[Book]",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stack.up(**LEAST, labels={"a": "1"})
    monkeypatch.setattr(book.Lifecycle, "read", lambda *_: None)
    with pytest.raises(Exception, match="Book book-1 was deleted outside this stack"):
        stack.up(**LEAST, labels={"a": "2"})


# --- read ------------------------------------------------------------------------------------


def test_a_write_only_value_stays_as_it_was_declared(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST, pin="1234")
    library.books["book-1"]["pin"] = "0000"
    assert stack.refresh() == {}
    assert stack.outputs["pin"] == "1234"


def test_a_parent_that_is_not_answered_stays_as_it_was_declared(stack: "Stack") -> None:
    stack.up(**LEAST)
    assert stack.refresh() == {}
    assert stack.outputs["shelf_id"] == "s"


def test_what_moves_with_every_edit_follows_this_stacks_writes_only(
    stack: "Stack", library: "Library"
) -> None:
    stack.up(**LEAST)
    library.books["book-1"]["touched_at"] = "now"
    assert stack.refresh() == {}
    stack.up(shelf_id="s", title="b")
    assert stack.outputs["touched_at"] == "now"


def test_a_refresh_gives_the_inputs_as_they_are(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST, blurb="good")
    library.books["book-1"]["blurb"] = "bad"
    stack.refresh()
    assert stack.inputs == {**LEAST, "pages": 1, "blurb": "bad"}


def test_what_is_gone_leaves_the_state_and_is_made_again(
    stack: "Stack", library: "Library"
) -> None:
    stack.up(**LEAST)
    library.books.clear()
    stack.refresh()
    assert (stack.id, stack.outputs) == (None, {})
    assert stack.up(**LEAST) == "create"


def test_a_lifecycle_may_answer_none_for_gone(
    stack: "Stack",
    book: "type[Book]",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stack.up(**LEAST)
    monkeypatch.setattr(book.Lifecycle, "read", lambda *_: None)
    stack.refresh()
    assert stack.id is None


def test_any_other_failure_leaves_the_state_alone(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST)
    before = stack.outputs
    library.faults["read"] = RuntimeError("403")
    with pytest.raises(RuntimeError, match="403"):
        stack.refresh()
    assert (stack.id, stack.outputs) == ("book-1", before)


@pytest.mark.parametrize(("id_", "parents"), [("book-1", {"shelf_id": "s"}), ("s/book-1", {})])
def test_get_answers_everything(
    stack: "Stack", library: "Library", id_: str, parents: dict[str, str]
) -> None:
    library.create(
        {**LEAST, "cover": "SOFT", "labels": {"a": "1"}, "touched_at": "now", "strange": 1}
    )
    outputs = stack.get(id_, **parents)
    assert {name: value for name, value in outputs.items() if value is not None} == {
        "shelf_id": "s",
        "title": "a",
        "language": "en",
        "cover": "SOFT",
        "labels": {"a": "1"},
        "revision": 1,
        "touched_at": "now",
    }


# --- delete ----------------------------------------------------------------------------------


def test_destroy_ends_the_object(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST)
    stack.destroy()
    assert library.books == {}


def test_what_is_gone_already_is_as_good_as_deleted(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST)
    library.books.clear()
    stack.destroy()
    assert library.writes[-1] == ("delete", "book-1")


def test_a_delete_that_fails_keeps_the_state(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST)
    library.faults["delete"] = RuntimeError("403")
    with pytest.raises(RuntimeError, match="403"):
        stack.destroy()
    assert stack.id == "book-1"


# --- configure -------------------------------------------------------------------------------


def test_the_stacks_config_reaches_the_kind(configure: Callable[..., Any]) -> None:
    with pytest.raises(ValueError, match="there is no library in Ulm"):
        configure(town="Ulm")
