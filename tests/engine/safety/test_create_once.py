"""`CreateOnce` rolls back an incomplete create, or the next run completes the create."""

from typing import TYPE_CHECKING

import pytest
from tests.engine.safety.conftest import LEAST, LOAN

if TYPE_CHECKING:
    from tests.engine.conftest import Library, NewProcess


def test_incomplete_object_is_completed_by_next_run(
    new_process: "NewProcess", library: "Library"
) -> None:
    library.faults = {"update": RuntimeError("update failed"), "delete": OSError("delete failed")}
    with pytest.raises(Exception, match="is incomplete"):
        new_process().up(**LEAST, loan=LOAN)
    stack = new_process()
    stack.up(**LEAST, loan=LOAN)
    assert (stack.id, library.books["book-1"]["loan"]) == ("book-1", LOAN)


def test_rolled_back_object_is_created_again(new_process: "NewProcess", library: "Library") -> None:
    library.faults["update"] = RuntimeError("update failed")
    with pytest.raises(Exception, match="was removed"):
        new_process().up(**LEAST, loan=LOAN)
    stack = new_process()
    reads = library.reads
    stack.up(**LEAST, loan=LOAN)
    assert (stack.id, list(library.books)) == ("book-2", ["book-2"])
    assert library.reads == reads, "the provider does not search for the removed object"
