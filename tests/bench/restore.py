"""How fast rows come back: `python -m tests.bench.restore [KEYS [UPDATES]]`.

The directory of identify, whose one partition is the largest table there is: as many updates as
asked for, committed in transactions as a worker commits them, then restored by the worker's code
from a real broker on the same cores. Meanwhile another partition decides in a thread of its own, as
one that a worker keeps does while it gains others: how much it decides, and its longest pause.
"""

import gc
import secrets
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event as Flag
from time import perf_counter
from typing import NamedTuple, TypeVar

import msgspec

from agents.kafka import clients, names, topics
from agents.ledger.partition import Partition
from agents.ledger.records import Incoming
from agents.ledger.restoring import OFFSET_KEY, restore
from agents.settings import Kafka
from agents.simulation.simulation import Versions
from agents.worker import COLLECT_AFTER
from schemas.codec import Codec
from schemas.inner import PolicyActivated
from streams.rows.identify import PersonKnown
from streams.rules.identity import keyed_hash
from streams.stage import Stage
from streams.steps.identify import identify_stage
from tests.bench.identify import NOW, SECRET, received
from tests.broker import running_broker
from tests.streams.policies import policy

KEYS, UPDATES = 500_000, 2_000_000
TRANSACTION = 10_000
SOURCE = "identity.inbox"
NOT_COMPACTED = {"min.compaction.lag.ms": str(24 * 3_600_000)}
"""All updates are read: the broker would compact half of them away meanwhile."""
ALONE_S = 3.0
T = TypeVar("T")


class Kept(NamedTuple):
    """What a partition that goes on has done."""

    decided: int
    seconds: float
    longest_pause_s: float

    @property
    def rate(self) -> float:
        """Records a second."""
        return self.decided / self.seconds


def written(kafka: Kafka, stage: Stage, keys: int, updates: int) -> str:
    """Fills the stage's changelog; gives its name."""
    changelog = names.changelog(kafka.prefix, stage, SOURCE)
    wanted = topics.wanted(kafka.prefix, (stage,))
    settings = topics.CHANGELOG_SETTINGS | NOT_COMPACTED
    topics.create(
        kafka, tuple(replace(one, settings=settings) for one in wanted if one.name == changelog)
    )
    people = [keyed_hash(SECRET, "email", f"p{number}@example.com") for number in range(keys)]
    producer = clients.transactional_producer(kafka, "bench")
    producer.init_transactions(30)
    for begin in range(0, updates, TRANSACTION):
        producer.begin_transaction()
        for number in range(begin, min(updates, begin + TRANSACTION)):
            row = PersonKnown(people[(number // keys + number) % keys])
            key = f"people\x00{people[number % keys]}".encode()
            producer.produce(changelog, msgspec.msgpack.encode(row), key, 0)
        producer.produce(changelog, str(begin).encode(), OFFSET_KEY, 0)
        producer.commit_transaction(30)
    return changelog


def partition(stage: Stage) -> Partition:
    """An empty one."""
    return Partition(stage, SOURCE, 0, Versions(policy()), Codec())


def restored(kafka: Kafka, stage: Stage, changelog: str) -> Partition:
    """The stage's partition with the changelog's rows, by the worker's own code."""
    empty = partition(stage)
    place = (names.topic(kafka.prefix, SOURCE), 0)
    restore(kafka, "bench", {place: empty}, lambda _topic: changelog, Flag())
    return empty


def going_on(stage: Stage, until: Callable[[], bool]) -> Kept:
    """Decides made-up events one by one."""
    codec, own = Codec(), partition(stage)
    activated = PolicyActivated(event_id="activated", version=1, effective_at=NOW)
    own.decide(Incoming(SOURCE, 0, 0, NOW, None, codec.encode(activated, SOURCE)))
    began = last = perf_counter()
    decided, longest = 0, 0.0
    while not until():
        decided += 1
        value = codec.encode(received(decided), SOURCE)
        own.decide(Incoming(SOURCE, 0, decided, NOW + decided, None, value))
        now = perf_counter()
        longest, last = max(longest, now - last), now
    return Kept(decided, last - began, longest)


def beside(stage: Stage, call: Callable[[], T]) -> tuple[T, Kept, float]:
    """A call's result, what a kept partition did meanwhile, and how long the call took."""
    over = Flag()
    with ThreadPoolExecutor(1) as pool:
        kept = pool.submit(going_on, stage, over.is_set)
        began = perf_counter()
        result = call()
        took_s = perf_counter() - began
        over.set()
        return result, kept.result(), took_s


def main() -> None:
    """Prints how long it takes, alone and beside a partition that goes on."""
    keys = int(sys.argv[1]) if len(sys.argv) > 1 else KEYS
    updates = int(sys.argv[2]) if len(sys.argv) > 2 else UPDATES
    gc.set_threshold(COLLECT_AFTER)
    stage = identify_stage(SECRET)
    with running_broker(quick=False) as broker:
        kafka = Kafka(broker=broker.bootstrap, prefix=f"restore-{secrets.token_hex(4)}-")
        changelog = written(kafka, stage, keys, updates)
        began = perf_counter()
        whole = restored(kafka, stage, changelog)
        alone_s = perf_counter() - began
        print(f"{whole.loaded} keys after {updates} updates: {alone_s:.1f} s alone")
        end = perf_counter() + ALONE_S
        before = going_on(stage, lambda: perf_counter() > end)
        _, kept, beside_s = beside(stage, lambda: restored(kafka, stage, changelog))
    print(
        f"{beside_s:.1f} s beside a partition that goes on: {kept.rate:.0f} records a second "
        f"({before.rate:.0f} before), longest pause {kept.longest_pause_s * 1000:.0f} ms"
    )


if __name__ == "__main__":
    main()
