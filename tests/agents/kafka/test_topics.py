"""Topics on the broker as the catalogue wants them."""

import secrets

import pytest
from confluent_kafka.admin import AlterConfigOpType, ConfigEntry, ConfigResource, ResourceType

from agents.kafka import clients, topics
from agents.kafka.reachable import check_reachable
from agents.leaving import StayDown
from agents.settings import Kafka
from schemas.topics import CATALOGUE
from tests.agents.ledger.toy import STAGES
from tests.agents.ledger.toy_pipeline import wait_until
from tests.broker import Broker


@pytest.fixture
def kafka(broker: Broker) -> Kafka:
    """A prefix of this test's own; nothing is created."""
    return Kafka(broker=broker.bootstrap, prefix=f"topics-{secrets.token_hex(4)}-")


def test_what_is_created_is_what_is_wanted_and_created_once(kafka: Kafka) -> None:
    """No difference afterwards, and nothing to do the second time."""
    wanted = topics.wanted(kafka.prefix, STAGES)
    assert len(topics.create(kafka, wanted)) == len(CATALOGUE) + 2
    assert topics.create(kafka, wanted) == []
    assert topics.check(kafka, wanted) == []
    topics.refuse_wrong_partitions(kafka, wanted)


def test_missing_topics_are_told_and_refused(kafka: Kafka) -> None:
    """A worker does not start, and the sentence names the command."""
    wanted = topics.wanted(kafka.prefix, STAGES)
    assert {one.what for one in topics.check(kafka, wanted)} == {"the topic"}
    with pytest.raises(StayDown, match="leadstream topics create"):
        topics.refuse_wrong_partitions(kafka, wanted)


def test_a_setting_that_differs_is_told_with_both_values(kafka: Kafka) -> None:
    """Such as a retention that somebody shortened by hand."""
    wanted = topics.wanted(kafka.prefix, ())
    topics.create(kafka, wanted)
    name = f"{kafka.prefix}leads.raw"
    admin = clients.admin(kafka)
    shorter = ConfigEntry("retention.ms", "1000", incremental_operation=AlterConfigOpType.SET)
    changed = ConfigResource(ResourceType.TOPIC, name, incremental_configs=[shorter])
    for future in admin.incremental_alter_configs([changed]).values():
        future.result(10)
    wait_until(lambda: topics.check(kafka, wanted) != [], 10)
    sentences = [str(one) for one in topics.check(kafka, wanted)]
    assert sentences == [f"{name}: retention.ms is 1000, the catalogue wants 2592000000"]


def test_changelogs_are_compacted_and_never_deleted() -> None:
    """A changelog with a retention would lose rows that nobody touches."""
    wanted = {one.name: one for one in topics.wanted("p-", STAGES)}
    changelog = wanted["p-leadstream-two-identity.inbox-changelog"]
    assert changelog.settings["cleanup.policy"] == "compact"
    assert changelog.partitions == CATALOGUE["identity.inbox"].partitions


def test_nobody_at_the_brokers_address_is_told_with_the_setting() -> None:
    """One sentence, no traceback of a client."""
    with pytest.raises(StayDown, match="LEADSTREAM_BROKER"):
        check_reachable(Kafka(broker="127.0.0.1:1"), timeout_s=0.5)
