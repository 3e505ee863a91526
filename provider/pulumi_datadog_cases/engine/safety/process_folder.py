"""`ProcessFolder`: the files of one process in the intent log, and the process's lock."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from filelock import FileLock

_CLAIMS = "claims"


class ProcessFolder:
    """The folder of one process. While the process runs, it locks a file beside the folder."""

    def __init__(self, path: Path) -> None:
        """Refer to a folder, without reading or writing files."""
        self.path = path
        #: The lock that this process holds after `create`; None for folders of other processes.
        self._lock: FileLock | None = None

    @property
    def lock_path(self) -> Path:
        """The lock file, beside the folder."""
        return self.path.with_name(f"{self.path.name}.lock")

    def is_alive(self) -> bool:
        """Whether the process, which may be this one, is running."""
        from filelock import FileLock, Timeout  # noqa: PLC0415 - 5 ms, and seldom needed

        try:
            with FileLock(self.lock_path, timeout=0):
                return False
        except Timeout:
            return True

    def is_newer_than(self, seconds: float) -> bool:
        """Whether a file was added to the folder, or removed, less than `seconds` seconds ago."""
        return time.time() - self.path.stat().st_mtime <= seconds

    def intent_files(self) -> list[Path]:
        """The files of intents. Excludes the file of claims, and unfinished files of `write`."""
        return [each for each in self.path.iterdir() if not each.name.startswith((".", _CLAIMS))]

    def claims(self) -> Iterator[tuple[float, str, str]]:
        """Yield the Unix time, resource type and id of each object that the process created."""
        with suppress(FileNotFoundError), (self.path / _CLAIMS).open() as claims:
            for line in claims:
                with suppress(ValueError):  # cut short
                    moment, resource_type, id_ = json.loads(line)
                    yield float(moment), resource_type, id_

    # --- called only by the process itself ---------------------------------------------------

    def create(self) -> None:
        """Create and lock the folder, if this has not been done yet."""
        from filelock import FileLock  # noqa: PLC0415 - not for the program's process

        if self._lock is None:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = FileLock(self.lock_path, thread_local=False)
            lock.acquire()
            self.path.mkdir(mode=0o700)
            self._lock = lock

    def write(self, name: str, text: str) -> None:
        """Write a file. After a crash, the file is either complete or absent."""
        unfinished = self.path / f".{name}"
        with unfinished.open("w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self.path / name)
        self._sync_names()

    def rename(self, old: str, new: str) -> None:
        """Rename a file."""
        (self.path / old).rename(self.path / new)

    def append(self, name: str, text: str) -> None:
        """Append to a file, without a sync."""
        with (self.path / name).open("a") as file:
            file.write(text)

    def remove(self, name: str) -> None:
        """Remove a file if it exists."""
        (self.path / name).unlink(missing_ok=True)

    def add_claim(self, moment: float, resource_type: str, id_: str) -> None:
        """Record that the process created an object."""
        self.append(_CLAIMS, json.dumps([moment, resource_type, id_]) + "\n")

    def _sync_names(self) -> None:
        """Sync the folder itself, which contains the file names, on platforms that can do so."""
        if os.name == "posix":
            descriptor = os.open(self.path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def process_folders(account: Path) -> Iterator[ProcessFolder]:
    """Yield the folders of all processes, living and dead, in an account's folder."""
    return map(ProcessFolder, subfolders(account))


def subfolders(folder: Path) -> Iterator[Path]:
    """Yield the folders in a folder."""
    with os.scandir(folder) as entries:
        yield from (Path(entry) for entry in entries if entry.is_dir())
