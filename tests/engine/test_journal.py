"""What is written down on disk: by this process, by neighbours, and by processes that have died."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from filelock import FileLock

from pulumi_datadog_cases.engine import journal as journals
from pulumi_datadog_cases.engine.journal import Intent, IntentLog

URN = "urn:pulumi:dev::shop::library:Book::one"
BOOK = {"title": "Emma", "pin": "a-secret-pin"}

#: What another process does with a journal of its own, called `journal`.
Neighbour: TypeAlias = Callable[[str], "subprocess.Popen[str]"]

PROGRAM = """
import sys
from pathlib import Path
from pulumi_datadog_cases.engine.journal import IntentLog
URN, BOOK = {urn!r}, {book!r}
journal = IntentLog(Path({folder!r}))
exec(sys.stdin.readline())
print("done", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(journals.PLACE, str(tmp_path))
    return tmp_path / "account"


@pytest.fixture
def neighbour(folder: Path) -> Neighbour:
    """Starts another process, which does something and then lives on until it is killed."""

    def start(does: str) -> "subprocess.Popen[str]":
        program = PROGRAM.format(urn=URN, book=BOOK, folder=str(folder))
        process = subprocess.Popen(
            [sys.executable, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{does}\n")
        process.stdin.flush()
        assert process.stdout.readline() == "done\n"
        return process

    return start


@pytest.fixture
def dead(neighbour: Neighbour) -> Callable[[str], None]:
    """Has another process do something, and kills it."""

    def kill(does: str) -> None:
        with neighbour(does) as process:
            process.kill()

    return kill


INTENDS = "journal.intend(URN, 'Book', {'shelf_id': 's'}, BOOK)"
MAKES = f"journal.made({INTENDS}, 'book-1')"


def test_what_a_dead_process_intended_is_left_to_the_next(
    folder: Path, dead: Callable[[str], None]
) -> None:
    dead(INTENDS)
    left = IntentLog(folder).left_by(URN)
    assert left is not None
    assert (left.kind, left.parents, left.id) == ("Book", {"shelf_id": "s"}, None)
    assert left.declares(BOOK)
    assert not left.declares({**BOOK, "title": "Persuasion"})


def test_what_a_dead_process_made_is_left_with_its_id(
    folder: Path, dead: Callable[[str], None]
) -> None:
    dead(MAKES)
    journal = IntentLog(folder)
    left = journal.left_by(URN)
    assert left is not None
    assert left.id == "book-1"
    assert journal.left_by(URN) is None, "it is left once"


def test_what_was_made_is_left_before_what_may_have_been(
    folder: Path, dead: Callable[[str], None]
) -> None:
    for does in (INTENDS, MAKES, INTENDS):
        dead(does)
    left = IntentLog(folder).left_by(URN)
    assert left is not None
    assert left.id == "book-1"


def test_what_is_left_belongs_to_its_resource(folder: Path, dead: Callable[[str], None]) -> None:
    dead(MAKES)
    assert IntentLog(folder).left_by(URN + "-and-a-half") is None


def test_what_a_living_process_makes_is_its_own(folder: Path, neighbour: Neighbour) -> None:
    with neighbour(MAKES) as process:
        journal = IntentLog(folder)
        assert journal.left_by(URN) is None
        assert journal.is_taken("Book", "book-1")
        assert not journal.claim("Book", "book-1")
        process.kill()


def test_what_is_left_can_be_listed_and_stays_there(
    folder: Path, neighbour: Neighbour, dead: Callable[[str], None]
) -> None:
    assert journals.left_behind() == []
    dead("journal.made(journal.intend(URN, 'Book', {}, BOOK), 'B1')")
    living = neighbour("journal.intend('of a process that lives', 'Book', {}, BOOK)")
    for _ in range(2):
        listed = [(account, entry.resource, entry.id) for account, entry in journals.left_behind()]
        assert listed == [("account", URN, "B1")]
    living.communicate()
    assert IntentLog(folder).left_by(URN)


def test_two_processes_do_not_both_take_what_is_left(
    folder: Path, dead: Callable[[str], None]
) -> None:
    dead(MAKES)
    first, second = IntentLog(folder), IntentLog(folder)
    assert [journal.left_by("another") for journal in (first, second)] == [None, None]
    taken = [journal.left_by(URN) for journal in (first, second)]
    assert [entry is None for entry in taken] == [False, True]


def test_where_nothing_is_left_nobody_is_waited_for(
    folder: Path, dead: Callable[[str], None]
) -> None:
    dead(f"made = {MAKES}; journal.drop(made)")
    with FileLock(folder / "lock"):
        looking = threading.Thread(target=IntentLog(folder).left_by, args=[URN], daemon=True)
        looking.start()
        looking.join(60)
        assert not looking.is_alive()


def test_what_a_living_process_moves_meanwhile_hides_nothing(
    folder: Path, neighbour: Neighbour, dead: Callable[[str], None]
) -> None:
    dead(MAKES)
    with neighbour("journal.intend('its own', 'Book', {}, BOOK)") as living:
        (its,) = (each for each in folder.glob(f"{living.pid}-*") if each.is_dir())
        (its / "made-and-saved").symlink_to("gone")  # in the list of files, and not to be read
        left = IntentLog(folder).left_by(URN)
        living.kill()
    assert left is not None
    assert left.id == "book-1"


def test_what_was_taken_over_is_left_again_by_a_process_that_dies(
    folder: Path, dead: Callable[[str], None]
) -> None:
    dead(MAKES)
    dead("journal.left_by(URN)")
    left = IntentLog(folder).left_by(URN)
    assert left is not None
    assert left.id == "book-1"


def test_what_a_dead_process_made_besides_stays_taken(
    folder: Path, dead: Callable[[str], None]
) -> None:
    dead(f"{INTENDS}; journal.made(journal.intend('two', 'Book', {{}}, BOOK), 'book-2')")
    (first,) = folder.glob("*/")
    dead("journal.left_by(URN)")
    shutil.rmtree(first)
    journal = IntentLog(folder)
    assert journal.left_by(URN) is not None
    assert not journal.claim("Book", "book-2")


def test_what_a_process_made_just_before_it_died_is_nobody_elses(
    folder: Path, dead: Callable[[str], None]
) -> None:
    dead(MAKES)
    (claims,) = folder.glob("*/claims")
    claims.unlink()  # the entry was written, the claim was not
    journal = IntentLog(folder)
    assert not journal.claim("Book", "book-1")
    left = journal.left_by(URN)
    assert left is not None
    journal.made(left, "book-1")
    journals.saved("Book", "book-1")
    assert not journal.claim("Book", "book-1"), "not even when it is saved"


def test_what_a_process_was_about_to_take_over_when_it_died_is_free(
    folder: Path, dead: Callable[[str], None]
) -> None:
    dead(INTENDS)
    dead("journal.left_by(URN); journal.claim('Book', 'book-1')")
    journal = IntentLog(folder)
    assert journal.left_by(URN) is not None
    assert journal.claim("Book", "book-1")


def test_what_is_saved_is_left_to_nobody(folder: Path, dead: Callable[[str], None]) -> None:
    dead(MAKES)
    journals.saved("Book", "book-1")
    assert IntentLog(folder).left_by(URN) is None


def test_what_is_saved_is_one_object(folder: Path, dead: Callable[[str], None]) -> None:
    dead(MAKES)
    journals.saved("Book", "book-2")
    journals.saved("Loan", "book-1")
    assert IntentLog(folder).left_by(URN) is not None


def test_what_stands_in_the_state_is_left_to_nobody(
    folder: Path, dead: Callable[[str], None]
) -> None:
    dead(MAKES)
    journal = IntentLog(folder)
    journal.see("Book", "book-1")
    assert journal.left_by(URN) is None
    assert IntentLog(folder).left_by(URN) is None, "not even later"


def test_what_came_to_nothing_is_left_to_nobody(folder: Path, dead: Callable[[str], None]) -> None:
    dead(f"journal.drop({INTENDS})")
    assert IntentLog(folder).left_by(URN) is None


def test_no_value_is_written_down(folder: Path) -> None:
    journal = IntentLog(folder)
    journal.intend(URN, "Book", {}, BOOK)
    journal.made(journal.intend("two", "Book", {}, BOOK), "book-1")
    written = [path.read_text() for path in folder.rglob("*") if path.is_file()]
    assert any("book-1" in text for text in written)
    assert not any("a-secret-pin" in text or "Emma" in text for text in written)
    entries = [text.splitlines()[0] for text in written if text.startswith('{"')]
    digests = {json.loads(entry)["digest"] for entry in entries}
    assert len(digests) == 2, "the same content cannot be recognised as such"


@pytest.mark.parametrize("left", ["", "\n", '\n{"id": "bo'])
def test_an_id_that_a_crash_has_taken_leaves_a_request_of_which_nobody_knows_what_came(
    folder: Path, dead: Callable[[str], None], left: str
) -> None:
    dead(MAKES)
    (file,) = folder.glob("*/made-*")
    file.write_text(file.read_text().partition("\n")[0] + left)
    journal = IntentLog(folder)
    assert journal.is_taken("Book", "book-1"), "what it was renamed for keeps others from it"
    entry = journal.left_by(URN)
    assert entry is not None
    assert entry.id is None
    assert entry.declares(BOOK)


@pytest.mark.skipif(os.name != "posix", reason="a matter of POSIX modes")
def test_only_the_user_can_read_it(folder: Path) -> None:
    IntentLog(folder).intend(URN, "Book", {}, BOOK)
    assert {path.stat().st_mode & 0o077 for path in [folder, *folder.glob("*/")]} == {0}


def test_a_folder_is_removed_when_nobody_needs_it(
    folder: Path, dead: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    dead(f"{MAKES}; journal.drop(journal.intend('two', 'Book', {{}}, BOOK))")
    journals.saved("Book", "book-1")
    IntentLog(folder).see("Book", "book-2")
    assert list(folder.glob("*/")), "what was made a short time ago is known"
    monkeypatch.setattr(journals, "_KEPT", -1.0)
    IntentLog(folder).see("Book", "book-2")
    assert list(folder.glob("*/")) == []
    assert [path.name for path in folder.iterdir()] == ["lock"]


def test_a_place_that_cannot_be_written_to_is_told_once_and_does_not_stop_anything(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    journal = IntentLog(tmp_path / "file" / "account")
    entries = [journal.intend(name, "Book", {}, BOOK) for name in ("one", "two")]
    assert [journal.made(entry, entry.resource).id for entry in entries] == ["one", "two"]
    assert journal.left_by("one") is None
    assert not journal.claim("Book", "one"), "known to this process all the same"
    warnings = capsys.readouterr().err.splitlines()
    assert len(warnings) == 1
    assert journals.PLACE in warnings[0]


def test_the_place_follows_the_platform(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(journals.PLACE, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert journals.place().name == "journal"
    assert journals.place().parent.name == "pulumi-datadog-cases"
    if sys.platform == "linux":
        assert journals.place().is_relative_to(tmp_path)


def test_an_entry_that_was_cut_short_does_not_stop_anything(
    folder: Path, dead: Callable[[str], None]
) -> None:
    dead(INTENDS)
    (entry,) = folder.glob("*/intent-*")
    entry.with_name("intent-0").write_text('{"resource": "x", "ki')
    assert isinstance(IntentLog(folder).left_by(URN), Intent)
