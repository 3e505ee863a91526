"""What is about to be created, on disk, so that a run cut short does not make it twice.

Pulumi saves an object after its provider has answered. Of a run that is killed between the
create request and then, no state knows the object, and the next run would make a second (tried).
So:

- Before a create request an entry says which resource is about to be made: `Journal.intend`.
- Once the object is there, the entry gets its id: `Journal.made`.
- Once Pulumi has saved it, the entry goes: `saved`, which the program's process calls. (The engine
  saves a step before it tells the program of it: pulumi's step_executor.go.)
- What a process that has died has left of a resource, the next create of that resource takes over:
  `Journal.left_by`.

An account has a folder; in it each process has one, with a file per entry and, in `claims`, all
that the process has made. A lock beside the folder says whether the process lives. Files are
synced and renamed into place, the id comes to what is there as a second line, and only one process
can rename a file away, so that neither crashes nor neighbours get in the way. An entry holds
names, ids and a salted digest of what is declared: no value that could be a secret.
"""

import functools
import hashlib
import json
import os
import secrets
import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pulumi_datadog_cases.engine.plugin_host import warn
from pulumi_datadog_cases.engine.values import Value, Values

#: Names the folder of all journals, where the platform's convention does not suit.
PLACE = "PULUMI_DATADOG_CASES_JOURNAL"

#: How long it is kept what a process that has died had made, in seconds.
_KEPT = 600.0

_CLAIMS = "claims"


def place() -> Path:
    """The folder of all journals: the user's state folder, unless `PLACE` names another."""
    if given := os.environ.get(PLACE):
        return Path(given)
    from platformdirs import user_state_path  # noqa: PLC0415 - only where it is needed

    return user_state_path("pulumi-datadog-cases", appauthor=False) / "journal"


@functools.cache
def journal(account: str) -> "IntentLog":
    """The one journal of this process for an account."""
    return IntentLog(place() / account)


def saved(kind: str, id_: str) -> None:
    """Forget the entry of an object that stands in the state. Called where entries are not made."""
    with suppress(OSError):
        for account in _folders(place()):
            for process in _folders(account):
                (process / _made(kind, id_)).unlink(missing_ok=True)


def left_behind() -> "list[tuple[str, Intent]]":
    """What processes that have died have left, each with its account's folder. It stays there."""
    with suppress(OSError):
        return [(a.name, entry) for a in _folders(place()) for entry in IntentLog(a).left()]
    return []


@dataclass(frozen=True)
class Intent:
    """That an object is about to be made, or has been and may not stand in the state yet."""

    #: Which resource of which program it is for: its URN.
    resource: str
    kind: str
    #: The ids of what it is part of, by property.
    parents: Mapping[str, Value]
    #: Unix time by this machine's clock, before the request.
    since: float
    salt: str
    digest: str
    #: The object's, once it is there.
    id: str | None = None

    def declares(self, content: Values) -> bool:
        """Whether this is what was about to be made."""
        return self.digest == digest(content, self.salt)

    @property
    def file(self) -> str:
        """Its file's name."""
        if self.id is None:
            return f"intent-{_short(self.resource)}"
        return _made(self.kind, self.id)


def digest(content: Values, salt: str = "") -> str:
    """What tells one content from another without giving it away."""
    return hashlib.sha256(f"{salt}{json.dumps(content, sort_keys=True)}".encode()).hexdigest()


