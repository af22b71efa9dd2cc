"""Rows come back from a changelog: all committed ones, nothing else, fast."""

import secrets
import time
from collections.abc import Callable
from threading import Event as Flag

import pytest
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition

from agents.kafka import clients, topics
from agents.kafka.committed import NOT_YET, Cancelled, Place
from agents.ledger.restoring import OFFSET_KEY, Found, restore
from agents.settings import Kafka
from tests.agents.ledger.toy import STAGES
from tests.broker import Broker

ROWS = 100_000
ROWS_PER_S = 10_000
"""Far below the design's 250 000, which a busy test machine does not reach; a row at a time over
the network would be below this."""


class Rows:
    """What is loaded into."""

    def __init__(self) -> None:
        """Starts empty."""
        self.rows: dict[bytes, bytes] = {}

    def load(self, key: bytes, value: bytes | None) -> None:
        """Takes a row or its tombstone."""
        if value is None:
            self.rows.pop(key, None)
        else:
            self.rows[key] = value

    def finish_loading(self) -> None:
        """All are there."""


class Changelog:
    """A changelog of one partition with a group of its own, written as the ledger writes it."""

    def __init__(self, broker: Broker) -> None:
        """Makes the topics."""
        self.kafka = Kafka(broker=broker.bootstrap, prefix=f"log-{secrets.token_hex(4)}-")
        self.group = f"{self.kafka.prefix}group"
        self.source = f"{self.kafka.prefix}identity.inbox"
        self.name = f"{self.kafka.prefix}leadstream-two-identity.inbox-changelog"
        wanted = topics.wanted(self.kafka.prefix, STAGES)
        mine = tuple(one for one in wanted if one.name in {self.source, self.name})
        topics.create(self.kafka, mine)

    def producer(self, name: str) -> Producer:
        """A worker's producer."""
        producer = clients.transactional_producer(self.kafka, f"{self.kafka.prefix}{name}")
        producer.init_transactions(10)
        return producer

    def write(self, producer: Producer, rows: dict[bytes, bytes | None], *, commit: bool) -> None:
        """One transaction."""
        producer.begin_transaction()
        for key, value in rows.items():
            producer.produce(self.name, value, key, 0)
        producer.flush(20)
        if commit:
            producer.commit_transaction(20)
        else:
            producer.abort_transaction(20)

    def restored(self, cancelled: Flag | None = None) -> tuple[Rows, Found]:
        """Restores the partition."""
        rows, place = Rows(), (self.source, 0)
        found = restore(
            self.kafka, self.group, {place: rows}, self._changelog_of(), cancelled or Flag()
        )
        return rows, found[place]

    def _changelog_of(self) -> Callable[[str], str]:
        return lambda _topic: self.name


@pytest.fixture
def changelog(broker: Broker) -> Changelog:
    """An empty changelog."""
    return Changelog(broker)


def test_a_hundred_thousand_rows_come_back(changelog: Changelog) -> None:
    """All of them, with the next offset; prints how many a second."""
    producer = changelog.producer("w1")
    rows: dict[bytes, bytes | None] = {
        f"counts\x00key{number}".encode(): b"x" * 60 for number in range(ROWS)
    }
    changelog.write(producer, rows | {OFFSET_KEY: b"4711"}, commit=True)
    began = time.monotonic()
    restored, found = changelog.restored()
    seconds = time.monotonic() - began
    print(f"restored {ROWS} rows in {seconds:.2f} s: {ROWS / seconds:.0f} rows/s")  # noqa: T201 - the figure that the design names
    assert restored.rows == rows
    assert found == Found(row=4711, committed=None)
    assert ROWS / seconds > ROWS_PER_S


def test_only_committed_rows_come_back_and_tombstones_remove(changelog: Changelog) -> None:
    """Aborted rows are passed over, also at the end; a later row wins."""
    producer = changelog.producer("w1")
    changelog.write(producer, {b"a": b"1", b"b": b"1", OFFSET_KEY: b"1"}, commit=True)
    changelog.write(producer, {b"a": b"2", b"b": None, OFFSET_KEY: b"2"}, commit=True)
    changelog.write(producer, {b"a": b"3", b"c": b"3", OFFSET_KEY: b"3"}, commit=False)
    restored, found = changelog.restored()
    assert (restored.rows, found.row) == ({b"a": b"2"}, 2)


