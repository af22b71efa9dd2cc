"""The events of one lead, in the order in which one led to the other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from schemas.record import parse_time

TOPICS = (
    "leads.scored",
    "sla.breaches",
    "assignments.ended",
    "leads.recycled",
    "assignments.offers",
    "assignments.rep",
    "assignments.pool",
    "leads.lifecycle",
)
"""Topics that tell about a lead; within one step, causes before what they cause."""
ALERTS = "alerts"
"""Tells about reps; what managers did about them may bear on a lead (`interventions`)."""
RANK = {topic: number for number, topic in enumerate((ALERTS, *TOPICS))}


class Said(NamedTuple):
    """One event about a lead."""

    topic: str
    at: int
    """When it was decided, milliseconds since the epoch."""
    logged: int
    """When it came into the log: milliseconds since the epoch, or line of the file."""
    place: tuple[int, int]
    """Where it stands among the events of its step: rank of its topic, offset or line."""
    value: Mapping[str, Any]
    """JSON content of the event (contract, section 3)."""


def of_line(topic: str, number: int, value: Mapping[str, Any]) -> Said:
    """An event on a line of a file, in which all topics stand in one order.

    Raises `ValueError` or `KeyError` if it is none of ours.
    """
    return Said(topic, parse_time(value["at"]), number, (0, number), value)


def of_record(topic: str, logged: int, offset: int, value: Mapping[str, Any]) -> Said:
    """An event on the broker, which keeps an order within a topic and a clock over all of them.

    Raises `ValueError` or `KeyError` if it is none of ours.
    """
    place = (RANK.get(topic, len(RANK)), offset)
    return Said(topic, parse_time(value["at"]), logged, place, value)


def in_order(events: Iterable[Said]) -> list[Said]:
    """By time; at one instant step by step, in the order of the log, for a step reads its cause."""
    known = sorted((event for event in events if event.topic in RANK), key=attrgetter("at"))
    return [event for _, instant in groupby(known, attrgetter("at")) for event in _by_step(instant)]


def _by_step(instant: Iterable[Said]) -> Iterator[Said]:
    """One step's events have one cause and are committed together."""
    steps: defaultdict[str, list[Said]] = defaultdict(list)
    for event in instant:
        steps[event.value.get("caused_by", "")].append(event)
    for step in sorted(steps.values(), key=_logged):
        yield from sorted(step, key=_within)


def _logged(step: list[Said]) -> tuple[int, list[tuple[int, int]]]:
    """Steps of one batch come into the log together: there the lead's life cycle tells."""
    cycle = sorted(event.place for event in step if event.topic == "leads.lifecycle")
    return min(event.logged for event in step), cycle


def _within(event: Said) -> tuple[bool, tuple[int, int]]:
    """A clock that ran out is why the rest of its step happened, whatever was written first."""
    return event.topic != "sla.breaches", event.place
