"""A stage decides a recording again, from its own inboxes, and must say the same.

Each partition begins empty and gets its records in their order, with the times at which they were
appended. Nothing is asked outside: policies, schemas and times stand in the recording.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from agents.kafka.names import Share
from agents.kafka.scan import Found
from agents.ledger.partition import Partition, Policies
from agents.ledger.records import Incoming
from agents.ledger.trace import stamped
from agents.recording.comparison import MISSING, Difference, first_difference
from agents.recording.file import Recording
from schemas.codec import Codec
from schemas.topics import INPUTS, OUTPUTS
from streams.stage import Stage

ASKS_OUTSIDE = "enrich"
"""What a provider answers follows from no record. It is recorded as intake's input instead."""
FROM_OUTSIDE = frozenset(topic.name for topic in INPUTS)


class Departure(NamedTuple):
    """Where a stage first said something else than recorded."""

    stage: str
    topic: str
    partition: int
    offset: int
    """Of the record that it decided."""
    difference: Difference

    def __str__(self) -> str:
        """Most of a sentence, without anybody's data."""
        place = f"record {self.offset} of {self.topic}/{self.partition}"
        return f"{self.stage}, given {place}, {self.difference}"


class Replay(NamedTuple):
    """What became of a stage's replay."""

    stage: str
    decided: int
    """Records that were decided again, until the first difference."""
    said: int
    """Records that it sent because of them."""
    left: int
    """Records that were not decided yet when the recording was made."""
    departure: Departure | None


class Replaying:
    """Replays stage by stage."""

    def __init__(
        self,
        recording: Recording,
        policies: Policies,
        codec: Codec,
        progress: Callable[[int], object],
    ) -> None:
        """`progress` gets how many records were decided so far, of all stages."""
        self._recording, self._policies, self._codec = recording, policies, codec
        self._progress = progress
        self._decided = self._said = 0

    def stage(self, stage: Stage) -> Replay:
        """Decides all that the stage had decided. Raises as `Partition.decide` does."""
        decided, said = self._decided, self._said
        extents = {
            (topic, number): end
            for topic in stage.sources
            for number, end in self._recording.partitions(topic).items()
        }
        departure = next(
            (
                found
                for share, end in extents.items()
                if (found := self._partition(stage, share, end))
            ),
            None,
        )
        left = sum(self._recording.count(share, end)[1] for share, end in extents.items())
        return Replay(stage.name, self._decided - decided, self._said - said, left, departure)

    def _partition(self, stage: Stage, share: Share, end: int) -> Departure | None:
        partition = Partition(stage, *share, self._policies, self._codec)
        said = _Said(self._recording.caused(share, end))
        for found in self._recording.records(share, end):
            if strange := said.before(found.offset):
                return Departure(stage.name, *share, *strange)
            record = Incoming(*found)
            again = stamped(partition.decide(record), record, 0)
            partition.commit()
            difference = first_difference(again, said.because_of(record.offset), self._codec)
            if difference is not None:
                return Departure(stage.name, *share, record.offset, difference)
            self._decided += 1
            self._said += len(again)
            self._progress(self._decided)
        strange = said.before(end)
        return None if strange is None else Departure(stage.name, *share, *strange)


class _Said:
    """What was said, in the order of the records that caused it."""

    def __init__(self, caused: Iterable[tuple[int, Found]]) -> None:
        self._groups = (
            (cause, [found for _, found in group])
            for cause, group in groupby(_ours(caused), itemgetter(0))
        )
        self._next = next(self._groups, None)

    def before(self, offset: int) -> tuple[int, Difference] | None:
        """What is left from before this offset: its cause, which is no record of the inbox."""
        if self._next is None or self._next[0] >= offset:
            return None
        cause, (first, *_) = self._next
        return cause, Difference(first.topic, first.partition, first.offset, MISSING)

    def because_of(self, offset: int) -> list[Found]:
        """What the record at this offset caused, and forgets it."""
        if self._next is None or self._next[0] != offset:
            return []
        _, found = self._next
        self._next = next(self._groups, None)
        return found


def _ours(caused: Iterable[tuple[int, Found]]) -> Iterator[tuple[int, Found]]:
    """Without what stands in input topics: anybody may write there, with any header."""
    return ((cause, found) for cause, found in caused if found.topic not in FROM_OUTSIDE)


def from_nowhere(recording: Recording) -> Found | None:
    """A record of an output topic that no stage of ours has sent: it names no cause."""
    found = (recording.uncaused(topic.name) for topic in OUTPUTS)
    return next((one for one in found if one is not None), None)
