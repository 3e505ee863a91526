"""Creates that are cut off, or end in doubt: nothing is made twice, and nothing is left behind."""

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from pulumi_datadog_cases.engine import Values, custody, dynamic, journal

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.conftest import Library, Stack

NewProcess: TypeAlias = "Callable[[], Stack]"

URN = "urn:pulumi:dev::shop::library:Book::one"
LEAST: dict[str, Any] = {"shelf_id": "s", "title": "a"}
LOAN: dict[str, Any] = {"days": 14, "reader": {"name": "Ada"}}


class KilledError(BaseException):
    """The process is killed here."""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place of its own for what is written down, and an API that settles at once."""
    monkeypatch.setenv(journal.PLACE, str(tmp_path))
    monkeypatch.setattr(custody, "SETTLING", 0.2)
    monkeypatch.setattr(custody, "_FIRST_WAIT", 0.01)
    monkeypatch.setattr(dynamic, "urn_of_call", lambda: URN)
    return tmp_path


# --- a process that is killed -----------------------------------------------------------------


def test_what_was_made_when_the_process_died_is_taken_over(
    new_process: NewProcess, library: "Library"
) -> None:
    library.late_faults["create"] = KilledError()
    with pytest.raises(KilledError):
        new_process().up(**LEAST)
    stack = new_process()
    assert stack.up(**LEAST) == "create"
    assert (stack.id, list(library.books)) == ("book-1", ["book-1"])


def test_what_was_not_made_when_the_process_died_is_made(
    new_process: NewProcess, library: "Library"
) -> None:
    library.faults["create"] = KilledError()
    with pytest.raises(KilledError):
        new_process().up(**LEAST)
    new_process().up(**LEAST)
    assert len(library.books) == 1


def test_what_the_state_did_not_get_to_know_is_taken_over(
    new_process: NewProcess, library: "Library"
) -> None:
    new_process().up(**LEAST)
    stack = new_process()
    stack.up(**LEAST)
    assert (stack.id, list(library.books)) == ("book-1", ["book-1"])
    assert [verb for verb, *_ in library.writes] == ["create"]


def test_what_the_state_knows_is_made_again_when_it_is_declared_again(
    new_process: NewProcess, library: "Library"
) -> None:
    new_process().up(**LEAST)
    journal.saved("Book", "book-1")
    new_process().up(**LEAST)
    assert list(library.books) == ["book-1", "book-2"]


def test_what_is_half_made_is_completed(new_process: NewProcess, library: "Library") -> None:
    library.faults["update"] = KilledError()
    with pytest.raises(KilledError):
        new_process().up(**LEAST, loan=LOAN, pin="1234")
    stack = new_process()
    stack.up(**LEAST, loan=LOAN, pin="1234")
    assert stack.id == "book-1"
    assert library.books["book-1"]["loan"] == LOAN
    assert library.writes[-1] == ("update", "book-1", {"loan": LOAN})


def test_what_is_declared_in_another_way_by_now_is_brought_to_it(
    new_process: NewProcess, library: "Library"
) -> None:
    new_process().up(**LEAST, pin="1234")
    stack = new_process()
    stack.up(**{**LEAST, "title": "b"}, pin="9999")
    assert (stack.id, len(library.books)) == ("book-1", 1)
    assert library.writes[-1] == ("update", "book-1", {"title": "b", "pin": "9999"})
    assert stack.outputs["title"] == "b"


def test_what_would_have_to_be_replaced_is_left_and_told(
    new_process: NewProcess, library: "Library", capsys: pytest.CaptureFixture[str]
) -> None:
    new_process().up(**LEAST, isbn="1")
    stack = new_process()
    stack.up(**LEAST, isbn="2")
    assert (stack.id, list(library.books)) == ("book-2", ["book-1", "book-2"])
    assert "Book book-1 was made" in capsys.readouterr().err
    journal.saved("Book", "book-2")
    new_process().up(**LEAST, isbn="2")
    assert capsys.readouterr().err == "", "it is told once"


def test_what_is_part_of_something_else_by_now_is_left_and_told(
    new_process: NewProcess, library: "Library", capsys: pytest.CaptureFixture[str]
) -> None:
    new_process().up(**LEAST)
    stack = new_process()
    stack.up(**{**LEAST, "shelf_id": "t"})
    assert (stack.id, list(library.books)) == ("book-2", ["book-1", "book-2"])
    assert "Book book-1 was made" in capsys.readouterr().err


def test_what_may_have_been_made_in_another_way_is_told(
    new_process: NewProcess, library: "Library", capsys: pytest.CaptureFixture[str]
) -> None:
    library.late_faults["create"] = KilledError()
    with pytest.raises(KilledError):
        new_process().up(**LEAST)
    new_process().up(**{**LEAST, "title": "b"})
    assert list(library.books) == ["book-1", "book-2"]
    assert f"a Book may have been made for {URN}" in capsys.readouterr().err


def test_what_is_gone_by_now_is_made(new_process: NewProcess, library: "Library") -> None:
    new_process().up(**LEAST)
    library.books.clear()
    stack = new_process()
    stack.up(**LEAST)
    assert stack.id == "book-2"


def test_what_has_ended_by_now_is_not_brought_back(
    new_process: NewProcess, library: "Library"
) -> None:
    new_process().up(**LEAST)
    library.books["book-1"]["lost_at"] = "2026-01-01T00:00:00Z"
    stack = new_process()
    stack.up(**LEAST)
    assert stack.id == "book-2"


def test_what_another_has_made_is_not_taken_over(
    new_process: NewProcess, library: "Library"
) -> None:
    """The same in every declared respect, but made long before."""
    library.dates = "2020-01-01T00:00:00Z"
    library.create({**LEAST, "pages": 1})
    library.faults["create"] = KilledError()
    with pytest.raises(KilledError):
        new_process().up(**LEAST)
    library.dates = datetime.now(UTC).isoformat()
    stack = new_process()
    stack.up(**LEAST)
    assert stack.id == "book-2"


def test_what_has_no_id_of_its_own_is_taken_over_though_that_id_was_made_before(
    new_process: NewProcess, library: "Library", monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = new_process()
    monkeypatch.setattr(
        stack.provider.resource_type.connect(lambda _: None).__class__, "ids_are_unique", False
    )
    library.ids = itertools.repeat("s:a")
    stack.up(**LEAST)
    journal.saved("Book", "s:a")
    stack.destroy()
    library.late_faults["create"] = ConnectionError("lost")
    stack = new_process()
    stack.up(**LEAST)
    assert (stack.id, [w[0] for w in library.writes]) == ("s:a", ["create", "delete", "create"])


@pytest.mark.parametrize("difference", [{"title": "b"}, {"made": timedelta(hours=1)}])
def test_what_is_made_by_another_meanwhile_is_not_taken_over(
    new_process: NewProcess, library: "Library", difference: dict[str, Any]
) -> None:
    library.faults["create"] = KilledError()
    with pytest.raises(KilledError):
        new_process().up(**LEAST)
    later = difference.pop("made", timedelta())
    library.dates = (datetime.now(UTC) + later).isoformat()
    library.create({**LEAST, "pages": 1, **difference})
    stack = new_process()
    stack.up(**LEAST)
    assert stack.id == "book-2"


def test_of_several_that_nothing_tells_apart_none_is_taken(
    new_process: NewProcess, library: "Library"
) -> None:
    library.create({**LEAST, "pages": 1})
    library.late_faults["create"] = KilledError()
    with pytest.raises(KilledError):
        new_process().up(**LEAST)
    with pytest.raises(Exception, match="nothing tells which: book-1, book-2"):
        new_process().up(**LEAST)
    del library.books["book-1"]
    stack = new_process()
    stack.up(**LEAST)
    assert (stack.id, list(library.books)) == ("book-2", ["book-2"])


def test_twins_of_a_run_that_died_get_one_each(
    new_process: NewProcess, library: "Library", monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing tells which is whose, and it does not matter."""
    first = new_process()
    for urn in ("one", "two"):
        monkeypatch.setattr(dynamic, "urn_of_call", lambda urn=urn: urn)
        library.late_faults["create"] = KilledError()
        with pytest.raises(KilledError):
            first.provider.create({"__provider": "…", **LEAST, "pages": 1})
    ids = set[str | None]()
    second = new_process()
    for urn in ("one", "two"):
        monkeypatch.setattr(dynamic, "urn_of_call", lambda urn=urn: urn)
        ids.add(second.provider.create({"__provider": "…", **LEAST, "pages": 1}).id)
    assert ids == {"book-1", "book-2"} == library.books.keys()


