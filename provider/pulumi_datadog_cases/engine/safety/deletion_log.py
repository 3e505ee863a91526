"""`DeletionLog`: the objects that the current run of a stack has deleted.

Some objects still exist after their delete. For example, the delete of a case only archives the
case. If the run then deletes the project of the case, `DeleteGuard` finds the archived case in the
project. The state does not contain this case any more, so the case looks as if people had created
it. The guard therefore asks this log whether the run itself has deleted the case.

If a run is killed or fails, the next run continues the deletes. So the log is also on disk, in one
file for each stack. A run removes the file when the run ends without an error. A stack has only one
run at a time, because Pulumi locks the stack.
"""

import atexit
import functools
import hashlib
import json
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from pulumi_datadog_cases.engine.interruption import interrupted
from pulumi_datadog_cases.engine.safety.intent_log import log_folder

#: Seconds after which a deletion of an earlier run no longer counts.
KEEP_DELETIONS = 86_400.0


@functools.cache
def deletion_log(account: str) -> "DeletionLog":
    """Return this process's log for an account. The log is finished when the process exits.

    At the end of a run, Pulumi interrupts its plugins. Each plugin then runs its exit functions
    (tried). If the plugin or Pulumi is killed, the exit functions do not run, and the files stay.
    """
    log = DeletionLog(log_folder() / account)
    atexit.register(log.finish)
    return log


class DeletionLog:
    """The deletions of one process, and those of earlier runs that did not finish."""

    def __init__(self, folder: Path) -> None:
        """Prepare a log, without reading or writing files.

        Args:
            folder: the folder of the account.
        """
        self._folder = folder
        self._deleted: set[tuple[str, str]] = set()
        #: The log files to remove if this run ends without an error.
        self._files: set[Path] = set()
        self._failed = False

    @contextmanager
    def step(self, urn: str | None) -> Generator[None]:
        """A context in which an object is created, updated or deleted.

        If the operation fails, `finish` keeps the files.

        Args:
            urn: the URN of the resource. If it is None, the stack is unknown, so this step does not
                make `finish` remove the file of the stack.
        """
        try:
            yield
        except BaseException:
            self._failed = True
            raise
        # A run that the user interrupts counts as failed, even if this step has succeeded.
        self._failed = self._failed or interrupted.is_set()
        if urn is not None:
            self._files.add(self._file(urn))

    def add(self, urn: str | None, resource_type: str, id_: str, *, on_disk: bool) -> None:
        """Record that an object was deleted.

        Args:
            urn: the URN of the object's resource; None if the URN is unknown.
            resource_type: the name of the resource type.
            id_: the object's id.
            on_disk: whether the next run has to know of the deletion if this run does not finish.
        """
        self._deleted.add((resource_type, id_))
        if on_disk and urn is not None:
            with suppress(OSError):  # without the file, the next run may refuse deletes needlessly
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                with self._file(urn).open("a") as file:
                    file.write(json.dumps([time.time(), resource_type, id_]) + "\n")

    def contains(self, urn: str | None, resource_type: str, id_: str) -> bool:
        """Whether this run, or an unfinished run of the same stack, has deleted an object."""
        if (resource_type, id_) in self._deleted:
            return True
        return urn is not None and (resource_type, id_) in _read(self._file(urn))

    def finish(self) -> None:
        """Remove the files at the end of the run, if no step has failed."""
        if not self._failed:
            for file in self._files:
                with suppress(OSError):
                    file.unlink(missing_ok=True)

    def _file(self, urn: str) -> Path:
        stack = "::".join(urn.split("::")[:2])
        return self._folder / f"deleted-{hashlib.sha256(stack.encode()).hexdigest()[:32]}"


def _read(file: Path) -> set[tuple[str, str]]:
    """Return the recent deletions in a file. A last line that was cut short is skipped."""
    deleted: set[tuple[str, str]] = set()
    with suppress(OSError):
        for line in file.read_text().splitlines():
            with suppress(ValueError):
                moment, resource_type, id_ = json.loads(line)
                if time.time() - moment < KEEP_DELETIONS:
                    deleted.add((resource_type, id_))
    return deleted