class IntentLog:
    """What the processes of this machine create in one account. Shared by threads."""

    def __init__(self, folder: Path) -> None:
        """Read nothing and write nothing yet.

        Args:
            folder: the account's; it is made when it is needed.
        """
        self._folder = folder
        self._own = folder / f"{os.getpid()}-{secrets.token_hex(4)}"
        self._lock = threading.RLock()
        self._taken: set[tuple[str, str]] = set()
        self._open: dict[str, Intent] = {}
        self._is_in_place = False

    def intend(self, resource: str, kind: str, parents: Values, content: Values) -> Intent:
        """Write down that an object is about to be made."""
        salt = secrets.token_hex(8)
        entry = Intent(resource, kind, dict(parents), time.time(), salt, digest(content, salt))
        with self._lock:
            self._open[entry.file] = entry
        try:
            self._write(entry)
        except OSError as problem:
            _complain(self._folder, str(problem))
        return entry

    def made(self, entry: Intent, id_: str) -> Intent:
        """Write down that it has been made.

        The file has its new name first, which keeps others from the object. If a crash takes the
        id, the entry is again one of a request of which nobody knows what came: so it need not be
        synced, which would take longer than all else.
        """
        made = replace(entry, id=id_)
        if made != entry:
            with suppress(OSError):
                file = (self._own / entry.file).rename(self._own / made.file)
                with file.open("a") as text:
                    text.write("\n" + json.dumps({"id": id_}))
        with self._lock:
            self._open.pop(entry.file, None)
            self._claim(time.time(), made.kind, id_)
        return made

    def drop(self, entry: Intent) -> None:
        """Forget an entry: nothing has come of it, or nothing is left to be done."""
        with self._lock:
            self._open.pop(entry.file, None)
        with suppress(OSError):
            (self._own / entry.file).unlink(missing_ok=True)

    def left(self) -> list[Intent]:
        """What processes that have died have left, oldest first."""
        return sorted(self._left.values(), key=lambda entry: entry.since)

    def left_by(self, resource: str) -> Intent | None:
        """Take over what a process that has died has left of a resource."""
        with self._lock:
            left = [(path, e) for path, e in self._left.items() if e.resource == resource]
            # What has been made comes before what may have been.
            for path, entry in sorted(left, key=lambda found: found[1].id is None):
                del self._left[path]
                with suppress(OSError):
                    self._settle_in()
                    path.rename(self._own / entry.file)
                    # What that process made besides must not be taken for it later on either.
                    for claim in _claims(path.parent):
                        self._claim(*claim)
                    if entry.id is None:
                        self._open[entry.file] = entry
                    return entry
        return None

    def open(self, kind: str, content: Values) -> int:
        """How many objects of a content may have been made, for this process or a dead one."""
        with self._lock:
            entries = [*self._open.values(), *self._left.values()]
            return sum(e.kind == kind and e.id is None and e.declares(content) for e in entries)

    def see(self, kind: str, id_: str) -> None:
        """Note that an object stands in the state."""
        with self._lock:
            self._taken.add((kind, id_))
            for path, entry in [*self._left.items()]:
                if (entry.kind, entry.id) == (kind, id_):
                    del self._left[path]
                    with suppress(OSError):
                        path.unlink(missing_ok=True)

    def is_taken(self, kind: str, id_: str) -> bool:
        """Whether an object is in the state, or was made for another resource.

        A process may have died, or be, between having written an entry and its claim.
        """
        if (kind, id_) in self._taken or self.made_at(kind, id_) is not None:
            return True
        with suppress(OSError):
            return any((process / _made(kind, id_)).exists() for process in _folders(self._folder))
        return False

    def claim(self, kind: str, id_: str) -> bool:
        """Have an object for oneself in this process; False where it is taken.

        It is not written down before its entry is: of a process that dies between the two, the
        next would find it taken, and make another.
        """
        with self._lock:
            if self.is_taken(kind, id_):
                return False
            self._taken.add((kind, id_))
            return True

    def made_at(self, kind: str, id_: str) -> float | None:
        """When a process of this machine made an object, where that is not long ago."""
        with suppress(OSError):
            for process in _folders(self._folder):
                for moment, *what in _claims(process):
                    if what == [kind, id_]:
                        return moment
        return None

    def _claim(self, moment: float, kind: str, id_: str) -> None:
        self._taken.add((kind, id_))
        with suppress(OSError), (self._own / _CLAIMS).open("a") as claims:
            claims.write(json.dumps([moment, kind, id_]) + "\n")

    @functools.cached_property
    def _left(self) -> dict[Path, Intent]:
        """The entries of processes that have died, by file. Folders without any are removed."""
        left: dict[Path, Intent] = {}
        with suppress(OSError):
            if all(map(_is_settled, _folders(self._folder))):
                return left
            from filelock import FileLock  # noqa: PLC0415 - 5 ms, and seldom needed

            # Whoever looks whether a process lives holds its lock for a moment: one at a time.
            with FileLock(self._folder / "lock"):
                for process in _folders(self._folder):
                    if _lives(process):
                        continue
                    found = {path: entry for path in process.iterdir() if (entry := _read(path))}
                    if not (found or _is_recent(process)):
                        shutil.rmtree(process)
                        _lock_of(process).unlink()
                    left |= found
        return left

    def _settle_in(self) -> None:
        """Make this process's folder, locked for as long as it lives."""
        from filelock import FileLock  # noqa: PLC0415 - not for the program's process

        with self._lock:
            if not self._is_in_place:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._alive = FileLock(_lock_of(self._own), thread_local=False)
                self._alive.acquire()
                self._own.mkdir(mode=0o700)
                self._is_in_place = True

    def _write(self, entry: Intent) -> None:
        self._settle_in()
        unfinished = self._own / f".{entry.file}"
        with unfinished.open("w") as file:
            json.dump(asdict(entry), file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self._own / entry.file)
        _sync(self._own)


