"""What changes a turn besides a pick: charged, given back, another weight, joining and leaving.

Nobody else's place is touched by any of it (design, section 5; decisions, Charge).
"""

from streams.rows.rotation import PRESENT, Moved, RotationRow, TurnRow, span


def charge(
    rotation: RotationRow, turn: TurnRow | None, rep_id: str, weight: int, leads: int
) -> tuple[RotationRow, TurnRow | None]:
    """The rotation and the rep's turn after `leads` more (or, negative, fewer) leads on the rep.

    Decisions, Charge: a backup is charged although nobody's turn was up, and the first rep gets
    the turn back. The rep is a member; the turn is None where its own row says nothing.
    """
    by = leads * span(weight)
    for place, entry in enumerate(rotation.moved):
        if entry.rep_id == rep_id:
            changed = Moved(rep_id, entry.start + by, entry.away_since)
            moved = (*rotation.moved[:place], changed, *rotation.moved[place + 1 :])
            return RotationRow(rotation.virtual_time, rotation.sharing, moved), turn
    return rotation, TurnRow((turn.start if turn else 0) + by, weight)


def recounted(rotation: RotationRow, leads: int) -> RotationRow:
    """The rotation after a lead that does not count (-1), or counts after all (1).

    Its share is taken from everybody, or given to everybody.
    """
    time = rotation.virtual_time + (leads * span(rotation.sharing) if rotation.sharing else 0)
    return RotationRow(time, rotation.sharing, rotation.moved)


def owed(rotation: RotationRow, turn: TurnRow | None, rep_id: str, weight: int) -> int:
    """Whole leads that the rotation owes a member, rounded down; under 0: he is ahead."""
    entry = next((entry for entry in rotation.moved if entry.rep_id == rep_id), None)
    start, until = _standing(rotation, entry, turn)
    return (until - start) // span(weight)


def joined(rotation: RotationRow, weight: int) -> tuple[RotationRow, TurnRow]:
    """The rotation with who joins it after it has begun, and his turn: nothing is owed."""
    sharing = rotation.sharing + weight
    after = RotationRow(rotation.virtual_time, sharing, rotation.moved)
    return after, TurnRow(rotation.virtual_time, weight)


def left(rotation: RotationRow, turn: TurnRow | None, rep_id: str, weight: int) -> RotationRow:
    """The rotation without a member: what was owed to him is shared, nobody's place changes."""
    entry = next((entry for entry in rotation.moved if entry.rep_id == rep_id), None)
    moved = tuple(entry for entry in rotation.moved if entry.rep_id != rep_id)
    start, until = _standing(rotation, entry, turn)
    others = rotation.sharing - (weight if _is_here(entry) else 0)
    shift = (until - start) * weight // others if others > 0 else 0
    return RotationRow(rotation.virtual_time + shift, max(others, 0), moved)


def reweighed(
    rotation: RotationRow, turn: TurnRow | None, rep_id: str, old: int, new: int
) -> tuple[RotationRow, TurnRow | None]:
    """The member's turn under another weight: the same part of a lead is owed as before."""
    entry = next((entry for entry in rotation.moved if entry.rep_id == rep_id), None)
    start, until = _standing(rotation, entry, turn)
    changed = until - (until - start) * old // new
    sharing = rotation.sharing + (new - old if _is_here(entry) else 0)
    moved = rotation.moved
    if entry is None:
        turn = TurnRow(changed, new)
    else:
        moved = tuple(
            Moved(rep_id, changed, entry.away_since) if other.rep_id == rep_id else other
            for other in rotation.moved
        )
    return RotationRow(rotation.virtual_time, sharing, moved), turn


def _is_here(entry: Moved | None) -> bool:
    """Whether the member's share accrues: his weight is in the rotation's sum then."""
    return entry is None or entry.away_since == PRESENT


def _standing(rotation: RotationRow, entry: Moved | None, turn: TurnRow | None) -> tuple[int, int]:
    """A member's turn start, and up to when a share accrued."""
    if entry is None:
        return (turn.start if turn else 0), rotation.virtual_time
    if entry.away_since == PRESENT:
        return entry.start, rotation.virtual_time
    return entry.start, entry.away_since
