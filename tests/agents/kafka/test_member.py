"""Who holds a worker's name in its group, as a real broker lists it."""

import secrets

import pytest
from confluent_kafka import Consumer, TopicPartition

from agents.kafka import clients, member, topics
from agents.kafka.member import Member
from agents.settings import Kafka
from tests.agents.ledger.toy import STAGES
from tests.agents.ledger.toy_pipeline import wait_until
from tests.broker import Broker

SESSION_S = 6.0


@pytest.fixture
def kafka(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> Kafka:
    """A topic to join for; a namesake that is not there is not waited for long."""
    monkeypatch.setattr(member, "JOINS_S", 0.1)
    kafka = Kafka(
        broker=broker.bootstrap,
        prefix=f"member-{secrets.token_hex(4)}-",
        session_timeout_ms=int(SESSION_S * 1000),
    )
    topics.create(kafka, topics.wanted(kafka.prefix, STAGES))
    return kafka


def joined(kafka: Kafka, who: Member) -> Consumer:
    """A consumer that the group has taken in."""
    consumer = clients.group_consumer(kafka, f"{kafka.prefix}group", who)
    there: list[int] = []

    def assigned(_consumer: Consumer, partitions: list[TopicPartition]) -> None:
        there.append(len(partitions))

    consumer.subscribe([f"{kafka.prefix}leads.raw"], on_assign=assigned)
    wait_until(lambda: consumer.poll(0.1) is None and bool(there), 20)
    return consumer


@pytest.mark.parametrize("static", [True, False])
def test_the_older_of_two_starts_under_a_name_sees_the_newer(kafka: Kafka, *, static: bool) -> None:
    """With static membership the newer has replaced the older; without, both are listed."""
    here = kafka.model_copy(update={"static_membership": static})
    group, admin = f"{kafka.prefix}group", clients.admin(kafka)
    older, newer = Member.fresh("w1"), Member.fresh("w1")
    first = joined(here, older)
    was = first.memberid()
    assert not older.has_namesake(admin, group, was, SESSION_S)
    second = clients.group_consumer(here, group, newer)
    second.subscribe([f"{kafka.prefix}leads.raw"])
    wait_until(lambda: second.poll(0.1) is None and bool(second.memberid()), 20)
    assert older.has_namesake(admin, group, was, SESSION_S)
    second.close()
    first.close()


def test_a_member_that_has_died_is_nobody(kafka: Kafka) -> None:
    """Twin: it is listed until its session ends, and no longer."""
    group, admin = f"{kafka.prefix}group", clients.admin(kafka)
    dead = joined(kafka, Member.fresh("w1"))
    dead.close()  # a static member does not leave; it is listed until its session ends
    assert not Member.fresh("w1").has_namesake(admin, group, "", SESSION_S)


def test_a_longer_name_is_another_name(kafka: Kafka) -> None:
    """`w10` begins like `w1`."""
    dynamic = kafka.model_copy(update={"static_membership": False})
    for one in (kafka, dynamic):
        other = joined(one, Member.fresh("w10"))
        group, admin = f"{kafka.prefix}group", clients.admin(kafka)
        assert not Member.fresh("w1").has_namesake(admin, group, "", SESSION_S)
        other.close()
