"""Reading a topic from its beginning to its present end, without a group and without a trace."""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka import Message as Record

from agents.clock import steady_s
from agents.kafka import clients, names
from agents.leaving import StayDown
from agents.ledger.records import Headers, headers_of
from agents.settings import Kafka
from agents.simulation.partitioner import partition_of

SILENT_S = 15.0
"""So long without any record, before the end, means that the broker is gone."""
BATCH = 500
WAIT_S = 0.1
Progress = Callable[[int, int], None]


class Found(NamedTuple):
    """A committed record. `timestamp` in milliseconds since the epoch."""

    topic: str
    """By the catalogue, without the deployment's prefix."""
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes
    headers: Headers = ()


def scan(
    kafka: Kafka,
    topic: str,
    progress: Progress,
    *,
    key: bytes | None = None,
    within: Collection[int] | None = None,
) -> Iterator[Found]:
    """Every committed record of a topic up to its present end, each partition in its order.

    With a key only the key's partition is read and only its records are given; with `within` only
    those partitions are read. `progress` gets records read and records in all. Raises
    `KafkaException`, `TimeoutError`, and `StayDown` for a topic that is not there.
    """
    consumer = clients.reader(kafka)
    try:
        name = names.topic(kafka.prefix, topic)
        numbers = partitions(consumer, name)
        if key is not None:
            numbers = [partition_of(key, len(numbers))]
        if within is not None:
            numbers = [number for number in numbers if number in within]
        for record in _records(consumer, name, numbers, progress):
            found = found_in(topic, record)
            if key is None or found.key == key:
                yield found
    finally:
        consumer.close()


def partitions(consumer: Consumer, name: str) -> list[int]:
    """The numbers of a topic's partitions. Raises `StayDown` where there is no such topic."""
    found = consumer.list_topics(name, timeout=SILENT_S).topics[name]
    if found.error is not None:
        if found.error.code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
            msg = f"the topic {name} is not there: run `leadstream topics create` first"
            raise StayDown(msg)
        raise KafkaException(found.error)
    return sorted(found.partitions)


def _records(
    consumer: Consumer, name: str, numbers: Iterable[int], progress: Progress
) -> Iterator[Record]:
    """Records until each partition's end as it is now, whatever is appended meanwhile."""
    ends: dict[int, int] = {}
    starts: list[TopicPartition] = []
    total = 0
    for number in numbers:
        low, high = consumer.get_watermark_offsets(TopicPartition(name, number), SILENT_S)
        if high > low:
            ends[number] = high
            starts.append(TopicPartition(name, number, low))
            total += high - low
    consumer.assign(starts)
    done, heard_s = 0, steady_s()
    while ends:
        for record in consumer.consume(BATCH, WAIT_S):
            heard_s = steady_s()
            if _is_within(record, ends):
                done += 1
                yield record
        progress(done, total)
        if steady_s() - heard_s > SILENT_S:
            msg = f"{name} gave nothing for {SILENT_S:.0f} s before its end"
            raise TimeoutError(msg)


def _is_within(record: Record, ends: dict[int, int]) -> bool:
    """Whether the record stands before its partition's end; a partition at its end is left."""
    error = record.error()
    if error is not None and error.code() != KafkaError._PARTITION_EOF:  # noqa: SLF001 - no public name
        raise KafkaException(error)
    number, offset = place_of(record)
    end = ends.get(number)
    if end is None:
        return False
    if error is not None or offset >= end - 1:
        del ends[number]
    return error is None and offset < end


def place_of(record: Record) -> tuple[int, int]:
    """Partition and offset; the client's types allow None, which only unsent records have."""
    number, offset = record.partition(), record.offset()
    if number is None or offset is None:
        msg = "the client gave a record without a place"
        raise TypeError(msg)
    return number, offset


def found_in(topic: str, record: Record) -> Found:
    """The record as found in a topic, named by the catalogue."""
    number, offset = place_of(record)
    value, headers = record.value() or b"", headers_of(record)
    return Found(topic, number, offset, record.timestamp()[1], record.key(), value, headers)
