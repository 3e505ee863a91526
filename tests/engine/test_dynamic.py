"""`DynamicProvider`: create, read, update and delete of a toy resource type."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.engine.conftest import Book, Library, Stack

LEAST: dict[str, Any] = {"shelf_id": "s", "title": "a"}
LOAN: dict[str, Any] = {"days": 14, "reader": {"name": "Ada"}}


# --- create ----------------------------------------------------------------------------------


def test_after_create_properties_are_set_by_update(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST, loan=LOAN)
    assert library.writes == [
        ("create", {**LEAST, "pages": 1}),
        ("update", "book-1", {"loan": LOAN}),
    ]


def test_create_sends_no_update_for_empty_values(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST, loan={})
    assert [verb for verb, *_ in library.writes] == ["create"]


def test_incomplete_create_is_rolled_back(stack: "Stack", library: "Library") -> None:
    library.faults["update"] = RuntimeError("the stamp is dry")
    with pytest.raises(
        Exception, match=r"^the stamp is dry \(the incomplete Book book-1 was removed"
    ):
        stack.up(**LEAST, loan=LOAN)
    assert library.books == {}


def test_failed_rollback_names_the_object(stack: "Stack", library: "Library") -> None:
    library.faults = {"update": RuntimeError("the stamp is dry"), "delete": OSError("no hands")}
    with pytest.raises(Exception, match="Book book-1 is incomplete") as raised:
        stack.up(**LEAST, loan=LOAN)
    assert "the stamp is dry" in str(raised.value)
    assert "no hands" in str(raised.value)


def test_failed_create_request_is_not_rolled_back(stack: "Stack", library: "Library") -> None:
    library.faults["create"] = RuntimeError("closed")
    with pytest.raises(RuntimeError, match="closed"):
        stack.up(**LEAST, loan=LOAN)
    assert [verb for verb, *_ in library.writes] == ["create"]


# --- update ----------------------------------------------------------------------------------


def test_update_sends_only_changes(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST, blurb="good", pages=3)
    stack.up(**{**LEAST, "title": "b"}, blurb="good", pages=3)
    assert library.writes[-1] == ("update", "book-1", {"title": "b"})


def test_update_of_scalar_values_reads_nothing(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST)
    stack.up(shelf_id="s", title="b")
    assert library.reads == 0


def test_update_of_deleted_object_advises_refresh(
    stack: "Stack",
    book: "type[Book]",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stack.up(**LEAST, labels={"a": "1"})
    monkeypatch.setattr(book.Lifecycle, "read", lambda *_: None)
    with pytest.raises(Exception, match="Book book-1 was deleted outside this stack"):
        stack.up(**LEAST, labels={"a": "2"})


# --- read ------------------------------------------------------------------------------------


def test_refresh_keeps_write_only_value(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST, pin="1234")
    library.books["book-1"]["pin"] = "0000"
    assert stack.refresh() == {}
    assert stack.outputs["pin"] == "1234"


def test_refresh_keeps_parent_missing_in_response(stack: "Stack") -> None:
    stack.up(**LEAST)
    assert stack.refresh() == {}
    assert stack.outputs["shelf_id"] == "s"


def test_refresh_keeps_volatile_values(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST)
    library.books["book-1"]["touched_at"] = "now"
    assert stack.refresh() == {}
    stack.up(shelf_id="s", title="b")
    assert stack.outputs["touched_at"] == "now"


def test_refresh_updates_inputs(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST, blurb="good")
    library.books["book-1"]["blurb"] = "bad"
    stack.refresh()
    assert stack.inputs == {**LEAST, "pages": 1, "blurb": "bad"}


def test_deleted_object_leaves_state_and_is_recreated(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST)
    library.books.clear()
    stack.refresh()
    assert (stack.id, stack.outputs) == (None, {})
    assert stack.up(**LEAST) == "create"


def test_read_returning_none_removes_from_state(
    stack: "Stack",
    book: "type[Book]",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stack.up(**LEAST)
    monkeypatch.setattr(book.Lifecycle, "read", lambda *_: None)
    stack.refresh()
    assert stack.id is None


def test_failed_read_keeps_state(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST)
    before = stack.outputs
    library.faults["read"] = RuntimeError("403")
    with pytest.raises(RuntimeError, match="403"):
        stack.refresh()
    assert (stack.id, stack.outputs) == ("book-1", before)


@pytest.mark.parametrize(("id_", "parents"), [("book-1", {"shelf_id": "s"}), ("s/book-1", {})])
def test_get_returns_all_properties(
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


def test_delete_deletes_object(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST)
    stack.destroy()
    assert library.books == {}


def test_delete_of_deleted_object_succeeds(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST)
    library.books.clear()
    stack.destroy()
    assert library.writes[-1] == ("delete", "book-1")


def test_failed_delete_keeps_state(stack: "Stack", library: "Library") -> None:
    stack.up(**LEAST)
    library.faults["delete"] = RuntimeError("403")
    with pytest.raises(RuntimeError, match="403"):
        stack.destroy()
    assert stack.id == "book-1"


# --- configure -------------------------------------------------------------------------------


def test_configure_passes_config_to_connect(configure: Callable[..., Any]) -> None:
    with pytest.raises(ValueError, match="there is no library in Ulm"):
        configure(town="Ulm")
