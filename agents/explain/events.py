"""The events of one lead, in the order in which things happened."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from schemas.record import parse_time

TOPICS = (
    "leads.scored",
    "sla.breaches",
    "assignments.ended",
    "leads.recycled",
    "assignments.rep",
    "assignments.pool",
    "leads.lifecycle",
)
"""Topics that tell about a lead; at one instant, causes before what they cause."""


class Said(NamedTuple):
    """One event about a lead."""

    topic: str
    at: int
    """When it was decided, milliseconds since the epoch."""
    place: int
    """Offset on the broker, or line of the file."""
    value: Mapping[str, Any]
    """JSON content of the event (contract, section 3)."""


def said(topic: str, place: int, value: Mapping[str, Any]) -> Said:
    """An event from its JSON content. Raises `ValueError` or `KeyError` if it is none of ours."""
    return Said(topic, parse_time(value["at"]), place, value)


def in_order(events: Iterable[Said]) -> list[Said]:
    """By time, then topic, then place: a lead's partition keeps the order within each topic."""
    order = {topic: number for number, topic in enumerate(TOPICS)}
    known = (event for event in events if event.topic in order)
    return sorted(known, key=lambda event: (event.at, order[event.topic], event.place))
