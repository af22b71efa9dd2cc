"""Policies on the broker: documents in the topic `policy`, version = offset; activations."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

import structlog
from confluent_kafka import (
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    Producer,
    TopicPartition,
)

from agents.clock import steady_s, wall_ms
from agents.kafka import clients, names
from agents.leaving import StayDown
from agents.ledger.trace import EVENT_ID
from agents.settings import Kafka
from schemas.codec import Codec
from schemas.inner import PolicyActivated
from schemas.record import Event
from schemas.topics import CATALOGUE
from streams.policy.compiled import Policy, compile_policy
from streams.policy.problems import PolicyError
from streams.stage import event_id

TOPIC = "policy"
LEAD_MS = 5_000
"""How far ahead a policy comes into force at least: every inbox must know before any decides."""
READ_S = 15.0
SETTLES_S = 5.0
"""How long a transaction that is committed may take to end in the last of its partitions."""
CANDIDATE = ("leadstream-candidate", b"1")
"""Header of a document that only decides beside the one in force."""
SAY_AGAIN_S = 10.0
"""A worker that waits for its first policy says so this often."""
log = structlog.get_logger("leadstream.policy")


class PolicyMissing(Exception):
    """A version that should be in the topic is not there, or cannot be read now."""


class NotPublished(Exception):
    """The policy was not published; the message says why and what to do."""


class PolicyTopic:
    """Reads documents by version; compiled ones are kept. Safe for several threads."""

    def __init__(self, kafka: Kafka) -> None:
        """Reads nothing yet."""
        self._kafka = kafka
        self._name = names.topic(kafka.prefix, TOPIC)
        self._compiled: dict[int, Policy] = {}
        self._lock = Lock()

    def get(self, version: int) -> Policy:
        """The policy of a version.

        Raises `PolicyMissing`, and `StayDown` as `compiled`.
        """
        policy = self._compiled.get(version)
        if policy is None:
            with self._lock:
                policy = self._compiled.get(version) or compiled(self.text(version), version)
                self._compiled[version] = policy
        return policy

    def text(self, version: int) -> str:
        """The document of a version as it was published. Raises `PolicyMissing`."""
        try:
            message = self._settled(version)
        except (KafkaException, TimeoutError) as error:
            msg = f"the topic {self._name} could not be read for policy version {version} ({error})"
            raise PolicyMissing(msg) from error
        if message is None or message.offset() != version:
            msg = f"the topic {self._name} has no policy version {version}"
            raise PolicyMissing(msg)
        return (message.value() or b"").decode()

    def _settled(self, version: int) -> Message | None:
        """The record of a version, which may be in the news a moment before it can be read.

        A transaction that is committed ends in each of its partitions by itself.
        """
        deadline = steady_s() + SETTLES_S
        while True:
            message = self._read(version)
            if message is not None or version >= self.end() or steady_s() > deadline:
                return message
            time.sleep(0.02)

    def latest(self) -> int | None:
        """The version published last, candidates aside, or None."""
        low, high = self._extent()
        found: int | None = None
        for offset in range(high - 1, low - 1, -1):
            message = self._read(offset)
            if message is not None and message.offset() == offset and not _is_candidate(message):
                found = offset
                break
        return found

    def end(self) -> int:
        """A number above every version, candidates too."""
        return self._extent(committed=False)[1]

    def _extent(self, *, committed: bool = True) -> tuple[int, int]:
        consumer = clients.reader(self._kafka, committed=committed)
        try:
            return clients.watermarks(consumer, self._name, 0, READ_S)
        finally:
            consumer.close()

    def wait_for_first(self, stopped: Callable[[float], bool]) -> None:
        """Returns once a policy was published; says every 10 s that it waits.

        `stopped` waits so many seconds and tells whether to give up.
        """
        said_s = -SAY_AGAIN_S
        while self.latest() is None:
            if steady_s() - said_s >= SAY_AGAIN_S:
                said_s = steady_s()
                log.warning("waiting for the first policy: run `leadstream policy publish FILE`")
            if stopped(0.5):
                return

    def _read(self, offset: int) -> Message | None:
        """The first committed record at or behind an offset, or None at the end."""
        consumer = clients.reader(self._kafka)
        try:
            consumer.assign([TopicPartition(self._name, 0, offset)])
            return _first(consumer)
        finally:
            consumer.close()


def compiled(text: str, version: int) -> Policy:
    """A published document, ready to decide by.

    Raises `StayDown` where this machine cannot: its time zones, holidays or domain suffixes differ
    from the policy's, or its program is too old for it.
    """
    try:
        return compile_policy(text, version)
    except PolicyError as error:
        msg = f"this worker cannot decide by policy version {version}: {error}"
        raise StayDown(msg) from None


def _is_candidate(message: Message) -> bool:
    return CANDIDATE in (message.headers() or ())


def _first(consumer: Consumer) -> Message | None:
    deadline = steady_s() + READ_S
    while steady_s() < deadline:
        message = consumer.poll(0.2)
        if message is None:
            continue
        error = message.error()
        if error is None:
            return message
        if error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - no public name
            return None
        raise KafkaException(error)
    msg = f"the broker gave no policy within {READ_S:.0f} s"
    raise TimeoutError(msg)


def publish(
    kafka: Kafka, codec: Codec, document: str, *, lead_ms: int = LEAD_MS
) -> tuple[int, int]:
    """Appends a released document and, in the same transaction, its activation to every inbox.

    Gives version and `effective_at`. Raises `NotPublished` when an activation was appended later
    than it takes effect (the transaction is aborted: nothing changed), `KafkaException` otherwise.
    """
    with transaction(kafka, names.publisher(kafka.prefix)) as producer:
        places = inboxes(producer, kafka)
        version = append(producer, kafka, document)
        effective_at = wall_ms() + lead_ms
        activation = PolicyActivated(
            event_id=event_id(f"policy/{version}", "activated"),
            version=version,
            effective_at=effective_at,
        )
        appended_at = tell(producer, kafka, codec, activation, places)
        if appended_at > effective_at:
            msg = (
                f"the broker took {appended_at - effective_at + lead_ms} ms to append the "
                f"activation, longer than the {lead_ms} ms ahead of it: nothing was published, "
                "try again"
            )
            raise NotPublished(msg)
    return version, effective_at


@contextmanager
def transaction(kafka: Kafka, transactional_id: str) -> Iterator[Producer]:
    """A command's transaction: all of it or nothing. There is one under an id at a time."""
    producer = clients.transactional_producer(kafka, transactional_id)
    producer.init_transactions(READ_S)
    producer.begin_transaction()
    try:
        yield producer
    except (KafkaException, NotPublished, StayDown):
        producer.abort_transaction(READ_S)
        raise
    producer.commit_transaction(READ_S)


