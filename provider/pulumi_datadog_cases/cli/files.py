"""`write_files`: writes files, and keeps a backup of each file that it changes."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from pulumi_datadog_cases.cli.group import CommandError


def write_files(folder: Path, files: Mapping[str, str]) -> Sequence[Path]:
    """Write files into a folder; files that already have the wanted content are not written.

    A file is replaced in one step, after its backup is on the disk. If the process is killed, each
    file has either its old or its new content. The old content is never lost.

    Args:
        folder: the folder, which is created if it does not exist.
        files: the contents of the files by name.

    Returns:
        The backups: `NAME.bak`, or `NAME.bak-2` and so on if older backups exist.

    Raises:
        CommandError: a file cannot be written.
    """
    backups = list[Path]()
    try:
        changed = {
            name: content
            for name, text in files.items()
            if _read(folder / name) != (content := text.encode())
        }
        if not changed:
            return backups
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".import-") as unfinished:
            for name, content in changed.items():
                _write(Path(unfinished, name), content, like=folder / name)
            for name in changed:
                if (old := _read(folder / name)) is not None:
                    backups.append(_back_up(folder / name, old))
                Path(unfinished, name).replace(folder / name)
        _sync_names(folder)
    except OSError as error:
        raise CommandError(f"cannot write {error.filename or folder}: {error.strerror}") from error
    return backups


def _read(path: Path) -> bytes | None:
    """Return the content of a file, or None if it does not exist."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _back_up(path: Path, content: bytes) -> Path:
    """Write the old content of a file to a new file next to it, and return the new file."""
    for number in itertools.count(1):
        backup = path.with_name(f"{path.name}.bak" + (f"-{number}" if number > 1 else ""))
        try:
            _write(backup, content, like=path)
        except FileExistsError:
            continue
        _sync_names(path.parent)
        return backup
    raise AssertionError


def _write(path: Path, content: bytes, like: Path) -> None:
    """Write a new file to the disk, with the permissions of the file `like` if `like` exists."""
    with path.open("xb") as file:
        if like.exists():
            shutil.copymode(like, path)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_names(folder: Path) -> None:
    """Write the entries of a folder to the disk, so that a crash cannot undo renames in it.

    Only POSIX systems can open a folder to do this.
    """
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
