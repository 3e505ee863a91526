"""The store of the sandbox's objects, in an SQLite file or in memory."""

import builtins
import json
import sqlite3
import uuid
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ClassVar, Final, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_json

from datadog_cases_sandbox.changes import Changes
from datadog_cases_sandbox.history import History
from datadog_cases_sandbox.resource_object import ResourceObject
from datadog_cases_sandbox.schema import ALL, CONTAINING, OF_OWNER, OWNED, SCHEMA, UPGRADE

MEMORY: Final = ":memory:"


class Record(BaseModel):
    """A stored object with all its fields, including those that the API never returns.

    A record is immutable. To change it, copy it with `model_copy(update=...)` and `put` the copy.

    Attributes:
        resource_type: The type in the API. All records of a class have the same type.
        id: The UUID.
    """

    model_config = ConfigDict(frozen=True)

    resource_type: ClassVar[str]
    id: str = Field(default_factory=lambda: str(uuid.uuid4()))

    @classmethod
    def from_response(cls, item: ResourceObject) -> dict[str, object] | None:
        """The fields of a record, taken from an API response.

        The result may have additional fields, which the record ignores. It is None if the sandbox
        does not store this object.
        """
        return {**item.fields()}

    @property
    def owner(self) -> str | None:
        """The id of the owner. If the owner is deleted, this record is deleted as well."""
        return None

    @property
    def second_owner(self) -> str | None:
        """The id of the second owner, if this record links two other records."""
        return None

    @property
    def alias(self) -> str | None:
        """A second name besides the id, such as a case's key. No two records of a type share it."""
        return None


R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Seeds:
    """The contents of a fresh store.

    Attributes:
        records: The records in the order of their creation. An owner comes before the records that
            it owns.
        counters: The last number of each counter; see `Store.next`. For example, each project has a
            counter for the keys of its cases.
        organisation: The id of the organisation that the records were copied from, if known.
    """

    records: tuple[Record, ...]
    counters: Mapping[str, int] = field(default_factory=dict[str, int])
    organisation: str | None = None


