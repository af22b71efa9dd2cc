"""What leadstream is measured beside: bare transactions over the same hops, the same bytes.

`python -m tests.bare_loop`, with broker and prefix in the environment as a worker has them. Each
hop reads a batch, sends what the real stage sends of it, writes as many bytes to the same
changelog, and commits. It decides nothing, restores nothing, and is not safe in a rebalance.
"""

import threading
from collections.abc import Sequence
from typing import NamedTuple

from confluent_kafka import Consumer, Message, Producer, TopicPartition

from agents.kafka import clients, names
from agents.kafka.committed import place_of
from agents.kafka.member import Member
from agents.ledger.membership import offset_of
from agents.settings import Kafka

BATCH = 5_000
WAIT_S = 0.1
OUTCOME = b"o"
"""First byte of what route tells qualify: read there, and nothing follows from it."""


class Sends(NamedTuple):
    """One record to a topic for each record read, so many bytes with its headers."""

    topic: str
    size: int
    mark: bytes = b"-"


class Hop(NamedTuple):
    """A stage's work on one record, counted in a simulation of 1 000 made-up leads."""

    stage: str
    source: str
    sends: tuple[Sends, ...]
    rows: int
    row_bytes: int


HOPS = (
    Hop("intake", "leads.raw", (Sends("identity.inbox", 564),), 2, 29),
    Hop("identify", "identity.inbox", (Sends("accounts.inbox", 554),), 8, 57),
    Hop("qualify", "accounts.inbox", (Sends("leads.scored", 406), Sends("routing.inbox", 579)),
        10, 91),
    Hop("route", "routing.inbox", (Sends("assignments.rep", 773), Sends("leads.lifecycle", 311),
                                   Sends("accounts.inbox", 325, OUTCOME)), 8, 90),
)  # fmt: skip


class Loop:
    """One hop in a thread of its own, as the agents are."""

    def __init__(self, kafka: Kafka, hop: Hop) -> None:
        """Joins the group."""
        self._hop, self._prefix = hop, kafka.prefix
        group = f"{kafka.prefix}bare-{hop.stage}"
        self._producer: Producer = clients.transactional_producer(kafka, group)
        self._consumer: Consumer = clients.group_consumer(kafka, group, Member.fresh(group))
        self._changelog = names.changelog_of(kafka.prefix, hop.stage, hop.source)
        self._source = names.topic(kafka.prefix, hop.source)

    def run(self) -> None:
        """For ever."""
        self._producer.init_transactions(30)
        self._consumer.subscribe([self._source], on_assign=_from_the_beginning)
        while True:
            messages = self._consumer.consume(1, WAIT_S)
            if messages:
                self._turn(messages + self._consumer.consume(BATCH, 0))

    def _turn(self, messages: list[Message]) -> None:
        producer, ends = self._producer, dict[int, int]()
        producer.begin_transaction()
        for message in messages:
            if message.error():
                raise SystemExit(str(message.error()))
            place = place_of(message)
            ends[place[1]] = offset_of(message) + 1
            self._send(message)
        offsets = [TopicPartition(self._source, *place) for place in ends.items()]
        metadata = self._consumer.consumer_group_metadata()
        producer.send_offsets_to_transaction(offsets, metadata, 30)
        producer.commit_transaction(30)

    def _send(self, message: Message) -> None:
        hop, name, produce = self._hop, message.key() or b"", self._producer.produce
        is_outcome = (message.value() or b"")[:1] == OUTCOME
        for one in () if is_outcome else hop.sends:
            size = one.size - len(name)
            value = (one.mark + (message.value() or b""))[:size].ljust(size, b"x")
            produce(names.topic(self._prefix, one.topic), value, name)
        for number in range(hop.rows // 2 if is_outcome else hop.rows):
            key = b"%d-%s" % (number, name)
            row = b"y" * (hop.row_bytes - len(key))
            produce(self._changelog, row, key, place_of(message)[1])


def _from_the_beginning(consumer: Consumer, partitions: list[TopicPartition]) -> None:
    """Or from what was committed before: a backlog is read by a second process."""
    committed = consumer.committed(partitions, 10)
    for place in committed:
        place.offset = max(place.offset, 0)
    consumer.incremental_assign(committed)


def run(hops: Sequence[Hop]) -> None:
    """Runs all hops until the process is ended."""
    kafka = Kafka()
    threads = [threading.Thread(target=Loop(kafka, hop).run, daemon=True) for hop in hops]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    run(HOPS)
