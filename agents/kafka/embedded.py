"""librdkafka's mock cluster: a broker inside this process, for the demo and quick tests.

It keeps about 5 MB a partition, makes topics with four partitions when they are first asked for,
has no topic settings and shows aborted records: never for proofs (design, section 4).
"""

from collections.abc import Iterable
from types import TracebackType
from typing import Self

from confluent_kafka import OFFSET_BEGINNING, Producer, TopicPartition

from agents.kafka import clients
from agents.settings import Kafka

PARTITIONS = 4
FETCH_WAIT_MS = 5
ANSWER_S = 10.0
READ_MAX = 500


class EmbeddedBroker:
    """A broker that lives as long as its context; `kafka` has the settings that reach it."""

    def __init__(self) -> None:
        """Starts the broker on free ports of localhost."""
        self._cluster = Producer(
            {"bootstrap.servers": "", "test.mock.num.brokers": 1, "log_level": 2}
        )
        brokers = self._cluster.list_topics(timeout=ANSWER_S).brokers.values()
        address = ",".join(f"{broker.host}:{broker.port}" for broker in brokers)
        # Defaults, not the environment: its prefix and credentials belong to another broker.
        self.kafka = Kafka.model_construct(
            broker=address, embedded=True, fetch_wait_ms=FETCH_WAIT_MS
        )
        self._producer = clients.plain_producer(self.kafka)

    def __enter__(self) -> Self:
        """Is there already."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Sends what is left; the broker ends with the last reference to it."""
        self._producer.flush(1)

    def make(self, topics: Iterable[str]) -> None:
        """Makes topics by asking for them."""
        for topic in topics:
            self._producer.list_topics(topic, timeout=ANSWER_S)

    def send(self, topic: str, value: bytes, key: str | None) -> None:
        """Sends a message; `flush` waits for it."""
        self._producer.produce(topic, value, key)
        self._producer.poll(0)

    def flush(self) -> int:
        """Waits for the acknowledgements; gives how many messages have none."""
        return self._producer.flush(ANSWER_S)

    def follow(self, topics: Iterable[str]) -> "Following":
        """Reads topics from their beginnings on."""
        return Following(self.kafka, topics)


class Following:
    """A reader of several topics that commits nothing."""

    def __init__(self, kafka: Kafka, topics: Iterable[str]) -> None:
        """Stands at the beginnings."""
        self._consumer = clients.reader(kafka)
        self._consumer.assign(
            [
                TopicPartition(topic, number, OFFSET_BEGINNING)
                for topic in topics
                for number in range(PARTITIONS)
            ]
        )

    def take(self, wait_s: float) -> list[tuple[str, bytes]]:
        """Topic and value of what came within so many seconds."""
        return [
            (str(message.topic()), message.value() or b"")
            for message in self._consumer.consume(READ_MAX, wait_s)
            if message.error() is None
        ]

    def close(self) -> None:
        """Stops reading."""
        self._consumer.close()
