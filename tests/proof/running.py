"""Real workers on a real broker: started as processes, killed, and waited for."""

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, Message, TopicPartition

from agents.kafka import clients, policies, topics
from agents.settings import PUBLIC_SECRET, Kafka
from schemas.codec import Codec
from streams.pipeline import pipeline
from streams.policy.release import release
from tests.proof.made_leads import Made

READY_S = 90.0
SAID_S = 120.0
PATIENCE = 3
"""So many times as long as on a quiet machine is waited for leads; no promise is measured by it."""


@dataclass(slots=True)
class Pipeline:
    """A pipeline of its own on a shared broker: topics, policy and workers behind one prefix."""

    kafka: Kafka
    folder: Path
    command: tuple[str, ...] = (str(Path(sys.executable).with_name("leadstream")), "worker")
    workers: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    session_timeout_ms: int = 6_000
    captured_ms: dict[str, int] = field(default_factory=dict)
    """Log-append time of each lead's raw record."""
    captured_in: dict[str, int] = field(default_factory=dict)
    """Partition of each lead's raw record."""

    def start(
        self, name: str, *agents: str, command: tuple[str, ...] | None = None, **more: str
    ) -> None:
        """Starts a worker under a name; its log goes to a file of that name.

        `more`: what else its environment has.
        """
        with self.log(name).open("ab") as log:
            self.workers[name] = subprocess.Popen(
                [*(command or self.command), *agents],
                env=self.environment(name) | more,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
            )

    def environment(self, name: str) -> dict[str, str]:
        """The whole environment of a process with this name."""
        environment = (
            os.environ
            | self.variables()
            | {
                "LEADSTREAM_INSTANCE": name,
                "LEADSTREAM_SECRET": PUBLIC_SECRET,
                "LEADSTREAM_DATA": str(self.folder),
                "LEADSTREAM_SESSION_TIMEOUT_MS": str(self.session_timeout_ms),
            }
        )
        # A deployment's interpreter keeps compiled modules; a workplace's may not.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        return environment

    def variables(self) -> dict[str, str]:
        """What a command needs in its environment to reach this pipeline."""
        return {"LEADSTREAM_BROKER": self.kafka.broker, "LEADSTREAM_PREFIX": self.kafka.prefix}

    def log(self, name: str) -> Path:
        """Where a worker's log goes."""
        return self.folder / f"{name}.log"

    def kill(self, name: str) -> None:
        """Ends a worker as `kill -9` does."""
        self.workers[name].kill()
        self.workers[name].wait(10)

    def terminate(self, name: str) -> int:
        """Asks a worker to end (SIGTERM) and gives its exit code."""
        self.workers[name].send_signal(signal.SIGTERM)
        return self.workers[name].wait(60)

    def stop(self) -> None:
        """Ends what still runs, with its last batch committed: an open one would hide records."""
        running = [worker for worker in self.workers.values() if worker.poll() is None]
        for worker in running:
            worker.terminate()
        for worker in running:
            try:
                worker.wait(30)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait(10)

    def send(self, messages: Iterable[Made], topic: str = "leads.raw", rate: float = 0.0) -> None:
        """Sends messages in order, at most `rate` a second where it is not 0."""
        producer = clients.plain_producer(self.kafka)
        began = time.monotonic()
        for number, made in enumerate(messages):
            if rate:
                time.sleep(max(0.0, began + number / rate - time.monotonic()))
            producer.produce(
                self.kafka.prefix + topic, made.value, made.key, on_delivery=self._captured(made)
            )
            producer.poll(0)
        left = producer.flush(60)
        assert left == 0, f"{left} messages were not acknowledged"

    def _captured(self, made: Made) -> Callable[[KafkaError | None, Message], None]:
        def note(error: KafkaError | None, message: Message) -> None:
            assert error is None, error
            if made.fate == "lead":
                self.captured_ms[made.lead_id] = message.timestamp()[1]
                self.captured_in[made.lead_id] = message.partition() or 0

        return note

    def wait_ready(self, name: str) -> None:
        """Returns once a worker that lives says in its log that it has partitions restored."""
        self.wait_said(name, "partitions restored", READY_S, alive=True)

    def wait_said(
        self, name: str, words: str, timeout_s: float = SAID_S, *, alive: bool = False
    ) -> None:
        """Returns once a worker's log has these words; `alive`: it may not end before that."""
        deadline = time.monotonic() + timeout_s
        while words not in (said := self.log(name).read_text(errors="replace")):
            assert time.monotonic() < deadline, said[-2000:]
            assert not alive or self.workers[name].poll() is None, said[-2000:]
            time.sleep(0.05)

    def first_batch_s(self, name: str, started: float) -> float | None:
        """Seconds from a start (wall clock) to the first batch with an output that was logged."""
        moments = (
            datetime.fromisoformat(line["timestamp"]).timestamp()
            for line in self._lines(name, "batch")
            if line["sent"]
        )
        return next((moment - started for moment in moments if moment > started), None)

    def wait_for_batch(self, name: str, started: float) -> None:
        """Returns once a worker has logged a batch after a moment (wall clock)."""
        deadline = time.monotonic() + READY_S
        while self.first_batch_s(name, started) is None:
            assert time.monotonic() < deadline, (
                f"{name} decided nothing after its start: {self.log(name).read_text()[-2000:]}"
            )
            time.sleep(0.1)

    def restore_s(self, name: str) -> float:
        """Seconds of the longest restore that the worker logged under this name."""
        took_ms = [int(line["took_ms"]) for line in self._lines(name, "partitions restored")]
        return max(took_ms) / 1000

    def _lines(self, name: str, event: str) -> Iterator[dict[str, Any]]:
        """What a worker logged of one kind. A line that a kill cut off is none."""
        for line in self.log(name).read_text().splitlines():
            if f'"event":"{event}"' in line and line.endswith("}"):
                yield json.loads(line)


