"""A run that cannot read, write or lock the intent log gives one warning, but succeeds.

The intent log is the provider's record of unfinished create operations.
"""

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from pulumi_datadog_cases.engine.safety import intent_log
from pulumi_datadog_cases.engine.safety.intent_log import FOLDER_VARIABLE, IntentLog

if TYPE_CHECKING:
    from tests.conftest import NewStack, Organization

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs flock")

ERRORS = ["EACCES", "ENOLCK", "ENOSYS", "EIO", "EWOULDBLOCK"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "account"


def failing(name: str) -> Callable[..., NoReturn]:
    """A function that fails with an error of the operating system."""

    def fail(*_: object, **__: object) -> NoReturn:
        raise OSError(getattr(errno, name), os.strerror(getattr(errno, name)))

    return fail


def use(log: IntentLog) -> None:
    """Use the log as a run does."""
    assert log.recover("urn") is None
    log.mark_in_state("Book", "old")
    intents = [log.begin(f"urn {number}", "Book", {}, {"number": number}) for number in range(2)]
    assert [log.commit(intent, intent.resource).id for intent in intents] == ["urn 0", "urn 1"]
    assert not log.claim("Book", "urn 0"), "this process still remembers the claim"
    intent_log.mark_saved("Book", "urn 0")
    log.abort(intents[1])


def assert_warns_once(shown: str, folder: Path) -> None:
    (warning,) = shown.splitlines()
    assert f"cannot use the intent log in {folder} (" in warning
    assert FOLDER_VARIABLE in warning


@pytest.mark.parametrize("error", ERRORS)
def test_locks_that_fail(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, error: str
) -> None:
    monkeypatch.setattr("fcntl.flock", failing(error))
    use(IntentLog(folder))
    assert_warns_once(capsys.readouterr().err, folder)
    assert not [*folder.iterdir()], "attempts leave no files"


@pytest.mark.parametrize("error", ERRORS)
def test_locks_that_fail_after_a_kill(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, error: str
) -> None:
    log = IntentLog(folder)
    log.commit(log.begin("urn", "Book", {}, {}), "book-1")
    monkeypatch.setattr("fcntl.flock", failing(error))
    use(IntentLog(folder))
    assert_warns_once(capsys.readouterr().err, folder)


def test_disk_without_space(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", failing("ENOSPC"))
    use(IntentLog(folder))
    assert_warns_once(capsys.readouterr().err, folder)


def test_intents_of_a_killed_run_on_a_disk_without_space(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run reads the intents of the killed run, although it cannot write to the log."""
    log = IntentLog(folder)
    log.commit(log.begin("urn", "Book", {}, {}), "book-1")
    del log  # closes the lock file, as the end of a process does
    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", failing("ENOSPC"))
        left = IntentLog(folder).recover("urn")
    assert left is not None
    assert left.id == "book-1"
    assert_warns_once(capsys.readouterr().err, folder)
    assert IntentLog(folder).recover("urn") == left, "the next run finds the intent, too"


def test_unreadable_files_do_not_hide_others(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = IntentLog(folder)
    log.commit(log.begin("urn", "Book", {}, {}), "book-1")
    del log
    (process,) = folder.glob("*/")
    for name in ("intent-loop", "made-loop"):
        (process / name).symlink_to(name)
    other = folder / "1-other"
    other.mkdir()
    (other / "intent-1").touch()
    (folder / "1-other.lock").mkdir()
    left = IntentLog(folder).recover("urn")
    assert left is not None
    assert left.id == "book-1"
    assert_warns_once(capsys.readouterr().err, folder)


def test_folder_that_is_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "account"
    use(IntentLog(folder))
    assert_warns_once(capsys.readouterr().err, folder)


# --- with the real pulumi ----------------------------------------------------------------------

#: The source of a module `sitecustomize`. Python runs a module of this name first, both in the
#: process of the program and in the process of the plugin.
SITECUSTOMIZE = """
import errno, fcntl, os

def fail(*_):
    raise OSError(getattr(errno, os.environ["FAILS_WITH"]), "made to fail")

if "FAILS_WITH" in os.environ:
    target = os if os.environ["FAILS_WITH"] == "ENOSPC" else fcntl
    setattr(target, "fsync" if target is os else "flock", fail)
"""
PROGRAM = """
import pulumi_datadog_cases as cases

cases.CaseType("type", name="{name}")
cases.CaseType("{name}", name="{name}")
"""


@pytest.mark.pulumi
def test_deployment_without_a_usable_log(
    organization: "Organization", new_stack: "NewStack", tmp_path: Path
) -> None:
    """Each deployment creates, updates and deletes one case type."""
    stack = new_stack(organization, PROGRAM.format(name="before"))
    stack.up()
    patched = tmp_path / "patched"
    patched.mkdir()
    (patched / "sitecustomize.py").write_text(SITECUSTOMIZE)
    stack.environment["PYTHONPATH"] += os.pathsep + str(patched)
    for error in ("EACCES", "ENOLCK", "ENOSPC"):
        stack.environment["FAILS_WITH"] = error
        stack.write(PROGRAM.format(name=error))
        output = stack.up()
        diagnostics = output.partition("Diagnostics:")[2]
        assert diagnostics.count("warning:") == 1, output
        assert "cannot use the intent log" in diagnostics
        assert "1 created" in output
        assert "1 updated" in output
        assert "1 deleted" in output
    stack.assert_no_changes()
    stack.destroy()
