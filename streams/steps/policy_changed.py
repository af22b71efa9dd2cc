"""Another policy version is in force: rotations, orphans, pools and the waiting follow it."""

from collections.abc import Iterator
from typing import NamedTuple

from streams.policy.compiled import Policy
from streams.rows.rotation import RotationRow
from streams.rows.route import LeadRow, RouteTables
from streams.rules import rotation
from streams.stage import Outgoing
from streams.steps import orphans, waiting_room
from streams.steps.choose import EXPANDED, GENERAL
from streams.steps.place_lead import decide, has_priority
from streams.steps.rep_changed import refresh
from streams.steps.roster import ON_CALL
from streams.steps.work import Work


def policy_changed(
    tables: RouteTables, old: Policy | None, new: Policy, now: int
) -> list[Outgoing]:
    """Wakes the waiting, moves orphans; what nothing changed for stays as it is.

    Work: the reps and rotations of both versions, the leads of vanished reps and pools, and those
    who wait; never the leads that a rep holds.
    """
    work = Work(tables, new, now, f"policy:{new.version}")
    if old is not None:
        _rotations(tables, old, new)
        for rep_id in new.document.reps:
            refresh(work, rep_id)
    _decide_anew(work, [*_waiting(work), *_orphans(work, old), *_without_pool(work, old)])
    for desk in new.document.desks:
        waiting_room.drain(work, desk)
        waiting_room.arm(work, desk, anew=True)
    return work.out


def rotations_of(policy: Policy) -> dict[str, tuple[str, ...]]:
    """Members of every rotation that the policy has, by the rotation's key."""
    found: dict[str, tuple[str, ...]] = {}
    for name, team in policy.document.teams.items():
        found[f"{name}/{GENERAL}"] = policy.rotation(name)
        found[f"{name}/{ON_CALL}"] = team.on_call
        found[f"{name}/{EXPANDED}"] = team.expanded_territory
        for territory in team.territories:
            found[f"{name}/territory:{territory.territory}"] = territory.reps
        for specialty in team.specialties:
            found[f"{name}/specialty:{specialty.specialty}"] = specialty.reps
    return found


def _rotations(tables: RouteTables, old: Policy, new: Policy) -> None:
    """Leavers go, weights change; nobody else's place is touched (design, section 5)."""
    after = rotations_of(new)
    for key, members in rotations_of(old).items():
        row = tables.rotations.get(key)
        if row is None:
            continue
        for rep_id in members:
            if rep_id not in after.get(key, ()):
                row = _leave(tables, key, row, rep_id, old)
            else:
                row = _reweigh(tables, key, row, rep_id, old, new)
        if key in after:
            tables.rotations.put(key, row)
        else:
            tables.rotations.delete(key)


def _leave(
    tables: RouteTables, key: str, row: RotationRow, rep_id: str, old: Policy
) -> RotationRow:
    turn_key = f"{key}/{rep_id}"
    weight = old.document.reps[rep_id].weight
    after = rotation.left(row, tables.turns.get(turn_key), rep_id, weight)
    tables.turns.delete(turn_key)
    return after


def _reweigh(
    tables: RouteTables, key: str, row: RotationRow, rep_id: str, old: Policy, new: Policy
) -> RotationRow:
    before, weight = old.document.reps[rep_id].weight, new.document.reps[rep_id].weight
    if before == weight:
        return row
    turn_key = f"{key}/{rep_id}"
    after, turn = rotation.reweighed(row, tables.turns.get(turn_key), rep_id, before, weight)
    if turn is not None:
        tables.turns.put(turn_key, turn)
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
