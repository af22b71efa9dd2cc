"""A manager gives a rep turns in a rotation, or takes some (decision 0028)."""

from typing import Final

from schemas.inner import CommandReceived
from schemas.pools import TurnAdjusted
from streams.policy.compiled import Policy
from streams.rows.rotation import RotationRow
from streams.rows.route import RouteTables
from streams.rules import turn
from streams.stage import Outgoing
from streams.steps import intervention
from streams.steps.assignment import adjust_turn
from streams.steps.work import Work

MOST_OWED: Final = 1_000
"""Leads that a rep may be owed or ahead after an adjustment: more is a mistake, and a sender that
repeats it would drive the rotation's numbers out of range."""


def turn_adjusted(
    tables: RouteTables, event: CommandReceived, said: TurnAdjusted, policy: Policy, now: int
) -> list[Outgoing]:
    """Takes effect with the rotation's next lead; nobody else's turn moves, all pay their share."""
    work = Work(tables, policy, now, event.event_id)
    members = policy.rotations.get(said.rotation)
    if policy.desk_of_rep(said.rep_id) is None:
        work.refuse_rep(event)
    elif members is None:
        detail = "the policy has no such rotation; name it as explanations do: <team>/<rotation>"
        work.refuse(event, reason="unknown_rotation", field="rotation", detail=detail)
    elif said.rep_id not in members:
        detail = f"the rep is not in {said.rotation}; name one of its members"
        work.refuse(event, reason="not_in_rotation", field="rep_id", detail=detail)
    else:
        _begin(work, said.rotation, members)
        _adjust(work, event, said)
    return work.out


def _adjust(work: Work, event: CommandReceived, said: TurnAdjusted) -> None:
    before = _owed(work, said)
    after = before + said.leads
    if abs(after) > max(MOST_OWED, abs(before)):
        detail = f"the rep would be {after} leads away from the share; the most is {MOST_OWED}"
        work.refuse(event, reason="turn_out_of_range", field="leads", detail=detail)
        return
    adjust_turn(work, said.rotation, said.rep_id, said.leads)
    amount = f"{said.leads:+d}"
    detail = f"{said.rep_id} was owed {before} whole leads in {said.rotation} before"
    intervention.tell(work, "turn_adjusted", said, value=amount, limit=said.rotation, detail=detail)


def _owed(work: Work, said: TurnAdjusted) -> int:
    row = work.tables.rotations.get(said.rotation) or RotationRow()
    its_turn = work.tables.turns.get(f"{said.rotation}/{said.rep_id}")
    return turn.owed(row, its_turn, said.rep_id, work.weight(said.rep_id))


def _begin(work: Work, key: str, members: tuple[str, ...]) -> None:
    """A rotation that has had no lead yet: what is given to one is shared by all members."""
    if work.tables.rotations.get(key) is None:
        sharing = sum(map(work.weight, members))
        work.tables.rotations.put(key, RotationRow(sharing=sharing))