def test_rows_behind_a_zombies_open_transaction_are_waited_for(changelog: Changelog) -> None:
    """The end is asked without regard to open transactions, or a later owner's rows were lost."""
    zombie, owner = changelog.producer("zombie"), changelog.producer("owner")
    zombie.begin_transaction()
    zombie.produce(changelog.name, b"z", b"a", 0)
    zombie.flush(10)
    changelog.write(owner, {b"a": b"1", OFFSET_KEY: b"1"}, commit=True)
    restored, found = changelog.restored()
    assert (restored.rows, found.row) == ({b"a": b"1"}, 1)


def test_an_end_asked_of_committed_records_alone_would_hide_them(changelog: Changelog) -> None:
    """Twin: that is what a reader of committed records is told about the end."""
    zombie, owner = changelog.producer("zombie"), changelog.producer("owner")
    zombie.begin_transaction()
    zombie.produce(changelog.name, b"z", b"a", 0)
    zombie.flush(10)
    changelog.write(owner, {b"a": b"1", OFFSET_KEY: b"1"}, commit=True)
    place: Place = (changelog.name, 0)
    ends = []
    for committed in (True, False):
        reader = clients.reader(changelog.kafka, committed=committed)
        ends.append(reader.get_watermark_offsets(TopicPartition(*place), 10))
        reader.close()
    zombie.abort_transaction(10)
    assert ends == [(0, 0), (0, 4)]


def test_an_empty_changelog_tells_nothing(changelog: Changelog) -> None:
    """Nothing was ever committed: the partition begins at the beginning."""
    restored, found = changelog.restored()
    assert (restored.rows, found) == ({}, Found(row=None, committed=None))


def test_a_restore_that_nobody_waits_for_any_more_ends(changelog: Changelog) -> None:
    """The partitions went elsewhere meanwhile."""
    producer = changelog.producer("w1")
    changelog.write(producer, {b"a": b"1", OFFSET_KEY: b"1"}, commit=True)
    cancelled = Flag()
    cancelled.set()
    with pytest.raises(Cancelled):
        changelog.restored(cancelled)


class Asked:
    """A consumer that is told an error before it is told the group's offsets: librdkafka's edge."""

    def __init__(self, error: int) -> None:
        """`error` is given once."""
        self._errors = [KafkaError(error)]

    def committed(self, places: list[TopicPartition], _timeout_s: float) -> list[TopicPartition]:
        """Gives offset 7 for each."""
        if self._errors:
            raise KafkaException(self._errors.pop())
        return [TopicPartition(one.topic, one.partition, 7) for one in places]

    def poll(self, _timeout_s: float) -> Message | None:
        """There is nothing."""
        return None

    def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize("error", sorted(NOT_YET))
def test_a_group_that_has_moved_is_asked_for_again(
    changelog: Changelog, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    """Its coordinator ended or comes up: that is over soon, and no reason to end a worker."""
    monkeypatch.setattr(clients, "reader", _readers(clients.reader, error))
    assert changelog.restored()[1] == Found(row=None, committed=7)


def test_any_other_answer_ends_a_restore(
    changelog: Changelog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twin: asking again would hide what is wrong."""
    other = KafkaError.GROUP_AUTHORIZATION_FAILED
    monkeypatch.setattr(clients, "reader", _readers(clients.reader, other))
    with pytest.raises(KafkaException) as raised:
        changelog.restored()
    assert raised.value.args[0].code() == other


def _readers(real: Callable[..., Consumer], error: int) -> Callable[..., Consumer | Asked]:
    """Real readers, but for whom asks for the group's offsets."""

    def reader(
        kafka: Kafka, group: str | None = None, *, committed: bool = True
    ) -> Consumer | Asked:
        return real(kafka, group, committed=committed) if group is None else Asked(error)

    return reader
