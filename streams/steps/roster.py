"""The reps who could take a lead, each with the reason against it, and the pick among them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from streams.policy.document import Team
from streams.rows.rotation import RotationRow
from streams.rules import availability, rotation
from streams.rules.explanation import Looked
from streams.rules.hours import Calendar, is_open
from streams.rules.rotation import Member, Pick
from streams.steps.work import Work

ON_CALL = "on_call"
TRIED = "tried"
"""The rep had this lead already: let its clock run out, or gave it back."""


@dataclass(frozen=True, slots=True)
class Found:
    """Who was looked at in a rotation, and who takes the lead."""

    rotation: str
    looked: Sequence[Looked]
    """A rep may stand here twice: what was seen last counts."""
    pick: Pick | None = None
    outside: bool = False
    """Nobody is on shift: the reps' clocks start with their shifts, on-call excepted."""


def look(
    work: Work, rep_ids: Iterable[str], excluded: tuple[str, ...], rotation_key: str = ""
) -> list[Looked]:
    """Each rep by id, with the reason against it. Calendars are asked once each."""
    opened: dict[int, bool] = {}
    policy, tables, now = work.policy, work.tables, work.now
    calendars, reps = policy.rep_calendars, policy.document.reps
    looked = []
    for rep_id in sorted(rep_ids):
        calendar = calendars[rep_id]
        working = opened.get(id(calendar))
        if working is None:
            working = opened[id(calendar)] = is_open(calendar, now)
        load_row = tables.loads.get(rep_id)
        load = load_row.open if load_row else 0
        row = tables.reps.get(rep_id) or availability.NOBODY_SAID
        limit = policy.open_limit(rep_id)
        reason = availability.why_not(row, load, limit, now, is_open=working)
        shift = availability.on_shift(reason, is_open=working)
        if rep_id in excluded:
            reason, shift = TRIED, False
        looked.append(Looked(rep_id, reps[rep_id].weight, reason, load, shift, rotation_key))
    return looked


def find(
    work: Work, team: str, name: str, rep_ids: Iterable[str], excluded: tuple[str, ...]
) -> Found:
    """Who takes a lead in a rotation; `pick` is None where nobody is eligible."""
    rules = work.policy.document.teams[team]
    looked = look(work, rep_ids, excluded, f"{team}/{name}")
    if any(each.why_not is None for each in looked):
        return Found(name, looked, turn(work, team, name, looked, rules))
    if rules.outside_hours == "hold" or any(each.on_shift for each in looked):
        return Found(name, looked)
    return _outside_hours(work, team, name, looked, excluded)


def turn(work: Work, team: str, name: str, looked: Sequence[Looked], rules: Team) -> Pick:
    """The pick among those without a reason against them."""
    key = f"{team}/{name}"
    catch_up = rules.absence == "catch_up"
    members = [
        Member(
            each.rep_id,
            each.weight,
            each.why_not is None,
            each.why_not is None or (catch_up and each.why_not != "left"),
        )
        for each in looked
    ]
    turns = {}
    for each in looked:
        row = work.tables.turns.get(f"{key}/{each.rep_id}")
        if row is not None:
            turns[each.rep_id] = row
    current = work.tables.rotations.get(key) or RotationRow()
    return rotation.pick(current, turns, members, fresh=rules.absence == "fresh")


def _outside_hours(
    work: Work, team: str, name: str, looked: Sequence[Looked], excluded: tuple[str, ...]
) -> Found:
    """On-call first, then the rotation by everything but hours (decision 33)."""
    rules = work.policy.document.teams[team]
    seen = looked
    for rotation_name, reps in (
        (ON_CALL, look(work, rules.on_call, excluded, f"{team}/{ON_CALL}")),
        (name, looked),
    ):
        willing = [_although_outside(each) for each in reps]
        seen = [*seen, *willing]
        if any(each.why_not is None for each in willing):
            pick = turn(work, team, rotation_name, willing, rules)
            return Found(rotation_name, seen, pick, outside=rotation_name != ON_CALL)
    return Found(name, seen)


def _although_outside(each: Looked) -> Looked:
    if each.why_not != availability.OUTSIDE_HOURS:
        return each
    return each._replace(why_not=None)


def calendar_of(work: Work, rep_id: str, team: str) -> Calendar:
    """The rep's calendar; the team's for a rep whom the policy does not know."""
    return work.policy.rep_calendars.get(rep_id) or work.policy.team_calendar(team)
