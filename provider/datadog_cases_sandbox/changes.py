"""The records that have changed, for indexes that are kept in memory."""

import sqlite3
from collections.abc import Iterator
from typing import Final

# Temporary triggers belong to this process and are not stored in the database file. They also see
# the records that are deleted together with their owner.
TRIGGERS: Final = """
CREATE TEMP TRIGGER note_insert AFTER INSERT ON main.objects BEGIN
    SELECT note_change(new.kind, new.sequence);
END;
CREATE TEMP TRIGGER note_update AFTER UPDATE ON main.objects BEGIN
    SELECT note_change(new.kind, new.sequence);
END;
CREATE TEMP TRIGGER note_delete AFTER DELETE ON main.objects BEGIN
    SELECT note_change(old.kind, old.sequence);
END;
"""


class Changes:
    """The numbers of the records that have changed, by resource type.

    A rollback does not remove numbers, so a number may belong to a record that has not changed.

    Args:
        connection: The store's connection.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._numbers = numbers = dict[str, set[int]]()

        def note_change(kind: str, number: int) -> None:
            if kind in numbers:
                numbers[kind].add(number)

        connection.create_function("note_change", 2, note_change)
        connection.executescript(TRIGGERS)

    def take(self, kind: str) -> Iterator[int]:
        """Yields the numbers of the records of a type that have changed since the last call.

        The first call yields the numbers of all records. If the caller stops early, the next call
        yields the remaining numbers. No transaction may be open, because its rollback would change
        the records again.
        """
        if kind not in self._numbers:
            rows = self._connection.execute("SELECT sequence FROM objects WHERE kind = ?", (kind,))
            self._numbers[kind] = {number for (number,) in rows}
        numbers, self._numbers[kind] = self._numbers[kind], set()
        try:
            for number in [*numbers]:
                yield number
                numbers.discard(number)
        finally:
            self._numbers[kind] |= numbers
