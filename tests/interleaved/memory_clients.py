"""The clients of a Kafka in memory, as far as the product uses those of confluent-kafka."""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple

from confluent_kafka import (
    OFFSET_INVALID,
    TIMESTAMP_LOG_APPEND_TIME,
    KafkaError,
    KafkaException,
    Message,
    TopicPartition,
)

from tests.interleaved.memory_kafka import Entry, MemoryKafka, Place, Transaction

END = KafkaError._PARTITION_EOF
TIMED_OUT = KafkaError._TIMED_OUT
Callback = Callable[[Any, list[TopicPartition]], None]


def failed(code: int, *, retriable: bool = False, aborts: bool = False) -> KafkaException:
    """What a client raises."""
    return KafkaException(KafkaError(code, None, False, retriable, aborts))  # noqa: FBT003 - the client's own signature


class Metadata(NamedTuple):
    """Who a consumer is to its group."""

    group: str
    member_id: str


def topic_list(kafka: MemoryKafka, name: str | None) -> Any:
    """What `list_topics` gives."""
    wanted = kafka.topics if name is None else {name: kafka.topics[name]}
    found = {
        topic: SimpleNamespace(partitions=dict.fromkeys(range(count)), error=None)
        for topic, count in wanted.items()
    }
    return SimpleNamespace(topics=found)


class MemoryProducer:
    """A transactional producer. `member_of` tells whether a member is in its group."""

    def __init__(
        self, kafka: MemoryKafka, transactional_id: str, member_of: Callable[[Metadata], bool]
    ) -> None:
        """Has no epoch yet."""
        self._kafka, self._id, self._member_of = kafka, transactional_id, member_of
        self._epoch = 0
        self._transaction: Transaction | None = None
        self._undelivered: list[tuple[Any, Message]] = []

    def list_topics(self, name: str | None = None, timeout: float = 0) -> Any:  # noqa: ARG002 - the client's own signature
        """The topics that there are."""
        return topic_list(self._kafka, name)

    def init_transactions(self, _timeout: float) -> None:
        """Fences whoever had the id."""
        self._epoch = self._kafka.init(self._id)

    def begin_transaction(self) -> None:
        """Nothing is sent yet."""
        self._transaction = None
        self._kafka.reached(self._id, "begin")

    def _current(self) -> Transaction:
        """The transaction, which the broker opens with the first thing that it is told."""
        if self._epoch != self._kafka.epochs[self._id]:
            raise failed(KafkaError.INVALID_PRODUCER_EPOCH)
        if self._transaction is None:
            self._transaction = self._kafka.begin(self._id)
        return self._transaction

    def produce(
        self,
        topic: str,
        value: bytes | None = None,
        key: bytes | None = None,
        partition: int = -1,
        on_delivery: Callable[[KafkaError | None, Message], None] | None = None,
        headers: Sequence[tuple[str, bytes]] | None = None,
    ) -> None:
        """Appends at once; delivery is told of by `flush`."""
        number = self._kafka.number_of(topic, key) if partition < 0 else partition
        place, transaction = (topic, number), self._current()
        offset = self._kafka.append(place, key, value, tuple(headers or ()), transaction)
        if on_delivery is not None:
            entry = self._kafka.logs[place][offset]
            self._undelivered.append((on_delivery, message_of(place, offset, entry)))

    def flush(self, _timeout: float) -> int:
        """Tells of deliveries."""
        for tell, message in self._undelivered:
            tell(None, message)
        self._undelivered.clear()
        return 0

    def send_offsets_to_transaction(
        self, offsets: list[TopicPartition], metadata: Metadata, _timeout: float
    ) -> None:
        """How far the group has read; refused of who is no member."""
        self._kafka.reached(self._id, "offsets")
        transaction = self._current()
        if not self._member_of(metadata):
            raise failed(KafkaError.UNKNOWN_MEMBER_ID, aborts=True)
        for one in offsets:
            transaction.offsets[metadata.group, (one.topic, one.partition)] = one.offset

    def commit_transaction(self, _timeout: float) -> None:
        """All of it stands, or none; asked again it says what became of it."""
        self._kafka.reached(self._id, "commit")
        transaction = self._current()
        if transaction.state == "open":
            self._kafka.settle(transaction, "committed")
            self._kafka.reached(self._id, "committed")

    def abort_transaction(self, _timeout: float) -> None:
        """None of it stands."""
        if self._transaction is not None:
            self._kafka.settle(self._current(), "aborted")


