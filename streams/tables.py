"""What a step sees of the ledger's tables: typed rows by text key, and ordered views of them."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar, Protocol, TypeVar

import msgspec


class Row(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """One row of a table: frozen, stored as a MessagePack array.

    A frozen row holds what was there before it, so no cycle runs through one: the garbage
    collector need not look at millions of them.

    New fields go to the end with a default, so that rows of earlier versions stay readable.
    """


R = TypeVar("R", bound=Row)
SortKey = tuple[int | str, ...]


class Table(Protocol[R]):
    """Rows by key. Every write can be undone until the batch is committed."""

    def get(self, key: str) -> R | None:
        """The row, or None."""

    def put(self, key: str, row: R) -> None:
        """Writes the row."""

    def delete(self, key: str) -> None:
        """Removes the row if there is one."""

    def items(self) -> Iterator[tuple[str, R]]:
        """All rows in ascending order of key."""

    def ordered(self, name: str) -> Iterator[tuple[str, R]]:
        """The rows of one ordered view in its order; writes during the walk are not seen.

        Raises `KeyError` for a view that the table does not declare.
        """

    def next_in(self, name: str, bound: SortKey) -> tuple[str, R] | None:
        """The first row of a view at or behind a place in its order, found without a walk.

        A bound shorter than the view's keys stands before everything that begins with it.
        Raises `KeyError` for a view that the table does not declare.
        """

    def changes(self, since: int, most: int) -> tuple[int, Sequence[str] | None]:
        """The mark for the next time, and the keys written or taken back since a mark.

        None: more than `most`, or no mark yet (-1), so everything may be another.
        """


class View(msgspec.Struct, frozen=True):
    """An ordered view: rows by what `key` gives; rows where it gives None are left out."""

    name: str
    key: Callable[[str, "Row"], SortKey | None]


class Timer(Row, frozen=True):
    """A wish to be woken: at `due` the step for `kind` runs with `now` = due."""

    due: int
    kind: str
    subject: str
    after: str = ""
    """What set it, where it is due at once: it may be set and fire again at this very instant."""


class Count(Row, frozen=True):
    """How many; one row a name, so that a recount can be compared."""

    value: int


def _by_due(key: str, row: Row) -> SortKey:  # noqa: ARG001 - the key is added by the view
    return (row.due,) if isinstance(row, Timer) else ()


class StageTables:
    """The tables that every stage has; a stage adds its own as annotated attributes.

    Opened by the ledger (`agents.ledger.tables.open_tables`): a class of this kind only declares.
    """

    views: ClassVar[dict[str, tuple[View, ...]]] = {}
    """Ordered views by the attribute name of their table, beside the timers' own."""
    timers: Table[Timer]
    """Key: the timer's id, `<kind>:<subject>`; removed before its step runs."""
    counts: Table[Count]

    def __init__(self) -> None:
        """Nothing is derived yet."""
        self.derived: dict[object, Any] = {}
        """What steps work out from rows, policy and instant: never stored, may go at any time."""


ASKED = "asked"
"""Among what is derived, while a candidate policy decides: the ids of the leads to which alone it
turns beside the event's own, a tuple. Without it everybody's turn may come."""
TIMER_VIEWS = (View("due", _by_due),)


def count(tables: StageTables, name: str, by: int = 1) -> None:
    """Adds to a count."""
    row = tables.counts.get(name)
    tables.counts.put(name, Count((row.value if row else 0) + by))
