"""Bringing a partition's rows back from its changelog, up to what was committed, and no further."""

from collections.abc import Callable, Iterable
from threading import Event as Flag
from typing import NamedTuple, Protocol

import structlog
from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    TopicPartition,
)

from agents.clock import steady_s
from agents.kafka import clients
from agents.kafka.granted import REFUSALS
from agents.leaving import StayDown
from agents.settings import Kafka

log = structlog.get_logger("leadstream.ledger")
OFFSET_KEY = b"__offset"
"""The row that every transaction writes: the next input offset."""
DEADLINE_S = 120.0
"""What makes no progress for so long is not going to."""
CALL_S = 10.0
"""How long one question to the broker may take, and how often a lasting wait is told."""
ASK_S = 2.0
AGAIN_S = 0.1
NOT_YET = frozenset(
    {
        KafkaError._TIMED_OUT,  # noqa: SLF001 - no public name
        KafkaError.NOT_COORDINATOR,
        KafkaError.COORDINATOR_NOT_AVAILABLE,
        KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
    }
)
"""Answers of a broker that cannot tell a group's offsets yet: its group has moved, or comes up."""
SLICE = 20_000
Place = tuple[str, int]
"""Topic (on the broker) and partition."""


class Loadable(Protocol):
    """What rows are loaded into."""

    def load(self, key: bytes, value: bytes | None) -> None:
        """Takes one row; None removes it."""


class Found(NamedTuple):
    """How far a partition's input was read, told twice: None where it is not told."""

    row: int | None
    """The changelog's `__offset`."""
    committed: int | None
    """The group's offset."""


class ChangelogDisagrees(StayDown):
    """Changelog and group say different things about how far the input was read."""


class Cancelled(Exception):
    """The partitions went elsewhere meanwhile."""


def restore(
    kafka: Kafka,
    group: str,
    partitions: dict[Place, Loadable],
    changelog_of: Callable[[str], str],
    cancelled: Flag,
) -> dict[Place, Found]:
    """Loads the partitions' rows; gives what is known of each one's next input offset.

    Committed offsets first: with `read_committed` that waits until an earlier owner's transaction
    is settled. Then the changelog's real end, asked without regard to open transactions, or a
    zombie's would hide a later owner's rows. Then everything up to there, committed rows only.

    Raises `KafkaException`, `TimeoutError`, `Cancelled`.
    """
    committed = _committed(kafka, group, list(partitions), cancelled)
    homes = {(changelog_of(topic), number): (topic, number) for topic, number in partitions}
    wanted = _extents(kafka, list(homes))
    latest = _read(kafka, wanted, cancelled) if wanted else {}
    found = {place: Found(None, committed[place]) for place in partitions}
    for changelog, rows in latest.items():
        place = homes[changelog]
        offset = rows.pop(OFFSET_KEY, None)
        if offset is not None:
            found[place] = Found(int(offset), committed[place])
        while rows:  # given back one by one: row and bytes together would take twice the room
            partitions[place].load(*rows.popitem())
    return found


def start(place: Place, row: int | None, committed: int | None) -> int:
    """Where to go on: `row` from the changelog, `committed` from the group.

    Gives `OFFSET_BEGINNING` where nothing was read yet. Raises `ChangelogDisagrees`.

    A row without a committed offset: the group's has expired, the row is the truth. Neither:
    nothing was ever committed. Anything else would lose or repeat input.
    """
    if row is None and committed is None:
        return OFFSET_BEGINNING
    if row is not None and committed in (None, row):
        return row
    msg = (
        f"the changelog of {place[0]}[{place[1]}] stands at {row}, its group at {committed}: the "
        "state does not belong to the offsets, so nothing is decided; restore the topic or reset "
        "both together"
    )
    raise ChangelogDisagrees(msg)


