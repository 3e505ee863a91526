"""`CreateOnce` rolls back an incomplete create. If that fails, the next run completes it."""

from typing import TYPE_CHECKING, Any

import pytest
from tests.engine.safety.conftest import LEAST, LOAN, KilledError

from pulumi_datadog_cases.engine import dynamic
from pulumi_datadog_cases.engine.safety.create_once import CreateIncompleteError
from pulumi_datadog_cases.engine.safety.intent_log import pending_intents

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


def test_incomplete_object_in_state_is_completed_by_update(
    new_process: "NewProcess", library: "Library", monkeypatch: pytest.MonkeyPatch
) -> None:
    library.faults = {"update": RuntimeError("update failed"), "delete": OSError("delete failed")}
    stack = new_process()
    saved: list[tuple[str, Any]] = []
    monkeypatch.setattr(dynamic, "save_incomplete", lambda id_, outs, _: saved.append((id_, outs)))
    with pytest.raises(CreateIncompleteError):
        stack.up(**LEAST, loan=LOAN)
    stack = new_process()
    [(stack.id, stack.outputs)] = saved
    stack.inputs, _ = stack.check(**LEAST, loan=LOAN)
    assert stack.up(**LEAST, loan=LOAN) == "update"
    assert library.writes[-1] == ("update", "book-1", {"loan": LOAN})
    assert pending_intents() == []
    assert stack.up(**LEAST, loan=LOAN) == "nothing"


def test_recovered_object_that_stays_incomplete_is_saved(
    new_process: "NewProcess", library: "Library", monkeypatch: pytest.MonkeyPatch
) -> None:
    library.faults["update"] = KilledError()
    with pytest.raises(KilledError):
        new_process().up(**LEAST, loan=LOAN)
    library.faults["update"] = RuntimeError("update failed")
    saved: list[str] = []
    monkeypatch.setattr(dynamic, "save_incomplete", lambda id_, *_: saved.append(id_))
    with pytest.raises(
        CreateIncompleteError, match=r"^Book book-1 is incomplete: update failed\. "
    ):
        new_process().up(**LEAST, loan=LOAN)
    assert saved == ["book-1"]
    assert [verb for verb, *_ in library.writes] == ["create", "update", "update"]


@pytest.mark.parametrize(
    "faults",
    [
        {"update": RuntimeError("update failed"), "delete": OSError("delete failed")},
        {"create": ConnectionError("lost"), "list": RuntimeError("list failed")},
    ],
)
def test_create_repeated_in_the_same_run_creates_no_second_object(
    new_process: "NewProcess", library: "Library", faults: dict[str, BaseException]
) -> None:
    lost = faults.pop("create", None)
    library.faults = faults
    if lost:
        library.faults_after_effect["create"] = lost
    stack = new_process()
    with pytest.raises(Exception, match=r"incomplete|lost"):
        stack.up(**LEAST, loan=LOAN)
    stack.up(**LEAST, loan=LOAN)
    assert (stack.id, list(library.books)) == ("book-1", ["book-1"])
    assert library.books["book-1"]["loan"] == LOAN


def test_rolled_back_object_is_created_again(new_process: "NewProcess", library: "Library") -> None:
    library.faults["update"] = RuntimeError("update failed")
    with pytest.raises(Exception, match="was removed"):
        new_process().up(**LEAST, loan=LOAN)
    stack = new_process()
    reads = library.reads
    stack.up(**LEAST, loan=LOAN)
    assert (stack.id, list(library.books)) == ("book-2", ["book-2"])
    assert library.reads == reads, "the provider does not search for the removed object"
