"""`ConsistentAccess` does not treat a new object as deleted while the API does not show it yet."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.engine.safety.conftest import LEAST

from pulumi_datadog_cases._interruption import Interruption
from pulumi_datadog_cases.engine import interruption
from pulumi_datadog_cases.engine.interruption import RunInterruptedError

if TYPE_CHECKING:
    from tests.engine.conftest import Library, NewProcess


@pytest.mark.parametrize("verb", ["refresh", "update", "destroy"])
def test_recently_created_object_is_not_deleted(
    new_process: "NewProcess", library: "Library", verb: str
) -> None:
    new_process.timing = replace(new_process.timing, consistency_window=30.0)
    stack = new_process()
    stack.up(**LEAST)
    library.invisible_for = 2
    match verb:
        case "refresh":
            assert stack.refresh() == {}
        case "update":
            assert stack.up(**{**LEAST, "title": "b"}) == "update"
            assert library.books["book-1"]["title"] == "b"
        case _:
            stack.destroy()
            assert library.books == {}


def test_interruption_ends_wait_for_new_object(
    new_process: "NewProcess", library: "Library", monkeypatch: pytest.MonkeyPatch
) -> None:
    new_process.timing = replace(new_process.timing, consistency_window=300.0)
    stack = new_process()
    stack.up(**LEAST)
    library.invisible_for = 1000
    interrupted = Interruption()
    interrupted.set()
    monkeypatch.setattr(interruption, "interrupted", interrupted)
    with pytest.raises(RunInterruptedError):
        stack.refresh()
    assert stack.id == "book-1"


def test_delete_succeeds_if_only_reads_still_show_object(
    new_process: "NewProcess", library: "Library", monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = new_process()
    stack.up(**LEAST)
    shown = library.read("book-1", "s")
    library.books.clear()
    monkeypatch.setattr(library, "read", lambda *_: shown)
    stack.destroy()
    assert stack.id is None


def test_missing_old_object_is_deleted_without_waiting(
    new_process: "NewProcess", library: "Library"
) -> None:
    new_process.timing = replace(new_process.timing, consistency_window=-1.0)
    stack = new_process()
    stack.up(**LEAST)
    library.books.clear()
    reads = library.reads
    stack.refresh()
    assert stack.id is None
    assert library.reads - reads <= 2
