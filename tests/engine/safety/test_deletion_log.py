"""`DeletionLog` knows the deletes of a run, and of earlier unfinished runs of the same stack."""

import json
import time
from pathlib import Path

import pytest

from pulumi_datadog_cases._interruption import Interruption
from pulumi_datadog_cases.engine.safety import deletion_log
from pulumi_datadog_cases.engine.safety.deletion_log import KEEP_DELETIONS, DeletionLog

URN = "urn:pulumi:dev::desk::T::own"
OTHER_STACK = "urn:pulumi:prod::desk::T::own"


def unfinished_run(folder: Path) -> None:
    """Log a delete, and keep the log's file, as a killed run does."""
    log = DeletionLog(folder)
    with log.step(URN):
        log.add(URN, "Case", "1", on_disk=True)


def test_run_knows_its_own_deletes(tmp_path: Path) -> None:
    log = DeletionLog(tmp_path)
    log.add(None, "Case", "1", on_disk=True)
    assert log.contains(None, "Case", "1")
    assert not log.contains(None, "Case", "2")
    assert not log.contains(None, "Rule", "1")


def test_next_run_knows_deletes_of_a_killed_run(tmp_path: Path) -> None:
    unfinished_run(tmp_path)
    assert DeletionLog(tmp_path).contains(URN, "Case", "1")
    assert not DeletionLog(tmp_path).contains(OTHER_STACK, "Case", "1")
    assert not DeletionLog(tmp_path).contains(None, "Case", "1")


def test_finished_run_removes_the_file(tmp_path: Path) -> None:
    unfinished_run(tmp_path)
    log = DeletionLog(tmp_path)
    with log.step(URN):
        pass
    log.finish()
    assert not DeletionLog(tmp_path).contains(URN, "Case", "1")


def test_preview_keeps_the_file(tmp_path: Path) -> None:
    unfinished_run(tmp_path)
    DeletionLog(tmp_path).finish()
    assert DeletionLog(tmp_path).contains(URN, "Case", "1")


def test_interrupted_run_keeps_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupted = Interruption()
    monkeypatch.setattr(deletion_log, "interrupted", interrupted)
    log = DeletionLog(tmp_path)
    with log.step(URN):
        interrupted.set()
        log.add(URN, "Case", "1", on_disk=True)
    log.finish()
    assert DeletionLog(tmp_path).contains(URN, "Case", "1")


def test_failed_run_keeps_the_file(tmp_path: Path) -> None:
    log = DeletionLog(tmp_path)
    with log.step(URN):
        log.add(URN, "Case", "1", on_disk=True)
    with pytest.raises(ValueError, match="refused"), log.step(URN):
        raise ValueError("refused")
    log.finish()
    assert DeletionLog(tmp_path).contains(URN, "Case", "1")


def test_old_and_incomplete_lines_do_not_count(tmp_path: Path) -> None:
    unfinished_run(tmp_path)
    (file,) = tmp_path.iterdir()
    old = json.dumps([time.time() - KEEP_DELETIONS - 60, "Case", "old"])
    file.write_text(f'{old}\n{file.read_text()}["cut sh')
    log = DeletionLog(tmp_path)
    assert not log.contains(URN, "Case", "old")
    assert log.contains(URN, "Case", "1")


def test_unwritable_folder_does_not_fail_the_delete(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    log = DeletionLog(tmp_path / "file" / "account")
    log.add(URN, "Case", "1", on_disk=True)
    assert log.contains(URN, "Case", "1")
    log.finish()
