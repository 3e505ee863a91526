"""Tests of `IntentLog`.

The log has files of this process, of other living processes and of killed processes. Before the
provider sends a create request, the log records the create as an *intent*. If the run is killed,
the next run finds the intent in the log. A *claim* assigns an object to one intent, so that no
other intent can use the object.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pytest

from pulumi_datadog_cases.engine.safety import intent_log
from pulumi_datadog_cases.engine.safety.intent_log import Intent, IntentLog

URN = "urn:pulumi:dev::shop::library:Book::one"
BOOK = {"title": "Emma", "pin": "a-secret-pin"}

#: A function that starts a process. The process opens the log as `log`, runs a statement and waits.
StartProcess: TypeAlias = Callable[[str], "subprocess.Popen[str]"]

PROGRAM = """
import sys
from pathlib import Path
from pulumi_datadog_cases.engine.safety.intent_log import IntentLog
URN, BOOK = {urn!r}, {book!r}
log = IntentLog(Path({folder!r}))
exec(sys.stdin.readline())
print("done", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(intent_log.FOLDER_VARIABLE, str(tmp_path))
    return tmp_path / "account"


@pytest.fixture
def other_process(folder: Path) -> StartProcess:
    """Return a function that starts another process (see `StartProcess`)."""

    def start(statement: str) -> "subprocess.Popen[str]":
        program = PROGRAM.format(urn=URN, book=BOOK, folder=str(folder))
        process = subprocess.Popen(
            [sys.executable, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{statement}\n")
        process.stdin.flush()
        assert process.stdout.readline() == "done\n"
        return process

    return start


@pytest.fixture
def dead(other_process: StartProcess) -> Callable[[str], None]:
    """Return a function that runs a statement in another process, and then kills the process."""

    def kill(statement: str) -> None:
        with other_process(statement) as process:
            process.kill()

    return kill


BEGIN = "log.begin(URN, 'Book', {'shelf_id': 's'}, BOOK)"
COMMIT = f"log.commit({BEGIN}, 'book-1')"


def test_recover_returns_intent_of_dead_process(folder: Path, dead: Callable[[str], None]) -> None:
    dead(BEGIN)
    left = IntentLog(folder).recover(URN)
    assert left is not None
    assert (left.resource_type, left.parents, left.id) == ("Book", {"shelf_id": "s"}, None)
    assert left.declares(BOOK)
    assert not left.declares({**BOOK, "title": "Persuasion"})


def test_recover_returns_committed_intent_once(folder: Path, dead: Callable[[str], None]) -> None:
    dead(COMMIT)
    log = IntentLog(folder)
    left = log.recover(URN)
    assert left is not None
    assert left.id == "book-1"
    assert log.recover(URN) is None, "an intent is recovered only once"


def test_recover_prefers_committed_intents(folder: Path, dead: Callable[[str], None]) -> None:
    for statement in (BEGIN, COMMIT, BEGIN):
        dead(statement)
    left = IntentLog(folder).recover(URN)
    assert left is not None
    assert left.id == "book-1"


def test_recover_returns_only_the_resources_own_intent(
    folder: Path, dead: Callable[[str], None]
) -> None:
    dead(COMMIT)
    assert IntentLog(folder).recover(URN + "-and-a-half") is None


def test_left_intents_can_be_recovered_at_once(folder: Path) -> None:
    left = [
        Intent.to_create(f"{URN}-{id_}", "Book", {"shelf_id": "s"}, BOOK, 1.0) for id_ in (1, 2)
    ]
    left = [replace(left[0], id="book-1"), replace(left[1], earliest=0.5)]
    IntentLog(folder).leave(left)
    log = IntentLog(folder)
    assert log.is_claimed("Book", "book-1")
    assert [log.recover(each.resource) for each in left] == left
    for path in folder.rglob("*"):
        assert path.is_dir() or BOOK["pin"] not in path.read_text()


def test_recover_ignores_living_processes(folder: Path, other_process: StartProcess) -> None:
    with other_process(COMMIT) as process:
        log = IntentLog(folder)
        assert log.recover(URN) is None
        assert log.is_claimed("Book", "book-1")
        assert not log.claim("Book", "book-1")
        process.kill()


def test_pending_intents_lists_without_changing(
    folder: Path, other_process: StartProcess, dead: Callable[[str], None]
) -> None:
    assert intent_log.pending_intents() == []
    dead("log.commit(log.begin(URN, 'Book', {}, BOOK), 'B1')")
    living = other_process("log.begin('of a living process', 'Book', {}, BOOK)")
    for _ in range(2):
        listed = [
            (account, intent.resource, intent.id)
            for account, intent in intent_log.pending_intents()
        ]
        assert listed == [("account", URN, "B1")]
    living.communicate()
    assert IntentLog(folder).recover(URN)


def test_recover_gives_an_intent_to_one_process(folder: Path, dead: Callable[[str], None]) -> None:
    dead(COMMIT)
    first, second = IntentLog(folder), IntentLog(folder)
    assert [log.recover("another") for log in (first, second)] == [None, None]
    taken = [log.recover(URN) for log in (first, second)]
    assert [intent is None for intent in taken] == [False, True]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no shared locks")
def test_recover_during_check_of_another_process(folder: Path, dead: Callable[[str], None]) -> None:
    import fcntl  # noqa: PLC0415 - not on Windows

    dead(COMMIT)
    (path,) = folder.glob("*.lock")
    with path.open("r+") as checked:
        # A process holds a shared lock while it checks whether the owner of the file still runs.
        fcntl.flock(checked, fcntl.LOCK_SH)
        assert IntentLog(folder).recover(URN) is not None


def test_recover_tolerates_files_moved_by_living_processes(
    folder: Path, other_process: StartProcess, dead: Callable[[str], None]
) -> None:
    dead(COMMIT)
    with other_process("log.begin('its own', 'Book', {}, BOOK)") as living:
        (its,) = (each for each in folder.glob(f"{living.pid}-*") if each.is_dir())
        # This link imitates a file that a living process moves while `recover` reads the folder:
        # the folder's listing contains the link, but the target of the link does not exist.
        (its / "made-and-saved").symlink_to("gone")
        left = IntentLog(folder).recover(URN)
        living.kill()
    assert left is not None
    assert left.id == "book-1"


def test_recovered_intent_survives_the_next_death(
    folder: Path, dead: Callable[[str], None]
) -> None:
    dead(COMMIT)
    dead("log.recover(URN)")
    left = IntentLog(folder).recover(URN)
    assert left is not None
    assert left.id == "book-1"


def test_claims_of_dead_process_survive_its_folder(
    folder: Path, dead: Callable[[str], None]
) -> None:
    dead(f"{BEGIN}; log.commit(log.begin('two', 'Book', {{}}, BOOK), 'book-2')")
    (first,) = folder.glob("*/")
    dead("log.recover(URN)")
    shutil.rmtree(first)
    log = IntentLog(folder)
    assert log.recover(URN) is not None
    assert not log.claim("Book", "book-2")


def test_committed_intent_without_claim_is_claimed(
    folder: Path, dead: Callable[[str], None]
) -> None:
    dead(COMMIT)
    (claims,) = folder.glob("*/claims")
    claims.unlink()  # as if the process died between writing the intent and the claim
    log = IntentLog(folder)
    assert not log.claim("Book", "book-1")
    left = log.recover(URN)
    assert left is not None
    log.commit(left, "book-1")
    intent_log.mark_saved("Book", "book-1")
    assert not log.claim("Book", "book-1"), "a saved object cannot be claimed"


def test_claims_survive_a_kill_before_the_intent_is_taken_over(
    folder: Path, dead: Callable[[str], None]
) -> None:
    dead(f"{BEGIN}; log.commit(log.begin('two', 'Book', {{}}, BOOK), 'book-2')")
    (first,) = folder.glob("*/")
    dies_before_the_rename = "Path.rename = lambda *_: sys.exit(print('done', flush=True))"
    dead(f"{dies_before_the_rename}; log.recover(URN)")
    (second,) = set(folder.glob("*/")) - {first}
    assert "book-2" in (second / "claims").read_text()


def test_claims_are_inherited_once(folder: Path, dead: Callable[[str], None]) -> None:
    """A run that takes over the claims of a killed run writes each claim only once.

    If it wrote claims again, the log would grow with each kill, and each run would be slower than
    the run before.
    """
    resources = [f"resource {number}" for number in range(20)]
    dead(f"[log.commit(log.begin(each, 'Book', {{}}, BOOK), each) for each in {resources}]")
    for _ in range(3):
        dead(f"[log.commit(log.recover(each), each) for each in {resources}]")
        claims = [path.read_text().splitlines() for path in folder.glob("*/claims")]
        assert {len(lines) for lines in claims} == {len(resources)}


def test_recovered_object_keeps_its_age(folder: Path, dead: Callable[[str], None]) -> None:
    dead(COMMIT)
    created_at = IntentLog(folder).created_at("Book", "book-1")
    log = IntentLog(folder)
    left = log.recover(URN)
    assert left is not None
    log.commit(left, "book-1")
    for path in folder.glob("*/"):
        if not path.name.startswith(f"{os.getpid()}-"):
            shutil.rmtree(path)
    assert log.created_at("Book", "book-1") == created_at


def test_claim_without_commit_ends_with_the_process(
    folder: Path, dead: Callable[[str], None]
) -> None:
    dead(BEGIN)
    dead("log.recover(URN); log.claim('Book', 'book-1')")
    log = IntentLog(folder)
    assert log.recover(URN) is not None
    assert log.claim("Book", "book-1")


def test_mark_saved_removes_intent(folder: Path, dead: Callable[[str], None]) -> None:
    dead(COMMIT)
    intent_log.mark_saved("Book", "book-1")
    assert IntentLog(folder).recover(URN) is None


def test_mark_saved_removes_only_that_object(folder: Path, dead: Callable[[str], None]) -> None:
    dead(COMMIT)
    intent_log.mark_saved("Book", "book-2")
    intent_log.mark_saved("Loan", "book-1")
    assert IntentLog(folder).recover(URN) is not None


def test_mark_in_state_removes_intent_for_good(folder: Path, dead: Callable[[str], None]) -> None:
    dead(COMMIT)
    log = IntentLog(folder)
    log.mark_in_state("Book", "book-1")
    assert log.recover(URN) is None
    assert IntentLog(folder).recover(URN) is None, "a new log does not find the intent either"


def test_mark_in_state_keeps_intent_for_another_object_with_the_same_id(
    folder: Path, dead: Callable[[str], None]
) -> None:
    """The killed run created a replacement, which has the same id as the replaced object.

    The state still contains the replaced object.
    """
    dead(COMMIT)
    log = IntentLog(folder)
    log.mark_in_state("Book", "book-1", content={**BOOK, "title": "Persuasion"})
    assert IntentLog(folder).pending() != []
    log.mark_in_state("Book", "book-1", content=BOOK)
    assert IntentLog(folder).pending() == []


def test_aborted_intent_is_not_recovered(folder: Path, dead: Callable[[str], None]) -> None:
    dead(f"log.abort({BEGIN})")
    assert IntentLog(folder).recover(URN) is None


def test_log_contains_no_declared_value(folder: Path) -> None:
    log = IntentLog(folder)
    log.begin(URN, "Book", {}, BOOK)
    log.commit(log.begin("two", "Book", {}, BOOK), "book-1")
    written = [path.read_text() for path in folder.rglob("*") if path.is_file()]
    assert any("book-1" in text for text in written)
    assert not any("a-secret-pin" in text or "Emma" in text for text in written)
    intents = [text.splitlines()[0] for text in written if text.startswith('{"')]
    digests = {json.loads(intent)["digest"] for intent in intents}
    assert len(digests) == 2, "intents with equal content have different digests"


@pytest.mark.parametrize("left", ["", "\n", '\n{"id": "bo'])
def test_lost_id_leaves_intent_open_and_object_claimed(
    folder: Path, dead: Callable[[str], None], left: str
) -> None:
    dead(COMMIT)
    (file,) = folder.glob("*/made-*")
    file.write_text(file.read_text().partition("\n")[0] + left)
    log = IntentLog(folder)
    assert log.is_claimed("Book", "book-1"), "the name of the file contains a hash of the id"
    intent = log.recover(URN)
    assert intent is not None
    assert intent.id is None
    assert intent.declares(BOOK)


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX file modes")
def test_log_is_readable_by_its_user_only(folder: Path) -> None:
    IntentLog(folder).begin(URN, "Book", {}, BOOK)
    assert {path.stat().st_mode & 0o077 for path in [folder, *folder.glob("*/")]} == {0}


def test_folder_of_dead_process_is_removed_after_a_while(
    folder: Path, dead: Callable[[str], None]
) -> None:
    dead(f"{COMMIT}; log.abort(log.begin('two', 'Book', {{}}, BOOK))")
    intent_log.mark_saved("Book", "book-1")
    IntentLog(folder).mark_in_state("Book", "book-2")
    assert list(folder.glob("*/")), "recent claims are kept"
    IntentLog(folder, keep_claims=-1.0).mark_in_state("Book", "book-2")
    assert list(folder.iterdir()) == []


def test_unwritable_folder_warns_once_and_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    log = IntentLog(tmp_path / "file" / "account")
    intents = [log.begin(name, "Book", {}, BOOK) for name in ("one", "two")]
    assert [log.commit(intent, intent.resource).id for intent in intents] == ["one", "two"]
    assert log.recover("one") is None
    assert not log.claim("Book", "one"), "this process still remembers the claim"
    warnings = capsys.readouterr().err.splitlines()
    assert len(warnings) == 1
    assert intent_log.FOLDER_VARIABLE in warnings[0]


def test_default_folder_follows_the_platform(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(intent_log.FOLDER_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert intent_log.log_folder().name == "journal"
    assert intent_log.log_folder().parent.name == "pulumi-datadog-cases"
    if sys.platform == "linux":
        assert intent_log.log_folder().is_relative_to(tmp_path)


def test_truncated_intent_is_skipped(folder: Path, dead: Callable[[str], None]) -> None:
    dead(BEGIN)
    (intent,) = folder.glob("*/intent-*")
    intent.with_name("intent-0").write_text('{"resource": "x", "ki')
    assert isinstance(IntentLog(folder).recover(URN), Intent)
