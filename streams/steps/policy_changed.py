"""Another policy version is in force: rotations, orphans, pools and the waiting follow it."""

from collections.abc import Iterable, Iterator

from streams.policy.compiled import Policy
from streams.rows.rotation import RotationRow
from streams.rows.route import PlaceRow, RouteTables
from streams.rules import rotation
from streams.stage import Outgoing
from streams.steps import waiting_room
from streams.steps.choose import GENERAL
from streams.steps.orphans import move_leads_of
from streams.steps.place_lead import decide
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
        for rep_id in sorted(set(old.document.reps) - set(new.document.reps)):
            move_leads_of(work, rep_id, "rep_unknown")
        _pools(work, old)
    for desk in new.document.desks:
        _look_again(work, desk)
        waiting_room.drain(work, desk)
        waiting_room.arm(work, desk, anew=True)
    return work.out


def rotations_of(policy: Policy) -> dict[str, tuple[str, ...]]:
    """Members of every rotation that the policy has, by the rotation's key."""
    found: dict[str, tuple[str, ...]] = {}
    for name, team in policy.document.teams.items():
        found[f"{name}/{GENERAL}"] = policy.rotation(name)
        found[f"{name}/{ON_CALL}"] = team.on_call
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


def _pools(work: Work, old: Policy) -> None:
    """Decides anew on the leads of pools that are gone."""
    for name, desk in old.document.desks.items():
        here = work.policy.document.desks.get(name)
        kept = {pool.pool for pool in here.pools} if here else set()
        for pool in desk.pools:
            if here and pool.pool not in kept:
                _decide_anew(work, list(_walk(work, "pooled", (name, pool.pool))))


def _look_again(work: Work, desk: str) -> None:
    """Decides anew on who waits: team, tiers and push list may be others now."""
    _decide_anew(work, list(_walk(work, "waiting", (desk,))))


def _decide_anew(work: Work, found: Iterable[tuple[str, PlaceRow]]) -> None:
    """Those with priority first, then by arrival: whom the new version frees serves them so."""
    in_order = sorted(found, key=lambda each: (not each[1].high, each[1].arrival, each[0]))
    for lead_id, place in in_order:
        lead = work.tables.leads.get(lead_id)
        if lead is not None:
            decide(work, lead_id, lead, place)


def _walk(work: Work, view: str, prefix: tuple[str, ...]) -> Iterator[tuple[str, PlaceRow]]:
    """The rows of a view whose order begins with the prefix."""
    for lead_id, place in work.tables.places.ordered(view):
        order = (place.desk, place.pool) if view == "pooled" else (place.desk,)
        if order == prefix:
            yield lead_id, place
