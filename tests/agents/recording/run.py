"""A run of the whole pipeline on logs in memory, recorded as one on a broker would be."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from pathlib import Path

from agents import inputs
from agents.kafka.names import Share
from agents.kafka.scan import Found
from agents.ledger.partition import Partition
from agents.ledger.records import Headers, Incoming, Sent
from agents.ledger.trace import stamped
from agents.recording.file import About, opened, written
from agents.settings import PUBLIC_SECRET
from agents.simulation.partitioner import partition_of
from agents.simulation.simulation import Versions
from schemas.codec import Codec
from schemas.inner import PolicyActivated, Tick
from schemas.topics import CATALOGUE
from streams.pipeline import pipeline
from streams.policy.compiled import compile_policy
from streams.policy.release import release
from streams.stage import Stage
from tests.house.checks import ROOT

MONDAY = ROOT / "deploy" / "examples" / "monday.jsonl"
POLICY = ROOT / "deploy" / "policies" / "default.yaml"
UNTIL_MS = 14 * 3_600_000
"""So long after the last line timers fire: clocks run out, and people take over."""
ALL = 1 << 62
"""Above every offset."""
CODEC = Codec()


def stages() -> tuple[Stage, ...]:
    """The pipeline's, under the secret of all tests."""
    return pipeline(PUBLIC_SECRET.encode(), CODEC)


class Run:
    """Logs of every partition; a record is decided as soon as it is appended."""

    def __init__(self) -> None:
        """With the default policy published."""
        self.log: dict[Share, list[Found]] = defaultdict(list)
        self._now = 0
        self._queue: deque[Incoming] = deque()
        versions = Versions()
        self._partitions = {
            (source, number): Partition(stage, source, number, versions, CODEC)
            for stage in stages()
            for source in stage.sources
            for number in range(CATALOGUE[source].partitions)
        }
        document = release(POLICY.read_text("utf-8"))
        versions.add(compile_policy(document, 0))
        self._append("policy", 0, None, document.encode())
        for topic, number in self._partitions:
            if PolicyActivated in CATALOGUE[topic].events:
                activated = PolicyActivated(event_id="policy-0", version=0, effective_at=0)
                self._append(topic, number, None, CODEC.encode(activated, topic))

    def monday(self) -> "Run":
        """Decides the lines of the README's morning, and all timers of the day."""
        with inputs.opened(MONDAY) as stream:
            for line in inputs.read_lines(stream, MONDAY.name):
                self._run_until(line.at or 0)
                key = inputs.key_of(line.value)
                self._append(line.topic, _number(line.topic, key), key, line.value)
        self._run_until(self._now + UNTIL_MS)
        return self

    def save(self, target: Path, *, later: Iterable[Share] = ()) -> Path:
        """Writes what was logged; of the partitions in `later` the last record was not decided."""
        decided = {
            (topic.name, number): len(self.log[topic.name, number])
            - ((topic.name, number) in later)
            for topic in CATALOGUE.values()
            for number in range(topic.partitions)
        }
        check = next(stage.key_check for stage in stages() if stage.key_check is not None)
        with written(target) as writing:
            writing.begin(About(check, framed=False), decided)
            for records in self.log.values():
                writing.add(records)
        return target

    def _run_until(self, instant: int) -> None:
        """Appends a tick wherever something is due, as a partition's owner does."""
        while True:
            dues = [
                (due, share) for share, one in self._partitions.items() if (due := one.next_due())
            ]
            due, (topic, number) = min(dues, default=(instant + 1, ("", 0)))
            if due > instant:
                break
            self._now = max(self._now, due)
            self._append(topic, number, None, CODEC.encode(Tick(event_id=f"tick-{due}"), topic))
        self._now = max(self._now, instant)

    def _append(
        self, topic: str, number: int, key: bytes | None, value: bytes, headers: Headers = ()
    ) -> None:
        found = Found(topic, number, len(self.log[topic, number]), self._now, key, value, headers)
        self.log[topic, number].append(found)
        self._queue.append(Incoming(*found))
        while self._queue:
            record = self._queue.popleft()
            partition = self._partitions.get((record.topic, record.partition))
            if partition is not None:
                for one in stamped(partition.decide(record), record, self._now):
                    self._send(one)
                partition.commit()

    def _send(self, one: Sent) -> None:
        number = _number(one.topic, one.key) if one.partition is None else one.partition
        share = (one.topic, number)
        found = Found(*share, len(self.log[share]), self._now, one.key, one.value, one.headers)
        self.log[share].append(found)
        self._queue.append(Incoming(*found))


def altered(
    source: Path, target: Path, change: Callable[[Found], Iterable[Found]], *, expired: str = ""
) -> Path:
    """A copy of a recording in which each record is what `change` makes of it.

    Of the topic `expired` nobody knows how far it was decided.
    """
    shares = [(one.name, number) for one in CATALOGUE.values() for number in range(one.partitions)]
    with opened(source) as before, written(target) as writing:
        decided = {
            (topic, number): before.partitions(topic)[number] * (topic != expired)
            for topic, number in shares
        }
        writing.begin(before.about, decided)
        for share in shares:
            for found in before.records(share, ALL):
                writing.add(change(found))
    return target


def _number(topic: str, key: bytes | None) -> int:
    return 0 if key is None else partition_of(key, CATALOGUE[topic].partitions)
