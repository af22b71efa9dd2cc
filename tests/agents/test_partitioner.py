"""Our producers put a key where Java's producers put it.

A sender may be a Java program and a consumer of ours may rely on the partition; librdkafka's own
default hashes otherwise.
"""

import subprocess
from pathlib import Path

import pytest
from confluent_kafka import Message, Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from tests.broker import Broker
from tests.broker_process import QUICK_START
from tests.kafka_jars import fetch, java

HERE = Path(__file__).parent
KEYS = [f"{number}{'é' * (number % 7)}{'x' * (number % 37)}".encode() for number in range(900)]
KEYS += [number.to_bytes(4, "big") for number in range(100)]
PARTITIONS = 12
# One hexadecimal digit a key: what Java's Utils.murmur2 says, so that a machine with Docker alone
# can check our producer too.
GOLDEN = HERE / "murmur2_golden.txt"


def java_partitions(keys: list[bytes]) -> str:
    """Asks Kafka's own Java code for the partitions of these keys."""
    command = [java() or "java", *QUICK_START, "-cp", f"{fetch()}/*"]
    answer = subprocess.run(
        [*command, str(HERE / "Murmur2.java")],
        input="\n".join(key.hex() for key in keys),
        capture_output=True,
        text=True,
        check=True,
    )
    return "".join(f"{int(line):x}" for line in answer.stdout.split())


def produced_partitions(broker: Broker, topic: str, partitioner: str) -> str:
    """Produces all keys with a partitioner of librdkafka's and tells where each one landed."""
    admin = AdminClient({"bootstrap.servers": broker.bootstrap})
    admin.create_topics([NewTopic(topic, PARTITIONS, 1)])[topic].result()
    landed: dict[int, int] = {}
    producer = Producer({"bootstrap.servers": broker.bootstrap, "partitioner": partitioner})
    for number, key in enumerate(KEYS):

        def note(_error: object, message: Message, number: int = number) -> None:
            partition = message.partition()
            landed[number] = -1 if partition is None else partition

        producer.produce(topic, b"", key=key, on_delivery=note)
    producer.flush(30)
    return "".join(f"{landed[number]:x}" for number in range(len(KEYS)))


@pytest.mark.skipif(java() is None, reason="needs Java to ask; the golden file keeps its answer")
def test_the_golden_partitions_are_javas_own() -> None:
    """The committed partitions of 1 000 keys are what Kafka's Java code computes."""
    assert java_partitions(KEYS) == GOLDEN.read_text(encoding="ascii").strip()


def test_a_thousand_keys_land_where_java_would_put_them(broker: Broker) -> None:
    """Design, section 4: producers use partitioner=murmur2_random."""
    golden = GOLDEN.read_text(encoding="ascii").strip()
    assert produced_partitions(broker, "partitioner-ours", "murmur2_random") == golden


def test_librdkafkas_default_partitioner_would_be_noticed(broker: Broker) -> None:
    """Twin: without the setting the keys land elsewhere, and the test above would see it."""
    golden = GOLDEN.read_text(encoding="ascii").strip()
    assert produced_partitions(broker, "partitioner-default", "consistent_random") != golden
