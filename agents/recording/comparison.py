"""What a stage says now beside what it said: partition, order, key, value and headers.

Order is compared among the records that one record caused in one output partition: between
partitions, and between causes of several producers, Kafka promises none. Of the headers two things
tell about the run and not about what was decided, and are left out: `taken_up_at`, and whether a
trace is sampled (LEADSTREAM_TRACE_RATIO).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Any, NamedTuple

from agents.kafka.scan import Found
from agents.ledger.records import Headers, Sent
from agents.ledger.trace import TAKEN_UP_AT, TRACEPARENT
from agents.simulation.partitioner import partition_of
from schemas.codec import Codec, Unreadable, to_json
from schemas.topics import CATALOGUE


class Difference(NamedTuple):
    """The first thing that a record caused otherwise than recorded."""

    topic: str
    """Of what was said."""
    partition: int
    offset: int | None
    """None: this was not recorded."""
    field: str
    """What differs: `key`, `value.<path>`, `header.<name>`; or the record itself."""

    def __str__(self) -> str:
        """A part of a sentence, without anybody's data."""
        if self.offset is None:
            return f"sends {self.topic}/{self.partition} a record that was not recorded"
        place = f"record {self.offset} of {self.topic}/{self.partition}"
        if self.field == MISSING:
            return f"does not send {place} again"
        return f"sends another {self.field} in {place}"


MISSING = "record"
"""The field where a whole record is on one side only."""


def first_difference(
    again: Iterable[Sent], said: Iterable[Found], codec: Codec
) -> Difference | None:
    """Compares what one record causes with what it caused; None: it is the same to the byte."""
    now: dict[tuple[str, int], list[Sent]] = defaultdict(list)
    for sent in again:
        now[sent.topic, _partition(sent)].append(sent)
    then: dict[tuple[str, int], list[Found]] = defaultdict(list)
    for found in said:
        then[found.topic, found.partition].append(found)
    for share in sorted(now.keys() | then.keys()):
        for sent, found in zip_longest(now[share], then[share]):
            if sent is None or found is None:
                return Difference(*share, None if found is None else found.offset, MISSING)
            field = _field(sent, found, codec)
            if field is not None:
                return Difference(*share, found.offset, field)
    return None


def _partition(sent: Sent) -> int:
    if sent.partition is not None:
        return sent.partition
    return partition_of(sent.key or b"", CATALOGUE[sent.topic].partitions)


def _field(sent: Sent, found: Found, codec: Codec) -> str | None:
    if sent.key != found.key:
        return "key"
    if sent.value != found.value:
        return ".".join(("value", *_path(sent.value, found.value, codec)))
    for one, other in zip_longest(_decided(sent.headers), _decided(found.headers)):
        if one != other:
            return f"header.{(one or other)[0]}"
    return None


def _decided(headers: Headers) -> list[tuple[str, bytes]]:
    """The headers less what tells about the run."""
    return [
        (name, value.rpartition(b"-")[0] if name == TRACEPARENT else value)
        for name, value in headers
        if name != TAKEN_UP_AT
    ]


def _path(one: bytes, other: bytes, codec: Codec) -> tuple[str, ...]:
    """Where two values differ first; nothing where that cannot be read."""
    try:
        events = codec.decode(one), codec.decode(other)
    except Unreadable:
        return ()
    if type(events[0]) is not type(events[1]):
        return ()
    return tuple(_differing(*map(to_json, events)))


def _differing(one: Any, other: Any) -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        names = [name for name in {**one, **other} if one.get(name) != other.get(name)]
        for name in names[:1]:
            yield name
            yield from _differing(one.get(name), other.get(name))
    elif isinstance(one, list) and isinstance(other, list):
        pairs = enumerate(zip_longest(one, other))
        for number, (left, right) in [each for each in pairs if each[1][0] != each[1][1]][:1]:
            yield str(number)
            yield from _differing(left, right)
