"""What is committed on the broker: how far groups have read, and records up to a log's real end."""

from collections.abc import Generator, Iterable
from threading import Event as Flag

import structlog
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from agents.clock import steady_s
from agents.kafka import clients, names
from agents.kafka.granted import REFUSALS
from agents.kafka.names import Share
from agents.settings import Kafka
from streams.stage import Stage

log = structlog.get_logger("leadstream.kafka")
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
SLICE = 2_000
"""So many records are in hand at once: each is an object of its own."""
Place = tuple[str, int]
"""Topic (on the broker) and partition."""
Extent = tuple[int, int]
"""A log's first offset, and the one behind its last."""


class Cancelled(Exception):
    """Nobody wants it any more: the partitions went elsewhere meanwhile."""


def offsets(
    kafka: Kafka, group: str, places: list[Place], cancelled: Flag
) -> dict[Place, int | None]:
    """The next offset of each partition by the group, None where the group has none.

    With `read_committed` that waits until an open transaction is settled.
    Raises `KafkaException`, `TimeoutError`, `Cancelled`.
    """
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


def read_to(kafka: Kafka, stage: Stage) -> dict[Share, int | None]:
    """The next offset of each partition that a stage reads, None where its group has none.

    Raises as `offsets` does.
    """
    shares = names.shares(stage.sources)
    places = [names.place(kafka.prefix, share) for share in shares]
    found = offsets(kafka, names.group(kafka.prefix, stage), places, Flag())
    return dict(zip(shares, map(found.__getitem__, places), strict=True))


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


def extents(kafka: Kafka, places: Iterable[Place]) -> dict[Place, Extent]:
    """What stands in each log, asked without regard to open transactions.

    Who reads committed records only is told an end before a zombie's open transaction.
    """
    consumer = clients.reader(kafka, committed=False)
    try:
        return {place: clients.watermarks(consumer, *place, CALL_S) for place in places}
    finally:
        consumer.close()


def extents_of(kafka: Kafka, shares: Iterable[Share]) -> dict[Share, Extent]:
    """As `extents`, of partitions by the catalogue's names."""
    places = {share: names.place(kafka.prefix, share) for share in shares}
    found = extents(kafka, places.values())
    return {share: found[place] for share, place in places.items()}


def records(
    kafka: Kafka, extents: dict[Place, Extent], what: str, cancelled: Flag
) -> Generator[list[Message], None, None]:
    """Every committed record within these extents, slice by slice, each partition in its order.

    From an offset, since librdkafka takes half a second to find out what the beginning is. `what`
    is waited for where a transaction is open. Raises as `offsets` does.
    """
    ends = {place: high for place, (low, high) in extents.items() if high > low}
    if not ends:
        return
    consumer = clients.reader(kafka)
    try:
        consumer.assign([TopicPartition(*place, extents[place][0]) for place in ends])
        wait = Wait(what, cancelled)
        while not _finished(consumer, ends):
            messages = consumer.consume(SLICE, 0.02)
            yield [one for one in messages if one.error() is None or _is_record(one)]
            if messages:
                wait.begin()
            wait.go_on()
    finally:
        consumer.close()


def _is_record(message: Message) -> bool:
    """Not an end of a partition. Raises `KafkaException` for any other event."""
    error = message.error()
    if error is not None and error.code() != KafkaError._PARTITION_EOF:  # noqa: SLF001 - no public name
        raise KafkaException(error)
    return error is None


def place_of(message: Message) -> Place:
    """Where a record stands. An event about no partition has none: it is an error's."""
    return message.topic() or "", message.partition() or 0


def _finished(consumer: Consumer, ends: dict[Place, int]) -> bool:
    positions = consumer.position([TopicPartition(*place) for place in ends])
    return all(one.offset >= ends[one.topic, one.partition] for one in positions)