@functools.cache
def _complain(folder: Path, problem: str) -> None:
    """Say once in a process that nothing is written down."""
    warn(
        f"cannot write to {folder} ({problem}), so what a killed run has made may be made again by "
        f"the next: set {PLACE} to a folder that can be written to"
    )


def _folders(folder: Path) -> Iterator[Path]:
    with os.scandir(folder) as found:
        yield from (Path(each) for each in found if each.is_dir())


def _claims(process: Path) -> Iterator[tuple[float, str, str]]:
    """What a process has made: when, of which kind, by which id."""
    with suppress(FileNotFoundError), (process / _CLAIMS).open() as claims:
        for line in claims:
            with suppress(ValueError):  # cut short
                moment, kind, id_ = json.loads(line)
                yield float(moment), kind, id_


def _lock_of(process: Path) -> Path:
    return process.with_name(f"{process.name}.lock")


def _lives(process: Path) -> bool:
    """Whether a process is there, this one among them."""
    from filelock import FileLock, Timeout  # noqa: PLC0415 - see above

    try:
        with FileLock(_lock_of(process), timeout=0):
            return False
    except Timeout:
        return True


def _is_settled(process: Path) -> bool:
    """Whether it makes no difference if a process has died: it leaves nothing, nor is it old.

    It may live and go on making entries, or have been removed meanwhile.
    """
    try:
        return _is_recent(process) and not any(map(_is_entry, process.iterdir()))
    except FileNotFoundError:
        return True


def _is_recent(process: Path) -> bool:
    """Whether a process has made anything, or had it saved, a short while ago."""
    return time.time() - process.stat().st_mtime <= _KEPT


def _is_entry(path: Path) -> bool:
    """Whether a file is an entry, as its name says: not what was never finished, nor the claims."""
    return not path.name.startswith((".", _CLAIMS))


def _read(path: Path) -> Intent | None:
    """An entry, unless the file is another or was never finished."""
    if not _is_entry(path):
        return None
    first, *rest = path.read_text().split("\n")
    try:
        entry = Intent(**json.loads(first))
    except (ValueError, TypeError):
        return None
    with suppress(ValueError):  # cut short
        return replace(entry, **json.loads(rest[0])) if rest else entry
    return entry


def _sync(folder: Path) -> None:
    """Have the names in a folder on disk, where the platform can."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _made(kind: str, id_: str) -> str:
    return f"made-{_short(f'{kind} {id_}')}"


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
