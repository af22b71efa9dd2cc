"""The stopwatch measures what comes out, and says when something does not."""

import time
from collections.abc import Iterator

import pytest

from agents.kafka import stopwatch
from agents.kafka.stopwatch import Message, Stopwatch, Unfinished, at
from agents.kafka.topics import Wanted, create
from agents.settings import Kafka
from tests.broker import Broker

TOPIC = "stopwatch"


@pytest.fixture
def watch(broker: Broker) -> Iterator[Stopwatch]:
    """Watches the topic into which it sends: every message is its own outcome."""
    kafka = Kafka(broker=broker.bootstrap)
    create(kafka, (Wanted(TOPIC, 2, {}),))
    made = Stopwatch(kafka, TOPIC, TOPIC)
    yield made
    made.close()


def messages(count: int) -> list[Message]:
    """Messages whose outcome is known by their key."""
    return [Message(key, b"value", key) for key in (b"%d" % number for number in range(count))]


def test_an_even_rate_is_kept(watch: Stopwatch) -> None:
    """Forty messages at 40 a second take a second, each some milliseconds."""
    began = time.monotonic()
    latency = watch.paced(messages(40), 40)
    assert time.monotonic() - began >= 39 / 40
    assert 0 < latency.p50 <= latency.p99 <= latency.longest


def test_a_backlog_begins_when_all_of_it_is_there(watch: Stopwatch) -> None:
    """Whoever decides it is started after the last message was acknowledged."""
    started: list[float] = []
    took = watch.backlog(messages(100), lambda: started.append(1.0))
    assert started == [1.0]
    assert took.first_to_last >= 0


def test_a_message_without_an_outcome_is_told_of(
    watch: Stopwatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: one whose outcome never comes ends the measurement with a number."""
    monkeypatch.setattr(stopwatch, "QUIET_S", 1.0)
    lost = Message(b"somebody", b"value", b"nobody")
    with pytest.raises(Unfinished, match="1 of 4 leads have no place"):
        watch.paced([*messages(3), lost], 100)


def test_percentiles_are_of_the_values() -> None:
    """Of a hundred values half lie under the fifty-first."""
    values = [float(number) for number in range(100)]
    assert (at(values, 50), at(values, 99), at([7.0], 99)) == (50.0, 99.0, 7.0)
