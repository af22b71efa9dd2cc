"""Single records by their places, without reading what stands before them."""

from collections.abc import Iterable, Iterator

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from agents.clock import steady_s
from agents.kafka import clients, names
from agents.kafka.scan import BATCH, SILENT_S, WAIT_S, Found, found_in, partitions
from agents.settings import Kafka

At = tuple[str, int, int]
"""Topic by the catalogue, partition, offset."""
Share = tuple[str, int]


def look_up(kafka: Kafka, places: Iterable[At]) -> dict[At, Found]:
    """The committed records at these places; one that is not kept any more is left out.

    Raises `KafkaException`, `TimeoutError`, and `StayDown` for a topic that is not there.
    """
    by_share: dict[Share, list[int]] = {}
    for topic, number, offset in sorted(places):
        by_share.setdefault((topic, number), []).append(offset)
    consumer = clients.reader(kafka)
    found: dict[At, Found] = {}
    try:
        while by_share:
            turn = {share: offsets.pop(0) for share, offsets in by_share.items()}
            by_share = {share: offsets for share, offsets in by_share.items() if offsets}
            for one in _at(consumer, kafka.prefix, turn):
                found[one.topic, one.partition, one.offset] = one
    finally:
        consumer.close()
    return found


def _at(consumer: Consumer, prefix: str, offsets: dict[Share, int]) -> Iterator[Found]:
    """One record of each partition."""
    kept = {
        (names.topic(prefix, topic), number): (topic, offset)
        for (topic, number), offset in offsets.items()
        if _is_kept(consumer, names.topic(prefix, topic), number, offset)
    }
    consumer.assign([TopicPartition(*share, offset) for share, (_, offset) in kept.items()])
    heard_s = steady_s()
    while kept:
        for record in consumer.consume(BATCH, WAIT_S):
            heard_s = steady_s()
            error = record.error()
            if error is not None and error.code() != KafkaError._PARTITION_EOF:  # noqa: SLF001 - no public name
                raise KafkaException(error)
            topic, offset = kept.pop((record.topic() or "", record.partition() or 0), ("", -1))
            if error is None and record.offset() == offset:
                yield found_in(topic, record)
        if steady_s() - heard_s > SILENT_S:
            msg = f"the broker gave nothing for {SILENT_S:.0f} s"
            raise TimeoutError(msg)


def _is_kept(consumer: Consumer, name: str, number: int, offset: int) -> bool:
    if number not in partitions(consumer, name):
        return False
    low, high = clients.watermarks(consumer, name, number, SILENT_S)
    return low <= offset < high
