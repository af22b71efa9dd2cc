"""Another policy version is in force: rotations, orphans, pools and the waiting follow it."""

from collections.abc import Iterator
from typing import NamedTuple

from streams.policy.compiled import Policy
from streams.rows.rotation import RotationRow
from streams.rows.route import LeadRow, RouteTables
from streams.rules import turn
from streams.rules.weight import percent_at
from streams.stage import Outgoing
from streams.steps import caps, orphans, policy_review, ramps, unfair_rotation, waiting_room
from streams.steps.offer import end_race, race_of
from streams.steps.place_lead import decide, has_priority
from streams.steps.rep_changed import refresh
from streams.steps.work import Work


def policy_changed(
    tables: RouteTables, old: Policy | None, new: Policy, now: int
) -> list[Outgoing]:
    """Ends races, wakes the waiting, moves orphans; what nothing changed for stays as it is.

    Work: the reps and rotations of both versions, the leads of vanished reps and pools, and those
    who wait or have a race; never the leads that a rep holds.
    """
    tables.derived.clear()
    work = Work(tables, new, now, f"policy:{new.version}")
    policy_review.renewed(work, old)
    if old is not None:
        _rotations(work, old)
        unfair_rotation.follow(work)
        caps.carry_over(work, old)
        for rep_id in new.document.reps:
            refresh(work, rep_id)
    for rep_id in new.document.reps:
        ramps.settle(work, rep_id)
    waiting = [*_racing(work), *_waiting(work)]
    _decide_anew(work, [*waiting, *_orphans(work, old), *_without_pool(work, old)])
    for desk in new.document.desks:
        waiting_room.drain(work, desk)
        waiting_room.arm(work, desk, anew=True)
    return work.out


def _rotations(work: Work, old: Policy) -> None:
    """Leavers go, joiners come, weights change; nobody else's place is touched (design, 5)."""
    tables, new = work.tables, work.policy
    for key, members in old.rotations.items():
        row = tables.rotations.get(key)
        if row is None:
            continue
        after = new.rotations.get(key, ())
        for rep_id in members:
            if rep_id not in after:
                row = _leave(tables, key, row, rep_id, old.weight(rep_id, work.row(rep_id).ramp))
            else:
                weights = old.weight(rep_id, work.row(rep_id).ramp), _weight(work, rep_id)
                row = ramps.reweigh(tables, key, row, rep_id, weights)
        for rep_id in after:
            if rep_id not in members:
                row, joined = turn.joined(row, _weight(work, rep_id))
                tables.turns.put(f"{key}/{rep_id}", joined)
        if key in new.rotations:
            tables.rotations.put(key, row)
        else:
            tables.rotations.delete(key)


def _weight(work: Work, rep_id: str) -> int:
    """What the rep's weight will be when the new version has settled the ramp."""
    ramp = work.policy.ramps.get(rep_id, ())
    return work.policy.weight(rep_id, percent_at(ramp, work.now))


def _leave(
    tables: RouteTables, key: str, row: RotationRow, rep_id: str, weight: int
) -> RotationRow:
    turn_key = f"{key}/{rep_id}"
    after = turn.left(row, tables.turns.get(turn_key), rep_id, weight)
    tables.turns.delete(turn_key)
    return after


class _Anew(NamedTuple):
    """A lead to be decided on anew; in ascending order, so that nobody who waits is overtaken."""

    behind: bool
    """Without priority (decision 32)."""
    kind: int
    """Who waits comes before who has to go to another rep, and that before a pool's leads."""
    arrival: int
    lead_id: str


_WAITING, _ORPHAN, _POOLED = range(3)


def _anew(work: Work, kind: int, lead_id: str, lead: LeadRow | None, arrival: int) -> _Anew:
    return _Anew(lead is None or not has_priority(work, lead), kind, arrival, lead_id)


def _waiting(work: Work) -> Iterator[_Anew]:
    """Who waits: team, tiers and push list may be others now."""
    for lead_id, place in work.tables.places.ordered("waiting"):
        if place.desk in work.policy.document.desks:
            yield _anew(work, _WAITING, lead_id, work.tables.leads.get(lead_id), place.arrival)


def _racing(work: Work) -> Iterator[_Anew]:
    """Whose race the new version ends: reps, rotation and limits may be others; they were first."""
    for race_id in dict.fromkeys(row.race_id for _, row in [*work.tables.open_offers.items()]):
        lead_id = race_of(work, race_id).lead_id
        place = work.tables.places.get(lead_id)
        if place is not None and place.desk in work.policy.document.desks:
            end_race(work, lead_id, place, "policy_changed")
            yield _anew(work, _WAITING, lead_id, work.tables.leads.get(lead_id), 0)


def _orphans(work: Work, old: Policy | None) -> Iterator[_Anew]:
    """The leads of reps who are not in the policy any more."""
    gone = set(old.document.reps) - set(work.policy.document.reps) if old else set()
    for rep_id in sorted(gone):
        for lead_id, lead in orphans.leads_of(work, rep_id).items():
            yield _anew(work, _ORPHAN, lead_id, lead, 0)


def _without_pool(work: Work, old: Policy | None) -> Iterator[_Anew]:
    """The leads of pools that are gone."""
    gone = _pools_gone(old, work.policy) if old else set()
    if gone:
        for lead_id, place in work.tables.places.ordered("pooled"):
            if (place.desk, place.pool) in gone:
                yield _anew(work, _POOLED, lead_id, work.tables.leads.get(lead_id), 0)


def _pools_gone(old: Policy, new: Policy) -> set[tuple[str, str]]:
    """Desk and name of each pool that only the old version has, at desks that both have."""
    desks = new.document.desks
    return {
        (name, pool.pool)
        for name, desk in old.document.desks.items()
        if name in desks
        for pool in desk.pools
        if pool.pool not in {each.pool for each in desks[name].pools}
    }


def _decide_anew(work: Work, found: list[_Anew]) -> None:
    """Decision 33: whoever the new version frees serves them by priority, then who waits first."""
    for each in sorted(found):
        lead, place = work.tables.leads.get(each.lead_id), work.tables.places.get(each.lead_id)
        if lead is None or place is None:
            continue
        if each.kind == _ORPHAN:
            orphans.move(work, each.lead_id, lead, "rep_unknown")
        else:
            decide(work, each.lead_id, lead, place)
