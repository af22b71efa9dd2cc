"""How many records wait in the inboxes, by a real broker: asked while others are at work."""

import secrets
import time

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from agents.kafka import clients, names, topics
from agents.kafka.backlog import ANSWER_S, Backlog
from agents.kafka.member import Member
from agents.settings import Kafka
from tests.broker import Broker

SETTLES_S = 60.0
"""A transaction that is committed ends in each of its partitions by itself."""
STAGE, INBOX = "qualify", "accounts.inbox"


@pytest.fixture
def kafka(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> Kafka:
    """The catalogue's topics under a prefix of this test's own; transactions stay open for long."""
    monkeypatch.setattr(clients, "TRANSACTION_TIMEOUT_MS", 120_000)
    own = Kafka(broker=broker.bootstrap, prefix=f"backlog-{secrets.token_hex(4)}-")
    topics.create(own, topics.wanted(own.prefix, ()))
    return own


def read_on(kafka: Kafka, offset: int) -> Producer:
    """A transaction of `qualify` that moves its group to an offset, and is left open."""
    group = names.group_of(kafka.prefix, STAGE)
    consumer = clients.group_consumer(kafka, group, Member.fresh(f"{group}-w1"))
    consumer.subscribe([names.topic(kafka.prefix, INBOX)])
    while not consumer.memberid():
        consumer.poll(0.1)
    producer = clients.transactional_producer(kafka, f"{group}-w1")
    producer.init_transactions(10)
    producer.begin_transaction()
    producer.send_offsets_to_transaction(
        [TopicPartition(names.topic(kafka.prefix, INBOX), 0, offset)],
        consumer.consumer_group_metadata(),
        10,
    )
    consumer.close()
    return producer


def append(kafka: Kafka, count: int) -> None:
    """So many records in the first partition of the inbox."""
    producer = clients.plain_producer(kafka)
    for _ in range(count):
        producer.produce(names.topic(kafka.prefix, INBOX), b"a record", partition=0)
    producer.flush(10)


def settled(kafka: Kafka, waiting: int) -> bool:
    """Whether so many records wait before long: a new group's coordinator has to come up first."""
    backlog, deadline = Backlog(kafka), time.monotonic() + SETTLES_S
    while (found := backlog()) != waiting:
        assert time.monotonic() < deadline, found
        time.sleep(0.1)
    return True


def test_what_was_appended_and_not_read_waits(kafka: Kafka) -> None:
    """Records of all inboxes less what their groups have committed."""
    append(kafka, 5)
    assert settled(kafka, 5)
    read_on(kafka, 3).commit_transaction(10)
    assert settled(kafka, 2)


def test_a_transaction_that_a_killed_agent_left_open_is_not_waited_for(kafka: Kafka) -> None:
    """Else intake would leave in the middle of an upload because another agent was killed."""
    append(kafka, 5)
    assert settled(kafka, 5)
    killed = read_on(kafka, 3)
    began = time.monotonic()
    assert Backlog(kafka)() == 5
    assert time.monotonic() - began < ANSWER_S
    killed.abort_transaction(10)


def test_the_twin_a_reader_of_committed_offsets_is_told_nothing(
    kafka: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broker lets it wait until the transaction ends; so for intake nothing would be known."""
    append(kafka, 5)
    assert settled(kafka, 5)
    killed = read_on(kafka, 3)
    impatient = clients.reader

    def patient(at: Kafka, group: str, **_: bool) -> Consumer:
        return impatient(at, group)

    monkeypatch.setattr(clients, "reader", patient)
    assert Backlog(kafka)() is None
    killed.abort_transaction(10)
