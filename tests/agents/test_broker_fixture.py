"""The broker that other tests rely on does what they rely on."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from tests.broker import Broker
from tests.broker_process import as_environment, rendered
from tests.kafka_jars import ROOT

PRODUCER = {"acks": "all", "message.max.bytes": 2_400_000, "partitioner": "murmur2_random"}


def write(broker: Broker, topic: str, values: list[bytes]) -> None:
    """Makes a topic of one partition, writes the values and waits for every acknowledgement."""
    admin = AdminClient({"bootstrap.servers": broker.bootstrap})
    admin.create_topics([NewTopic(topic, 1, 1)])[topic].result()
    failed: list[KafkaError] = []

    def note(error: KafkaError | None, _message: Message) -> None:
        if error is not None:
            failed.append(error)

    producer = Producer({"bootstrap.servers": broker.bootstrap, **PRODUCER})
    for value in values:
        producer.produce(topic, value, on_delivery=note)
    assert producer.flush(30) == 0
    assert failed == []


def read(broker: Broker, topic: str, count: int) -> Iterator[bytes]:
    """Yields the values of a topic in order, until `count` have come or 20 s have passed."""
    consumer = Consumer({"bootstrap.servers": broker.bootstrap, "group.id": "reader"})
    consumer.assign([TopicPartition(topic, 0, 0)])
    deadline = time.monotonic() + 20
    while count > 0 and time.monotonic() < deadline:
        message = consumer.poll(0.5)
        if message is not None and message.error() is None:
            count -= 1
            yield message.value() or b""
    consumer.close()


@pytest.mark.slow
def test_records_survive_a_killed_and_a_stopped_broker(own_broker: Broker) -> None:
    """After kill -9 and restart the same port serves the same records in the same order."""
    values = [f"{number}".encode() for number in range(1_000)]
    write(own_broker, "kept", values)
    own_broker.kill()
    own_broker.start()
    own_broker.restart()
    assert list(read(own_broker, "kept", len(values))) == values


def test_a_lost_record_would_be_noticed(broker: Broker) -> None:
    """Twin: the comparison above fails when one record is missing."""
    write(broker, "short-of-one", [b"1", b"3"])
    assert list(read(broker, "short-of-one", 2)) != [b"1", b"2"]


def test_a_frozen_broker_answers_nobody_until_it_goes_on(own_broker: Broker) -> None:
    """pause() is a silence, not an end: the same process answers after resume()."""
    admin = AdminClient({"bootstrap.servers": own_broker.bootstrap})
    own_broker.pause()
    with pytest.raises(KafkaException):
        admin.list_topics(timeout=1)
    own_broker.resume()
    assert admin.list_topics(timeout=20).brokers


def test_a_topic_that_nobody_made_does_not_come_up_by_itself(broker: Broker) -> None:
    """auto.create.topics.enable=false: a misspelt topic fails."""
    producer = Producer({"bootstrap.servers": broker.bootstrap, "message.timeout.ms": 3_000})
    errors: list[KafkaError | None] = []
    producer.produce("nobody-made-this", b"", on_delivery=lambda error, _: errors.append(error))
    producer.flush(10)
    assert [error is not None for error in errors] == [True]


def test_a_rejected_original_of_two_megabytes_fits(broker: Broker) -> None:
    """message.max.bytes is above what leads.rejected may carry."""
    write(broker, "large", [b"x" * 2_300_000])


def test_the_settings_of_the_image_are_those_of_the_template() -> None:
    """Docker's broker gets every setting of the template, in the spelling of the Apache image."""
    template = rendered("10.0.0.1", 1, 2, "d")
    settings = dict(line.split("=", 1) for line in as_environment(template))
    assert settings["KAFKA_LISTENERS"] == "PLAINTEXT://10.0.0.1:1,CONTROLLER://127.0.0.1:2"
    assert settings["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"
    assert settings["KAFKA_LOG_DIRS"] == "d"
    lines = [line for line in template.splitlines() if line and not line.startswith("#")]
    assert len(settings) == len(lines)


BARE_TEST = """
from tests.broker import Broker

def test_that_needs_a_broker(broker: Broker) -> None:
    assert broker.bootstrap
"""


def run_without_java(folder: Path, ci: str) -> subprocess.CompletedProcess[str]:
    """Runs one broker test where neither Java nor Docker is on the PATH."""
    (folder / "test_bare.py").write_text(BARE_TEST, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.conftest",
        "-p",
        "no:cacheprovider",
    ]
    environment = {name: value for name, value in os.environ.items() if name != "JAVA_HOME"}
    return subprocess.run(
        [*command, "--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml"), str(folder)],
        cwd=ROOT,
        env=environment | {"PATH": str(folder), "CI": ci},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_java_and_docker_broker_tests_are_skipped_in_plain_sight(tmp_path: Path) -> None:
    """A stranger without Java gets the other tests, and reads what to install."""
    answer = run_without_java(tmp_path, ci="")
    assert answer.returncode == 0
    assert "1 skipped" in answer.stdout
    assert "Install Java 17 with Maven, or start Docker" in answer.stdout


def test_in_ci_broker_tests_are_never_skipped(tmp_path: Path) -> None:
    """Twin: the same machine under CI=true fails, with the same sentence."""
    answer = run_without_java(tmp_path, ci="true")
    assert answer.returncode == 1
    assert "1 failed" in answer.stdout or "1 error" in answer.stdout
    assert "this test may not be skipped" in answer.stdout
