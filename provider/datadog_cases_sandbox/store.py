"""Where the sandbox keeps its objects: one SQLite file, or memory."""

import sqlite3
import uuid
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ClassVar, Final, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field

from datadog_cases_sandbox.answered import Answered
from datadog_cases_sandbox.history import History

MEMORY: Final = ":memory:"

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS objects (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    owner TEXT REFERENCES objects (id) ON DELETE CASCADE,
    second_owner TEXT REFERENCES objects (id) ON DELETE CASCADE,
    alias TEXT,
    body TEXT NOT NULL,
    UNIQUE (kind, alias)
);
CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (kind, owner);
CREATE INDEX IF NOT EXISTS objects_by_owner ON objects (owner);
CREATE INDEX IF NOT EXISTS objects_by_second_owner ON objects (second_owner);
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
"""


UPGRADE: Final = """
ALTER TABLE objects ADD COLUMN second_owner TEXT REFERENCES objects (id) ON DELETE CASCADE
"""
"""For files of the first sandboxes, whose objects had one owner at most."""


class Record(BaseModel):
    """An object as it is stored: everything known of it, the hidden included.

    A record is never changed in place: copy it with `model_copy(update=...)` and `put` the copy.

    Attributes:
        kind: What it is, the same for all records of a class.
        id: Its UUID.
    """

    model_config = ConfigDict(frozen=True)

    kind: ClassVar[str]
    id: str = Field(default_factory=lambda: str(uuid.uuid4()))

    @classmethod
    def told_by(cls, answered: Answered) -> dict[str, object] | None:
        """What an answer tells of the record behind it: its fields, and maybe more.

        None where there is nothing in a sandbox that is answered so.
        """
        return {**answered.members()}

    @property
    def owner(self) -> str | None:
        """The id of the record that takes this one along when it is deleted."""
        return None

    @property
    def second_owner(self) -> str | None:
        """The id of another record that does: what lies between two goes with either."""
        return None

    @property
    def alias(self) -> str | None:
        """A second name it can be found by, unique among its kind."""
        return None


R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Seeds:
    """What a fresh store holds.

    Attributes:
        records: In the order in which they count as made; what owns others comes before them.
        counters: How far they have come, by name.
    """

    records: tuple[Record, ...]
    counters: Mapping[str, int] = field(default_factory=dict[str, int])


class Store:
    """Records by id, by alias, and by owner, in the order they were made.

    All calls come from the one thread of the event loop, so nothing needs a lock.

    Attributes:
        history: What it was a while ago, if that is kept.
        was_empty: Whether it held nothing before, and now holds the seeds.

    Args:
        path: The SQLite file, made if it is not there, or `MEMORY`.
        seeds: What it holds if it is empty, and after each reset.

    Raises:
        sqlite3.Error: The file cannot be opened or is not a database.
    """

    def __init__(self, path: str, seeds: Seeds) -> None:
        self._seeds = seeds
        self._watched: dict[str, Callable[[Record], None]] = {}
        self._connection = sqlite3.connect(path)
        # A write ahead log without a flush per commit outlives the death of this process, and a
        # write takes microseconds. Only a power cut could lose the last of them.
        self._connection.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;"
        )
        columns = [row[1] for row in self._connection.execute("PRAGMA table_info(objects)")]
        if columns and "second_owner" not in columns:
            self._connection.execute(UPGRADE)
        self._connection.executescript(SCHEMA)
        self.was_empty = self._connection.execute("SELECT 1 FROM objects").fetchone() is None
        if self.was_empty:
            with self.transaction():
                self._plant()
        self.history = History(self._connection)

    @contextmanager
    def transaction(self) -> Generator[None]:
        """All the writes within happen, or, if an exception leaves the block, none does."""
        with self._connection:
            yield

    def watch(self, model: type[R], watcher: Callable[[R | None, R], None]) -> None:
        """Has all writes of a class of records told, within their transaction.

        Args:
            model: The class.
            watcher: Is called after each write with the record as it was, or None if it is new,
                and as it is. What the store is seeded with is not told.
        """

        def put(record: Record) -> None:
            before = self.find(model, record.id)
            self._write(record)
            watcher(before, cast("R", record))  # records of a kind are of one class

        self._watched[model.kind] = put

    def put(self, record: Record) -> None:
        """Stores a record: a new one at the end, a known one in its old place."""
        self._watched.get(record.kind, self._write)(record)

    def find(self, model: type[R], name: str) -> R | None:
        """The record of this class whose id or alias is `name`."""
        row = self._connection.execute(
            "SELECT body FROM objects WHERE kind = ?1 AND (id = ?2 OR alias = ?2)",
            (model.kind, name),
        ).fetchone()
        return model.model_validate_json(row[0]) if row else None

    def list(self, model: type[R], owner: str | None = None) -> list[R]:
        """All records of this class, or those of one owner, oldest first."""
        rows = self._connection.execute(
            "SELECT body FROM objects WHERE kind = ?1"
            " AND (?2 IS NULL OR owner = ?2 OR second_owner = ?2) ORDER BY sequence",
            (model.kind, owner),
        )
        return [model.model_validate_json(body) for (body,) in rows]

    def delete(self, record: Record) -> None:
        """Removes a record and, all the way down, what it owns."""
        self._connection.execute("DELETE FROM objects WHERE id = ?", (record.id,))

    def next(self, counter: str) -> int:
        """Counts on: 1 the first time a counter is asked for."""
        row = self._connection.execute(
            "INSERT INTO counters VALUES (?, 1)"
            " ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
            (counter,),
        ).fetchone()
        return int(row[0])

    def stored(self, name: str) -> tuple[str, str] | None:
        """Kind and JSON text of whatever has this id or alias."""
        row = self._connection.execute(
            "SELECT kind, body FROM objects WHERE id = ?1 OR alias = ?1", (name,)
        ).fetchone()
        return (str(row[0]), str(row[1])) if row else None

    def reset(self) -> None:
        """Back to the fresh state."""
        with self.transaction():
            self._connection.execute("DELETE FROM objects")
            self._connection.execute("DELETE FROM counters")
            self._plant()

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()

    def _write(self, record: Record) -> None:
        self._connection.execute(
            "INSERT INTO objects (id, kind, owner, second_owner, alias, body)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE"
            " SET owner = excluded.owner, second_owner = excluded.second_owner,"
            " alias = excluded.alias, body = excluded.body",
            (
                record.id,
                record.kind,
                record.owner,
                record.second_owner,
                record.alias,
                record.model_dump_json(),
            ),
        )

    def _plant(self) -> None:
        for record in self._seeds.records:
            self._write(record)
        counters = self._seeds.counters.items()
        self._connection.executemany("INSERT INTO counters VALUES (?, ?)", counters)
