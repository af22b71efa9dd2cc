"""Which event ids a file has had. Exact, and in constant memory for any number of rows."""

import sqlite3
from types import TracebackType
from typing import Self

from agents.convert.problems import OutputError

_CACHE_KILOBYTES = 16_000


class SeenIds:
    """The line on which each id first stood, in a temporary database that SQLite spills to disk."""

    def __init__(self) -> None:
        # An empty name is a private temporary file, deleted when the connection closes.
        self._database = sqlite3.connect("", isolation_level=None)
        for statement in (
            "PRAGMA journal_mode = OFF",
            "PRAGMA synchronous = OFF",
            f"PRAGMA cache_size = -{_CACHE_KILOBYTES}",
            "CREATE TABLE seen (id TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID",
            "BEGIN",
        ):
            self._database.execute(statement)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._database.close()

    def first_line(self, event_id: str, line: int) -> int | None:
        """None and remembered if the id is new; else the line that had it first.

        Raises `OutputError` if the temporary folder is full.
        """
        try:
            added = self._database.execute(
                "INSERT OR IGNORE INTO seen VALUES (?, ?)", (event_id, line)
            )
            if added.rowcount:
                return None
            found = self._database.execute("SELECT line FROM seen WHERE id = ?", (event_id,))
            return int(found.fetchone()[0])
        except sqlite3.Error as error:
            raise OutputError(
                "the temporary folder cannot hold the list of record ids: make room there or set"
                " TMPDIR to another one."
            ) from error
