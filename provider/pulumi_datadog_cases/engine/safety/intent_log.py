"""The intent log: records creates on disk, so that no create is repeated after a killed run.

Pulumi saves an object in the state after the provider has returned the object. If a run is killed
between the create request and that moment, the object is in no state. The next run would create a
second object (tried). The log prevents that:

1. Before a create request, `IntentLog.begin` writes an intent for the resource.
2. After the response, `IntentLog.commit` adds the object's id to the intent.
3. After Pulumi has saved the object, the program's process calls `mark_saved`, which removes the
   intent. (Pulumi saves a step before it reports the step to the program: step_executor.go.)
4. If the run was killed before step 3, the next create of the same resource calls
   `IntentLog.recover`. That method takes over the intent that the dead process has left.

Layout: the log has a folder for each account. An account's folder contains a folder for each
process (`process_folder`). A process's folder contains a file for each intent, and the file
`claims`. The file `claims` lists every object that the process created.

Neither crashes nor concurrent processes corrupt the log. A file is written and synced under another
name and then renamed. A process recovers an intent by renaming the intent's file, and only one
process can succeed in renaming it.

An intent contains names, ids and a salted digest of the declared values. It does not contain the
values themselves, because they could be secrets.
"""

import functools
import hashlib
import json
import os
import secrets
import shutil
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from pulumi_datadog_cases.engine.plugin_host import warn
from pulumi_datadog_cases.engine.safety.process_folder import (
    ProcessFolder,
    process_folders,
    subfolders,
)
from pulumi_datadog_cases.engine.values import Value, Values

#: The environment variable that overrides the folder of the log.
FOLDER_VARIABLE = "PULUMI_DATADOG_CASES_JOURNAL"

#: How long claims of dead processes are kept, in seconds.
KEEP_CLAIMS = 600.0


def log_folder() -> Path:
    """Return the folder of all accounts, by default in the user's state folder."""
    if given := os.environ.get(FOLDER_VARIABLE):
        return Path(given)
    from platformdirs import user_state_path  # noqa: PLC0415 - seldom needed

    return user_state_path("pulumi-datadog-cases", appauthor=False) / "journal"


@functools.cache
def intent_log(account: str) -> "IntentLog":
    """Return this process's log for an account."""
    return IntentLog(log_folder() / account)


def mark_saved(resource_type: str, id_: str) -> None:
    """Remove the intent of an object that Pulumi has saved, whichever process logged it."""
    with suppress(OSError):
        for account in subfolders(log_folder()):
            for process in process_folders(account):
                (process.path / _committed_name(resource_type, id_)).unlink(missing_ok=True)


def pending_intents() -> "list[tuple[str, Intent]]":
    """Return all intents of dead processes, each with its account, without taking them over."""
    with suppress(OSError):
        return [
            (account.name, intent)
            for account in subfolders(log_folder())
            for intent in IntentLog(account).pending()
        ]
    return []


def digest(content: Values, salt: str = "") -> str:
    """Return a digest that identifies a declaration without revealing it."""
    return hashlib.sha256(f"{salt}{json.dumps(content, sort_keys=True)}".encode()).hexdigest()


@dataclass(frozen=True)
class Intent:
    """A create that was begun, and whose object may not be in the state yet."""

    #: The URN of the resource.
    resource: str
    resource_type: str
    #: The ids of the object's parents, by property.
    parents: Mapping[str, Value]
    #: The time when the intent was logged, just before the create request. It is in Unix seconds by
    #: this machine's clock.
    since: float
    salt: str
    digest: str
    #: The id of the created object, once known.
    id: str | None = None
    #: The earliest time at which the create may have begun, if that is before `since`. Only intents
    #: that `IntentLog.leave` writes have this time.
    earliest: float | None = None

    @classmethod
    def to_create(
        cls, resource: str, resource_type: str, parents: Values, content: Values, since: float
    ) -> Self:
        """Return the intent to create an object with this content."""
        salt = secrets.token_hex(8)
        return cls(resource, resource_type, dict(parents), since, salt, digest(content, salt))

    def declares(self, content: Values) -> bool:
        """Whether this is an intent to create an object with the given content."""
        return self.digest == digest(content, self.salt)

    @property
    def file_name(self) -> str:
        """The name of the intent's file. It depends on whether the object's id is known."""
        if self.id is None:
            return f"intent-{_hash(self.resource)}"
        return _committed_name(self.resource_type, self.id)

    def to_text(self) -> str:
        """Return the content of the intent's file, one line."""
        return json.dumps(
            {
                "resource": self.resource,
                "kind": self.resource_type,
                "parents": dict(self.parents),
                "since": self.since,
                "salt": self.salt,
                "digest": self.digest,
                "id": self.id,
                "earliest": self.earliest,
            }
        )

    @classmethod
    def from_text(cls, text: str) -> Self | None:
        """Parse the content of a file; return None if it is incomplete or not an intent."""
        first, *rest = text.split("\n")
        try:
            members = json.loads(first)
            intent = cls(resource_type=members.pop("kind"), **members)
        except (ValueError, TypeError, KeyError, AttributeError):
            return None
        with suppress(ValueError, KeyError, TypeError):  # the second line was cut short
            return replace(intent, id=json.loads(rest[0])["id"]) if rest else intent
        return intent


