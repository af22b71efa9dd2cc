"""One moment of a running pipeline: how far each stage has decided, and what stands in the logs."""

from collections.abc import Iterable, Iterator
from threading import Event as Flag
from typing import NamedTuple

from agents.kafka import committed, names, topics
from agents.kafka.committed import Extent
from agents.kafka.names import Share
from agents.kafka.scan import Found, found_in
from agents.leaving import StayDown
from agents.settings import Kafka
from schemas.topics import CATALOGUE
from streams.stage import Stage


class BeginningGone(StayDown):
    """A log's first records are not kept any more, so nobody can decide from its beginning."""


class Cut(NamedTuple):
    """What was decided by a moment, and where everything said because of it stands."""

    decided: dict[Share, int]
    """Before this offset everything in a partition was decided; 0 where no stage reads it."""
    extents: dict[Share, Extent]

    @property
    def total(self) -> int:
        """How many offsets there are to read."""
        return sum(high - low for low, high in self.extents.values())


def cut(kafka: Kafka, stages: Iterable[Stage]) -> Cut:
    """How far the stages are, and then the logs' ends: whatever they said by then lies before.

    Raises `BeginningGone`, `StayDown` for a topic that is missing or has other partitions than the
    catalogue's, `KafkaException`, `TimeoutError`.
    """
    topics.refuse_wrong_partitions(kafka, topics.wanted(kafka.prefix, ()))
    shares = names.shares(CATALOGUE)
    decided = dict.fromkeys(shares, 0)
    for stage in stages:
        read_to = committed.read_to(kafka, stage)
        decided |= {share: offset or 0 for share, offset in read_to.items()}
    found = Cut(decided, committed.extents_of(kafka, shares))
    _refuse_missing_beginning(found)
    return found


def _refuse_missing_beginning(found: Cut) -> None:
    for (topic, number), (low, _) in found.extents.items():
        if low > 0:
            msg = (
                f"the records of {topic}/{number} before offset {low} are not kept any more, and "
                "a replay decides from the beginning: record before retention deletes it"
            )
            raise BeginningGone(msg)


def records(kafka: Kafka, found: Cut) -> Iterator[list[Found]]:
    """Every committed record of a cut, slice by slice, each partition in its order.

    Raises `KafkaException`, `TimeoutError`.
    """
    catalogued = {names.topic(kafka.prefix, topic): topic for topic in CATALOGUE}
    extents = {names.place(kafka.prefix, share): extent for share, extent in found.extents.items()}
    for messages in committed.records(kafka, extents, "the ends of the topics", Flag()):
        yield [found_in(catalogued[committed.place_of(one)[0]], one) for one in messages]