@pytest.mark.parametrize("moment", [1, 2])
def test_twins_that_are_settled_side_by_side_get_one_each(
    moment: int, new_process: NewProcess, library: "Library", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(custody, "SETTLING", 0.0)  # whoever looks does so once
    urn = URN
    monkeypatch.setattr(dynamic, "urn_of_call", lambda: urn)
    dying = new_process()
    for each in (URN, f"{URN}-twin"):
        urn = each
        library.late_faults["create"] = KilledError()
        with pytest.raises(KilledError):
            dying.up(**LEAST)
    one = new_process()
    other = type(one)(one.provider)
    count = journal.IntentLog.open
    moments = itertools.count(1)

    def count_when_overtaken(self: journal.IntentLog, kind: str, content: Values) -> int:
        nonlocal urn
        if next(moments) == moment:
            urn = f"{URN}-twin"
            other.up(**LEAST)
        return count(self, kind, content)

    monkeypatch.setattr(journal.IntentLog, "open", count_when_overtaken)
    urn = URN
    one.up(**LEAST)
    assert {one.id, other.id} == {"book-1", "book-2"} == library.books.keys()


def test_what_stands_in_the_state_is_not_taken_over(
    new_process: NewProcess, library: "Library"
) -> None:
    library.create({**LEAST, "pages": 1})
    library.late_faults["create"] = KilledError()
    with pytest.raises(KilledError):
        new_process().up(**LEAST)
    stack = new_process()
    stack.provider.diff("book-1", LEAST, LEAST)
    stack.up(**LEAST)
    assert stack.id == "book-2"


# --- an answer that leaves open what happened --------------------------------------------------


def test_what_was_made_though_the_answer_was_lost_is_found(
    new_process: NewProcess, library: "Library"
) -> None:
    library.late_faults["create"] = ConnectionError("lost")
    stack = new_process()
    stack.up(**LEAST, loan=LOAN)
    assert (stack.id, len(library.books)) == ("book-1", 1)
    assert library.books["book-1"]["loan"] == LOAN


def test_what_does_not_show_is_not_made_again_at_once(
    new_process: NewProcess, library: "Library"
) -> None:
    library.faults["create"] = ConnectionError("lost")
    with pytest.raises(Exception, match=r"^lost .No Book that was made by this is to be seen"):
        new_process().up(**LEAST)
    assert library.books == {}
    new_process().up(**LEAST)
    assert len(library.books) == 1


def test_what_was_refused_is_not_looked_for(new_process: NewProcess, library: "Library") -> None:
    library.faults = {"create": RuntimeError("no"), "list": RuntimeError("nobody should look")}
    with pytest.raises(RuntimeError, match=r"^no$"):
        new_process().up(**LEAST)
    new_process().up(**LEAST)
    assert len(library.books) == 1


def test_what_shows_late_is_found(
    new_process: NewProcess, library: "Library", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(custody, "SETTLING", 30.0)
    library.late_faults["create"] = ConnectionError("lost")
    library.hidden_for = 3
    stack = new_process()
    stack.up(**LEAST)
    assert (stack.id, len(library.books)) == ("book-1", 1)


def test_both_errors_are_told_where_looking_fails_too(
    new_process: NewProcess, library: "Library"
) -> None:
    library.late_faults["create"] = ConnectionError("lost")
    library.faults["list"] = RuntimeError("closed")
    with pytest.raises(Exception, match=r"^lost; then closed"):
        new_process().up(**LEAST)
    stack = new_process()
    stack.up(**LEAST)
    assert (stack.id, len(library.books)) == ("book-1", 1)


def test_two_of_the_same_get_one_each(new_process: NewProcess, library: "Library") -> None:
    """Two resources of the same content, both of which were made when the process died."""
    # However long it takes to get there, they are made after it was written down.
    library.dates = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
    first = new_process()
    first.up(**LEAST)
    journal.saved("Book", "book-1")
    library.late_faults["create"] = KilledError()
    with pytest.raises(KilledError):
        first.provider.create({"__provider": "…", **LEAST, "pages": 1})
    stack = new_process()
    stack.up(**LEAST)
    assert (stack.id, list(library.books)) == ("book-2", ["book-1", "book-2"])


# --- what cannot be undone ---------------------------------------------------------------------


def test_what_could_be_neither_completed_nor_undone_is_completed_by_the_next_run(
    new_process: NewProcess, library: "Library"
) -> None:
    library.faults = {"update": RuntimeError("the stamp is dry"), "delete": OSError("no hands")}
    with pytest.raises(Exception, match="half-made"):
        new_process().up(**LEAST, loan=LOAN)
    stack = new_process()
    stack.up(**LEAST, loan=LOAN)
    assert (stack.id, library.books["book-1"]["loan"]) == ("book-1", LOAN)


def test_what_was_undone_is_made_anew(new_process: NewProcess, library: "Library") -> None:
    library.faults["update"] = RuntimeError("the stamp is dry")
    with pytest.raises(Exception, match="was removed"):
        new_process().up(**LEAST, loan=LOAN)
    stack = new_process()
    reads = library.reads
    stack.up(**LEAST, loan=LOAN)
    assert (stack.id, list(library.books)) == ("book-2", ["book-2"])
    assert library.reads == reads, "nobody looks for what is known to be gone"


# --- adopting ----------------------------------------------------------------------------------


ISBN: dict[str, Any] = {"isbn": "12", "pages": 1}


@pytest.mark.parametrize("adopt", [True, "book-1"])
def test_what_is_there_is_adopted_and_brought_to_what_is_declared(
    new_process: NewProcess, library: "Library", adopt: object
) -> None:
    library.create({**LEAST, **ISBN, "blurb": "theirs", "language": "fr"})
    stack = new_process()
    assert stack.up(**{**LEAST, "title": "b"}, isbn="1-2", adopt=adopt) == "create"
    assert (stack.id, list(library.books)) == ("book-1", ["book-1"])
    assert library.writes[1:] == [("update", "book-1", {"title": "b"})]
    assert library.books["book-1"]["blurb"] == "theirs"


def test_what_was_adopted_is_like_any_other(new_process: NewProcess, library: "Library") -> None:
    library.create({**LEAST, **ISBN})
    stack = new_process()
    stack.up(**LEAST, isbn="12", adopt=True)
    assert stack.up(**LEAST, isbn="12", adopt=True) == "nothing"
    assert stack.up(**LEAST, isbn="12") == "nothing"
    assert stack.refresh() == {}
    assert [verb for verb, *_ in library.writes] == ["create"]


def test_what_is_not_there_is_made(new_process: NewProcess, library: "Library") -> None:
    library.create({**LEAST, **ISBN, "isbn": "34"})
    stack = new_process()
    stack.up(**LEAST, isbn="12", adopt=True)
    assert stack.id == "book-2"
    assert "adopt" not in library.books["book-2"]


def test_an_id_that_is_not_there_is_refused(new_process: NewProcess, library: "Library") -> None:
    with pytest.raises(Exception, match="there is no Book book-9 to adopt"):
        new_process().up(**LEAST, isbn="12", adopt="book-9")
    assert library.books == {}


def test_what_could_not_become_what_is_declared_is_not_adopted(
    new_process: NewProcess, library: "Library"
) -> None:
    library.create({**LEAST, **ISBN, "isbn": "34"})
    with pytest.raises(Exception, match="Book book-1 cannot be adopted: isbn cannot be changed"):
        new_process().up(**LEAST, isbn="12", adopt="book-1")
    assert len(library.writes) == 1


def test_a_replacement_adopts_nothing(new_process: NewProcess, library: "Library") -> None:
    library.create({**LEAST, **ISBN, "isbn": "34"})
    stack = new_process()
    stack.up(**LEAST, isbn="12", adopt=True)
    stack.up(**LEAST, isbn="34", adopt=True)
    assert (stack.id, list(library.books)) == ("book-3", ["book-1", "book-3"])


def test_a_key_that_is_taken_is_told_with_the_way_out(
    new_process: NewProcess, library: "Library"
) -> None:
    library.create({**LEAST, **ISBN})
    library.faults["create"] = RuntimeError("taken.")
    told = r"taken. There is a Book with isbn 12 already .book-1.: to take it over, add adopt=True"
    with pytest.raises(Exception, match=told):
        new_process().up(**LEAST, isbn="12")


# --- what is not shown yet ---------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["refresh", "update", "destroy"])
def test_what_was_made_a_moment_ago_is_not_gone(
    new_process: NewProcess, library: "Library", verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(custody, "SETTLING", 30.0)
    stack = new_process()
    stack.up(**LEAST)
    library.hidden_for = 2
    match verb:
        case "refresh":
            assert stack.refresh() == {}
        case "update":
            assert stack.up(**{**LEAST, "title": "b"}) == "update"
            assert library.books["book-1"]["title"] == "b"
        case _:
            stack.destroy()
            assert library.books == {}


def test_what_only_a_list_still_shows_is_gone(
    new_process: NewProcess, library: "Library", monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = new_process()
    stack.up(**LEAST)
    shown = library.read("book-1", "s")
    library.books.clear()
    monkeypatch.setattr(library, "read", lambda *_: shown)
    stack.destroy()
    assert stack.id is None


def test_what_was_made_long_ago_is_gone_at_once(
    new_process: NewProcess, library: "Library", monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = new_process()
    stack.up(**LEAST)
    monkeypatch.setattr(custody, "SETTLING", -1.0)
    library.books.clear()
    reads = library.reads
    stack.refresh()
    assert stack.id is None
    assert library.reads - reads <= 2
