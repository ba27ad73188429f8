"""The SQLite file behind the sandbox: its tables, and transactions that survive a killed process."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
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
    status INTEGER NOT NULL, trouble TEXT NOT NULL DEFAULT '{}'
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

_ADDED_COLUMNS = {("requests", "trouble"): "TEXT NOT NULL DEFAULT '{}'"}
"""What `_SCHEMA` has since a release that wrote state files without it."""


class Database:
    """One SQLite connection, shared by threads one at a time.

    path: the file, created if it is missing; None keeps everything in memory.

    Raises:
        sqlite3.DatabaseError: the file is no SQLite database, or can't be opened.
        OSError: the file can't be created.
    """

    def __init__(self, path: Path | None) -> None:
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
            self._connection.executescript(_SCHEMA)
            self._add_columns()
        except sqlite3.Error:
            self._connection.close()
            raise

    def _add_columns(self) -> None:
        for (table, column), definition in _ADDED_COLUMNS.items():
            if not self.row("SELECT 1 FROM pragma_table_info(?) WHERE name = ?", table, column):
                self.execute(f"ALTER TABLE {table} ADD COLUMN {column} {definition}")

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
