"""References: the program names a book's shelf by label, and requests use the shelf's id."""

from typing import TYPE_CHECKING, Any

import pytest
from tests.engine.conftest import NotThereError

from pulumi_datadog_cases.engine.values import UNKNOWN

if TYPE_CHECKING:
    from tests.engine.conftest import Book, Library, NewProcess, Stack

BOOK: dict[str, Any] = {"title": "a"}


class Shelves:
    """The ids of shelves by label, and the labels whose ids the engine requested."""

    def __init__(self) -> None:
        self.ids = {"north": "s", "south": "t"}
        self.asked: list[str] = []

    def rename(self, old: str, new: str) -> None:
        self.ids[new] = self.ids.pop(old)
        self.asked.clear()

    def resolve(self, label: str) -> str:
        if label in self.ids.values():
            return label
        self.asked.append(label)
        if label not in self.ids:
            raise NotThereError(label)
        return self.ids[label]


@pytest.fixture(autouse=True)
def shelves(book: "type[Book]", monkeypatch: pytest.MonkeyPatch) -> Shelves:
    shelves = Shelves()

    def resolve(_: object, name: str, values: dict[str, str]) -> str:
        assert not any(each.startswith("__") for each in values)
        return shelves.resolve(values[name])

    monkeypatch.setattr(book.Lifecycle, "resolve", resolve)
    return shelves


@pytest.fixture
def by_label(stack: "Stack", library: "Library") -> "Stack":
    """A stack with a book whose shelf is declared by its label."""
    assert stack.up(**BOOK, shelf_id="north") == "create"
    assert library.books["book-1"]["shelf_id"] == "s"
    return stack


def test_state_has_declared_spelling_and_hidden_id(by_label: "Stack") -> None:
    assert by_label.outputs["shelf_id"] == "north"
    assert by_label.outputs["__ids"] == {"shelf_id": "s"}
    by_label.refresh()
    assert by_label.inputs == {**BOOK, "shelf_id": "north", "pages": 1}


def test_declared_id_is_not_stored_twice(stack: "Stack") -> None:
    stack.up(**BOOK, shelf_id="s")
    assert "__ids" not in stack.outputs


def test_operations_use_the_stored_id(
    by_label: "Stack", library: "Library", shelves: Shelves
) -> None:
    shelves.rename("north", "west")
    assert by_label.refresh() == {}
    assert by_label.up(**BOOK, shelf_id="north") == "nothing"
    assert by_label.up(title="b", shelf_id="north") == "update"
    by_label.destroy()
    assert shelves.asked == []
    assert library.books == {}


def test_other_spelling_of_the_same_id_is_stored_without_a_request(
    by_label: "Stack", library: "Library", shelves: Shelves
) -> None:
    shelves.rename("north", "west")
    library.writes.clear()
    for spelling in "west", "s", "west":
        assert by_label.up(**BOOK, shelf_id=spelling) == "update"
        assert by_label.outputs["shelf_id"] == spelling
    assert library.writes == []
    assert by_label.outputs["__ids"] == {"shelf_id": "s"}


def test_other_id_replaces(by_label: "Stack", library: "Library") -> None:
    assert by_label.diff(**BOOK, shelf_id="south").replaces == ["shelf_id"]
    assert by_label.up(**BOOK, shelf_id="south") == "replace"
    assert library.books["book-2"]["shelf_id"] == "t"


def test_unknown_reference_replaces_without_a_request(by_label: "Stack", shelves: Shelves) -> None:
    shelves.asked.clear()
    new = {**by_label.inputs, "shelf_id": UNKNOWN}
    diff = by_label.provider.diff(by_label.id, by_label.outputs, new)
    assert diff.replaces == ["shelf_id"]
    assert shelves.asked == []


def test_reference_to_nothing_is_an_error(by_label: "Stack", library: "Library") -> None:
    with pytest.raises(NotThereError, match="east"):
        by_label.diff(**BOOK, shelf_id="east")
    assert [*library.books] == ["book-1"]


def test_get_stores_the_id(by_label: "Stack") -> None:
    outputs = by_label.get("north/book-1")
    assert (outputs["shelf_id"], outputs["__ids"]) == ("north", {"shelf_id": "s"})


def test_killed_create_is_recovered_with_another_spelling(
    new_process: "NewProcess", library: "Library", shelves: Shelves
) -> None:
    library.faults_after_effect["create"] = SystemExit()
    with pytest.raises(SystemExit):
        new_process().up(**BOOK, shelf_id="north")
    shelves.rename("north", "west")
    assert new_process().up(**BOOK, shelf_id="west") == "create"
    assert [*library.books] == ["book-1"]


# --- states of release 0.1.0, which stored no ids of shelves ---------------------------------


@pytest.fixture
def old_state(by_label: "Stack") -> "Stack":
    del by_label.outputs["__ids"]
    return by_label


def test_refresh_adds_ids(old_state: "Stack", shelves: Shelves) -> None:
    old_state.refresh()
    shelves.rename("north", "west")
    assert old_state.refresh() == {}


def test_missing_ids_are_resolved_for_a_change(old_state: "Stack", shelves: Shelves) -> None:
    shelves.ids["nord"] = "s"
    assert old_state.up(**BOOK, shelf_id="nord") == "update"


def test_outdated_spelling_is_an_error_until_the_program_names_the_new_one(
    old_state: "Stack", library: "Library", shelves: Shelves
) -> None:
    shelves.rename("north", "west")
    with pytest.raises(NotThereError, match="north"):
        old_state.refresh()
    assert old_state.up(**BOOK, shelf_id="west") == "update"
    assert [*library.books] == ["book-1"]


def test_outdated_spelling_of_another_shelf_is_a_replacement(
    old_state: "Stack", shelves: Shelves
) -> None:
    shelves.rename("north", "west")
    assert old_state.diff(**BOOK, shelf_id="south").replaces == ["shelf_id"]


def test_delete_with_an_outdated_spelling_warns(
    old_state: "Stack", shelves: Shelves, capsys: pytest.CaptureFixture[str]
) -> None:
    shelves.rename("north", "west")
    old_state.destroy()
    warning = "Book book-1 was removed from the state, but not deleted: north"
    assert warning in capsys.readouterr().err
