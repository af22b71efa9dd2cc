"""Tables with an undo journal: a step's writes can be taken back, for one event or for a batch.

Rows and their ordered views change together, so a view is never rebuilt after a rollback. What a
batch changed is packed once, for the changelog and for the store.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, TypeVar, get_args, get_type_hints

import msgspec
from sortedcontainers import SortedList

from agents.ledger.store import MemoryStore, Store
from streams.tables import TIMER_VIEWS, Row, SortKey, StageTables, View

R = TypeVar("R", bound=Row)
T = TypeVar("T", bound=StageTables)


CHANGES_MOST = 8_192
"""A table remembers half as many of its latest changes at least; who asks later looks at all."""


class Undo(NamedTuple):
    """One write: what the row was before it."""

    table: "JournaledTable[Any]"
    key: str
    before: Row | None


class Latest(NamedTuple):
    """A row that was written since the last commit, as it is now."""

    table: "JournaledTable[Any]"
    key: str
    data: bytes | None
    """None: it is gone."""


class Journal:
    """Every write since the last commit, in order, over all tables of a partition."""

    def __init__(self) -> None:
        """Starts empty."""
        self.writes: list[Undo] = []
        self.tables: list[JournaledTable[Any]] = []
        self._latest: list[Latest] = []
        self._latest_of = 0
        """How many writes there were when the latest rows were packed."""

    def savepoint(self) -> int:
        """A place to roll back to."""
        return len(self.writes)

    def rollback(self, savepoint: int = 0) -> None:
        """Takes back every write behind the savepoint, the latest first."""
        self._forget_latest()
        while len(self.writes) > savepoint:
            table, key, before = self.writes.pop()
            table.restore(key, before)

    def latest(self) -> list[Latest]:
        """Each row written since the last commit, packed once while nothing else is written."""
        if self._latest_of != len(self.writes):
            written = dict.fromkeys((write.table, write.key) for write in self.writes)
            self._latest = [Latest(table, key, table.packed(key)) for table, key in written]
            self._latest_of = len(self.writes)
        return self._latest

    def _forget_latest(self) -> None:
        self._latest, self._latest_of = [], 0

    def commit(self) -> None:
        """Forgets how to undo: the writes are committed."""
        for table, key, data in self.latest():
            table.settle(key, data)
        for table in self.tables:
            table.tidy()
        self.writes.clear()
        self._forget_latest()


def interned(part: int | str) -> int | str:
    """The same text once in the process: ids, homes and reps are in many rows, keys and entries."""
    return sys.intern(part) if type(part) is str else part


class OrderedView:
    """Keys of a table's rows in the order of what the view's function gives."""

    def __init__(self, view: View) -> None:
        """Starts empty."""
        self._key = view.key
        self._entries: SortedList[SortKey] = SortedList()
        """What the function gives, with the row's key behind it."""

    def replace(self, key: str, before: Row | None, after: Row | None) -> None:
        """Moves a row's entry after a write."""
        old = None if before is None else self._key(key, before)
        new = None if after is None else self._key(key, after)
        if old == new:
            return
        if old is not None:
            self._entries.remove((*old, key))
        if new is not None:
            self._entries.add((*map(interned, new), interned(key)))

    def keys(self) -> list[str]:
        """The rows' keys in order, as they are now."""
        return [str(entry[-1]) for entry in self._entries]

    def first(self) -> SortKey | None:
        """The first entry: its order, the row's key last."""
        return self._entries[0] if self._entries else None

    def at_or_behind(self, bound: SortKey) -> str | None:
        """The key of the first row at or behind a place in the order."""
        place = self._entries.bisect_left(bound)
        return str(self._entries[place][-1]) if place < len(self._entries) else None


