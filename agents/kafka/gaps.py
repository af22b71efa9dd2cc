"""Input that retention took away before it was read, and how an agent goes on behind it."""

from collections.abc import Sequence
from typing import NamedTuple

from confluent_kafka import ConsumerGroupState, TopicPartition

from agents.kafka import clients, committed, names
from agents.kafka.policies import transaction
from agents.ledger.restoring import OFFSET_KEY
from agents.settings import Kafka
from streams.stage import Stage

ANSWER_S = 10.0


class Gap(NamedTuple):
    """A partition of whose records the next ones are not there any more."""

    source: str
    """The catalogue's name of the topic."""
    number: int
    read_to: int
    """The next offset by the group."""
    first: int
    """The first offset that is left."""

    @property
    def lost(self) -> int:
        """How many offsets are in between; marks of transactions among them."""
        return self.first - self.read_to


class StillRead(Exception):
    """Workers are in the group, or were until a moment ago."""


def gaps(kafka: Kafka, stage: Stage) -> list[Gap]:
    """Every gap before an agent. Raises `KafkaException`, `TimeoutError`."""
    read_to = committed.read_to(kafka, stage)
    extents = committed.extents_of(kafka, read_to)
    return [
        Gap(*share, offset, extents[share][0])
        for share, offset in read_to.items()
        if offset is not None and offset < extents[share][0]
    ]


def skip(kafka: Kafka, stage: Stage, found: Sequence[Gap]) -> None:
    """Moves the agent's place behind each gap: the group's offset and the changelog's row together.

    Raises `StillRead`, `KafkaException`.
    """
    group = names.group(kafka.prefix, stage)
    _refuse_read(kafka, group)
    offsets = [
        TopicPartition(names.topic(kafka.prefix, each.source), each.number, each.first)
        for each in found
    ]
    reader = clients.reader(kafka, group)
    try:
        with transaction(kafka, f"{group}-skip") as producer:
            for each in found:
                changelog = names.changelog(kafka.prefix, stage, each.source)
                producer.produce(changelog, str(each.first).encode(), OFFSET_KEY, each.number)
            metadata = reader.consumer_group_metadata()
            producer.send_offsets_to_transaction(offsets, metadata, ANSWER_S)
    finally:
        reader.close()


def _refuse_read(kafka: Kafka, group: str) -> None:
    admin = clients.admin(kafka)  # its answers end with it
    described = admin.describe_consumer_groups([group], request_timeout=ANSWER_S)
    if described[group].result().state not in {ConsumerGroupState.EMPTY, ConsumerGroupState.DEAD}:
        raise StillRead
