"""Where rows are kept: memory now; the interface is what a store on disk has to offer."""

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

from streams.tables import Row

R = TypeVar("R", bound=Row)


class Store(Protocol[R]):
    """Rows of one table of one partition by key; the ledger is the only writer."""

    def get(self, key: str) -> R | None:
        """The row, or None."""

    def put(self, key: str, row: R) -> None:
        """Writes the row."""

    def delete(self, key: str) -> None:
        """Removes the row if there is one."""

    def items(self) -> Iterator[tuple[str, R]]:
        """All rows in ascending order of key."""


class MemoryStore(Generic[R]):
    """Rows in a dictionary."""

    def __init__(self) -> None:
        """Starts empty: the changelog fills it."""
        self._rows: dict[str, R] = {}
        self.get = self._rows.get
        self.put = self._rows.__setitem__

    def delete(self, key: str) -> None:
        """Removes the row if there is one."""
        self._rows.pop(key, None)

    def items(self) -> Iterator[tuple[str, R]]:
        """All rows in ascending order of key: insertion order would depend on restores."""
        return iter(sorted(self._rows.items()))