class JournaledTable(Generic[R]):
    """One table of one partition."""

    def __init__(
        self,
        name: str,
        store: Store[R],
        journal: Journal,
        views: tuple[View, ...],
    ) -> None:
        """`name` is the attribute's name; it prefixes the rows' keys in the changelog."""
        self.name = name
        self._store = store
        self._journal = journal
        self._views = {view.name: OrderedView(view) for view in views}
        self._each_view = tuple(self._views.values())
        self._pack = msgspec.msgpack.Encoder().encode_into
        self._buffer = bytearray()
        journal.tables.append(self)
        self._changed: list[str] | None = None
        """Kept from the first question on: few tables are ever asked what has changed."""
        self._forgotten = 0
        self.get = store.get

    def put(self, key: str, row: R) -> None:
        """Writes the row; equal rows are not written again."""
        before = self._store.get(key)
        if before is not None and before == row:
            return
        self._journal.writes.append(Undo(self, key, before))
        self._set(key, before, row)

    def delete(self, key: str) -> None:
        """Removes the row if there is one."""
        before = self._store.get(key)
        if before is None:
            return
        self._journal.writes.append(Undo(self, key, before))
        self._set(key, before, None)

    def restore(self, key: str, row: R | None) -> None:
        """Sets the row as it was, without a journal entry."""
        self._set(key, self._store.get(key), row)

    def _set(self, key: str, before: R | None, row: R | None) -> None:
        self._store.put(key, row)
        if self._changed is not None:
            self._note(key, self._changed)
        for view in self._each_view:
            view.replace(key, before, row)

    def load(self, key: str, data: bytes | None) -> None:
        """Takes a state of a row from the changelog; None: it is gone.

        The views know of it when loading is finished.
        """
        self._store.load(key, data)

    def finish_loading(self) -> int:
        """Reads each row once, for the views; gives how many. Raises what unpacking one raises."""
        rows = 0
        for key, row in self._rows_of(self._store):
            rows += 1
            for view in self._each_view:
                view.replace(key, None, row)
        return rows

    def packed(self, key: str) -> bytes | None:
        """The row as the changelog has it; None: there is none."""
        row = self.get(key)
        if row is None:
            return None
        # Into a buffer that stays: bytes that an encoder has cut to size keep the room they had.
        self._pack(row, self._buffer)
        return bytes(self._buffer)

    def settle(self, key: str, data: bytes | None) -> None:
        """The row is committed as these bytes."""
        self._store.settle(key, data)

    def tidy(self) -> None:
        """Everything that was written is settled."""
        self._store.tidy()

    def items(self) -> Iterator[tuple[str, R]]:
        """All rows in ascending order of key; rows removed during the walk are left out."""
        return self._rows_of(sorted(self._store))

    def ordered(self, name: str) -> Iterator[tuple[str, R]]:
        """The rows of a view in its order; rows removed during the walk are left out."""
        return self._rows_of(self._views[name].keys())

    def _rows_of(self, keys: Iterable[str]) -> Iterator[tuple[str, R]]:
        for key in keys:
            row = self._store.look(key)
            if row is not None:
                yield key, row

    def next_in(self, name: str, bound: SortKey) -> tuple[str, R] | None:
        """The first row of a view at or behind a place in its order, found without a walk."""
        key = self._views[name].at_or_behind(bound)
        row = None if key is None else self._store.get(key)
        return None if key is None or row is None else (key, row)

    def first(self, name: str) -> SortKey | None:
        """The first entry of a view: its order, the row's key last."""
        return self._views[name].first()

    def changes(self, since: int, most: int) -> tuple[int, Sequence[str] | None]:
        """The mark for the next time, and the keys written or taken back since a mark.

        None: more than `most`, or no mark yet (-1), so everything may be another.
        """
        if self._changed is None:
            self._changed = []
        now = self._forgotten + len(self._changed)
        if since < self._forgotten or now - since > most:
            return now, None
        return now, self._changed[since - self._forgotten :]

    def _note(self, key: str, changed: list[str]) -> None:
        changed.append(key)
        if len(changed) > CHANGES_MOST:
            self._forgotten += CHANGES_MOST // 2
            del changed[: CHANGES_MOST // 2]


def open_tables(kind: type[T], journal: Journal | None = None) -> T:
    """A stage's tables, empty, every annotated attribute a table of its row type.

    `journal` collects the writes of all of them; without one they cannot be taken back.
    """
    tables = kind()
    shared = journal or Journal()
    declared = kind.views | {"timers": TIMER_VIEWS}
    for name, row_type in row_types(kind).items():
        store: Store[Any] = MemoryStore(row_type)
        views = declared.get(name, ())
        setattr(tables, name, JournaledTable(name, store, shared, views))
    return tables


def row_types(kind: type[StageTables]) -> dict[str, type[Row]]:
    """The row type of each table by attribute name, in the order of declaration."""
    hints = get_type_hints(kind)
    return {
        name: get_args(hint)[0]
        for name, hint in hints.items()
        if get_args(hint) and issubclass_row(get_args(hint)[0])
    }


def issubclass_row(kind: object) -> bool:
    """Whether a type argument is a row: `views` is annotated too, and is no table."""
    return isinstance(kind, type) and issubclass(kind, Row)