class Store:
    """Records by id, by alias and by owner, in the order of their creation.

    All calls come from the event loop's thread, so no lock is needed.

    Attributes:
        organisation: The id of the organisation that the data belongs to. A new store takes the id
            from the seeds. If the seeds have none, the store makes one. A data file keeps its id
            even after a reset.
        history: The past states of the store, recorded only while a fault or quirk needs them.
        was_empty: Whether the file was new or had no records. If so, the store has added the seeds.

    Args:
        path: The SQLite file, or `MEMORY`. If the file does not exist, it is created.
        seeds: The records and counters to add if the store is empty when it is opened, and after a
            reset.

    Raises:
        sqlite3.Error: The file cannot be opened or is not a database.
    """

    def __init__(self, path: str, seeds: Seeds) -> None:
        self._seeds = seeds
        self._views: list[Callable[[Record], Record | None]] = []
        self._put_hooks: dict[str, Callable[[Record], None]] = {}
        self._connection = sqlite3.connect(path)
        # With these settings, a commit is not flushed to disk, so a write takes only microseconds.
        # The data survive a crash of this process. Only a power cut could lose the latest writes.
        self._connection.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;"
        )
        columns = [row[1] for row in self._connection.execute("PRAGMA table_info(objects)")]
        if columns and "second_owner" not in columns:
            self._connection.execute(UPGRADE)
        self._connection.executescript(SCHEMA)
        self.organisation = self._organisation()
        self.was_empty = self._connection.execute("SELECT 1 FROM objects").fetchone() is None
        if self.was_empty:
            with self.transaction():
                self._insert_seeds()
        self.history = History(self._connection)
        self._changes = Changes(self._connection)

    @contextmanager
    def transaction(self) -> Generator[None]:
        """Commits all writes within the block. After an exception, commits none of them."""
        with self._connection:
            yield

    @contextmanager
    def seen_as(self, view: Callable[[Record], Record | None]) -> Generator[None]:
        """Makes `find` and `list` return other records within the block.

        Args:
            view: A function that receives a record. It returns the record to show in its place,
                which must be of the same class, or None to hide the record.
        """
        self._views.append(view)
        try:
            yield
        finally:
            self._views.remove(view)

    def on_put(self, model: type[R], hook: Callable[[R | None, R], None]) -> None:
        """Calls a hook after each write of a record of this class, in the same transaction.

        Args:
            model: The class.
            hook: A function that receives the record before the write, or None for a new record,
                and the record after the write. The hook is not called for seeds.
        """

        def put(record: Record) -> None:
            before = self.current(model, record.id)
            self._write(record)
            # Each resource type has one record class, so this record is of class R.
            hook(before, cast("R", record))

        self._put_hooks[model.resource_type] = put

    def put(self, record: Record) -> None:
        """Stores a record.

        If the store already has a record with this id, the new record replaces that record, and
        takes its place in the order of creation.
        """
        self._put_hooks.get(record.resource_type, self._write)(record)

    def find(self, model: type[R], name: str) -> R | None:
        """The record of this class whose id or alias is `name`."""
        record = self.current(model, name)
        return None if record is None else self._seen(record)

    def require(self, model: type[R], name: str, missing: Exception) -> R:
        """The record that `find` returns. Raises `missing` if there is none."""
        record = self.find(model, name)
        if record is None:
            raise missing
        return record

    def current(self, model: type[R], name: str) -> R | None:
        """The record that `find` returns outside of all `seen_as` blocks."""
        row = self._connection.execute(
            "SELECT body FROM objects WHERE kind = ?1 AND (id = ?2 OR alias = ?2)",
            (model.resource_type, name),
        ).fetchone()
        return model.model_validate_json(row[0]) if row else None

    def list(self, model: type[R], owner: str | None = None) -> list[R]:
        """All records of this class, or only those of one owner. The oldest comes first."""
        return [record for _number, record in self.numbered(model, owner)]

    def numbered(self, model: type[R], owner: str | None = None) -> Iterator[tuple[int, R]]:
        """The records that `list` returns, each with its number.

        An object keeps its number, and a newer object has a higher number.
        """
        query = ALL if owner is None else OF_OWNER
        return self._numbered(model, query, owner=owner)

    def containing(self, model: type[R], text: str) -> builtins.list[R]:
        """The records of this class that have this text as a value, and possibly some others.

        The oldest comes first.
        """
        found = self._numbered(model, CONTAINING, json=to_json(text).decode())
        return [record for _number, record in found]

    @property
    def shows_current_records(self) -> bool:
        """Whether reads return the current records: not within `seen_as` or a transaction.

        Within `History.as_of`, a transaction is open.
        """
        return not self._views and not self._connection.in_transaction

    def changed(self, model: type[R]) -> Iterator[tuple[int, R | None]]:
        """The records of this class that may have changed since the last call.

        The first call yields all records. Each record comes with its number; a deleted record is
        None. This method may only be called while `shows_current_records` is true.
        """
        for number in self._changes.take(model.resource_type):
            yield number, self.at(model, number)

    def at(self, model: type[R], number: int) -> R | None:
        """The record of this class with this number, outside of all `seen_as` blocks."""
        row = self._connection.execute(
            "SELECT body FROM objects WHERE sequence = ? AND kind = ?",
            (number, model.resource_type),
        ).fetchone()
        return model.model_validate_json(row[0]) if row else None

    def owned_by(self, ids: Iterable[str]) -> set[str]:
        """The ids of these records, and of all records that they own directly or indirectly."""
        rows = self._connection.execute(OWNED, (json.dumps([*ids]),))
        return {str(id_) for (id_,) in rows}

    @property
    def writes(self) -> int:
        """A number that grows with each write."""
        return self._connection.total_changes

    def delete(self, record: Record) -> None:
        """Deletes a record and, recursively, the records that it owns."""
        self._connection.execute("DELETE FROM objects WHERE id = ?", (record.id,))

    def next(self, counter: str) -> int:
        """Increments a counter and returns its new value. The first value is 1."""
        row = self._connection.execute(
            "INSERT INTO counters VALUES (?, 1)"
            " ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
            (counter,),
        ).fetchone()
        return int(row[0])

    def stored(self, name: str) -> tuple[str, str] | None:
        """The resource type and the JSON of the record that has this id or alias.

        The record may be of any type.
        """
        row = self._connection.execute(
            "SELECT kind, body FROM objects WHERE id = ?1 OR alias = ?1 ORDER BY sequence", (name,)
        ).fetchone()
        return (str(row[0]), str(row[1])) if row else None

    def reset(self) -> None:
        """Restores the contents of a fresh store."""
        with self.transaction():
            self._connection.execute("DELETE FROM objects")
            self._connection.execute("DELETE FROM counters")
            self._insert_seeds()

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    def _numbered(
        self, model: type[R], query: str, **parameters: str | None
    ) -> Iterator[tuple[int, R]]:
        rows = self._connection.execute(query, {"kind": model.resource_type, **parameters})
        for number, body in rows:
            record = self._seen(model.model_validate_json(body))
            if record is not None:
                yield number, record

    def _seen(self, record: R) -> R | None:
        seen: Record | None = record
        for view in self._views:
            seen = view(seen) if seen is not None else None
        return cast("R | None", seen)  # a view returns a record of the same class

    def _organisation(self) -> str:
        with self.transaction():
            self._connection.execute(
                "INSERT INTO organisation SELECT ? WHERE NOT EXISTS (SELECT 1 FROM organisation)",
                (self._seeds.organisation or str(uuid.uuid4()),),
            )
        return str(self._connection.execute("SELECT id FROM organisation").fetchone()[0])

    def _write(self, record: Record) -> None:
        self._connection.execute(
            "INSERT INTO objects (id, kind, owner, second_owner, alias, body)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE"
            " SET owner = excluded.owner, second_owner = excluded.second_owner,"
            " alias = excluded.alias, body = excluded.body",
            (
                record.id,
                record.resource_type,
                record.owner,
                record.second_owner,
                record.alias,
                record.model_dump_json(by_alias=True),
            ),
        )

    def _insert_seeds(self) -> None:
        for record in self._seeds.records:
            self._write(record)
        counters = self._seeds.counters.items()
        self._connection.executemany("INSERT INTO counters VALUES (?, ?)", counters)