class IntentLog:
    """The intents and claims of this machine's processes in one account. Shared by threads.

    A claim says that an object belongs to a resource, so that no other resource takes it over. An
    object is claimed if it is in the state, or if a process of this machine created it or is taking
    it over.
    """

    def __init__(self, folder: Path, keep_claims: float = KEEP_CLAIMS) -> None:
        """Prepare a log, without reading or writing files.

        Args:
            folder: the account's folder, which is created when it is needed.
            keep_claims: how long claims of dead processes are kept, in seconds.
        """
        self._folder = folder
        self._own = ProcessFolder(folder / f"{os.getpid()}-{secrets.token_hex(4)}")
        self._keep_claims = keep_claims
        self._lock = threading.RLock()
        self._claimed: set[tuple[str, str]] = set()
        #: This process's intents without an id, by file name.
        self._open: dict[str, Intent] = {}

    def begin(self, resource: str, resource_type: str, parents: Values, content: Values) -> Intent:
        """Log that an object is about to be created; warn if the log cannot be written."""
        intent = Intent.to_create(resource, resource_type, parents, content, time.time())
        with self._lock:
            self._open[intent.file_name] = intent
        try:
            self._create_own_folder()
            self._own.write(intent.file_name, intent.to_text())
        except OSError as problem:
            _warn_once(self._folder, str(problem))
        return intent

    def commit(self, intent: Intent, id_: str) -> Intent:
        """Log the id of the created object, and claim it.

        The file is renamed first, because the new name tells other processes that the object is
        claimed. Then the id is appended to the file. The file is not synced, because a sync would
        take longer than all other steps. If a crash loses the id, the intent counts as an intent
        without an id.
        """
        committed = replace(intent, id=id_)
        if committed != intent:
            with suppress(OSError):
                self._own.rename(intent.file_name, committed.file_name)
                self._own.append(committed.file_name, "\n" + json.dumps({"id": id_}))
        with self._lock:
            self._open.pop(intent.file_name, None)
            self._add_claim(time.time(), committed.resource_type, id_)
        return committed

    def abort(self, intent: Intent) -> None:
        """Remove an intent that needs no recovery, for example because no object was created."""
        with self._lock:
            self._open.pop(intent.file_name, None)
        with suppress(OSError):
            self._own.remove(intent.file_name)

    def leave(self, intents: Iterable[Intent]) -> None:
        """Write intents as if a process that has died had left them.

        `datadog-cases recover` does this on machines that do not have the log of the killed run.

        Raises:
            OSError: the log cannot be written.
        """
        nobody = ProcessFolder(self._folder / f"recovered-{secrets.token_hex(4)}")
        nobody.path.mkdir(mode=0o700, parents=True)
        for intent in intents:
            nobody.write(intent.file_name, intent.to_text())

    def pending(self) -> list[Intent]:
        """Return the intents of dead processes, oldest first."""
        return sorted(self._left_by_dead.values(), key=lambda intent: intent.since)

    def recover(self, resource: str) -> Intent | None:
        """Take over the intent that a dead process has left for a resource, if any."""
        with self._lock:
            left = [(p, i) for p, i in self._left_by_dead.items() if i.resource == resource]
            # Prefer an intent with an id to one with an unknown outcome.
            for path, intent in sorted(left, key=lambda each: each[1].id is None):
                del self._left_by_dead[path]
                with suppress(OSError):
                    self._create_own_folder()
                    path.rename(self._own.path / intent.file_name)
                    for claim in ProcessFolder(path.parent).claims():
                        self._add_claim(*claim)
                    if intent.id is None:
                        self._open[intent.file_name] = intent
                    return intent
        return None

    def count_open(self, resource_type: str, content: Values) -> int:
        """Count the intents that have no id and are for objects with this content.

        Counts the intents of this process and of dead processes.
        """
        with self._lock:
            intents = [*self._open.values(), *self._left_by_dead.values()]
            return sum(
                i.resource_type == resource_type and i.id is None and i.declares(content)
                for i in intents
            )

    def mark_in_state(self, resource_type: str, id_: str) -> None:
        """Claim an object that is in the state, and remove intents for it."""
        with self._lock:
            self._claimed.add((resource_type, id_))
            for path, intent in [*self._left_by_dead.items()]:
                if (intent.resource_type, intent.id) == (resource_type, id_):
                    del self._left_by_dead[path]
                    with suppress(OSError):
                        path.unlink(missing_ok=True)

    def is_claimed(self, resource_type: str, id_: str) -> bool:
        """Whether an object is in the state or belongs to another resource.

        The file names of committed intents count as claims too. A process renames the file before
        it writes the claim, and may be killed between these two steps.
        """
        if (resource_type, id_) in self._claimed or self.created_at(resource_type, id_) is not None:
            return True
        name = _committed_name(resource_type, id_)
        with suppress(OSError):
            return any((p.path / name).exists() for p in process_folders(self._folder))
        return False

    def claim_in_this_process(self, resource_type: str, id_: str) -> bool:
        """Claim an existing object; return False if this process has claimed it before."""
        with self._lock:
            is_new = (resource_type, id_) not in self._claimed
            self._claimed.add((resource_type, id_))
            return is_new

    def claim(self, resource_type: str, id_: str) -> bool:
        """Claim an object for this process; return False if it is claimed already.

        The claim is only in memory until `commit`, which writes the intent before the claim. If the
        claim were written first, the process could die before it writes the intent. The next
        process would then find the object claimed, and would create another object.
        """
        with self._lock:
            if self.is_claimed(resource_type, id_):
                return False
            self._claimed.add((resource_type, id_))
            return True

    def created_at(self, resource_type: str, id_: str) -> float | None:
        """Return when a process of this machine created an object, if that was recently."""
        with suppress(OSError):
            for process in process_folders(self._folder):
                for moment, *claimed in process.claims():
                    if claimed == [resource_type, id_]:
                        return moment
        return None

    def _add_claim(self, moment: float, resource_type: str, id_: str) -> None:
        self._claimed.add((resource_type, id_))
        with suppress(OSError):
            self._own.add_claim(moment, resource_type, id_)

    def _create_own_folder(self) -> None:
        with self._lock:
            self._own.create()

    @functools.cached_property
    def _left_by_dead(self) -> dict[Path, Intent]:
        """The intents of dead processes, by file.

        Removes a dead process's folder if the folder has neither intents nor recent claims.
        """
        left: dict[Path, Intent] = {}
        with suppress(OSError):
            if not any(self._needs_cleanup(p) for p in process_folders(self._folder)):
                return left
            from filelock import FileLock  # noqa: PLC0415 - 5 ms, and seldom needed

            # `is_alive` takes the lock of a dead process for a moment. A concurrent check would
            # mistake the dead process for a running one, so only one check runs at a time.
            with FileLock(self._folder / "lock"):
                for process in process_folders(self._folder):
                    if process.is_alive():
                        continue
                    intents = {
                        path: intent
                        for path in process.intent_files()
                        if (intent := Intent.from_text(path.read_text()))
                    }
                    if not (intents or process.is_newer_than(self._keep_claims)):
                        shutil.rmtree(process.path)
                        process.lock_path.unlink()
                    left |= intents
        return left

    def _needs_cleanup(self, process: ProcessFolder) -> bool:
        """Whether the folder of a process has intents or outdated claims.

        The process may be alive. If another process removes the folder meanwhile, return False.
        """
        try:
            return bool(process.intent_files()) or not process.is_newer_than(self._keep_claims)
        except FileNotFoundError:
            return False


@functools.cache
def _warn_once(folder: Path, problem: str) -> None:
    """Warn once per process that the log cannot be written."""
    warn(
        f"cannot write the intent log to {folder} ({problem}): if this run is killed, the next may "
        f"create objects again. Set {FOLDER_VARIABLE} to a writable folder"
    )


def _committed_name(resource_type: str, id_: str) -> str:
    return f"made-{_hash(f'{resource_type} {id_}')}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
