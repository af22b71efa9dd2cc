"""Sending records one by one, knowing at any time which of them the broker has."""

from functools import partial
from typing import NamedTuple

from confluent_kafka import KafkaError, KafkaException, Message, TopicCollection

from agents.kafka import clients, failures, names
from agents.leaving import StayDown
from agents.settings import Kafka

PARTITIONER = -1
"""The client chooses the partition by the key (librdkafka's RD_KAFKA_PARTITION_UA)."""
ANSWER_S = 10.0
POLL_S = 0.1
"""How long one wait may be: Ctrl-C is heard in between."""


class Outbound(NamedTuple):
    """A record to be sent. `number` tells it apart from the others, ascending."""

    number: int
    topic: str
    """By the catalogue."""
    key: bytes | None
    value: bytes
    partition: int | None = None
    headers: tuple[tuple[str, bytes], ...] = ()


class NotAcknowledged(Exception):
    """The broker refused a record or fell silent; the message says which way."""


class Sending:
    """Sends in order and counts acknowledgements; what fails first ends it."""

    def __init__(self, kafka: Kafka) -> None:
        """Connects when the first record is sent."""
        self._kafka = kafka
        self._producer = clients.plain_producer(kafka)
        self._waiting: dict[int, None] = {}
        self._next = 1
        self._failure: str | None = None
        self.acknowledged = 0

    @property
    def first_missing(self) -> int:
        """The number of the first record that has no acknowledgement."""
        return min(self._waiting, default=self._next)

    def send(self, record: Outbound) -> None:
        """Hands the record to the client. Raises `NotAcknowledged` once anything failed."""
        self._next = record.number
        while not self._taken(record):
            self._producer.poll(POLL_S)
            self._refuse_failure()
        self._producer.poll(0)
        self._refuse_failure()

    def _taken(self, record: Outbound) -> bool:
        """False while the client's queue is full."""
        place = PARTITIONER if record.partition is None else record.partition
        try:
            self._producer.produce(
                names.topic(self._kafka.prefix, record.topic),
                value=record.value,
                key=record.key,
                headers=list(record.headers),
                on_delivery=partial(self._delivered, record.number),
                partition=place,
            )
        except BufferError:
            return False
        except KafkaException as error:
            raise NotAcknowledged(failures.refusal(error.args[0], self._kafka)) from None
        self._waiting[record.number] = None
        self._next = record.number + 1
        return True

    def _delivered(self, number: int, error: KafkaError | None, _message: Message) -> None:
        if error is None:
            self._waiting.pop(number, None)
            self.acknowledged += 1
        elif self._failure is None:
            self._failure = failures.refusal(error, self._kafka)

    def _refuse_failure(self) -> None:
        if self._failure is not None:
            self._producer.purge()
            raise NotAcknowledged(self._failure)

    def finish(self) -> None:
        """Waits for every acknowledgement. Raises `NotAcknowledged`.

        Ends in any case: the client gives each record up after its own time (`ACKNOWLEDGED_MS`).
        """
        while self._waiting:
            self._producer.poll(POLL_S)
            self._refuse_failure()


def refuse_missing(kafka: Kafka, topics: tuple[str, ...]) -> None:
    """Raises `StayDown` where a topic is not there: a broker may else create it in its own way.

    Raises `KafkaException` where the broker does not let us see one.
    """
    wanted = TopicCollection([names.topic(kafka.prefix, topic) for topic in topics])
    admin = clients.admin(kafka)  # kept until the answers are there
    for name, answer in admin.describe_topics(wanted, request_timeout=ANSWER_S).items():
        error = answer.exception(ANSWER_S)
        if error is None:
            continue
        if error.args[0].code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
            msg = f"the topic {name} is not there: run `leadstream topics create` first"
            raise StayDown(msg)
        raise error