def tell(
    producer: Producer, kafka: Kafka, codec: Codec, event: Event, places: list[tuple[str, int]]
) -> int:
    """Appends an inbox's own record to these partitions; gives the latest append.

    Raises `NotPublished`, `KafkaException`.
    """
    delivered: list[Message] = []
    for topic, number in places:
        producer.produce(
            names.topic(kafka.prefix, topic),
            value=codec.encode(event, topic),
            partition=number,
            headers=[(EVENT_ID, str(event.values()["event_id"]).encode())],
            on_delivery=lambda error, message: delivered.append(_delivered(error, message)),
        )
    if producer.flush(READ_S):
        msg = f"not every inbox took the record within {READ_S:.0f} s: try again"
        raise NotPublished(msg)
    return max((message.timestamp()[1] for message in delivered), default=0)


def _delivered(error: KafkaError | None, message: Message) -> Message:
    if error is not None:
        raise KafkaException(error)
    return message


def append(producer: Producer, kafka: Kafka, document: str, *, candidate: bool = False) -> int:
    """Appends the document and gives its offset, known before the transaction commits.

    Raises `NotPublished`, `KafkaException`.
    """
    delivered: list[Message] = []
    producer.produce(
        names.topic(kafka.prefix, TOPIC),
        value=document.encode(),
        partition=0,
        headers=[CANDIDATE] if candidate else [],
        on_delivery=lambda error, message: delivered.append(_delivered(error, message)),
    )
    producer.flush(READ_S)
    if not delivered:
        msg = f"the broker did not take the document within {READ_S:.0f} s: try again"
        raise NotPublished(msg)
    return int(delivered[0].offset() or 0)


def inboxes(
    producer: Producer, kafka: Kafka, kind: type[Event] = PolicyActivated
) -> list[tuple[str, int]]:
    """Every partition of every inbox that takes such records, as the broker has them.

    Raises `StayDown` where an inbox does not exist.
    """
    places: list[tuple[str, int]] = []
    for topic in CATALOGUE.values():
        if kind not in topic.events:
            continue
        name = names.topic(kafka.prefix, topic.name)
        found = producer.list_topics(name, timeout=READ_S).topics[name]
        if found.error is not None:
            msg = f"the topic {name} is not there: run `leadstream topics create` first"
            raise StayDown(msg)
        count = 1 if topic.partitions == 1 else len(found.partitions)
        places += [(topic.name, number) for number in range(count)]
    return places