def _committed(
    kafka: Kafka, group: str, places: list[Place], cancelled: Flag
) -> dict[Place, int | None]:
    consumer = clients.reader(kafka, group)
    wait = Wait(f"how far the group {group} has read", cancelled)
    try:
        while (answers := _told(consumer, places)) is None:
            wait.go_on()
    finally:
        consumer.close()
    for answer in answers:
        if answer.error:
            raise KafkaException(answer.error)
    return {(one.topic, one.partition): one.offset if one.offset >= 0 else None for one in answers}


def _told(consumer: Consumer, places: list[Place]) -> list[TopicPartition] | None:
    """The group's offsets, or None where the broker cannot tell yet (`NOT_YET`).

    A broker that grants no right to know says so only by the way.
    """
    try:
        return consumer.committed([TopicPartition(*place) for place in places], ASK_S)
    except KafkaException as error:
        if error.args[0].code() not in NOT_YET:
            raise
    said = consumer.poll(AGAIN_S)
    refusal = None if said is None else said.error()
    if refusal is not None and refusal.code() in REFUSALS:
        raise KafkaException(refusal)
    return None


class Wait:
    """Waits for a transaction that an earlier worker left open, and says so as long as it lasts."""

    def __init__(self, what: str, cancelled: Flag) -> None:
        """`what` the broker does not give before."""
        self._what, self._cancelled = what, cancelled
        self.begin()

    def begin(self) -> None:
        """There is progress."""
        self._began = self._told = steady_s()

    def go_on(self) -> None:
        """There is none. Raises `Cancelled`, and `TimeoutError` after `DEADLINE_S`."""
        if self._cancelled.is_set():
            raise Cancelled
        waited = steady_s() - self._began
        if waited > DEADLINE_S:
            msg = (
                f"the broker has not given {self._what} for {DEADLINE_S:.0f} s: a transaction of "
                "an earlier worker is not settled; find it with kafka-transactions.sh "
                "find-hanging and end it with kafka-transactions.sh abort"
            )
            raise TimeoutError(msg)
        if steady_s() - self._told >= CALL_S:
            self._told = steady_s()
            log.warning(
                "waiting for an earlier worker's transaction", what=self._what, waited_s=int(waited)
            )


def _extents(kafka: Kafka, changelogs: list[Place]) -> dict[Place, tuple[int, int]]:
    """First offset and end of each changelog that has any record."""
    consumer = clients.reader(kafka, committed=False)
    try:
        marks = {place: clients.watermarks(consumer, *place, CALL_S) for place in changelogs}
    finally:
        consumer.close()
    return {place: (low, high) for place, (low, high) in marks.items() if high > low}


def _read(
    kafka: Kafka, extents: dict[Place, tuple[int, int]], cancelled: Flag
) -> dict[Place, dict[bytes, bytes | None]]:
    """The last value of each key: decoding those before it would take most of a restore.

    From an offset, since librdkafka takes half a second to find out what the beginning is.
    """
    latest: dict[Place, dict[bytes, bytes | None]] = {place: {} for place in extents}
    ends = {place: high for place, (_, high) in extents.items()}
    consumer = clients.reader(kafka)
    try:
        consumer.assign([TopicPartition(*place, low) for place, (low, _) in extents.items()])
        wait = Wait(f"the ends of the changelogs {_text(ends)}", cancelled)
        while not _finished(consumer, ends):
            messages = consumer.consume(SLICE, 0.02)
            for message in messages:
                error = message.error()
                if error is None:
                    latest[place_of(message)][message.key() or b""] = message.value()
                elif error.code() != KafkaError._PARTITION_EOF:  # noqa: SLF001 - no public name
                    raise KafkaException(error)
            if messages:
                wait.begin()
            wait.go_on()
    finally:
        consumer.close()
    return latest


def _text(places: Iterable[Place]) -> str:
    return ", ".join(f"{topic}/{number}" for topic, number in sorted(places))


def place_of(message: Message) -> Place:
    """Where a record stands. An event about no partition has none: it is an error's."""
    return message.topic() or "", message.partition() or 0


def _finished(consumer: Consumer, ends: dict[Place, int]) -> bool:
    positions = consumer.position([TopicPartition(*place) for place in ends])
    return all(one.offset >= ends[one.topic, one.partition] for one in positions)
