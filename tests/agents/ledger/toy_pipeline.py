"""The toy pipeline on a real broker, for one test: topics of its own, workers as processes."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from confluent_kafka import OFFSET_BEGINNING, KafkaError, Message, TopicPartition
from confluent_kafka.cimpl import NewTopic

from agents.kafka import clients, names, topics
from agents.settings import Kafka
from schemas.codec import decode
from schemas.inner import EventIdentified
from streams.stage import Stage
from tests.agents.ledger import toy
from tests.agents.ledger.toy import STAGES
from tests.broker import Broker
from tests.kafka_jars import ROOT

KEYS = 20
OUTPUT = "accounts.inbox"


class Pipeline:
    """Topics under a prefix that no other test has, and the workers on them."""

    def __init__(self, broker: Broker, folder: Path, **environment: str) -> None:
        """Nothing is made yet. `environment` holds more settings for the workers."""
        self.kafka = Kafka(broker=broker.bootstrap, prefix=f"toy-{secrets.token_hex(4)}-")
        self._folder = folder
        self._environment = environment
        self._workers: list[subprocess.Popen[bytes]] = []
        self.sent: list[str] = []

    def create(self, *, partitions_of: dict[str, int] | None = None, policy: bool = True) -> None:
        """Makes the topics, some with another number of partitions than they should have."""
        admin = clients.admin(self.kafka)
        for name, number in (partitions_of or {}).items():
            request = NewTopic(self.kafka.prefix + name, number, 1)
            admin.create_topics([request])[request.topic].result(10)
        topics.create(self.kafka, topics.wanted(self.kafka.prefix, STAGES))
        if policy:
            self.publish()

    def publish(self) -> None:
        """Puts something into the policy topic; the toy's stages need none."""
        self._produce([("policy", None, b"toy", 0)])

    def start(
        self, name: str, program: str = toy.__name__, **environment: str
    ) -> subprocess.Popen[bytes]:
        """Starts a worker of this name; `program` is the module that is run."""
        settings = {
            "LEADSTREAM_BROKER": self.kafka.broker,
            "LEADSTREAM_PREFIX": self.kafka.prefix,
            "LEADSTREAM_INSTANCE": name,
            "LEADSTREAM_DATA": str(self._folder / "data"),
        }
        number = len(self._workers)
        with (self._folder / f"{number}.log").open("wb") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", program],
                cwd=ROOT,
                env=dict(os.environ) | settings | self._environment | environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._workers.append(worker)
        return worker

    def put(self, name: str) -> None:
        """Puts a file into the workers' data folder: a word to a worker with a fault."""
        (self._folder / "data" / name).touch()

    def said(self, number: int = -1) -> str:
        """What a worker wrote to stderr; the latest one's, if not told which."""
        index = range(len(self._workers))[number]
        return (self._folder / f"{index}.log").read_text(encoding="utf-8")

    def send(self, amount: int) -> None:
        """Sends so many more records, each with an id of its own, over all keys in turn."""
        fresh = [f"{len(self.sent) + index}" for index in range(amount)]
        self.sent += fresh
        self._produce(
            [("leads.raw", f"k{int(one) % KEYS}".encode(), one.encode(), -1) for one in fresh]
        )

    def _produce(self, records: list[tuple[str, bytes | None, bytes, int]]) -> None:
        failed: list[KafkaError] = []

        def note(error: KafkaError | None, _message: Message) -> None:
            if error is not None:
                failed.append(error)

        producer = clients.plain_producer(self.kafka)
        for topic, key, value, number in records:
            producer.produce(self.kafka.prefix + topic, value, key, number, on_delivery=note)
        assert producer.flush(20) == 0
        assert failed == []

    def outputs(self) -> list[EventIdentified]:
        """All committed output there is, by partition in order."""
        consumer = clients.reader(self.kafka)
        name = self.kafka.prefix + OUTPUT
        numbers = list(consumer.list_topics(name, 10).topics[name].partitions)
        consumer.assign([TopicPartition(name, number, OFFSET_BEGINNING) for number in numbers])
        ended: set[int | None] = set()
        found: list[EventIdentified] = []
        while len(ended) < len(numbers):
            message = consumer.poll(10)
            assert message is not None
            if message.error() is not None:
                ended.add(message.partition())
            else:
                event = decode(message.value() or b"")
                assert isinstance(event, EventIdentified)
                found.append(event)
        consumer.close()
        return found

    def settle(self) -> list[EventIdentified]:
        """Waits until every record sent has come out, and gives all output."""
        wait_until(lambda: {one.event_id for one in self.outputs()} >= set(self.sent), 30)
        return self.outputs()

    def close(self) -> None:
        """Ends the workers that still run."""
        for worker in self._workers:
            if worker.poll() is None:
                worker.send_signal(signal.SIGKILL)
                worker.wait(10)


def forget_offsets(kafka: Kafka, stages: Iterable[Stage]) -> None:
    """Deletes the stages' groups: what a week without members does."""
    admin = clients.admin(kafka)
    groups = [names.group(kafka.prefix, stage) for stage in stages]
    for future in admin.delete_consumer_groups(groups).values():
        future.result(10)


@contextmanager
def toy_pipeline(broker: Broker, folder: Path, **environment: str) -> Iterator[Pipeline]:
    """A pipeline whose workers are gone after the `with` block."""
    pipeline = Pipeline(broker, folder, **environment)
    try:
        yield pipeline
    finally:
        pipeline.close()


def wait_until(holds: Callable[[], bool], seconds: float) -> None:
    """Waits until something holds. Fails the test after so many seconds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold in time"
        time.sleep(0.05)


def faults(sent: list[str], outputs: list[EventIdentified]) -> list[str]:
    """What an independent recount finds wrong: losses, doubles, wrong order or counts."""
    ids = [one.event_id for one in outputs]
    found = [f"lost {one}" for one in sorted(set(sent) - set(ids), key=int)]
    found += [f"doubled {one}" for one in sorted(set(ids), key=int) if ids.count(one) > 1]
    by_key: dict[str, list[EventIdentified]] = defaultdict(list)
    for one in outputs:
        by_key[one.home].append(one)
    for key, events in sorted(by_key.items()):
        places = [one.origin.offset for one in events]
        if places != sorted(places):
            found.append(f"order of {key}")
        counts = [one.event for one in events]
        if counts != [f"{number}|{number}".encode() for number in range(1, len(counts) + 1)]:
            found.append(f"counts of {key}")
    return found
