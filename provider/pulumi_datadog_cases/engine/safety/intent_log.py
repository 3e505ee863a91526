"""The intent log: records each create on disk, so that no create is repeated after a killed run.

Pulumi saves an object in the state after the provider has returned the object. If a run is killed
after the create request but before the save, the object is in no state. Without the log, the next
run would create a second object (tried). The log prevents that:

1. Before a create request, `IntentLog.begin` writes an entry for the resource. An entry of the log
   is called an *intent*.
2. After the response, `IntentLog.commit` adds the object's id to the intent.
3. After Pulumi has saved the object, the program's process calls `mark_saved`, which removes the
   intent. (Pulumi's `step_executor.go` saves a step before it sends the result to the program.)
4. If the run was killed before step 3, the next create of the same resource calls
   `IntentLog.recover`. That method takes over the intent that the dead process has left.

Layout: the log has a folder for each account. An account stands for an organization and its current
keys (`Lifecycle.account`). An account's folder contains a folder for each process
(`process_folder`). A process's folder contains a file for each intent, and the file `claims`. The
file `claims` lists every object that the process created. The file `organization` in an account's
folder contains the id of the account's organization. After a key rotation, the same organization
has a new account. So a log also reads the folders of the organization's other accounts.

Crashes and concurrent processes cannot corrupt the log. A file is written and synced under another
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
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from pulumi_datadog_cases.engine.plugin_host import warn
from pulumi_datadog_cases.engine.safety.process_folder import (
    ObjectName,
    ProcessFolder,
    process_folders,
    subfolders,
)
from pulumi_datadog_cases.engine.values import Value, Values

#: The environment variable that overrides the folder of the log.
FOLDER_VARIABLE = "PULUMI_DATADOG_CASES_JOURNAL"

#: The name of the file with the id of an account's organization.
_ORGANIZATION = "organization"

#: How long the file `claims` of a dead process is kept, in seconds.
KEEP_CLAIMS = 600.0

#: The folders about which the user was warned.
_warned: set[Path] = set()
#: Guards `_warned`, because Pulumi's calls run in several threads.
_warning_lock = threading.Lock()


def log_folder() -> Path:
    """Return the log's folder, by default in the user's state folder."""
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
            for intent in IntentLog(account).pending(other_accounts=False)
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
    #: The earliest time at which the create may have begun, if that is before `since`. An intent
    #: has this time only if `IntentLog.leave` wrote the intent.
    earliest: float | None = None

    @classmethod
    def to_create(
        cls, resource: str, resource_type: str, parents: Values, content: Values, since: float
    ) -> Self:
        """Return the intent to create an object with these inputs (`content`)."""
        salt = secrets.token_hex(8)
        return cls(resource, resource_type, dict(parents), since, salt, digest(content, salt))

    def declares(self, content: Values) -> bool:
        """Whether this is an intent to create an object with these inputs (`content`)."""
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
    """The intents and claims of this machine's processes in one account. All threads share it.

    A claim says that an object belongs to a resource, so that no other resource takes the object
    over. Every object that a process of this machine has created or is taking over is claimed. This
    process also claims each object in the state as soon as Pulumi diffs, reads or deletes it.
    """

    def __init__(self, folder: Path, keep_claims: float = KEEP_CLAIMS) -> None:
        """Prepare a log, without reading or writing files.

        Args:
            folder: the account's folder, which is created when it is needed.
            keep_claims: how long claims of dead processes are kept, in seconds.
        """
        self._folder = folder
        self._own = ProcessFolder(folder / f"{os.getpid()}-{secrets.token_hex(4)}")
        self._processes = {self._own.path: self._own}
        self._keep_claims = keep_claims
        self._lock = threading.RLock()
        self._claimed: set[ObjectName] = set()
        #: This process's intents without an id, by file name.
        self._open: dict[str, Intent] = {}
        #: This process's intents that were not aborted, by resource.
        self._kept: dict[str, Intent] = {}
        #: The resources whose create has failed in this process.
        self._failed: set[str] = set()

    @property
    def is_identified(self) -> bool:
        """Whether it is known which organization the account belongs to."""
        return (self._folder / _ORGANIZATION).is_file()

    def identify(self, organization: str) -> None:
        """Record the organization of the account.

        From now on, the log also reads the other accounts of this organization.

        Args:
            organization: the id of the organization.
        """
        with self._lock, suppress(OSError):
            if self.is_identified:
                return
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # The file is written under another name, because other processes may read it.
            unfinished = self._folder / f".{_ORGANIZATION}-{self._own.path.name}"
            unfinished.write_text(organization)
            unfinished.replace(self._folder / _ORGANIZATION)
            for cached in ("_accounts", "_left_by_dead", "_left_paths"):
                self.__dict__.pop(cached, None)

    def begin(self, resource: str, resource_type: str, parents: Values, content: Values) -> Intent:
        """Log that an object is about to be created; warn if the log cannot be written."""
        intent = Intent.to_create(resource, resource_type, parents, content, time.time())
        with self._lock:
            self._open[intent.file_name] = self._kept[resource] = intent
        try:
            with self._lock:
                self._own.create()
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
            self._kept[intent.resource] = committed
            self._add_claim(time.time(), committed.resource_type, id_)
        return committed

    def abort(self, intent: Intent) -> None:
        """Remove an intent that needs no recovery, for example because no object was created."""
        with self._lock:
            self._open.pop(intent.file_name, None)
            self._kept.pop(intent.resource, None)
        with suppress(OSError):
            self._own.remove(intent.file_name)

    def mark_failed(self, resource: str) -> None:
        """Record that the create of a resource has failed, so that `recover` returns its intent.

        Pulumi repeats a failed create in the same run if an error hook asks for it (tried).
        """
        with self._lock:
            self._failed.add(resource)

    def leave(self, intents: Iterable[Intent]) -> None:
        """Write intents in the form in which a killed process leaves them.

        `datadog-cases recover` does this on machines that do not have the log of the killed run.

        Raises:
            OSError: the log cannot be written.
        """
        nobody = ProcessFolder(self._folder / f"recovered-{secrets.token_hex(4)}")
        nobody.path.mkdir(mode=0o700, parents=True)
        for intent in intents:
            nobody.write(intent.file_name, intent.to_text())

    def pending(self, *, other_accounts: bool = True) -> list[Intent]:
        """Return the intents of dead processes, oldest first.

        Args:
            other_accounts: whether to include intents in other accounts of the organization.
        """
        left = [
            intent
            for path, intent in self._left_by_dead.items()
            if other_accounts or path.parent.parent == self._folder
        ]
        return sorted(left, key=lambda intent: intent.since)

    def recover(self, resource: str) -> Intent | None:
        """Take over the intent that a dead process or a failed create has left for a resource."""
        with self._lock:
            if resource in self._failed:
                self._failed.remove(resource)
                if kept := self._kept.get(resource):
                    return kept
            # Try the intents with an id first, then those without. In each group, try the latest
            # intent first.
            left = self._left(resource).items()
            for path, intent in sorted(left, key=lambda each: (each[1].id is None, -each[1].since)):
                del self._left_by_dead[path]
                try:
                    self._own.create()
                    # Copy the dead process's claims before moving its intent, because any process
                    # may remove a folder without intents, and the claims in it. If this process
                    # moved the intent first and then died, the claims could be lost.
                    self._own.add_claims(self._process(path.parent).claims())
                    path.rename(self._own.path / intent.file_name)
                except FileNotFoundError:
                    continue  # another process has taken it over
                except OSError as problem:
                    _warn_once(self._folder, str(problem))  # the file stays for the next run
                if intent.id is None:
                    self._open[intent.file_name] = intent
                self._kept[resource] = intent
                return intent
        return None

    def count_open(self, resource_type: str, content: Values) -> int:
        """Count the intents that have no id and are for a create with these inputs (`content`).

        Counts the intents of this process and of dead processes.
        """
        with self._lock:
            intents = [*self._open.values(), *self._left_by_dead.values()]
            return sum(
                i.resource_type == resource_type and i.id is None and i.declares(content)
                for i in intents
            )

    def mark_in_state(self, resource_type: str, id_: str, content: Values | None = None) -> None:
        """Claim an object that is in the state, and remove intents for it.

        Args:
            resource_type: the name of the object's resource type.
            id_: the object's id.
            content: the inputs of the object in the state; None if ids are unique. If ids are not
                unique, a replacement has the same id as the replaced object. An intent with other
                inputs may be for the replacement, so this method keeps that intent.
        """
        with self._lock:
            self._claimed.add((resource_type, id_))
            for path, intent in self._left((resource_type, id_)).items():
                if content is not None and not intent.declares(content):
                    continue
                del self._left_by_dead[path]
                with suppress(OSError):
                    path.unlink(missing_ok=True)

    def is_unsaved(self, resource_type: str, id_: str) -> bool:
        """Whether a killed run has created an object that Pulumi has not saved."""
        with self._lock:
            return bool(self._left((resource_type, id_)))

    def is_claimed(self, resource_type: str, id_: str) -> bool:
        """Whether an object is in the state or belongs to another resource.

        If an intent's file is named after the object, this counts as a claim too. A process renames
        an intent's file before it writes the claim, and may be killed between these two steps.
        """
        if (resource_type, id_) in self._claimed or self.created_at(resource_type, id_) is not None:
            return True
        name = _committed_name(resource_type, id_)
        with suppress(OSError):
            return any((path / name).exists() for path in self._process_folders())
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
        """Return the Unix time at which this machine created an object.

        Returns None if no recent claim says that this machine created the object.
        """
        with self._lock, suppress(OSError):
            for path in self._process_folders():
                if moment := self._process(path).claims().get((resource_type, id_)):
                    return moment
        return None

    def _process_folders(self) -> list[Path]:
        """The folders of the processes in all accounts that are known to be of the organization."""
        return [path for account in self._accounts for path in subfolders(account)]

    @functools.cached_property
    def _accounts(self) -> list[Path]:
        """The account's folder, and those of other accounts of the same organization."""
        organization = _organization(self._folder)
        others = [] if organization is None else [*subfolders(self._folder.parent)]
        return [
            self._folder,
            *(
                each
                for each in others
                if each != self._folder and _organization(each) == organization
            ),
        ]

    def _add_claim(self, moment: float, resource_type: str, id_: str) -> None:
        self._claimed.add((resource_type, id_))
        with suppress(OSError):
            self._own.add_claims({(resource_type, id_): moment})

    def _process(self, path: Path) -> ProcessFolder:
        return self._processes.setdefault(path, ProcessFolder(path))

    def _left(self, key: "str | ObjectName") -> dict[Path, Intent]:
        """The intents of dead processes for a resource or an object, by file."""
        left = self._left_by_dead
        return {path: left[path] for path in self._left_paths.get(key, ()) if path in left}

    @functools.cached_property
    def _left_paths(self) -> "Mapping[str | ObjectName, list[Path]]":
        """The files of `_left_by_dead`, by URN and by object."""
        paths: defaultdict[str | ObjectName, list[Path]] = defaultdict(list)
        for path, intent in self._left_by_dead.items():
            paths[intent.resource].append(path)
            if intent.id is not None:
                paths[intent.resource_type, intent.id].append(path)
        return paths

    @functools.cached_property
    def _left_by_dead(self) -> dict[Path, Intent]:
        """The intents of dead processes, by file. Warns about files that cannot be read."""
        left: dict[Path, Intent] = {}
        try:
            folders = self._process_folders()
        except FileNotFoundError:
            return left  # nothing has been logged yet
        except OSError as problem:
            _warn_once(self._folder, str(problem))
            return left
        for path in folders:
            try:
                left |= self._left_in(self._process(path))
            except FileNotFoundError:
                continue  # another process has just removed the folder
            except OSError as problem:
                _warn_once(self._folder, str(problem))
        return left

    def _left_in(self, process: ProcessFolder) -> dict[Path, Intent]:
        """The intents in a folder whose process is dead.

        Removes the folder if it has neither intents nor recent claims.
        """
        left: dict[Path, Intent] = {}
        is_outdated = not process.is_newer_than(self._keep_claims)
        # Check last whether the process is alive, because this check is the most expensive.
        if process is self._own or not (process.intent_files() or is_outdated):
            return left
        if process.is_alive():
            return left
        # List the files again. The process may have added a file after the first listing, and may
        # have died since.
        for path in process.intent_files():
            try:
                if intent := Intent.from_text(path.read_text(errors="replace")):
                    left[path] = intent
            except FileNotFoundError:
                continue  # another process has just taken the intent over
            except OSError as problem:
                _warn_once(self._folder, str(problem))
        if is_outdated and not left:
            process.remove_all()
        return left


def _warn_once(folder: Path, problem: str) -> None:
    """Warn once per process and folder that the log cannot be used."""
    with _warning_lock:
        if folder in _warned:
            return
        _warned.add(folder)
    warn(
        f"cannot use the intent log in {folder} ({problem}): what a killed run has created may be "
        f"created again. Set {FOLDER_VARIABLE} to a folder that can be read, written and locked"
    )


def _organization(account: Path) -> str | None:
    """Return the id of the organization of an account's folder; None if it is unknown."""
    try:
        return (account / _ORGANIZATION).read_text()
    except OSError:
        return None


def _committed_name(resource_type: str, id_: str) -> str:
    return f"made-{_hash(f'{resource_type} {id_}')}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