class MemoryReader:
    """A consumer that is assigned by hand."""

    def __init__(self, kafka: MemoryKafka, group: str | None, *, committed: bool) -> None:
        """Reads nothing yet."""
        self._kafka, self._group, self._committed = kafka, group, committed
        self._positions: dict[Place, int] = {}
        self._ended: set[Place] = set()

    def list_topics(self, name: str | None = None, timeout: float = 0) -> Any:  # noqa: ARG002 - the client's own signature
        """The topics that there are."""
        return topic_list(self._kafka, name)

    def committed(self, places: list[TopicPartition], timeout: float) -> list[TopicPartition]:
        """How far the group has read; waits for open transactions that may move it."""
        group = self._group or ""
        self._kafka.reached(group, "restore")
        found = [(one.topic, one.partition) for one in places]
        if self._committed and any(self._kafka.unsettled(group, place) for place in found):
            self._kafka.time.sleep(timeout)
            raise failed(TIMED_OUT)
        read_to = [self._kafka.read_to(group, place) for place in found]
        return [
            TopicPartition(*place, OFFSET_INVALID if offset is None else offset)
            for place, offset in zip(found, read_to, strict=True)
        ]

    def get_watermark_offsets(self, one: TopicPartition, _timeout: float) -> tuple[int, int]:
        """First offset and end: the last stable one for a reader of committed records."""
        place = (one.topic, one.partition)
        return 0, (self._kafka.stable_end if self._committed else self._kafka.end)(place)

    def assign(self, places: list[TopicPartition]) -> None:
        """From these offsets on."""
        self._positions = {(one.topic, one.partition): max(0, one.offset) for one in places}

    def position(self, places: list[TopicPartition]) -> list[TopicPartition]:
        """Where it reads on."""
        found = [(one.topic, one.partition) for one in places]
        return [TopicPartition(*place, self._positions[place]) for place in found]

    def consume(self, _most: int, timeout: float) -> list[Message]:
        """Everything that is settled, and for each log once that there is no more."""
        found: list[Message] = []
        for place, begin in self._positions.items():
            found += [message_of(place, *one) for one in self._kafka.settled(place, begin)]
            self._positions[place] = max(begin, self._kafka.stable_end(place))
            if place not in self._ended:
                self._ended.add(place)
                found.append(Message(topic=place[0], partition=place[1], error=KafkaError(END)))
        if not found:
            self._kafka.time.sleep(timeout)
        return found

    def poll(self, timeout: float) -> Message | None:
        """The next record of the only log, or that there is none; None while it is not settled."""
        (place, begin), *_ = self._positions.items() or [(("", 0), 0)]
        if not place[0]:
            self._kafka.time.sleep(timeout)
            return None
        for offset, entry in self._kafka.settled(place, begin):
            self._positions[place] = offset + 1
            return message_of(place, offset, entry)
        return Message(topic=place[0], partition=place[1], error=KafkaError(END))

    def close(self) -> None:
        """Nothing is open."""


def message_of(place: Place, offset: int, entry: Entry) -> Message:
    """A record as the client gives it."""
    return Message(
        topic=place[0],
        partition=place[1],
        offset=offset,
        key=entry.key,
        value=entry.value,
        headers=list(entry.headers),
        timestamp=(TIMESTAMP_LOG_APPEND_TIME, entry.timestamp),
    )
