"""Records run through every stage in one thread; time is what the input says.

Hops take no time: what a record causes is decided before the next record. Timers fire in order
between input lines, each as the `Tick` record that its partition's owner would have appended.
"""

from collections import deque
from collections.abc import Callable, Iterable
from typing import NamedTuple

import orjson

from agents.ledger.partition import Partition, Policies
from agents.ledger.records import Headers, Incoming, Sent
from agents.simulation.partitioner import partition_of
from schemas.codec import Codec
from schemas.inner import PolicyActivated, ShadowSet, Tick
from schemas.record import Event, format_time
from schemas.topics import CATALOGUE
from streams.policy.compiled import Policy
from streams.stage import Stage, event_id


class Line(NamedTuple):
    """One input line: its topic, log-append time in milliseconds and JSON value as bytes."""

    topic: str
    at: int
    value: bytes
    key: bytes | None = None


class Appended(NamedTuple):
    """A record as it stands in a simulated log."""

    sent: Sent
    partition: int
    offset: int
    at: int


class Versions:
    """The policies that have been published so far."""

    def __init__(self, *policies: Policy) -> None:
        """Those that there are already."""
        self._policies = {policy.version: policy for policy in policies}

    def add(self, policy: Policy) -> None:
        """One more."""
        self._policies[policy.version] = policy

    def get(self, version: int) -> Policy:
        """The policy of a version. Raises `LookupError` for one that was not published."""
        if version not in self._policies:
            msg = f"policy version {version} was not published in this simulation"
            raise LookupError(msg)
        return self._policies[version]


class Simulation:
    """A pipeline in memory. `seen` gets every record that a stage sends, in order."""

    def __init__(
        self,
        stages: Iterable[Stage],
        codec: Codec,
        seen: Callable[[Appended], None],
        policies: Policies | None = None,
    ) -> None:
        """Nothing is decided before the first policy is published.

        `policies`: those that partitions which are loaded go by; without them `publish` adds them.
        """
        self._codec, self._seen, self._versions = codec, seen, Versions()
        self.partitions: dict[tuple[str, int], Partition] = {
            (source, number): Partition(stage, source, number, policies or self._versions, codec)
            for stage in stages
            for source in stage.sources
            for number in range(CATALOGUE[source].partitions)
        }
        self._offsets: dict[tuple[str, int], int] = {}
        self._dues: dict[tuple[str, int], int] = {}
        self._queue: deque[Incoming] = deque()
        self.now = 0

    def publish(self, policy: Policy, at: int) -> None:
        """Brings a version into force everywhere at an instant, as publishing does."""
        at = max(at, self.now)
        self.run_until(at)
        self._versions.add(policy)
        activated = PolicyActivated(
            event_id=event_id(f"policy/{policy.version}", "activated"),
            version=policy.version,
            effective_at=at,
        )
        for topic, number in self.partitions:
            if PolicyActivated in CATALOGUE[topic].events:
                self._append_inner(topic, number, activated, at)
        self._drain()
        self.run_until(at)

    def shadow(self, candidate: Policy | None, at: int) -> None:
        """Lets a candidate decide beside the policy in force from an instant on; None: ends it."""
        self.run_until(max(at, self.now))
        if candidate is not None:
            self._versions.add(candidate)
        version = candidate.version if candidate else None
        event = ShadowSet(event_id=event_id(f"policy/{version}", "shadow"), version=version)
        for topic, number in self.partitions:
            if ShadowSet in CATALOGUE[topic].events:
                self._append_inner(topic, number, event, self.now)
        self._drain()

    def feed(self, line: Line) -> None:
        """Runs the clock to the line's time, then decides the line and all it causes."""
        at = max(line.at, self.now)
        self.run_until(at)
        number = self._number(line.topic, line.key)
        self._append(line.topic, number, line.key, line.value, (), at)
        self._drain()

    def run_until(self, instant: int) -> None:
        """Fires every timer due at or before an instant, in order of time."""
        while self._dues:
            due, place = min((due, place) for place, due in self._dues.items())
            if due > instant:
                break
            tick = Tick(event_id=event_id(f"{place[0]}/{place[1]}/{due}", "tick"))
            self._append_inner(*place, tick, max(due, self.now))
            self._drain()
        self.now = max(self.now, instant)

    def next_due(self) -> int | None:
        """When something is next due, or None when nothing is."""
        return min(self._dues.values(), default=None)

    def _append_inner(self, topic: str, number: int, event: Event, at: int) -> None:
        self._append(topic, number, None, self._codec.encode(event, topic), (), at)

    def _append(
        self, topic: str, number: int, key: bytes | None, value: bytes, headers: Headers, at: int
    ) -> int:
        place = (topic, number)
        offset = self._offsets.get(place, 0)
        self._offsets[place] = offset + 1
        self.now = max(self.now, at)
        if place in self.partitions:
            self._queue.append(Incoming(topic, number, offset, self.now, key, value, headers))
        return offset

    def _drain(self) -> None:
        while self._queue:
            record = self._queue.popleft()
            place = (record.topic, record.partition)
            partition = self.partitions[place]
            for sent in partition.decide(record):
                self._send(sent)
            partition.commit()
            due = partition.next_due()
            if due is None:
                self._dues.pop(place, None)
            else:
                self._dues[place] = due

    def _send(self, sent: Sent) -> None:
        number = self._number(sent.topic, sent.key) if sent.partition is None else sent.partition
        offset = self._append(sent.topic, number, sent.key, sent.value, sent.headers, self.now)
        self._seen(Appended(sent, number, offset, self.now))

    def _number(self, topic: str, key: bytes | None) -> int:
        """The partition of a key; records without one go to the first."""
        return 0 if key is None else partition_of(key, CATALOGUE[topic].partitions)


def as_line(appended: Appended, value: dict[str, object]) -> bytes:
    """A sent event as one JSON line: topic, key, log-append time, value."""
    sent = appended.sent
    key = None if sent.key is None else sent.key.decode()
    content = {"topic": sent.topic, "key": key, "at": format_time(appended.at), "value": value}
    return orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE)
