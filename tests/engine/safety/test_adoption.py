"""`Adoption` takes over an existing object if the program declares `adopt`."""

from typing import TYPE_CHECKING, Any

import pytest
from tests.engine.safety.conftest import LEAST

if TYPE_CHECKING:
    from tests.engine.conftest import Library, NewProcess


ISBN: dict[str, Any] = {"isbn": "12", "pages": 1}


@pytest.mark.parametrize("adopt", [True, "book-1"])
def test_adopt_takes_over_and_updates_existing_object(
    new_process: "NewProcess", library: "Library", adopt: object
) -> None:
    library.create({**LEAST, **ISBN, "blurb": "theirs", "language": "fr"})
    stack = new_process()
    assert stack.up(**{**LEAST, "title": "b"}, isbn="1-2", adopt=adopt) == "create"
    assert (stack.id, list(library.books)) == ("book-1", ["book-1"])
    assert library.writes[1:] == [("update", "book-1", {"title": "b"})]
    assert library.books["book-1"]["blurb"] == "theirs"


def test_adopted_object_behaves_like_created_one(
    new_process: "NewProcess", library: "Library"
) -> None:
    library.create({**LEAST, **ISBN})
    stack = new_process()
    stack.up(**LEAST, isbn="12", adopt=True)
    assert stack.up(**LEAST, isbn="12", adopt=True) == "nothing"
    assert stack.up(**LEAST, isbn="12") == "nothing"
    assert stack.refresh() == {}
    assert [verb for verb, *_ in library.writes] == ["create"]


def test_adopt_without_existing_object_creates(
    new_process: "NewProcess", library: "Library"
) -> None:
    library.create({**LEAST, **ISBN, "isbn": "34"})
    stack = new_process()
    stack.up(**LEAST, isbn="12", adopt=True)
    assert stack.id == "book-2"
    assert "adopt" not in library.books["book-2"]


def test_adopt_finds_an_object_with_a_key_in_another_form(
    new_process: "NewProcess", library: "Library"
) -> None:
    library.create({**LEAST, "isbn": "1 2"})
    stack = new_process()
    stack.up(**LEAST, isbn="1-2", adopt=True)
    assert (stack.id, list(library.books)) == ("book-1", ["book-1"])
    assert stack.up(**LEAST, isbn="1-2", adopt=True) == "nothing"


def test_adopt_rejects_missing_id(new_process: "NewProcess", library: "Library") -> None:
    with pytest.raises(Exception, match="there is no Book book-9 to adopt"):
        new_process().up(**LEAST, isbn="12", adopt="book-9")
    assert library.books == {}


def test_adopt_rejects_object_that_requires_replacement(
    new_process: "NewProcess", library: "Library"
) -> None:
    library.create({**LEAST, **ISBN, "isbn": "34"})
    with pytest.raises(
        Exception, match="Book book-1 cannot be adopted: it differs from the declaration in isbn"
    ):
        new_process().up(**LEAST, isbn="12", adopt="book-1")
    assert len(library.writes) == 1


def test_replacement_never_adopts(new_process: "NewProcess", library: "Library") -> None:
    library.create({**LEAST, **ISBN, "isbn": "34"})
    stack = new_process()
    stack.up(**LEAST, isbn="12", adopt=True)
    stack.up(**LEAST, isbn="34", adopt=True)
    assert (stack.id, list(library.books)) == ("book-3", ["book-1", "book-3"])


def test_rejected_create_suggests_adoption(new_process: "NewProcess", library: "Library") -> None:
    library.create({**LEAST, **ISBN})
    library.faults["create"] = RuntimeError("taken.")
    message = (
        r"taken. There is already a Book with isbn 12 .book-1.: to manage it here, add adopt=True"
    )
    with pytest.raises(Exception, match=message):
        new_process().up(**LEAST, isbn="12")
