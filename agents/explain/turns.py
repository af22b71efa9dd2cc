"""A rotation's state as a decision saw it, in leads instead of virtual time."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from agents.explain.spans import LEAD, hundredths


class Turn(NamedTuple):
    """A rep's turn: virtual start and deadline, in units of 2^-40 lead at weight 1."""

    rep_id: str
    start: int
    deadline: int

    @property
    def span(self) -> int:
        """How long one lead of this rep takes in virtual time: the heavier the rep, the shorter."""
        return self.deadline - self.start


def turn_of(candidate: Mapping[str, Any]) -> Turn | None:
    """The turn in a candidate's record, None for one who was passed over."""
    text = candidate.get("turn_before")
    if text is None:
        return None
    start, deadline = text.split(" ")
    return Turn(candidate["rep_id"], int(start), int(deadline))


def owed(turn: Turn, virtual_time: int) -> str:
    """How many leads the rotation owes the rep, with a sign in words."""
    leads = Fraction(virtual_time - turn.start, turn.span or LEAD)
    if leads < 0:
        return f"{hundredths(-leads)} leads ahead of the share"
    return f"owed {hundredths(leads)} leads"


def compared(chosen: Turn, turns: Iterable[Turn], virtual_time: int) -> str | None:
    """How much earlier the chosen rep's turn was due than the next one's; None without a next.

    Measured in leads of the chosen rep, among those whose turn had begun: the others were not in
    the running.
    """
    others = [turn for turn in turns if turn.rep_id != chosen.rep_id and turn.start <= virtual_time]
    if not others:
        return None
    following = min(others, key=lambda turn: (turn.deadline, turn.rep_id))
    earlier = Fraction(following.deadline - chosen.deadline, chosen.span or LEAD)
    if earlier == 0:
        return f"due at the same moment as {following.rep_id}"
    return f"due {hundredths(earlier)} leads earlier than {following.rep_id}"
