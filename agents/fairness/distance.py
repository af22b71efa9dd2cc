"""How far reps are from the share due at one decision, by the books that its record shows."""

from fractions import Fraction

from agents.explain.turns import Turn, turn_of
from schemas.outputs import RepAssigned


def distance(turn: Turn, before: int, after: int, taken: int) -> Fraction:
    """Leads that a rep was owed at most, or ahead, around a pick.

    `before` and `after`: the virtual time; `taken`: leads (or points) that the pick gave him. Turns
    given back and charges for a backup stand in the books too.
    """
    owed = Fraction(before - turn.start, turn.span)
    ahead = Fraction(turn.start - after, turn.span) + taken if taken else Fraction(0)
    return max(abs(owed), ahead)


def furthest(event: RepAssigned) -> Fraction | None:
    """The largest distance of anybody in the rotation that decided; None where none did."""
    record = event.explanation
    if record.rotation is None:
        return None
    before, after = (
        int(time or 0) for time in (record.virtual_time_before, record.virtual_time_after)
    )
    listed = (each for each in record.candidates if each.rotation == record.rotation)
    turns = (turn for turn in map(turn_of, (each.values() for each in listed)) if turn)
    return max(
        distance(turn, before, after, (record.points or 1) * (turn.rep_id == event.rep_id))
        for turn in turns
    )
