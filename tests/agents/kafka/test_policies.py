"""Policies on a real broker: version = offset, activations everywhere or nowhere."""

import secrets

import pytest
from confluent_kafka import OFFSET_BEGINNING, TopicPartition

from agents.kafka import clients, names, topics
from agents.kafka.policies import NotPublished, PolicyMissing, PolicyTopic, inboxes, publish
from agents.leaving import StayDown
from agents.settings import Kafka
from schemas.codec import Codec, decode
from schemas.inner import PolicyActivated
from schemas.topics import CATALOGUE
from tests.broker import Broker
from tests.streams.policies import text


@pytest.fixture
def kafka(broker: Broker) -> Kafka:
    """The catalogue's topics under a prefix of this test's own."""
    own = Kafka(broker=broker.bootstrap, prefix=f"policy-{secrets.token_hex(4)}-")
    topics.create(own, topics.wanted(own.prefix, ()))
    return own


def activations(kafka: Kafka) -> list[PolicyActivated]:
    """Every committed activation in every partition of every inbox."""
    consumer = clients.reader(kafka)
    places = [
        TopicPartition(names.topic(kafka.prefix, topic), number, OFFSET_BEGINNING)
        for topic, number in inboxes(clients.plain_producer(kafka), kafka)
    ]
    consumer.assign(places)
    ended, found = 0, []
    while ended < len(places):
        message = consumer.poll(10)
        assert message is not None
        if message.error() is not None:
            ended += 1
            continue
        event = decode(message.value() or b"")
        assert isinstance(event, PolicyActivated)
        found.append(event)
    consumer.close()
    return found


def test_a_policy_reaches_every_inbox_once_under_its_offset(kafka: Kafka) -> None:
    """One transaction: the document, and its activation in each partition."""
    assert PolicyTopic(kafka).latest() is None
    version, effective_at = publish(kafka, Codec(), text())
    found = activations(kafka)
    assert len(found) == sum(
        topic.partitions for topic in CATALOGUE.values() if PolicyActivated in topic.events
    )
    assert {(one.version, one.effective_at) for one in found} == {(version, effective_at)}
    assert PolicyTopic(kafka).latest() == version
    assert PolicyTopic(kafka).get(version).version == version


def test_an_activation_that_comes_too_late_is_published_nowhere(kafka: Kafka) -> None:
    """It fails visibly, and neither document nor activation can be seen."""
    with pytest.raises(NotPublished, match="nothing was published, try again"):
        publish(kafka, Codec(), text(), lead_ms=-60_000)
    assert activations(kafka) == []
    assert PolicyTopic(kafka).latest() is None


def test_a_policy_that_this_worker_cannot_use_keeps_it_down(kafka: Kafka) -> None:
    """Never an event's fault: with such a policy nothing is decided."""
    version, _ = publish(kafka, Codec(), "desks: [")
    with pytest.raises(StayDown, match=f"cannot decide by policy version {version}"):
        PolicyTopic(kafka).get(version)


def test_a_version_that_is_not_there_is_told(kafka: Kafka) -> None:
    """Behind the end, and on the transaction's own marker."""
    version, _ = publish(kafka, Codec(), text())
    for missing in (version + 1, version + 50):
        with pytest.raises(PolicyMissing, match=f"version {missing}"):
            PolicyTopic(kafka).get(missing)


def test_without_inboxes_nothing_is_published(broker: Broker) -> None:
    """The topics come first, with the command that makes them."""
    nowhere = Kafka(broker=broker.bootstrap, prefix=f"nowhere-{secrets.token_hex(4)}-")
    with pytest.raises(StayDown, match="leadstream topics create"):
        publish(nowhere, Codec(), text())
