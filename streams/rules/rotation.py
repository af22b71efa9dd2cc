"""Fair rotation: deadline scheduling in virtual time (design, section 5; RR-01 to RR-03, WGT-01).

Virtual time runs at one over the sum of the weights that share a lead. A rep's turn starts where
the last one ended and is due one over the rep's weight later; among the eligible whose turn has
begun the earliest deadline takes the lead. Whole numbers only: `LEAD` units are one lead at
weight 1, every division rounds down.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from streams.rows.rotation import PRESENT, Moved, RotationRow, TurnRow

LEAD = 1 << 40
"""Units of virtual time in one lead at weight 1."""


class Member(NamedTuple):
    """A member of the rotation as one lead sees it."""

    rep_id: str
    weight: int
    """1 to 1 000."""
    eligible: bool
    accrues: bool
    """Whether this lead's share counts for the rep: if eligible; under `catch_up` if absent too."""


class Turn(NamedTuple):
    """A rep's turn, in virtual time."""

    rep_id: str
    start: int
    deadline: int


class Pick(NamedTuple):
    """Who takes the lead, and the rotation before and after."""

    chosen: Turn
    turns: Mapping[str, Turn]
    """The turns of the eligible as they were."""
    tie_break: str
    time_before: int
    rotation: RotationRow
    turn_after: TurnRow


def span(weight: int) -> int:
    """How long a turn lasts in virtual time."""
    return LEAD // weight


def pick(
    rotation: RotationRow,
    turns: Mapping[str, TurnRow],
    members: Iterable[Member],
    *,
    fresh: bool = False,
) -> Pick:
    """Who takes a lead that at least one member is eligible for.

    `turns` has the rows of those members that have one; `fresh` clears the lag of those who come
    back. Raises `ValueError` if nobody is eligible: the caller has to look for that first.
    """
    present = tuple(members)
    eligible = [member for member in present if member.eligible]
    moved = {entry.rep_id: entry for entry in rotation.moved}
    time = rotation.virtual_time + (_cleared(moved, eligible) if fresh else 0)
    waiting = {}
    for member in eligible:
        start = _come(member.rep_id, moved, turns, time, fresh=fresh)
        waiting[member.rep_id] = Turn(member.rep_id, start, start + span(member.weight))
    for member in present:
        if not member.accrues:
            _go(member.rep_id, moved, turns, time)
    chosen, tie_break = earliest(waiting.values(), time)
    moved.pop(chosen.rep_id, None)
    sharing = sum(member.weight for member in present if member.accrues)
    after = RotationRow(time + span(sharing), sharing, _sorted(moved))
    weight = next(member.weight for member in eligible if member.rep_id == chosen.rep_id)
    return Pick(chosen, waiting, tie_break, time, after, TurnRow(chosen.deadline, weight))


def earliest(turns: Iterable[Turn], time: int) -> tuple[Turn, str]:
    """The turn that is served, and what decided it.

    If nobody's turn has begun (those who are owed a lead are away) the lead goes to who is ahead
    by the smallest part of a lead: somebody works, and virtual time grants nobody a share for it.
    Not to the earliest start: that is always the heaviest rep's, and whoever chooses the absences
    could push such a rep ahead without end.
    """
    waiting = tuple(turns)
    begun = [turn for turn in waiting if turn.start <= time]
    if len(waiting) == 1:
        return waiting[0], "only one eligible"
    if not begun:
        return min(waiting, key=lambda turn: (ahead(turn, time), turn.rep_id)), "least ahead"
    chosen = min(begun, key=lambda turn: (turn.deadline, turn.rep_id))
    tied = sum(turn.deadline == chosen.deadline for turn in begun) > 1
    return chosen, "rep id" if tied else "earliest deadline"


def ahead(turn: Turn, time: int) -> int:
    """How far a rep is ahead of the share, in units of 2^-40 lead; not under 0."""
    return max(turn.start - time, 0) * LEAD // (turn.deadline - turn.start)


def _come(
    rep_id: str,
    moved: dict[str, Moved],
    turns: Mapping[str, TurnRow],
    time: int,
    *,
    fresh: bool,
) -> int:
    """The start of an eligible member's turn; writes down who joins or comes back."""
    entry = moved.get(rep_id)
    if entry is None:
        row = turns.get(rep_id)
        if row is not None:
            return row.start
        start = time
    elif entry.away_since == PRESENT:
        return entry.start
    else:
        start = time if fresh else entry.start + time - entry.away_since
    moved[rep_id] = Moved(rep_id, start, PRESENT)
    return start


