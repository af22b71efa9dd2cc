"""Where a lead stood and for how long: the waiting room, a pool, a rep."""

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from schemas.outputs import LifecycleChanged


class Stay(NamedTuple):
    """A place of a lead; instants in milliseconds since the epoch."""

    place: str
    since: int
    until: int | None
    """None: it is there still."""
    reason: str


def stays(events: Iterable[LifecycleChanged]) -> list[Stay]:
    """The places that a lead had, in the order in which they were logged."""
    moves = [event for event in events if event.from_place != event.to_place]
    ended = [
        Stay(one.to_place, one.at, following.at, one.reason) for one, following in pairwise(moves)
    ]
    return ended + [Stay(one.to_place, one.at, None, one.reason) for one in moves[-1:]]
