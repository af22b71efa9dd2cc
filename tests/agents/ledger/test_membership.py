"""A stage's place in its group: partitions that come, stay and go, and who it is meanwhile."""

import secrets
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from statistics import median
from threading import Event as Flag
from typing import ParamSpec, TypeVar

import pytest
from confluent_kafka import KafkaException, Producer, TopicPartition

from agents.kafka import clients, names, topics
from agents.kafka.committed import Place, place_of
from agents.kafka.member import Member
from agents.ledger import membership
from agents.ledger.membership import Membership, Owned, Restore
from agents.ledger.partition import Partition
from agents.ledger.restoring import Found
from agents.settings import Kafka
from agents.simulation.simulation import Versions
from schemas.codec import Codec
from schemas.topics import CATALOGUE
from tests.agents.ledger.toy import STAGES
from tests.broker import Broker
from tests.pace import in_time

SOURCE = "leads.raw"
PARTITIONS = CATALOGUE[SOURCE].partitions
DEADLINE_S = 30.0
LONE = "identity.inbox"
"""A topic of one partition: no other wakes the fetcher."""
STARTS = 5
AT_ONCE_S = 0.3
SLEEP_S = 1.0
RESTORE_S = 0.15
HELD_S = 3.0
"""How long a restore lasts that is held."""
P = ParamSpec("P")
T = TypeVar("T")


class Group:
    """A topic and the members that share its partitions."""

    def __init__(self, broker: Broker, source: str = SOURCE) -> None:
        """Makes the topic."""
        self._source, self._partitions = source, CATALOGUE[source].partitions
        self.kafka = Kafka(
            broker=broker.bootstrap,
            prefix=f"kept-{secrets.token_hex(4)}-",
            static_membership=False,  # who leaves hands over at once
        )
        self.topic = names.topic(self.kafka.prefix, source)
        wanted = topics.wanted(self.kafka.prefix, STAGES)
        topics.create(self.kafka, tuple(one for one in wanted if one.name == self.topic))

    def join(self, name: str, restore: Restore) -> Membership:
        """One more member."""
        group = f"{self.kafka.prefix}group"
        member = Member.fresh(f"{group}-{name}")
        return Membership(
            clients.group_consumer(self.kafka, group, member),
            [self.topic],
            lambda place: Partition(STAGES[0], self._source, place[1], Versions(), Codec()),
            restore,
            "one",
            lambda _what: None,
        )

    def produce_everywhere(self) -> None:
        """A record to each partition."""
        producer = clients.plain_producer(self.kafka)
        for number in range(self._partitions):
            producer.produce(self.topic, b"value", b"key", number)
        assert producer.flush(10) == 0


class Restores:
    """Rows come back at once, until they are held; then records come to every partition."""

    def __init__(self, group: Group) -> None:
        """Nothing is held."""
        self._group, self.held, self.asked_s = group, False, 0.0

    def __call__(self, partitions: dict[Place, Partition], _cancelled: Flag) -> dict[Place, Found]:
        """Nothing was ever committed."""
        if self.held:
            self._group.produce_everywhere()
            self.asked_s = time.monotonic()
            time.sleep(HELD_S)
        return dict.fromkeys(partitions, Found(None, None))


class InPlace(Executor):
    """What the restorer must not be: a call is done where it is asked for."""

    def __init__(self, *_arguments: object) -> None:
        """Has no thread."""

    def submit(self, call: Callable[P, T], /, *given: P.args, **named: P.kwargs) -> "Future[T]":
        """Does it now."""
        future: Future[T] = Future()
        future.set_result(call(*given, **named))
        return future


@pytest.fixture
def group(broker: Broker) -> Group:
    """A group without members."""
    return Group(broker)


def turns(*members: Membership) -> Iterator[dict[Place, float]]:
    """Members gather in turn; gives when the first record of each place came to the first."""
    came: dict[Place, float] = {}
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        for message in members[0].gather(0.05):
            came.setdefault(place_of(message), time.monotonic())
        for other in members[1:]:
            other.gather(0.05)
        yield came
    pytest.fail("nothing came of it in time")


def settled(*members: Membership) -> None:
    """Gathers until each has partitions that take records."""
    for _ in turns(*members):
        if all(one.owned and one.ready for one in members):
            return


def delays(group: Group) -> tuple[float, float]:
    """When a record of each kept and of each gained partition had come, in seconds.

    Counted from the moment when the gained ones' rows began to be read.
    """
    restores = Restores(group)
    stays, leaves = group.join("stays", restores), group.join("leaves", Restores(group))
    settled(stays, leaves)
    kept, restores.held = set(stays.owned), True
    assert 0 < len(kept) < PARTITIONS
    leaves.close()
    came = next(came for came in turns(stays) if len(came) == PARTITIONS)
    stays.close()
    gained = came.keys() - kept
    return (
        max(came[place] for place in kept) - restores.asked_s,
        min(came[place] for place in gained) - restores.asked_s,
    )


