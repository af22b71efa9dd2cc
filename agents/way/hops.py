"""From records to a lead's way: who took up what, how long it had waited, and how long it took.

Pure. The log-append time of a record and the headers of what it caused tell all of it (decision
0044): a hop's queue is from the append of the record until it was taken up, its work from there
until the last record that it sent was appended. The commit that makes a record visible is in the
next hop's queue.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from agents.kafka.scan import Found
from agents.ledger.trace import CAUSE, TAKEN_UP_AT, TIMER_DUE, context_of, header
from schemas.topics import CATALOGUE

_PLACE = re.compile(rb"([a-z.]{1,40})/(\d{1,10})/(\d{1,18})")
_INSTANT = re.compile(rb"\d{1,15}")


class Place(NamedTuple):
    """Where a record stands; the topic by the catalogue, without the deployment's prefix."""

    topic: str
    partition: int
    offset: int


class Hop(NamedTuple):
    """One agent's work on one record or timer. Instants in milliseconds since the epoch."""

    agent: str
    source: Place
    """The record that it took up, or that let the timer fire."""
    due: int | None
    """Of a timer: when it was due; None: it was a record."""
    appended: int | None
    """When the record was appended; None: it is not kept any more, or it was a timer."""
    taken_up: int
    sent: tuple[Found, ...]
    """What it sent about the lead, and what led on to that."""
    trace_id: str | None
    """None where its trace was not sampled."""

    @property
    def began(self) -> int:
        """Since when it waited."""
        since = self.appended if self.due is None else self.due
        return self.taken_up if since is None else min(since, self.taken_up)

    @property
    def ended(self) -> int:
        """When the last record of it was appended; clocks may differ, time does not go back."""
        return max(self.taken_up, *(one.timestamp for one in self.sent))

    @property
    def queue_ms(self) -> int:
        """How long it waited to be taken up."""
        return self.taken_up - self.began

    @property
    def work_ms(self) -> int:
        """How long the agent took, the other records of its batch before it included."""
        return self.ended - self.taken_up


class Way(NamedTuple):
    """Everything that came of one input record or one timer."""

    hops: tuple[Hop, ...]
    """In the order in which they were taken up."""

    @property
    def began(self) -> int:
        """When its first record was appended, or its timer due."""
        return min(hop.began for hop in self.hops)

    @property
    def ended(self) -> int:
        """When its last record was appended."""
        return max(hop.ended for hop in self.hops)

    @property
    def trace_id(self) -> str | None:
        """Of the trace in which it can be looked up; None where it was not sampled."""
        return self.hops[0].trace_id


Records = Mapping[Place, Found]


def place_of(record: Found) -> Place:
    """Where a record stands."""
    return Place(record.topic, record.partition, record.offset)


def cause_of(record: Found) -> Place | None:
    """Which record caused this one; None: it came from outside, or nobody said so."""
    found = _PLACE.fullmatch(header(record.headers, CAUSE) or b"")
    if found is None or (topic := found[1].decode()) not in CATALOGUE:
        return None
    return Place(topic, int(found[2]), int(found[3]))


def wanted(records: Records) -> set[Place]:
    """The records that are to be looked up next: causes that are not known yet.

    Not those of timers: which record woke a timer says nothing about the lead.
    """
    causes = {cause_of(one) for one in records.values() if _due(one) is None}
    return {place for place in causes if place is not None and place not in records}


def ways(records: Records) -> list[Way]:
    """The lead's ways in the order of time."""
    hops = {key: _hop(key[0], sent, records) for key, sent in _by_decision(records).items()}
    by_root: dict[object, list[Hop]] = defaultdict(list)
    for key, hop in hops.items():
        by_root[_root(key, records)].append(hop)
    found = [Way(tuple(sorted(each, key=lambda hop: hop.taken_up))) for each in by_root.values()]
    return sorted(found, key=lambda way: way.began)


Decision = tuple[Place, int | None, str | None]
"""The record, when the timer was due, and the trace: a record may let several timers fire."""


def _by_decision(records: Records) -> dict[Decision, list[Found]]:
    found: dict[Decision, list[Found]] = defaultdict(list)
    for one in records.values():
        key = _decision(one)
        if key is not None:
            found[key].append(one)
    return found


def _decision(record: Found) -> Decision | None:
    """By what a record was sent; None: it came from outside, or before this was noted."""
    cause = cause_of(record)
    if cause is None or _instant(record, TAKEN_UP_AT) is None:
        return None
    context = context_of(record.headers)
    return cause, _due(record), context.trace_id if context else None


def _hop(source: Place, sent: Iterable[Found], records: Records) -> Hop:
    listed = tuple(sorted(sent, key=lambda one: (one.timestamp, one.topic)))
    due = _due(listed[0])
    read = records.get(source) if due is None else None
    context = context_of(listed[0].headers)
    return Hop(
        agent=CATALOGUE[source.topic].consumers[0],
        source=source,
        due=due,
        appended=None if read is None else read.timestamp,
        taken_up=_instant(listed[0], TAKEN_UP_AT) or 0,
        sent=listed,
        trace_id=context.trace_id if context and context.sampled else None,
    )


def _root(key: Decision, records: Records) -> object:
    """What a decision goes back to: the first record or timer of its way.

    A header comes from whoever wrote the record, so that a chain could lead round in a circle.
    """
    seen: set[Decision] = set()
    while key not in seen:
        seen.add(key)
        if key[1] is not None:
            return key
        read = records.get(key[0])
        before = None if read is None else _decision(read)
        if before is None:
            return key[0]
        key = before
    return key


def _due(record: Found) -> int | None:
    return _instant(record, TIMER_DUE)


def _instant(record: Found, name: str) -> int | None:
    found = header(record.headers, name) or b""
    return int(found) if _INSTANT.fullmatch(found) else None