def _go(rep_id: str, moved: dict[str, Moved], turns: Mapping[str, TurnRow], time: int) -> None:
    """Writes down since when a member's share does not accrue."""
    entry = moved.get(rep_id)
    if entry is not None and entry.away_since != PRESENT:
        return
    row = turns.get(rep_id)
    start = entry.start if entry else row.start if row else time
    moved[rep_id] = Moved(rep_id, start, time)


def _cleared(moved: Mapping[str, Moved], eligible: Iterable[Member]) -> int:
    """How far virtual time moves because lags are cleared: the others share what was owed."""
    owed = sharing = 0
    for member in eligible:
        entry = moved.get(member.rep_id)
        if entry is None or entry.away_since == PRESENT:
            sharing += member.weight
        else:
            owed += (entry.away_since - entry.start) * member.weight
    return owed // sharing if sharing else 0


def charge(
    rotation: RotationRow, turn: TurnRow | None, rep_id: str, weight: int, leads: int
) -> tuple[RotationRow, TurnRow | None]:
    """The rotation and the rep's turn after `leads` more (or, negative, fewer) leads on the rep.

    Decisions, Charge: a backup is charged although nobody's turn was up, and the first rep gets
    the turn back. A rep without a turn here has nothing to change.
    """
    by = leads * span(weight)
    for place, entry in enumerate(rotation.moved):
        if entry.rep_id == rep_id:
            changed = Moved(rep_id, entry.start + by, entry.away_since)
            moved = (*rotation.moved[:place], changed, *rotation.moved[place + 1 :])
            return RotationRow(rotation.virtual_time, rotation.sharing, moved), turn
    return rotation, None if turn is None else TurnRow(turn.start + by, turn.weight)


def recounted(rotation: RotationRow, leads: int) -> RotationRow:
    """The rotation after a lead that does not count (-1), or counts after all (1).

    Its share is taken from everybody, or given to everybody.
    """
    time = rotation.virtual_time + (leads * span(rotation.sharing) if rotation.sharing else 0)
    return RotationRow(time, rotation.sharing, rotation.moved)


def left(rotation: RotationRow, turn: TurnRow | None, rep_id: str, weight: int) -> RotationRow:
    """The rotation without a member: what was owed to him is shared, nobody's place changes."""
    entry = next((entry for entry in rotation.moved if entry.rep_id == rep_id), None)
    moved = tuple(entry for entry in rotation.moved if entry.rep_id != rep_id)
    if entry is None and turn is None:
        return RotationRow(rotation.virtual_time, rotation.sharing, moved)
    start, until = _standing(rotation, entry, turn)
    here = entry is None or entry.away_since == PRESENT
    others = rotation.sharing - weight if here else rotation.sharing
    shift = (until - start) * weight // others if others > 0 else 0
    return RotationRow(rotation.virtual_time + shift, max(others, 0), moved)


def reweighed(
    rotation: RotationRow, turn: TurnRow | None, rep_id: str, old: int, new: int
) -> tuple[RotationRow, TurnRow | None]:
    """The member's turn under another weight: the same part of a lead is owed as before."""
    entry = next((entry for entry in rotation.moved if entry.rep_id == rep_id), None)
    if entry is None and turn is None:
        return rotation, turn
    start, until = _standing(rotation, entry, turn)
    changed = until - (until - start) * old // new
    if entry is None:
        return rotation, TurnRow(changed, new)
    moved = tuple(
        Moved(rep_id, changed, entry.away_since) if other.rep_id == rep_id else other
        for other in rotation.moved
    )
    return RotationRow(rotation.virtual_time, rotation.sharing, moved), turn


def _standing(rotation: RotationRow, entry: Moved | None, turn: TurnRow | None) -> tuple[int, int]:
    """A member's turn start, and up to when a share accrued."""
    if entry is None:
        return (turn.start if turn else rotation.virtual_time), rotation.virtual_time
    if entry.away_since == PRESENT:
        return entry.start, rotation.virtual_time
    return entry.start, entry.away_since


def _sorted(moved: Mapping[str, Moved]) -> tuple[Moved, ...]:
    return tuple(moved[rep_id] for rep_id in sorted(moved))
