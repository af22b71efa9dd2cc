"""New hires come to their whole weight step by step; nobody is reset by it (decision 41)."""

from msgspec.structs import replace

from streams.policy.compiled import Policy
from streams.rows.rotation import RotationRow
from streams.rows.route import RouteTables
from streams.rules import turn
from streams.rules.weight import next_step, percent_at
from streams.stage import Outgoing
from streams.steps.work import Work, timer_work
from streams.tables import Timer

KIND = "ramp"
"""Of the timers; subject: the rep."""


def ramp_step(tables: RouteTables, timer: Timer, policy: Policy, now: int) -> list[Outgoing]:
    """Timer of a rep: another part of the weight holds from now on, in every rotation."""
    work, rep_id = timer_work(tables, timer, policy, now), timer.subject
    if rep_id in policy.document.reps:
        before = work.weight(rep_id)
        settle(work, rep_id)
        for key, members in policy.rotations.items():
            row = tables.rotations.get(key)
            if row is not None and rep_id in members:
                after = reweigh(tables, key, row, rep_id, (before, work.weight(rep_id)))
                tables.rotations.put(key, after)
    return work.out


def settle(work: Work, rep_id: str) -> None:
    """Notes which part of the weight holds now, and wants to be woken for the next step."""
    ramp = work.policy.ramps.get(rep_id, ())
    row, percent = work.row(rep_id), percent_at(ramp, work.now)
    if row.ramp != percent:
        work.tables.reps.put(rep_id, replace(row, ramp=percent))
    due = next_step(ramp, work.now)
    if due is None:
        work.tables.timers.delete(f"{KIND}:{rep_id}")
    else:
        work.set_timer(KIND, rep_id, due)


def reweigh(
    tables: RouteTables, key: str, row: RotationRow, rep_id: str, weights: tuple[int, int]
) -> RotationRow:
    """A member's turn under another weight (before, after); the rotation's row to be written.

    He is owed the same part of a lead as before, and nobody else's place is touched.
    """
    before, now = weights
    if before == now:
        return row
    turn_key = f"{key}/{rep_id}"
    after, changed = turn.reweighed(row, tables.turns.get(turn_key), rep_id, before, now)
    if changed is not None:
        tables.turns.put(turn_key, changed)
    return after
