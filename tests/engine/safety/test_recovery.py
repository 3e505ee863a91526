"""`Recovery` finds the object of a create that was killed or whose response was lost.

Each such create has left an *intent* in the intent log: the record of an unfinished create.
"""

import itertools
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.engine.safety.conftest import LEAST, LOAN, URN, KilledError

from pulumi_datadog_cases.engine import LiveObject, Values, dynamic
from pulumi_datadog_cases.engine.safety import recovery
from pulumi_datadog_cases.engine.safety.intent_log import Intent, IntentLog, mark_saved

if TYPE_CHECKING:
    from tests.engine.conftest import Library, NewProcess


# --- after a killed run ----------------------------------------------------------------------


def test_object_of_killed_create_is_adopted(new_process: "NewProcess", library: "Library") -> None:
    library.faults_after_effect["create"] = KilledError()
    with pytest.raises(KilledError):
        new_process().up(**LEAST)
    stack = new_process()
    assert stack.up(**LEAST) == "create"
    assert (stack.id, list(library.books)) == ("book-1", ["book-1"])


def test_object_that_the_api_stores_in_another_form_is_adopted(
    new_process: "NewProcess", library: "Library", monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = {**LEAST, "title": " Moby Dick ", "tags": ["B", "a"]}
    create = library.create
    monkeypatch.setattr(
        library,
        "create",
        lambda values: create({**values, "title": "moby dick", "tags": ["a", "b"]}),
    )
    library.faults_after_effect["create"] = KilledError()
    with pytest.raises(KilledError):
        new_process().up(**declared)
    stack = new_process()
    stack.up(**declared)
    assert (stack.id, list(library.books)) == ("book-1", ["book-1"])
    assert stack.up(**declared) == "nothing"


def test_object_with_equal_values_is_preferred_to_one_in_another_form(
    new_process: "NewProcess", library: "Library"
) -> None:
    library.faults_after_effect["create"] = KilledError()
    with pytest.raises(KilledError):
        new_process().up(**LEAST)
    library.create({**LEAST, "title": str(LEAST["title"]).upper()})
    stack = new_process()
    stack.up(**LEAST)
    assert stack.id == "book-1"


def test_killed_create_without_object_creates(
    new_process: "NewProcess", library: "Library"
) -> None:
    library.faults["create"] = KilledError()
    with pytest.raises(KilledError):
        new_process().up(**LEAST)
    new_process().up(**LEAST)
    assert len(library.books) == 1


def test_created_but_unsaved_object_is_adopted(
    new_process: "NewProcess", library: "Library"
) -> None:
    new_process().up(**LEAST)
    stack = new_process()
    stack.up(**LEAST)
    assert (stack.id, list(library.books)) == ("book-1", ["book-1"])
    assert [verb for verb, *_ in library.writes] == ["create"]


def test_saved_object_is_not_adopted_again(new_process: "NewProcess", library: "Library") -> None:
    new_process().up(**LEAST)
    mark_saved("Book", "book-1")
    new_process().up(**LEAST)
    assert list(library.books) == ["book-1", "book-2"]


def test_incomplete_object_is_completed(new_process: "NewProcess", library: "Library") -> None:
    library.faults["update"] = KilledError()
    with pytest.raises(KilledError):
        new_process().up(**LEAST, loan=LOAN, pin="1234")
    stack = new_process()
    stack.up(**LEAST, loan=LOAN, pin="1234")
    assert stack.id == "book-1"
    assert library.books["book-1"]["loan"] == LOAN
    assert library.writes[-1] == ("update", "book-1", {"loan": LOAN})


def test_recovered_object_is_updated_to_new_declaration(
    new_process: "NewProcess", library: "Library"
) -> None:
    new_process().up(**LEAST, pin="1234")
    stack = new_process()
    stack.up(**{**LEAST, "title": "b"}, pin="9999")
    assert (stack.id, len(library.books)) == ("book-1", 1)
    assert library.writes[-1] == ("update", "book-1", {"title": "b", "pin": "9999"})
    assert stack.outputs["title"] == "b"


def test_recovery_warns_if_declaration_requires_replacement(
    new_process: "NewProcess", library: "Library", capsys: pytest.CaptureFixture[str]
) -> None:
    new_process().up(**LEAST, isbn="1")
    stack = new_process()
    stack.up(**LEAST, isbn="2")
    assert (stack.id, list(library.books)) == ("book-2", ["book-1", "book-2"])
    assert "Book book-1 was created" in capsys.readouterr().err
    mark_saved("Book", "book-2")
    new_process().up(**LEAST, isbn="2")
    assert capsys.readouterr().err == "", "the warning appears once"


def test_recovery_warns_if_parent_changed(
    new_process: "NewProcess", library: "Library", capsys: pytest.CaptureFixture[str]
) -> None:
    new_process().up(**LEAST)
    stack = new_process()
    stack.up(**{**LEAST, "shelf_id": "t"})
    assert (stack.id, list(library.books)) == ("book-2", ["book-1", "book-2"])
    assert "Book book-1 was created" in capsys.readouterr().err


def test_recovery_warns_if_declaration_of_open_intent_changed(
    new_process: "NewProcess", library: "Library", capsys: pytest.CaptureFixture[str]
) -> None:
    library.faults_after_effect["create"] = KilledError()
    with pytest.raises(KilledError):
        new_process().up(**LEAST)
    new_process().up(**{**LEAST, "title": "b"})
    assert list(library.books) == ["book-1", "book-2"]
    assert f"a Book may have been created for {URN}" in capsys.readouterr().err


def test_recovery_creates_if_object_was_deleted(
    new_process: "NewProcess", library: "Library"
) -> None:
    new_process().up(**LEAST)
    library.books.clear()
    stack = new_process()
    stack.up(**LEAST)
    assert stack.id == "book-2"


def test_recovery_ignores_soft_deleted_object(
    new_process: "NewProcess", library: "Library"
) -> None:
    new_process().up(**LEAST)
    library.books["book-1"]["lost_at"] = "2026-01-01T00:00:00Z"
    stack = new_process()
    stack.up(**LEAST)
    assert stack.id == "book-2"


def test_recovery_ignores_identical_older_object(
    new_process: "NewProcess", library: "Library"
) -> None:
    """The older object has the declared values, but was created long before the killed create."""
    library.dates = "2020-01-01T00:00:00Z"
    library.create({**LEAST, "pages": 1})
    library.faults["create"] = KilledError()
    with pytest.raises(KilledError):
        new_process().up(**LEAST)
    library.dates = datetime.now(UTC).isoformat()
    stack = new_process()
    stack.up(**LEAST)
    assert stack.id == "book-2"


def test_recovery_adopts_object_with_reused_id(
    new_process: "NewProcess", library: "Library", monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = new_process()
    monkeypatch.setattr(
        stack.provider.resource_type.connect(lambda _: None).__class__, "ids_are_unique", False
    )
    library.ids = itertools.repeat("s:a")
    stack.up(**LEAST)
    mark_saved("Book", "s:a")
    stack.destroy()
    library.faults_after_effect["create"] = ConnectionError("lost")
    stack = new_process()
    stack.up(**LEAST)
    assert (stack.id, [w[0] for w in library.writes]) == ("s:a", ["create", "delete", "create"])


@pytest.mark.parametrize("difference", [{"title": "b"}, {"made": timedelta(hours=1)}])
def test_recovery_ignores_other_objects_created_since(
    new_process: "NewProcess", library: "Library", difference: dict[str, Any]
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


def test_recovery_does_not_choose_between_identical_objects(
    new_process: "NewProcess", library: "Library"
) -> None:
    library.create({**LEAST, "pages": 1})
    library.faults_after_effect["create"] = KilledError()
    with pytest.raises(KilledError):
        new_process().up(**LEAST)
    with pytest.raises(Exception, match="cannot be told apart: book-1, book-2"):
        new_process().up(**LEAST)
    del library.books["book-1"]
    stack = new_process()
    stack.up(**LEAST)
    assert (stack.id, list(library.books)) == ("book-2", ["book-2"])


def test_identical_open_intents_get_one_object_each(
    new_process: "NewProcess", library: "Library", monkeypatch: pytest.MonkeyPatch
) -> None:
    """The objects are identical, so each intent may get either of the two."""
    first = new_process()
    for urn in ("one", "two"):
        monkeypatch.setattr(dynamic, "urn_of_call", lambda urn=urn: urn)
        library.faults_after_effect["create"] = KilledError()
        with pytest.raises(KilledError):
            first.provider.create({"__provider": "…", **LEAST, "pages": 1})
    ids = set[str | None]()
    second = new_process()
    for urn in ("one", "two"):
        monkeypatch.setattr(dynamic, "urn_of_call", lambda urn=urn: urn)
        ids.add(second.provider.create({"__provider": "…", **LEAST, "pages": 1}).id)
    assert ids == {"book-1", "book-2"} == library.books.keys()


@pytest.mark.parametrize("moment", [1, 2])
def test_concurrent_recoveries_get_one_object_each(
    moment: int, new_process: "NewProcess", library: "Library", monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without a consistency window, a recovery searches for the object only once.
    new_process.timing = replace(new_process.timing, consistency_window=0.0)
    urn = URN
    monkeypatch.setattr(dynamic, "urn_of_call", lambda: urn)
    dying = new_process()
    for each in (URN, f"{URN}-twin"):
        urn = each
        library.faults_after_effect["create"] = KilledError()
        with pytest.raises(KilledError):
            dying.up(**LEAST)
    one = new_process()
    other = type(one)(one.provider)
    count = IntentLog.count_open
    moments = itertools.count(1)

    def count_while_interrupted(self: IntentLog, resource_type: str, content: Values) -> int:
        nonlocal urn
        if next(moments) == moment:
            urn = f"{URN}-twin"
            other.up(**LEAST)
        return count(self, resource_type, content)

    monkeypatch.setattr(IntentLog, "count_open", count_while_interrupted)
    urn = URN
    one.up(**LEAST)
    assert {one.id, other.id} == {"book-1", "book-2"} == library.books.keys()


def test_object_of_concurrent_create_may_be_taken_over(
    new_process: "NewProcess", library: "Library", monkeypatch: pytest.MonkeyPatch
) -> None:
    """The search for the object of one create finds the object of another create.

    At that time, the other create has not received its response yet.
    """
    urn = URN
    monkeypatch.setattr(dynamic, "urn_of_call", lambda: urn)
    library.faults["create"] = KilledError()
    with pytest.raises(KilledError):
        new_process().up(**LEAST)
    one = new_process()
    other = type(one)(one.provider)
    create = library.create

    def create_during_search(values: Values) -> LiveObject:
        nonlocal urn
        created = create(values)
        if urn != URN:
            urn = URN
            one.up(**LEAST)
        return created

    monkeypatch.setattr(library, "create", create_during_search)
    urn = f"{URN}-twin"
    other.up(**LEAST)
    assert {one.id, other.id} == {"book-1", "book-2"} == library.books.keys()


def test_recovery_ignores_objects_in_state(new_process: "NewProcess", library: "Library") -> None:
    library.create({**LEAST, "pages": 1})
    library.faults_after_effect["create"] = KilledError()
    with pytest.raises(KilledError):
        new_process().up(**LEAST)
    stack = new_process()
    stack.provider.diff("book-1", LEAST, LEAST)
    stack.up(**LEAST)
    assert stack.id == "book-2"


def test_recovery_ignores_objects_that_pulumi_has_saved(
    new_process: "NewProcess", library: "Library", monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the state shows that a resource of the stack already manages the older object.

    The new process has not diffed that resource yet, so its intent log has no claim on the object.
    """
    library.create({**LEAST, "pages": 1})
    library.faults_after_effect["create"] = KilledError()
    with pytest.raises(KilledError):
        new_process().up(**LEAST)
    monkeypatch.setattr(recovery, "stack_objects", lambda _: {("Book", "book-1"): None})
    stack = new_process()
    stack.up(**LEAST)
    assert stack.id == "book-2"


def test_object_of_renamed_resource_is_not_adopted(
    new_process: "NewProcess", library: "Library", monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program renamed the resource, and declares a new resource with the old name."""
    new_process().up(**LEAST)
    monkeypatch.setattr(recovery, "stack_objects", lambda _: {("Book", "book-1"): None})
    stack = new_process()
    stack.up(**LEAST)
    assert (stack.id, list(library.books)) == ("book-2", ["book-1", "book-2"])


def test_slow_search_finds_object(
    new_process: "NewProcess", library: "Library", monkeypatch: pytest.MonkeyPatch
) -> None:
    # The date is in the future. Even if the provider begins the create late, on a busy machine, the
    # object then counts as created after its intent.
    library.dates = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
    library.faults_after_effect["create"] = KilledError()
    with pytest.raises(KilledError):
        new_process().up(**LEAST)
    stack = new_process()
    answer, now = library.all, time.time

    def answer_after_half_a_minute() -> list[LiveObject]:
        monkeypatch.setattr(time, "time", lambda: now() + 30)
        return answer()

    monkeypatch.setattr(library, "all", answer_after_half_a_minute)
    stack.up(**LEAST)
    assert (stack.id, list(library.books)) == ("book-1", ["book-1"])


# --- an intent that was written after the kill -----------------------------------------------


@pytest.fixture
def intent(log_folder: Path) -> Intent:
    """The intent of a create that may have begun at any time in the last hour."""
    content = {**LEAST, "pages": 1}
    now = datetime.now(UTC).timestamp()
    intent = Intent.to_create(URN, "Book", {"shelf_id": "s"}, content, now)
    intent = replace(intent, earliest=now - 3600)
    IntentLog(log_folder / "account").leave([intent])
    return intent


@pytest.mark.parametrize(("minutes_ago", "adopted"), [(59, True), (61, False)])
def test_object_from_the_time_of_the_intent_is_adopted(
    minutes_ago: int,
    adopted: bool,  # noqa: FBT001 - a parameter
    intent: Intent,
    new_process: "NewProcess",
    library: "Library",
) -> None:
    library.dates = datetime.fromtimestamp(intent.since - 60 * minutes_ago, UTC).isoformat()
    library.create({**LEAST, "pages": 1})
    stack = new_process()
    stack.up(**LEAST)
    assert (stack.id == "book-1", len(library.books)) == (adopted, 2 - adopted)


def test_recovery_does_not_choose_between_objects_from_the_time_of_the_intent(
    intent: Intent, new_process: "NewProcess", library: "Library"
) -> None:
    library.dates = datetime.fromtimestamp(intent.since - 60, UTC).isoformat()
    for _ in range(2):
        library.create({**LEAST, "pages": 1})
    with pytest.raises(Exception, match="cannot be told apart: book-1, book-2"):
        new_process().up(**LEAST)
    del library.books["book-2"]
    stack = new_process()
    stack.up(**LEAST)
    assert (stack.id, list(library.books)) == ("book-1", ["book-1"])


# --- after an error with an unclear outcome --------------------------------------------------


def test_lost_response_finds_created_object(new_process: "NewProcess", library: "Library") -> None:
    library.faults_after_effect["create"] = ConnectionError("lost")
    stack = new_process()
    stack.up(**LEAST, loan=LOAN)
    assert (stack.id, len(library.books)) == ("book-1", 1)
    assert library.books["book-1"]["loan"] == LOAN


def test_lost_request_is_repeated_by_next_run_only(
    new_process: "NewProcess", library: "Library"
) -> None:
    library.faults["create"] = ConnectionError("lost")
    with pytest.raises(Exception, match=r"^lost .No matching Book found yet"):
        new_process().up(**LEAST)
    assert library.books == {}
    new_process().up(**LEAST)
    assert len(library.books) == 1


def test_rejected_create_is_not_searched_for(new_process: "NewProcess", library: "Library") -> None:
    library.faults = {"create": RuntimeError("no"), "list": RuntimeError("must not be called")}
    with pytest.raises(RuntimeError, match=r"^no$"):
        new_process().up(**LEAST)
    new_process().up(**LEAST)
    assert len(library.books) == 1


def test_late_object_is_found_after_lost_response(
    new_process: "NewProcess", library: "Library"
) -> None:
    new_process.timing = replace(new_process.timing, consistency_window=30.0)
    library.faults_after_effect["create"] = ConnectionError("lost")
    library.invisible_for = 3
    stack = new_process()
    stack.up(**LEAST)
    assert (stack.id, len(library.books)) == ("book-1", 1)


def test_failed_search_reports_both_errors(new_process: "NewProcess", library: "Library") -> None:
    library.faults_after_effect["create"] = ConnectionError("lost")
    library.faults["list"] = RuntimeError("closed")
    with pytest.raises(Exception, match=r"^lost; then closed"):
        new_process().up(**LEAST)
    stack = new_process()
    stack.up(**LEAST)
    assert (stack.id, len(library.books)) == ("book-1", 1)


def test_identical_committed_and_open_intents_get_one_object_each(
    new_process: "NewProcess", library: "Library"
) -> None:
    """Two resources have equal content. Pulumi has saved only the first before the kill."""
    # The date is in the future. Even in a slow test, both objects then count as created after their
    # intents.
    library.dates = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
    first = new_process()
    first.up(**LEAST)
    mark_saved("Book", "book-1")
    library.faults_after_effect["create"] = KilledError()
    with pytest.raises(KilledError):
        first.provider.create({"__provider": "…", **LEAST, "pages": 1})
    stack = new_process()
    stack.up(**LEAST)
    assert (stack.id, list(library.books)) == ("book-2", ["book-1", "book-2"])
