"""Past states of the store, for faults and quirks that show stale data.

An alias is a second name of an object besides its id, such as a case's key.
"""

import json
import sqlite3
import time
from collections.abc import Collection, Generator
from contextlib import contextmanager
from typing import Final

# A temporary table belongs to this process and is not stored in the database file. Each row stands
# for one write. The row has the object's columns as they were before the write. Its `body` is null
# if the write created the object.
START: Final = """
CREATE TEMP TABLE past (
    at REAL, sequence INTEGER, id TEXT, kind TEXT, owner TEXT, second_owner TEXT, alias TEXT,
    body TEXT
);
CREATE INDEX temp.past_by_id ON past (id);
CREATE TEMP TRIGGER made AFTER INSERT ON main.objects BEGIN
    INSERT INTO past (at, id) VALUES (monotonic(), new.id);
END;
CREATE TEMP TRIGGER changed AFTER UPDATE ON main.objects BEGIN
    INSERT INTO past VALUES (
        monotonic(), old.sequence, old.id, old.kind, old.owner, old.second_owner, old.alias,
        old.body
    );
END;
CREATE TEMP TRIGGER deleted AFTER DELETE ON main.objects BEGIN
    INSERT INTO past VALUES (
        monotonic(), old.sequence, old.id, old.kind, old.owner, old.second_owner, old.alias,
        old.body
    );
END;
"""
STOP: Final = "DROP TRIGGER made; DROP TRIGGER changed; DROP TRIGGER deleted; DROP TABLE past;"

DELETE_WRITTEN: Final = """
DELETE FROM objects WHERE id IN (SELECT id FROM past WHERE at > ?1)
    AND id NOT IN (SELECT value FROM json_each(?2))
    AND ifnull(alias, '') NOT IN (SELECT value FROM json_each(?2))
"""
# Because of `min(rowid)`, SQLite takes the columns of each object from the row with the smallest
# rowid. This row has the object's state before its first write since the given time. The second
# parameter has the ids and aliases of the objects that keep their current state. Such an alias may
# have moved since the given time. The object that has the alias now is kept, so the object that had
# the alias before is not restored.
RESTORE_PAST: Final = """
INSERT OR IGNORE INTO objects
    SELECT sequence, id, kind, owner, second_owner, alias, body
    FROM (SELECT min(rowid), * FROM past WHERE at > ?1 GROUP BY id)
    WHERE body IS NOT NULL
        AND id NOT IN (SELECT value FROM json_each(?2))
        AND ifnull(alias, '') NOT IN (SELECT value FROM json_each(?2))
"""
CREATED_SINCE: Final = """
SELECT 1 FROM objects WHERE id IN (SELECT id FROM past WHERE at > ?1 AND body IS NULL)
    AND (
        id IN (SELECT value FROM json_each(?2)) OR alias IN (SELECT value FROM json_each(?2))
    )
"""

IS_NEW: Final = "SELECT 1 FROM past WHERE at > ?1 AND id = ?2 AND body IS NULL"
# If a write created an object, the row of this write has no body, so this query skips the row. If
# the object was created after the given time, the result is therefore the object's first state.
BODY_AS_OF: Final = """
SELECT body FROM past WHERE at > ?1 AND id = ?2 AND body IS NOT NULL ORDER BY rowid LIMIT 1
"""


class History:
    """A log of the state of each object before each write.

    The active faults and the active quirks are the two users of the log. The log is kept from the
    first call of `start` until each user that called `start` has called `stop`.

    All times are values of `time.monotonic()`.

    Args:
        connection: The store's connection.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._connection.create_function("monotonic", 0, time.monotonic)
        self._users: list[object] = []

    def start(self, user: object) -> None:
        """Starts the log, unless another user has already started the log."""
        if not self._users:
            self._connection.executescript(START)
        if user not in self._users:
            self._users.append(user)

    def stop(self, user: object) -> None:
        """Stops and deletes the log, unless another user still needs the log."""
        if user in self._users:
            self._users.remove(user)
            if not self._users:
                self._connection.executescript(STOP)

    @contextmanager
    def as_of(self, moment: float, except_for: Collection[str] = ()) -> Generator[None]:
        """Shows a past state of the store within a `with` block.

        When the block ends, writes within the block are rolled back.

        Args:
            moment: The time of the past state. For a time before the start of the log, the block
                sees the state at the start, because earlier states are not recorded.
            except_for: The ids or aliases of objects that keep their current state.
        """
        # The statements below delete and restore each object separately. Without foreign keys, the
        # deletion of an owner does not also delete the objects that it owns. The pragma has no
        # effect within a transaction, so it comes before the first write.
        self._connection.execute("PRAGMA foreign_keys = OFF")
        try:
            values = (moment, json.dumps([*except_for]))
            self._connection.execute(DELETE_WRITTEN, values)
            self._connection.execute(RESTORE_PAST, values)
            yield
        finally:
            self._connection.rollback()
            self._connection.execute("PRAGMA foreign_keys = ON")

    def was_created_since(self, moment: float, names: Collection[str]) -> bool:
        """Whether an object with one of these ids or aliases was created after `moment`."""
        values = (moment, json.dumps([*names]))
        return self._connection.execute(CREATED_SINCE, values).fetchone() is not None

    def body_as_of(self, moment: float, object_id: str) -> str | None:
        """The JSON of an object at `moment`. If the object was created later, its first JSON.

        Returns:
            None if the object still has this JSON, because no later write has changed the object.
        """
        row = self._connection.execute(BODY_AS_OF, (moment, object_id)).fetchone()
        return None if row is None else str(row[0])

    def is_new(self, moment: float, object_id: str) -> bool:
        """Whether the object with this id was created after `moment`."""
        return self._connection.execute(IS_NEW, (moment, object_id)).fetchone() is not None
