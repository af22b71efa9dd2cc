"""Times from a message sent to its outcome read, both by one clock of one process."""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka import Message as Record

from agents.clock import steady_s
from agents.kafka import clients
from agents.kafka.produce import NotAcknowledged
from agents.settings import Kafka

QUIET_S = 60.0
"""Without any outcome for so long the measurement is given up."""
LOOK_S = 0.05
BATCH = 5_000
FLUSH_S = 60.0


class Message(NamedTuple):
    """What is sent; `name` is how its outcome is known, the key of that record by `key_of`."""

    key: bytes
    value: bytes
    name: bytes


def key_of(record: Record) -> bytes:
    """The name that a record has as its key."""
    return record.key() or b""


class Latency(NamedTuple):
    """Milliseconds from sending to reading."""

    p50: float
    p99: float
    longest: float


class Drained(NamedTuple):
    """Seconds that a backlog took."""

    first_to_last: float
    """From the first outcome to the last."""
    in_all: float
    """From the start of who decides it to the last outcome."""


class Unfinished(Exception):
    """Some messages have no outcome although nothing has happened for a long time."""


class Stopwatch:
    """Sends to one topic and watches another, whose first record under a name is its outcome."""

    def __init__(
        self, kafka: Kafka, source: str, outcome: str, name_of: Callable[[Record], bytes] = key_of
    ) -> None:
        """Watches from now on; outcomes of earlier messages are not seen.

        `name_of` tells whose outcome a record is.
        """
        self._source, self._name_of = source, name_of
        self._producer: Producer = clients.plain_producer(kafka)
        self._consumer: Consumer = clients.reader(kafka)
        parts = self._consumer.list_topics(outcome).topics[outcome].partitions
        # Asked for here: "the end" would be looked up only when the first fetch begins.
        ends = [clients.watermarks(self._consumer, outcome, one, FLUSH_S)[1] for one in parts]
        self._consumer.assign(
            [TopicPartition(outcome, *place) for place in zip(parts, ends, strict=True)]
        )
        self._seen_s: dict[bytes, float] = {}
        self._failure: KafkaException | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Watches no longer."""
        self._ended.set()
        self._thread.join()
        self._consumer.close()

    def paced(self, messages: Sequence[Message], rate: float) -> Latency:
        """The latencies of messages that are sent evenly, so many a second.

        Raises `Unfinished`, `NotAcknowledged`, and `KafkaException` for what the reader met.
        """
        sent_s: dict[bytes, float] = {}
        began = steady_s()
        for number, message in enumerate(messages):
            ahead = began + number / rate - steady_s()
            if ahead > 0:
                time.sleep(ahead)
            sent_s[message.name] = steady_s()
            self._send(message)
        self._flush()
        seen_s = self._outcomes(sent_s)
        times = sorted((seen_s[name] - at) * 1000 for name, at in sent_s.items())
        return Latency(at(times, 50), at(times, 99), times[-1])

    def backlog(self, messages: Sequence[Message], start: Callable[[], object]) -> Drained:
        """How long messages take that all wait before `start` starts who decides them.

        Raises as `paced`.
        """
        for message in messages:
            self._send(message)
        self._flush()
        began = steady_s()
        start()
        seen_s = self._outcomes([message.name for message in messages]).values()
        return Drained(max(seen_s) - min(seen_s), max(seen_s) - began)

    def _send(self, message: Message) -> None:
        while True:
            try:
                self._producer.produce(self._source, message.value, message.key)
            except BufferError:
                self._producer.poll(LOOK_S)
                continue
            self._producer.poll(0)
            return

    def _flush(self) -> None:
        left = self._producer.flush(FLUSH_S)
        if left:
            msg = f"the broker did not acknowledge {left} messages within {FLUSH_S:.0f} s"
            raise NotAcknowledged(msg)

    def _outcomes(self, names: Iterable[bytes]) -> dict[bytes, float]:
        """When the outcome of each name was read."""
        wanted, known, news_s = set(names), 0, steady_s()
        while wanted - self._seen_s.keys():
            if self._failure is not None:
                raise self._failure
            if len(self._seen_s) > known:
                known, news_s = len(self._seen_s), steady_s()
            if steady_s() - news_s > QUIET_S:
                left = len(wanted - self._seen_s.keys())
                msg = (
                    f"{left} of {len(wanted)} leads have no place, and there was none for "
                    f"{QUIET_S:.0f} s: look at the worker's log"
                )
                raise Unfinished(msg)
            time.sleep(LOOK_S)
        return {name: self._seen_s[name] for name in wanted}

    def _watch(self) -> None:
        while not self._ended.is_set():
            messages = self._consumer.consume(1, LOOK_S)
            messages += self._consumer.consume(BATCH, 0)
            now = steady_s()
            for message in messages:
                error = message.error()
                if error is None:
                    self._seen_s.setdefault(self._name_of(message), now)
                elif error.fatal():
                    self._failure = KafkaException(error)
                    return


def at(ascending: Sequence[float], percent: int) -> float:
    """The value below which so many percent lie."""
    return ascending[min(len(ascending) - 1, len(ascending) * percent // 100)]
