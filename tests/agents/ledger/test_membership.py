"""Partitions that a worker keeps go on while others that it gains are being restored."""

import secrets
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from threading import Event as Flag
from typing import ParamSpec, TypeVar

import pytest

from agents.kafka import clients, names, topics
from agents.kafka.committed import Place, place_of
from agents.kafka.member import Member
from agents.ledger import membership
from agents.ledger.membership import Membership, Restore
from agents.ledger.partition import Partition
from agents.ledger.restoring import Found
from agents.settings import Kafka
from agents.simulation.simulation import Versions
from schemas.codec import Codec
from schemas.topics import CATALOGUE
from tests.agents.ledger.toy import STAGES
from tests.broker import Broker

SOURCE = "leads.raw"
PARTITIONS = CATALOGUE[SOURCE].partitions
DEADLINE_S = 30.0
HELD_S = 3.0
"""How long a restore lasts that is held."""
P = ParamSpec("P")
T = TypeVar("T")


class Group:
    """A topic and the members that share its partitions."""

    def __init__(self, broker: Broker) -> None:
        """Makes the topic."""
        self.kafka = Kafka(
            broker=broker.bootstrap,
            prefix=f"kept-{secrets.token_hex(4)}-",
            static_membership=False,  # who leaves hands over at once
        )
        self.topic = names.topic(self.kafka.prefix, SOURCE)
        wanted = topics.wanted(self.kafka.prefix, STAGES)
        topics.create(self.kafka, tuple(one for one in wanted if one.name == self.topic))

    def join(self, name: str, restore: Restore) -> Membership:
        """One more member."""
        group = f"{self.kafka.prefix}group"
        member = Member.fresh(f"{group}-{name}")
        return Membership(
            clients.group_consumer(self.kafka, group, member),
            [self.topic],
            lambda place: Partition(STAGES[0], SOURCE, place[1], Versions(), Codec()),
            restore,
            "one",
            lambda _what: None,
        )

    def produce_everywhere(self) -> None:
        """A record to each partition."""
        producer = clients.plain_producer(self.kafka)
        for number in range(PARTITIONS):
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


def delays(group: Group) -> tuple[float, float]:
    """When a record of each kept and of each gained partition had come, in seconds.

    Counted from the moment when the gained ones' rows began to be read.
    """
    restores = Restores(group)
    stays, leaves = group.join("stays", restores), group.join("leaves", Restores(group))
    for _ in turns(stays, leaves):
        if all(one.owned and one.ready for one in (stays, leaves)):
            break
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
