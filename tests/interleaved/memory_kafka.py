"""A Kafka in memory, as far as exactly once depends on it: logs, transactions, offsets, groups.

An open transaction hides everything behind its first record from readers of committed records. It
ends by its producer, by a successor of the same id, or by its time-out; markers take an offset.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from agents.ledger.records import Headers
from agents.simulation.partitioner import partition_of
from tests.interleaved.virtual_time import VirtualTime

Place = tuple[str, int]
"""Topic and partition."""
State = Literal["open", "committed", "aborted"]
TIMEOUT_MS = 5_000
"""After so long a transaction is aborted by the broker (`clients.TRANSACTION_TIMEOUT_MS`)."""


@dataclass(eq=False, slots=True)
class Transaction:
    """All or nothing: records of several logs, and how far a group has read."""

    producer: str
    began_ms: int
    state: State = "open"
    places: dict[Place, int] = field(default_factory=dict)
    """Logs that it wrote to, each with its first offset there."""
    offsets: dict[tuple[str, Place], int] = field(default_factory=dict)
    """By group and place the next offset."""


class Entry(NamedTuple):
    """What stands at an offset of a log."""

    key: bytes | None
    value: bytes | None
    headers: Headers
    timestamp: int
    """When it was appended, in milliseconds since the epoch."""
    transaction: Transaction | None
    number: int
    """Of all that was ever appended, ascending: what was said first."""
    marker: bool = False
    """The end of a transaction: no record, but it takes an offset."""

    @property
    def committed(self) -> bool:
        """Whether readers of committed records are given it."""
        return not self.marker and (
            self.transaction is None or self.transaction.state == "committed"
        )


class Found(NamedTuple):
    """A committed record and where it stands."""

    topic: str
    partition: int
    offset: int
    entry: Entry


@dataclass(slots=True)
class Fault:
    """What happens when a producer or a reader next reaches a point of its work, once."""

    worker: str
    stage: str
    point: str
    """`restore` where rows are read, else what a producer is about to do or has done."""
    what: Callable[[], None]
    cuts_off: bool = False
    """Whether the broker may fence the worker because of it."""

    def meets(self, who: str, point: str) -> bool:
        """`who`: a transactional id, or the group whose rows are restored."""
        group = f"leadstream-{self.stage}"
        return point == self.point and who in {group, f"{group}-{self.worker}"}


class MemoryKafka:
    """A broker. Names of topics as the clients know them."""

    def __init__(self, time: VirtualTime, topics: Mapping[str, int]) -> None:
        """Empty logs, so many partitions by topic."""
        self.time, self.topics = time, topics
        self.logs: dict[Place, list[Entry]] = {
            (name, number): [] for name, count in topics.items() for number in range(count)
        }
        self.offsets: dict[tuple[str, Place], int] = {}
        self.epochs: dict[str, int] = {}
        self.open: dict[str, Transaction] = {}
        self.fault: Fault | None = None
        self._appended = 0
        time.passed = self._time_out

    # -- logs

    def number_of(self, topic: str, key: bytes | None) -> int:
        """The partition of a key; records without one go to the first."""
        return 0 if key is None else partition_of(key, self.topics[topic])

    def append(
        self,
        place: Place,
        key: bytes | None,
        value: bytes | None,
        headers: Headers = (),
        transaction: Transaction | None = None,
    ) -> int:
        """Appends a record; gives its offset."""
        if transaction is not None:
            transaction.places.setdefault(place, len(self.logs[place]))
        return self._put(place, Entry(key, value, headers, *self._stamp(transaction)))

    def _stamp(self, transaction: Transaction | None) -> tuple[int, Transaction | None, int]:
        self._appended += 1
        return self.time.now_ms, transaction, self._appended

    def _put(self, place: Place, entry: Entry) -> int:
        self.logs[place].append(entry)
        return len(self.logs[place]) - 1

    def end(self, place: Place) -> int:
        """The offset behind the last record, committed or not."""
        return len(self.logs[place])

    def stable_end(self, place: Place) -> int:
        """Up to where everything is settled."""
        firsts = [one.places[place] for one in self.open.values() if place in one.places]
        return min(firsts, default=len(self.logs[place]))

    def settled(self, place: Place, begin: int = 0) -> Iterator[tuple[int, Entry]]:
        """Offset and entry of every committed record from an offset on."""
        log = self.logs[place]
        for offset in range(begin, self.stable_end(place)):
            if log[offset].committed:
                yield offset, log[offset]

    def committed(self, topic: str) -> list[Found]:
        """Every committed record of a topic in the order in which they were appended."""
        found = (
            Found(topic, number, offset, entry)
            for number in range(self.topics[topic])
            for offset, entry in self.settled((topic, number))
        )
        return sorted(found, key=lambda one: one.entry.number)

    # -- transactions

    def init(self, producer: str) -> int:
        """A producer takes over an id: what was left open is aborted. Gives its epoch."""
        self.epochs[producer] = self.epochs.get(producer, 0) + 1
        if producer in self.open:
            self.abandoned(self.open[producer])
        return self.epochs[producer]

    def begin(self, producer: str) -> Transaction:
        """Opens a transaction."""
        self.open[producer] = Transaction(producer, self.time.now_ms)
        return self.open[producer]

    def settle(self, transaction: Transaction, state: Literal["committed", "aborted"]) -> None:
        """Ends a transaction in all of its logs at once."""
        del self.open[transaction.producer]
        transaction.state = state
        if state == "committed":
            self.offsets |= transaction.offsets
        for place in transaction.places:
            self._put(place, Entry(None, None, (), *self._stamp(transaction), marker=True))

    def _time_out(self) -> None:
        """Transactions that are open for too long are aborted, and their owners fenced."""
        for one in [*self.open.values()]:
            if self.time.now_ms - one.began_ms >= TIMEOUT_MS:
                self.epochs[one.producer] += 1
                self.abandoned(one)

    def abandoned(self, transaction: Transaction) -> None:
        """Ends what its producer has left open."""
        self.settle(transaction, "aborted")

    def read_to(self, group: str, place: Place) -> int | None:
        """A group's next offset; None where it has none."""
        return self.offsets.get((group, place))

    def unsettled(self, group: str, place: Place) -> bool:
        """Whether an open transaction may still move it."""
        return any((group, place) in one.offsets for one in self.open.values())

    # -- faults

    def plan(self, fault: Fault | None) -> Fault | None:
        """What happens next, once; gives what was planned before and has not happened."""
        before, self.fault = self.fault, fault
        return before

    def reached(self, who: str, point: str) -> None:
        """Somebody reaches a point of its work: what was planned for it happens."""
        fault = self.fault
        if fault is not None and fault.meets(who, point):
            self.fault = None
            fault.what()