def make(broker: str, folder: Path, policy: str, replication: int = 1) -> Pipeline:
    """Topics and a published policy under a prefix of their own; no worker runs yet."""
    prefix = f"t{uuid.uuid4().hex[:8]}-"
    kafka = Kafka(broker=broker, prefix=prefix, replication=replication)
    codec = Codec()
    stages = pipeline(PUBLIC_SECRET.encode(), codec)
    topics.create(kafka, topics.wanted(kafka.prefix, stages))
    policies.publish(kafka, codec, release(policy))
    return Pipeline(kafka, folder)


class Places:
    """Watches how many leads have a place and how many messages were rejected."""

    def __init__(self, kafka: Kafka) -> None:
        """Reads from the beginning."""
        self._consumer: Consumer = clients.reader(kafka)
        self._prefix = kafka.prefix
        wanted = [kafka.prefix + name for name in ("leads.lifecycle", "leads.rejected")]
        self._consumer.assign(
            [
                TopicPartition(topic, number, OFFSET_BEGINNING)
                for topic in wanted
                for number in self._consumer.list_topics(topic).topics[topic].partitions
            ]
        )
        self.placed: set[bytes] = set()
        self.placed_ms: dict[str, int] = {}
        """Log-append time of each lead's first place."""
        self.rejected = 0

    def look(self, wait_s: float = 0.05) -> int:
        """Reads what is new; gives how many records."""
        messages = [
            message for message in self._consumer.consume(5_000, wait_s) if not message.error()
        ]
        for message in messages:
            if message.topic() == self._prefix + "leads.lifecycle":
                self.placed.add(message.key() or b"")
                lead_id = (message.key() or b"").decode()
                self.placed_ms.setdefault(lead_id, message.timestamp()[1])
            else:
                self.rejected += 1
        return len(messages)

    def wait(self, leads: int, rejected: int, timeout_s: float) -> None:
        """Returns once so many leads have a place and so many messages were rejected.

        `timeout_s`: what a quiet machine needs at most; `PATIENCE` times as long is waited.
        """
        self._until(lambda: len(self.placed) >= leads and self.rejected >= rejected, timeout_s)

    def wait_for(self, leads: set[str], timeout_s: float) -> None:
        """Returns once these leads have a place."""
        self._until(lambda: leads <= self.placed_ms.keys(), timeout_s)

    def delays_s(self, captured_ms: dict[str, int]) -> dict[str, float]:
        """Seconds from raw record to first place, by lead."""
        return {
            lead_id: (self.placed_ms[lead_id] - at) / 1000
            for lead_id, at in captured_ms.items()
            if lead_id in self.placed_ms
        }

    def _until(self, reached: Callable[[], bool], timeout_s: float) -> None:
        began = time.monotonic()
        while not reached():
            self.look()
            waited_s = time.monotonic() - began
            assert waited_s < PATIENCE * timeout_s, (
                f"after {waited_s:.0f} s: {len(self.placed)} placed, {self.rejected} rejected"
            )

    def close(self) -> None:
        """Stops watching."""
        self._consumer.close()
