"""librdkafka clients with the settings of design.md section 4; nobody else makes any."""

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from agents.clock import steady_s
from agents.kafka import names
from agents.kafka.member import Member
from agents.leaving import StayDown
from agents.settings import Kafka

T = TypeVar("T", Consumer, Producer, AdminClient)

MESSAGE_BYTES_MAX = 2_500_000
"""Above the dead letters' 2 MiB, so that only the broker's own topic limit can refuse one."""
NO_LEADER = frozenset({KafkaError.NOT_LEADER_FOR_PARTITION, KafkaError.LEADER_NOT_AVAILABLE})
NOT_LET_IN = frozenset({KafkaError._AUTHENTICATION, KafkaError._SSL})  # noqa: SLF001 - no public name
TRANSACTION_TIMEOUT_MS = 5_000
"""How long a dead owner's transaction may block readers."""
QUEUE_FULL_MS = 10
"""How long a consumer whose queue is full waits before it fetches again. With librdkafka's second
a restore stands idle for half of its time (`tests/bench/restore.py`)."""
QUEUED_KB = 4_096
"""How much a consumer holds ready. With librdkafka's 64 MB a restore of 40 000 leads left a worker
a hundred megabytes larger, for nothing (`tests/bench/memory.py`)."""
ACKNOWLEDGED_MS = 20_000
"""How long a command's record may wait for its acknowledgement: a dead broker must not hang it."""
SAID_AGAIN_S = 60.0
SILENT = logging.getLogger("leadstream.librdkafka")
"""Takes librdkafka's own lines: what matters in them also comes as an error, and is told once."""
SILENT.addHandler(logging.NullHandler())
SILENT.propagate = False
log = structlog.get_logger("leadstream.kafka")
_said_s: dict[int, float] = {}


def tell(error: KafkaError) -> None:
    """Tells that the broker does not let us in any more, once a minute.

    librdkafka goes on trying, and nothing else would say why no connection comes about.
    """
    code, now = error.code(), steady_s()
    if code in NOT_LET_IN and now - _said_s.get(code, -SAID_AGAIN_S) >= SAID_AGAIN_S:
        _said_s[code] = now
        log.error("not let in by the broker", error=error.name(), why=error.str())


def connection(kafka: Kafka) -> dict[str, Any]:
    """What every client needs to reach the broker."""
    settings: dict[str, Any] = {
        "bootstrap.servers": kafka.broker,
        "security.protocol": kafka.security_protocol,
        "log_level": 2,
        "logger": SILENT,
        "error_cb": tell,
    }
    if kafka.ssl_ca_location:
        settings["ssl.ca.location"] = kafka.ssl_ca_location
    if kafka.sasl_username and kafka.sasl_password:
        settings |= {
            "sasl.mechanism": kafka.sasl_mechanism,
            "sasl.username": kafka.sasl_username,
            "sasl.password": kafka.sasl_password.get_secret_value(),
        }
    return settings


def _made(kind: Callable[[dict[str, Any]], T], settings: dict[str, Any]) -> T:
    """A client. Raises `StayDown` where librdkafka refuses a setting, such as a missing file."""
    try:
        return kind(settings)
    except KafkaException as error:
        problem = error.args[0]
        if problem.code() != KafkaError._INVALID_ARG:  # noqa: SLF001 - no public name
            raise
        msg = (
            f"the Kafka client refuses its settings ({problem.str()}): put right "
            "LEADSTREAM_SECURITY_PROTOCOL, LEADSTREAM_SSL_CA_LOCATION or the LEADSTREAM_SASL_ ones"
        )
        raise StayDown(msg) from None


def transactional_producer(kafka: Kafka, transactional_id: str) -> Producer:
    """A producer for exactly-once batches.

    `retry.backoff` of 2 to 10 ms: with the default of 100 a transaction right behind another waits
    110 ms for the coordinator. murmur2 as Java's clients, or keys meet on different partitions.
    """
    return _made(
        Producer,
        connection(kafka)
        | {
            "transactional.id": transactional_id,
            # A coordinator that went away is looked for sooner; OFFSETS_S bounds the rest.
            "enable.sparse.connections": False,
            "transaction.timeout.ms": TRANSACTION_TIMEOUT_MS,
            "linger.ms": 0,
            "partitioner": "murmur2_random",
            "retry.backoff.ms": 2,
            "retry.backoff.max.ms": 10,
            "message.max.bytes": MESSAGE_BYTES_MAX,
            "queue.buffering.max.messages": 1_000_000,
        },
    )


def plain_producer(kafka: Kafka) -> Producer:
    """An idempotent producer for commands: every acknowledgement counts."""
    return _made(
        Producer,
        connection(kafka)
        | {
            "enable.idempotence": True,
            "acks": "all",
            "message.timeout.ms": ACKNOWLEDGED_MS,
            "linger.ms": 5,
            "partitioner": "murmur2_random",
            "message.max.bytes": MESSAGE_BYTES_MAX,
        },
    )


def group_consumer(kafka: Kafka, group: str, member: Member) -> Consumer:
    """A member of a stage's group, under its name where membership is static."""
    settings = connection(kafka) | {
        "group.id": group,
        "client.id": member.client_id,
        "isolation.level": "read_committed",
        "enable.auto.commit": False,
        "auto.offset.reset": "error",
        "partition.assignment.strategy": "cooperative-sticky",
        "session.timeout.ms": kafka.session_timeout_ms,
        "heartbeat.interval.ms": 1_000,
        "fetch.wait.max.ms": kafka.fetch_wait_ms,
        "queued.max.messages.kbytes": QUEUED_KB,
        "fetch.queue.backoff.ms": QUEUE_FULL_MS,
    }
    if kafka.static_membership:
        settings["group.instance.id"] = member.name
    return _made(Consumer, settings)


def reader(kafka: Kafka, group: str | None = None, *, committed: bool = True) -> Consumer:
    """A consumer that is assigned by hand and commits nothing.

    `group` is whose offsets are asked for; librdkafka wants one in any case, and looks for it.
    `committed` False also shows what open transactions wrote: for asking a log's real end, which
    a reader of committed records is told too low.
    """
    return _made(
        Consumer,
        connection(kafka)
        | {
            "group.id": group or names.reader(kafka.prefix),
            "isolation.level": "read_committed" if committed else "read_uncommitted",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "auto.offset.reset": "error",
            "fetch.wait.max.ms": 10,
            "queued.max.messages.kbytes": QUEUED_KB,
            "fetch.queue.backoff.ms": QUEUE_FULL_MS,
        },
    )


def watermarks(consumer: Consumer, topic: str, number: int, timeout_s: float) -> tuple[int, int]:
    """A partition's first offset and the one behind its last.

    Asks again while the partition has no leader: just after its creation, or in an election.
    Raises `KafkaException` for anything else, and when that lasts longer than `timeout_s`.
    """
    deadline = steady_s() + timeout_s
    while True:
        try:
            return consumer.get_watermark_offsets(TopicPartition(topic, number), timeout_s)
        except KafkaException as error:
            if error.args[0].code() not in NO_LEADER or steady_s() > deadline:
                raise
            time.sleep(0.05)


def admin(kafka: Kafka, heard: Callable[[KafkaError], object] | None = None) -> AdminClient:
    """For topics and their settings; `heard` is told why a connection fails."""
    settings = connection(kafka)
    return _made(AdminClient, settings if heard is None else settings | {"error_cb": heard})
