"""What the store was a while ago, for the faults that show it late."""

import json
import sqlite3
import time
from collections.abc import Collection, Generator
from contextlib import contextmanager
from typing import Final

# Temporary, so that it is this process's own and no part of the file. Each row is an object before
# one write: as it was, or, without a `body`, not there yet.
BEGIN: Final = """
CREATE TEMP TABLE past (
    at REAL, sequence INTEGER, id TEXT, kind TEXT, owner TEXT, second_owner TEXT, alias TEXT,
    body TEXT
);
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
END: Final = "DROP TRIGGER made; DROP TRIGGER changed; DROP TRIGGER deleted; DROP TABLE past;"

TAKE_AWAY_WRITTEN: Final = """
DELETE FROM objects WHERE id IN (SELECT id FROM past WHERE at > ?1)
    AND id NOT IN (SELECT value FROM json_each(?2))
    AND ifnull(alias, '') NOT IN (SELECT value FROM json_each(?2))
"""
# SQLite takes the other columns from the row that has the minimum. What cannot come back is what
# has a successor that is named: another object with its alias.
PUT_BACK: Final = """
INSERT OR IGNORE INTO objects
    SELECT sequence, id, kind, owner, second_owner, alias, body
    FROM (SELECT min(rowid), * FROM past WHERE at > ?1 GROUP BY id)
    WHERE body IS NOT NULL
        AND id NOT IN (SELECT value FROM json_each(?2))
        AND ifnull(alias, '') NOT IN (SELECT value FROM json_each(?2))
"""
MADE: Final = """
SELECT 1 FROM objects WHERE id IN (SELECT id FROM past WHERE at > ?1 AND body IS NULL)
    AND (
        id IN (SELECT value FROM json_each(?2)) OR alias IN (SELECT value FROM json_each(?2))
    )
"""


class History:
    """A log of what writes replaced, kept from `begin` to `end`: at other times nothing is noted.

    Moments are those of `time.monotonic`.

    Args:
        connection: The store's.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._connection.create_function("monotonic", 0, time.monotonic)
        self._kept = False

    def begin(self) -> None:
        """Notes all writes from now on, if it does not yet."""
        if not self._kept:
            self._connection.executescript(BEGIN)
            self._kept = True

    def end(self) -> None:
        """Notes no more, and forgets."""
        if self._kept:
            self._connection.executescript(END)
            self._kept = False

    @contextmanager
    def as_of(self, moment: float, but: Collection[str] = ()) -> Generator[None]:
        """Within, the store is as it was at a moment; what is written within is lost.

        Args:
            moment: The moment, or the beginning of the log if that is later.
            but: The ids or aliases of objects that are as they are now.
        """
        # What an object owns has a past of its own and must not go along with it. The pragma works
        # outside of transactions alone; the first write begins one.
        self._connection.execute("PRAGMA foreign_keys = OFF")
        try:
            values = (moment, json.dumps([*but]))
            self._connection.execute(TAKE_AWAY_WRITTEN, values)
            self._connection.execute(PUT_BACK, values)
            yield
        finally:
            self._connection.rollback()
            self._connection.execute("PRAGMA foreign_keys = ON")

    def has_made(self, moment: float, names: Collection[str]) -> bool:
        """Whether any object of these ids or aliases was made since a moment."""
        values = (moment, json.dumps([*names]))
        return self._connection.execute(MADE, values).fetchone() is not None
