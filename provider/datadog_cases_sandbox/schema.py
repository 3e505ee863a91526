"""The tables of the store, and the longer SQL statements that read them."""

from typing import Final

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
CREATE INDEX IF NOT EXISTS objects_by_alias ON objects (alias);
CREATE INDEX IF NOT EXISTS objects_by_second_owner ON objects (second_owner);
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS organisation (id TEXT NOT NULL);
"""


UPGRADE: Final = """
ALTER TABLE objects ADD COLUMN second_owner TEXT REFERENCES objects (id) ON DELETE CASCADE
"""
"""Upgrades a file of the first release, in which an object has at most one owner."""

ALL: Final = "SELECT sequence, body FROM objects WHERE kind = :kind ORDER BY sequence"
# With `OR` in place of `UNION`, SQLite would read all records of the type.
OF_OWNER: Final = """
SELECT sequence, body FROM objects WHERE kind = :kind AND owner = :owner
UNION SELECT sequence, body FROM objects WHERE kind = :kind AND second_owner = :owner
ORDER BY sequence
"""
CONTAINING: Final = """
SELECT sequence, body FROM objects WHERE kind = :kind AND instr(body, :json) ORDER BY sequence
"""

OWNED: Final = """
WITH RECURSIVE owned (id) AS (
    SELECT value FROM json_each(?)
    UNION
    SELECT objects.id FROM objects JOIN owned
        ON objects.owner = owned.id OR objects.second_owner = owned.id
)
SELECT id FROM owned
"""
