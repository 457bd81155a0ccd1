"""A SQLite file that somebody else held: it holds rows, and nothing that runs when they are read.

A view in the place of a table, or a trigger, is read or run as part of our own statements, and may never end.
So is what an index or a check reckons, for each row. And a column that was added later gives its long value
for every row that was there before, of which the file holds none.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from campaign.storage.disk import first_bytes

MAGIC = b"SQLite format 3\x00"  # how a database and a backup of one begin
LONGEST_VALUE = 16 * 2**20  # bytes; the longest that is ours, what was drawn for a batch, has some kilobytes
_RUNS = """
SELECT type, name FROM sqlite_schema WHERE type NOT IN ('table', 'index')
  OR sql NOT LIKE 'CREATE TABLE %' AND sql NOT LIKE 'CREATE INDEX %' AND sql NOT LIKE 'CREATE UNIQUE INDEX %'
UNION ALL SELECT 'reckoned column', t.name FROM sqlite_schema AS t, pragma_table_xinfo(t.name) AS c
WHERE t.type = 'table' AND c.hidden > 1
UNION ALL SELECT 'value for what is left out', t.name
FROM sqlite_schema AS t, pragma_table_xinfo(t.name) AS c
WHERE t.type = 'table' AND (length(c.dflt_value) > 40 OR c.dflt_value LIKE '%(%')
"""
_INDEX = re.compile(
    r'CREATE (?:UNIQUE )?INDEX \w+ ON "?\w+"? \(\w+(?:, \w+)*\)'
    r"(?: WHERE (?:live = 1|flood = 1|reviewed_on IS NOT NULL))?"
)


def begins_as_one(file: Path) -> bool:
    """Tell whether a file is one of SQLite's by how it begins.

    Raises:
        OSError: it cannot be read, or is no file.
    """
    return first_bytes(file, len(MAGIC)) == MAGIC


def opened(file: Path, *, alone: bool = False) -> sqlite3.Connection:
    """Open a file for reading; `alone` looks at no log beside it, and writes no byte there.

    Raises:
        sqlite3.DatabaseError: it is none of SQLite's, or holds more than tables.
    """
    if not begins_as_one(file):
        raise sqlite3.DatabaseError("it is none of SQLite")
    more = "&immutable=1" if alone else ""
    connection = sqlite3.connect(f"file:{quote(str(file.absolute()))}?mode=ro{more}", uri=True)
    try:
        refuse_what_runs(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def limit(connection: sqlite3.Connection, _record: object = None) -> None:
    """Let a connection give no value that is longer than any of ours, and reckon no check of a row."""
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)


def refuse_what_runs(connection: sqlite3.Connection) -> None:
    """See that a file holds tables and indexes alone, and let it give no value without end.

    Raises:
        sqlite3.DatabaseError: it holds more, or cannot be read.
    """
    limit(connection)
    connection.execute("PRAGMA trusted_schema = OFF")
    with closing(connection.execute(_RUNS)) as found:
        if row := found.fetchone():
            raise sqlite3.DatabaseError(f"it holds a {row[0]}, and nobody here made one")
    with closing(connection.execute("SELECT sql FROM sqlite_schema WHERE type = 'index'")) as found:
        if not all(sql is None or _INDEX.fullmatch(sql) for (sql,) in found):
            raise sqlite3.DatabaseError("it holds an index of its own, and nobody here made one")
