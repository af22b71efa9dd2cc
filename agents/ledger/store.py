"""Where rows are kept: in memory, as the changelog's bytes; a store on disk has to offer the same.

What `route` knows about a lead takes 350 bytes as MessagePack and 2 300 as Python objects, and few
of a hundred thousand leads are looked at in the same second.
"""

import sys
from collections.abc import Iterator
from itertools import islice
from typing import Generic, Protocol, TypeVar

import msgspec

from streams.tables import Row

R = TypeVar("R", bound=Row)
KEPT_BYTES = 65_536
"""So much of a table, by what it takes packed, is kept unpacked, too: what came last."""


class Store(Protocol[R]):
    """Rows of one table of one partition by key; the ledger is the only writer, and one thread."""

    def get(self, key: str) -> R | None:
        """The row, or None."""

    def put(self, key: str, row: R | None) -> None:
        """Writes the row, or that there is none, until it is settled or written again."""

    def settle(self, key: str, data: bytes | None) -> None:
        """The row that was written is committed, and takes these bytes; None: it is gone."""

    def load(self, key: str, data: bytes | None) -> None:
        """Takes a row as it was committed earlier; None: it is gone."""

    def tidy(self) -> None:
        """Everything that was written is settled: no row need stay unpacked any more."""

    def __iter__(self) -> Iterator[str]:
        """The keys of all rows as they are now, in no order."""

    def look(self, key: str) -> R | None:
        """As `get`, for a walk over many rows: it keeps none of them unpacked."""


class MemoryStore(Generic[R]):
    """Committed rows packed; those not settled yet, and the last that were, as they are, too."""

    def __init__(self, row_type: type[R], kept_bytes: int = KEPT_BYTES) -> None:
        """Starts empty: the changelog fills it."""
        self._unpack = msgspec.msgpack.Decoder(row_type).decode
        self._kept_bytes = kept_bytes
        self._packed: dict[str, bytes] = {}
        """By keys that are the same objects in all tables."""
        self._packed_bytes = 0
        self._rows: dict[str, R | None] = {}
        """The longest unpacked first; None: a packed row is gone, which is not settled yet."""

    def get(self, key: str) -> R | None:
        """The row, or None."""
        if key in self._rows:
            return self._rows[key]
        row = self.look(key)
        if row is not None:
            self._rows[key] = row
        return row

    def look(self, key: str) -> R | None:
        """As `get`, for a walk over many rows: it keeps none of them unpacked."""
        if key in self._rows:
            return self._rows[key]
        data = self._packed.get(key)
        return None if data is None else self._unpack(data)

    def put(self, key: str, row: R | None) -> None:
        """Writes the row, or that there is none, until it is settled or written again."""
        if row is None and key not in self._packed:
            self._rows.pop(key, None)
        else:
            self._rows[key] = row

    def settle(self, key: str, data: bytes | None) -> None:
        """The row that was written is committed, and takes these bytes; None: it is gone."""
        self._packed_bytes -= len(self._packed.get(key, b""))
        if data is None:
            self._packed.pop(key, None)
            self._rows.pop(key, None)
        else:
            self._packed[sys.intern(key)] = data
            self._packed_bytes += len(data)

    def load(self, key: str, data: bytes | None) -> None:
        """Takes a row as it was committed earlier; None: it is gone."""
        self._rows.pop(key, None)
        self.settle(key, data)

    def tidy(self) -> None:
        """Everything that was written is settled: lets those go that were unpacked first."""
        most = self._kept_bytes * len(self._packed) // max(1, self._packed_bytes)
        # All that go are found first: to look for the first anew would pass over those gone before.
        for key in [*islice(self._rows, max(0, len(self._rows) - most))]:
            del self._rows[key]

    def __iter__(self) -> Iterator[str]:
        """The keys of all rows as they are now, in no order: it would depend on restores."""
        new = [key for key in self._rows if key not in self._packed]
        gone = {key for key, row in self._rows.items() if row is None}
        return iter([*(key for key in self._packed if key not in gone), *new])