def test_kept_partitions_go_on_while_gained_ones_are_restored(group: Group) -> None:
    """Records of the gained ones come when their rows are back, and not before."""
    kept_s, gained_s = delays(group)
    assert kept_s < HELD_S / 2
    assert gained_s >= HELD_S


def test_a_restore_in_the_members_own_thread_would_stop_them(
    group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twin: then no kept record comes before the gained rows are back."""
    monkeypatch.setattr(membership, "ThreadPoolExecutor", InPlace)
    kept_s, _ = delays(group)
    assert kept_s >= HELD_S


def begun(partitions: dict[Place, Partition], _cancelled: Flag) -> dict[Place, Found]:
    """Each was committed at its first record; that takes as long as a short restore."""
    time.sleep(RESTORE_S)
    return dict.fromkeys(partitions, Found(0, 0))


def first_records_s(broker: Broker) -> Iterator[float]:
    """Seconds from the restore of a lone partition to its first record, start by start."""
    group = Group(broker, LONE)
    group.produce_everywhere()
    for number in range(STARTS):
        member, ready_s = group.join(f"start-{number}", begun), 0.0
        for came in turns(member):
            if not ready_s and member.owned and member.ready:
                ready_s = time.monotonic()
            if came:
                break
        member.close()
        yield min(came.values()) - ready_s


def test_a_restored_partition_gives_its_records_at_once(broker: Broker) -> None:
    """Nobody waits for the second that librdkafka's fetcher may sleep (issue 5, restarts)."""
    assert in_time(median(first_records_s(broker)), AT_ONCE_S)


def test_a_partition_that_is_resumed_behind_the_seek_would_wait(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twin: the fetcher sleeps on, unless it happens to be awake at one start.

    Should librdkafka learn to wake it, the order may go.
    """

    def begin(self: Membership, place: Place, owned: Owned, offset: int) -> None:
        owned.next = offset
        self._seek(place, offset)
        self._consumer.resume([TopicPartition(*place)])
        owned.ready = True

    monkeypatch.setattr(Membership, "_begin", begin)
    assert median(first_records_s(broker)) > SLEEP_S - AT_ONCE_S


@pytest.fixture
def first(group: Group) -> Iterator[Membership]:
    """A member that has all partitions."""
    member = group.join("first", Restores(group))
    settled(member)
    yield member
    member.close()


def commit(group: Group, metadata: object) -> None:
    """Commits an offset in a transaction. Raises `KafkaException` where the broker refuses it."""
    producer: Producer = clients.transactional_producer(group.kafka, f"{group.topic}-producer")
    producer.init_transactions(10)
    producer.begin_transaction()
    producer.send_offsets_to_transaction([TopicPartition(group.topic, 0, 0)], metadata, 10)
    producer.commit_transaction(10)


def test_it_is_asked_again_after_a_rebalance_and_a_rollback(
    group: Group, first: Membership
) -> None:
    """And not for each batch: librdkafka's client holds Python's lock while it waits."""
    known = first.group_metadata()
    assert known is not None
    assert first.group_metadata() is known
    second = group.join("second", Restores(group))
    settled(first, second)
    after_rebalance = first.group_metadata()
    assert after_rebalance is not known
    first.rewind([])
    assert first.group_metadata() is not after_rebalance
    second.close()


def test_the_broker_refuses_what_is_out_of_date(group: Group, first: Membership) -> None:
    """Or a zombie could commit; with what is asked again the same commit goes through."""
    old = first.group_metadata()
    second = group.join("second", Restores(group))
    settled(first, second)
    with pytest.raises(KafkaException) as refused:
        commit(group, old)
    assert refused.value.args[0].txn_requires_abort()
    commit(group, first.group_metadata())
    second.close()


def test_who_is_no_member_has_nothing_to_commit_with(group: Group) -> None:
    """An empty member id is refused here: the broker lets anybody commit who claims to be nobody.

    The twin: what the client would have given goes through.
    """
    nobody = group.join("nobody", Restores(group))
    nobody._consumer.unsubscribe()
    deadline = time.monotonic() + DEADLINE_S
    while nobody.member_id:
        assert time.monotonic() < deadline
        nobody._consumer.poll(0.05)
    assert nobody.group_metadata() is None
    commit(group, nobody._consumer.consumer_group_metadata())
    nobody.close()
