"""Promise 1 where a broker ends a transaction late: the next one's records are not its to end."""

import secrets
from collections.abc import Iterator
from threading import Event as Flag
from typing import NamedTuple

import pytest
from confluent_kafka import KafkaError, KafkaException

from agents.kafka import clients, topics
from agents.kafka.committed import extents, records
from agents.ledger import transaction
from agents.ledger.transaction import Outcome, Production, Transactions
from agents.settings import Kafka
from tests.agents.ledger.late_markers import Epoch, abort, latest
from tests.agents.ledger.toy import STAGES
from tests.broker import Broker

REFUSED = 47
"""INVALID_PRODUCER_EPOCH."""
GIVEN_UP = KafkaException(KafkaError(KafkaError.ILLEGAL_GENERATION, "given up"))


class Late(NamedTuple):
    """What came of it."""

    answer: int
    """The broker's, to the late mark."""
    read: list[bytes | None]
    """Values that are committed."""


def marked_late(broker: Broker) -> Late:
    """One transaction is aborted; its mark is written once more while the next one is open."""
    kafka = Kafka(broker=broker.bootstrap, prefix=f"late-{secrets.token_hex(4)}-")
    wanted = topics.wanted(kafka.prefix, STAGES)
    topic = f"{kafka.prefix}identity.inbox"
    topics.create(kafka, tuple(one for one in wanted if one.name == topic))
    transactions = Transactions(lambda: clients.transactional_producer(kafka, f"{kafka.prefix}one"))
    earlier: list[Epoch] = []
    answers: list[int] = []

    def given_up() -> Iterator[Production]:
        yield topic, None, b"first", 0, ()
        transactions._producer.flush(20)
        earlier.append(latest(kafka.broker, topic))
        raise GIVEN_UP

    def marked() -> Iterator[Production]:
        yield topic, None, b"second", 0, ()
        transactions._producer.flush(20)
        answers.append(abort(kafka.broker, topic, earlier[0]))

    assert transactions.run(given_up(), [], None) is Outcome.ABORTED
    assert transactions.run(marked(), [], None) is Outcome.COMMITTED
    everything = records(kafka, extents(kafka, [(topic, 0)]), topic, Flag())
    return Late(answers[0], [one.value() for few in everything for one in few])


def test_a_transaction_that_took_long_ends_nothing_of_the_next(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next one has an epoch of its own, and the broker refuses what is of an earlier one."""
    monkeypatch.setattr(transaction, "DOUBTFUL_S", 0.0)
    assert marked_late(broker) == Late(REFUSED, [b"second"])


def test_a_producer_that_went_on_would_lose_what_it_was_told_is_committed(broker: Broker) -> None:
    """Twin: the first was quick, so both have one epoch, and nobody is told of the loss."""
    assert marked_late(broker) == Late(0, [])
