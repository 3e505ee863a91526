"""`ProcessFolder`: the files of one process in the intent log, and the process's lock.

The folder contains a file for each intent. An intent is the log entry of a create that has begun.
The folder also contains one file of claims. A claim says that the process created an object, so
that no other resource takes the object over.
"""

import json
import os
import shutil
import time
import weakref
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from pulumi_datadog_cases.engine.safety.file_lock import is_locked, lock

#: An object, named by its resource type and its id.
ObjectName: TypeAlias = tuple[str, str]

_CLAIMS = "claims"


class ProcessFolder:
    """The folder of one process. While the process runs, it locks a file beside the folder."""

    def __init__(self, path: Path) -> None:
        """Refer to a folder, without reading or writing files."""
        self.path = path
        self._claims: dict[ObjectName, float] = {}
        #: How many bytes of the file of claims have been read.
        self._claims_read = 0
        self._is_locked = False

    @property
    def lock_path(self) -> Path:
        """The lock file, beside the folder."""
        return self.path.with_name(f"{self.path.name}.lock")

    def is_alive(self) -> bool:
        """Whether the process is running. Must not be called for this process's own folder."""
        try:
            descriptor = os.open(self.lock_path, os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            return is_locked(descriptor)
        finally:
            os.close(descriptor)

    def is_newer_than(self, seconds: float) -> bool:
        """Whether a file was added to the folder, or removed, less than `seconds` seconds ago."""
        return time.time() - self.path.stat().st_mtime <= seconds

    def intent_files(self) -> list[Path]:
        """The files of intents. Excludes the file of claims, and unfinished files of `write`."""
        return [each for each in self.path.iterdir() if not each.name.startswith((".", _CLAIMS))]

    def claims(self) -> Mapping[ObjectName, float]:
        """Return the objects that the process has claimed, each with the Unix time of the claim.

        Each call reads only those lines of the file that were added since the previous call.
        """
        with suppress(FileNotFoundError), (self.path / _CLAIMS).open("rb") as file:
            file.seek(self._claims_read)
            for line in file:
                if not line.endswith(b"\n"):
                    break  # the line is not complete yet
                self._claims_read += len(line)
                with suppress(ValueError, TypeError):  # the line is damaged
                    moment, resource_type, id_ = json.loads(line)
                    self._claims[resource_type, id_] = float(moment)
        return self._claims

    def remove_all(self) -> None:
        """Remove the folder of a dead process. Other processes may do so at the same time."""
        shutil.rmtree(self.path, ignore_errors=True)
        with suppress(OSError):
            self.lock_path.unlink()

    # --- called only by the process itself ---------------------------------------------------

    def create(self) -> None:
        """Create and lock the folder, if this has not been done yet.

        The lock is held as long as this object exists, but at most until the process ends.

        Raises:
            OSError: the folder cannot be created, or its file system cannot lock files.
        """
        if self._is_locked:
            return
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.lock_path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            lock(descriptor)
            self.path.mkdir(mode=0o700)
        except OSError:
            os.close(descriptor)
            self.lock_path.unlink(missing_ok=True)
            raise
        weakref.finalize(self, os.close, descriptor).atexit = False
        self._is_locked = True

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

    def add_claims(self, claims: Mapping[ObjectName, float]) -> None:
        """Record that the process has claimed objects, each with the Unix time of the claim."""
        new = claims.keys() - self.claims().keys()
        self.append(_CLAIMS, "".join(f"{json.dumps([claims[each], *each])}\n" for each in new))

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
