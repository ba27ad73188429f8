"""The SQLite file behind the sandbox: its tables, and transactions that survive a killed process."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_BUSY_SECONDS = 10

_SCHEMA = """
CREATE TABLE IF NOT EXISTS tenants (
    domain TEXT PRIMARY KEY,
    direct_key BLOB NOT NULL,
    tool_client_id TEXT NOT NULL,
    tool_client_secret TEXT NOT NULL,
    faults TEXT NOT NULL DEFAULT '{}'
);
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    domain TEXT NOT NULL, section TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
    UNIQUE (domain, section, id)
);
CREATE INDEX IF NOT EXISTS objects_in_order ON objects (domain, section);
CREATE TABLE IF NOT EXISTS items (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    domain TEXT NOT NULL, section TEXT NOT NULL, id TEXT NOT NULL, field TEXT NOT NULL,
    item_key TEXT NOT NULL, body TEXT NOT NULL,
    UNIQUE (domain, section, id, field, item_key)
);
CREATE TABLE IF NOT EXISTS signing_keys (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    domain TEXT NOT NULL, kid TEXT NOT NULL UNIQUE, private_pem TEXT NOT NULL, certificate_pem TEXT NOT NULL,
    place TEXT NOT NULL, revoked INTEGER NOT NULL DEFAULT 0, revoked_at TEXT
);
CREATE TABLE IF NOT EXISTS requests (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    domain TEXT NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL, query TEXT NOT NULL,
    status INTEGER NOT NULL, at REAL NOT NULL DEFAULT 0, trouble TEXT NOT NULL DEFAULT '{}'
);
CREATE TABLE IF NOT EXISTS issued (
    domain TEXT NOT NULL, client_id TEXT NOT NULL, at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS assertions (
    domain TEXT NOT NULL, client_id TEXT NOT NULL, jti TEXT NOT NULL, expires REAL NOT NULL,
    UNIQUE (domain, client_id, jti)
);
CREATE INDEX IF NOT EXISTS issued_by_client ON issued (domain, client_id, at);
"""

_LATER_COLUMNS = (
    ("requests", "at", "REAL NOT NULL DEFAULT 0"),
    ("requests", "trouble", "TEXT NOT NULL DEFAULT '{}'"),
)
"""Columns that state files of earlier versions lack: table, name, definition."""


def text_at(field: str) -> str:
    """Return the SQL expression for a top-level field of the object in ``body``."""
    quoted = json.dumps(field).replace("'", "''")
    return f"json_extract(body, '$.{quoted}')"


def _make_schema(looked_up: Iterable[str]) -> str:
    """Return the statements that make tables and indexes; objects are found by the fields `looked_up`."""
    indexes = (
        f"CREATE INDEX IF NOT EXISTS objects_by_{field} ON objects (domain, section, {text_at(field)});\n"
        for field in looked_up
    )
    return _SCHEMA + "".join(indexes)


class Database:
    """One SQLite connection, shared by threads one at a time.

    path: the file, created if it is missing; None keeps everything in memory.
    looked_up: top-level fields by whose values objects are often searched.

    Raises:
        sqlite3.DatabaseError: the file is no SQLite database, or can't be opened.
        OSError: the file can't be created.
    """

    def __init__(self, path: Path | None, looked_up: Iterable[str] = ()) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        if path is not None:
            path.touch(mode=0o600)  # it holds private keys and secrets; SQLite's files beside it get the same
        self._connection = sqlite3.connect(
            ":memory:" if path is None else path,
            timeout=_BUSY_SECONDS,
            isolation_level=None,  # transactions are opened by hand, below
            check_same_thread=False,  # the lock does it
        )
        try:
            # With a write-ahead log a commit is in the file before the answer leaves, also if the process
            # is killed right after; a reader such as `sandbox token` doesn't wait for the server.
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.executescript(_make_schema(looked_up))
            self._add_later_columns()
        except sqlite3.Error:
            self._connection.close()
            raise

    def _add_later_columns(self) -> None:
        if all(self._has_column(table, name) for table, name, _ in _LATER_COLUMNS):
            return
        with self.transaction():
            for table, name, definition in _LATER_COLUMNS:
                # Another process may have been faster.
                if not self._has_column(table, name):
                    self.execute(f"ALTER TABLE {table} ADD COLUMN {name} {definition}")

    def _has_column(self, table: str, name: str) -> bool:
        return self.row("SELECT 1 FROM pragma_table_info(?) WHERE name = ?", table, name) is not None

    def copy(self) -> Database:
        """Return what is in the file now, as a database in memory."""
        copied = Database(None)
        with self._lock:
            self._connection.backup(copied._connection)
        return copied

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make what is done inside one unit: committed at the end, undone if an exception leaves it."""
        with self._lock:
            if self._depth == 0:
                self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._connection.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._connection.execute("COMMIT")

    def execute(self, statement: str, *values: Any) -> None:
        """Run one statement that returns nothing; outside of a transaction it is one by itself."""
        with self._lock:
            self._connection.execute(statement, values)

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    def row(self, statement: str, *values: Any) -> tuple[Any, ...] | None:
        """Return the first row of a query, or None."""
        found = self.rows(statement, *values)
        return found[0] if found else None

    def close(self) -> None:
        """Close the file; later calls fail."""
        with self._lock:
            self._connection.close()
