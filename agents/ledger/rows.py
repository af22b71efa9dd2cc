"""The rows that the ledger itself keeps for a partition, in the same changelog as the steps'."""

from typing import ClassVar, NamedTuple

from streams.tables import Row, SortKey, StageTables, Table, View


class Clock(Row, frozen=True):
    """The latest `now` of the partition: time never goes back."""

    now: int


class PolicyInForce(Row, frozen=True):
    """The version by which the partition decides."""

    version: int


class Activation(Row, frozen=True):
    """A version that will come into force."""

    effective_at: int
    version: int


class Shadow(Row, frozen=True):
    """The candidate that decides beside the policy in force, and how often it decided otherwise."""

    version: int
    since: int
    """The first instant at which it decided."""
    compared: int = 0
    """Leads that either of them moved."""
    differed: int = 0
    failed: int = 0
    """Steps that failed under the candidate."""


class Replayed(Row, frozen=True):
    """A dead letter that came in again at this instant: the same one does not count twice."""

    at: int


class KeyedWith(Row, frozen=True):
    """What the stage's key makes of a fixed text: tells keys apart, and tells nobody the key."""

    check: str


def _by_effect(key: str, row: Row) -> SortKey:  # noqa: ARG001 - the view adds the key
    return (row.effective_at, row.version) if isinstance(row, Activation) else ()


class LedgerTables(StageTables):
    """The ledger's own tables; its timers and counts stay empty."""

    views: ClassVar[dict[str, tuple[View, ...]]] = {"activations": (View("effect", _by_effect),)}
    clock: Table[Clock]
    in_force: Table[PolicyInForce]
    activations: Table[Activation]
    replays: Table[Replayed]
    shadow: Table[Shadow]
    keyed: Table[KeyedWith]


ONLY = "only"
"""The key of tables that have one row."""


class Due(NamedTuple):
    """When something is next due, and the key of its row."""

    due: int
    key: str


def due_of(entry: SortKey | None) -> Due | None:
    """The first entry of a view in order of time: the instant first, the row's key last."""
    return Due(entry[0], entry[-1]) if entry else None  # type: ignore[arg-type] # as the view is declared
