"""The catalogue on the broker: what is missing is created, what differs is reported."""

import time
from dataclasses import dataclass

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (
    AdminClient,
    ConfigResource,
    NewTopic,
    ResourceType,
    TopicMetadata,
)

from agents.clock import steady_s
from agents.kafka import clients, names
from agents.leaving import StayDown
from agents.settings import Kafka
from schemas.topics import CATALOGUE, Topic
from streams.stage import Stage

ADMIN_S = 30.0
CHANGELOG_SETTINGS = {
    "cleanup.policy": "compact",
    "segment.bytes": str(32 * 1024 * 1024),
    "segment.ms": str(600_000),
    "min.cleanable.dirty.ratio": "0.1",
    "message.timestamp.type": "CreateTime",
    "max.message.bytes": str(2 * 1024 * 1024),
}
"""Small segments, so that compaction keeps a restore short (design, section 4)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A topic as it should be on the broker."""

    name: str
    partitions: int
    settings: dict[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """What is not as it should be."""

    topic: str
    what: str
    wanted: str
    found: str

    def __str__(self) -> str:
        """One sentence."""
        return f"{self.topic}: {self.what} is {self.found}, the catalogue wants {self.wanted}"


def settings_of(topic: Topic) -> dict[str, str]:
    """A catalogue topic's settings by Kafka's names."""
    return {
        "cleanup.policy": topic.cleanup,
        "retention.ms": str(-1 if topic.retention_ms is None else topic.retention_ms),
        "message.timestamp.type": topic.timestamp_type,
        "max.message.bytes": str(topic.bytes_max),
    }


def wanted(prefix: str, stages: tuple[Stage, ...]) -> tuple[Wanted, ...]:
    """Every topic of the catalogue and every stage's changelogs."""
    catalogue = [
        Wanted(names.topic(prefix, topic.name), topic.partitions, settings_of(topic))
        for topic in CATALOGUE.values()
    ]
    changelogs = [
        Wanted(
            names.changelog(prefix, stage, source), CATALOGUE[source].partitions, CHANGELOG_SETTINGS
        )
        for stage in stages
        for source in stage.sources
    ]
    return (*catalogue, *changelogs)


def create(kafka: Kafka, topics: tuple[Wanted, ...]) -> list[str]:
    """Creates what is missing; gives the names created. Raises `StayDown` where that is refused."""
    admin = clients.admin(kafka)
    there = admin.list_topics(timeout=ADMIN_S).topics
    missing = [one for one in topics if one.name not in there]
    if not missing:
        return []
    requests = [
        NewTopic(one.name, one.partitions, kafka.replication, config=one.settings)
        for one in missing
    ]
    for name, future in admin.create_topics(requests, operation_timeout=ADMIN_S).items():
        error = future.exception()
        if error is not None and not _exists(error):
            raise StayDown(_refused(name, kafka, error))
    _wait_until_there(admin, missing)
    return [one.name for one in missing]


def _refused(name: str, kafka: Kafka, error: BaseException) -> str:
    code = error.args[0].code() if isinstance(error, KafkaException) else None
    if code == KafkaError.INVALID_REPLICATION_FACTOR:
        return (
            f"the cluster has fewer brokers than LEADSTREAM_REPLICATION ({kafka.replication}) asks "
            "for: set it lower or add brokers"
        )
    return (
        f"the broker refuses to create {name} ({error}): create it as `leadstream topics list` says"
    )


def _exists(error: BaseException) -> bool:
    """Whether somebody else made the topic meanwhile; `check` tells whether it is as wanted."""
    return (
        isinstance(error, KafkaException)
        and error.args[0].code() == KafkaError.TOPIC_ALREADY_EXISTS
    )


def _wait_until_there(admin: AdminClient, topics: list[Wanted]) -> None:
    """A topic that was created is seen a little later; the next command must find it."""
    deadline = steady_s() + ADMIN_S
    waiting = {one.name for one in topics}
    while waiting and steady_s() < deadline:
        there = admin.list_topics(timeout=ADMIN_S).topics
        waiting = {name for name in waiting if not _led(there.get(name))}
        if waiting:
            time.sleep(0.05)
    if waiting:
        msg = f"the broker does not show {min(waiting)} {ADMIN_S:.0f} s after creating it"
        raise StayDown(msg)


def _led(topic: TopicMetadata | None) -> bool:
    """Whether every partition of a topic has a leader."""
    return topic is not None and all(one.leader >= 0 for one in topic.partitions.values())


def check(kafka: Kafka, topics: tuple[Wanted, ...]) -> list[Difference]:
    """What is missing or differs: partitions and settings."""
    admin = clients.admin(kafka)
    there = admin.list_topics(timeout=ADMIN_S).topics
    present = [one for one in topics if one.name in there]
    differences = [
        Difference(one.name, "the topic", "there", "missing")
        for one in topics
        if one.name not in there
    ]
    differences += partition_differences(
        {name: len(one.partitions) for name, one in there.items()}, present
    )
    resources = {one.name: ConfigResource(ResourceType.TOPIC, one.name) for one in present}
    if resources:
        answers = admin.describe_configs(list(resources.values()))
        found = {resource.name: future.result(ADMIN_S) for resource, future in answers.items()}
        differences += [
            Difference(one.name, name, value, str(found[one.name][name].value))
            for one in present
            for name, value in one.settings.items()
            if found[one.name][name].value != value
        ]
    return differences


def partition_differences(found: dict[str, int], topics: list[Wanted]) -> list[Difference]:
    """Topics whose number of partitions differs: keys would meet elsewhere than their state."""
    return [
        Difference(one.name, "the number of partitions", str(one.partitions), str(found[one.name]))
        for one in topics
        if found[one.name] != one.partitions
    ]


def refuse_wrong_partitions(kafka: Kafka, topics: tuple[Wanted, ...]) -> None:
    """Raises `StayDown` for a missing topic or a wrong number of partitions."""
    there = clients.admin(kafka).list_topics(timeout=ADMIN_S).topics
    missing = sorted(one.name for one in topics if one.name not in there)
    if missing:
        which = f"{len(missing)} topics are missing, such as {missing[0]}"
        if len(missing) == 1:
            which = f"the topic {missing[0]} is missing"
        msg = f"{which}: run `leadstream topics create`"
        raise StayDown(msg)
    found = {name: len(one.partitions) for name, one in there.items()}
    differences = partition_differences(found, list(topics))
    if differences:
        msg = f"{differences[0]}: a worker must not start on it; copy the topic to a new one"
        raise StayDown(msg)
