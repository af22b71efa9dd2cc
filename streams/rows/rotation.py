"""Rows of a fair rotation: one for the rotation, one for each member's turn."""

from typing import Final

from streams.tables import Row

LEAD: Final = 1 << 40
"""Units of virtual time in one lead at weight 1."""
PRESENT: Final = -(1 << 62)
"""`away_since` of a member whose share accrues."""


class Moved(Row, frozen=True):
    """A member whose turn is not what the turn's own row says: away, or back.

    Kept in the rotation's row until the member takes a lead, so that a decision writes the
    rotation's row and one turn, however many come and go.
    """

    rep_id: str
    start: int
    """Virtual start of the turn."""
    away_since: int
    """Virtual time since which no share accrues, or `PRESENT`."""


class RotationRow(Row, frozen=True):
    """A rotation's state."""

    virtual_time: int = 0
    sharing: int = 0
    """Sum of the weights that shared the last lead, as they are now: who joined since is in it."""
    moved: tuple[Moved, ...] = ()
    """By rep id."""


class TurnRow(Row, frozen=True):
    """A member's turn; a member without one was there when the rotation began, at time 0."""

    start: int
    """Virtual start."""
    weight: int
    """The weight under which it was written."""


class AsideRow(Row, frozen=True):
    """Turns that a member was given (under 0: that were taken) and has not worked off yet."""

    rep_id: str
    leads: int


class FairnessRow(Row, frozen=True):
    """What the watch over a rotation has to remember (promise 5)."""

    limit: int = 0
    """The most that was promised so far for changing eligibility, in hundredths of a lead."""
    changed: bool = False
    """Members, weights, eligibility or turns have changed: a lead is the limit no more."""
    aside: tuple[AsideRow, ...] = ()
    """By rep id; nobody is in it with nothing."""
    told: bool = False
    """A break was told of and is not over."""


def span(weight: int) -> int:
    """How long a turn lasts in virtual time."""
    return LEAD // weight
