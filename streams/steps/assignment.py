"""An assignment begins and ends: rows, load, turn, clock and the events that say so."""

from typing import Literal, NamedTuple

from msgspec.structs import replace

from schemas.outputs import AssignmentEnded, RepAssigned
from streams.rows.rotation import RotationRow
from streams.rows.route import AssignmentRow, LoadRow, PlaceRow
from streams.rules import echo, turn
from streams.rules.hours import add_open_time, next_open
from streams.stage import event_id
from streams.steps import caps, unfair_rotation
from streams.steps.account_work import changed
from streams.steps.roster import calendar_of
from streams.steps.search import Choice, Search
from streams.steps.work import Work, card, moved

EndReason = Literal["reassigned", "returned", "closed", "owner_changed"]
Counted = Literal["business", "calendar"]
"""Which time a clock counts (decision 31)."""


class Hand(NamedTuple):
    """Whose hand it was, and why; the words are that person's own."""

    by: str | None = None
    """None: nobody's, the rules decided."""
    why: str | None = None


RULES = Hand()
"""No hand but the rules'."""


def give(
    search: Search,
    lead_id: str,
    before: PlaceRow | None,
    place: PlaceRow,
    choice: Choice,
    hand: Hand = RULES,
) -> None:
    """Gives the lead to the chosen rep. `place` carries attempt, priority and history."""
    work, lead = search.work, search.lead
    _charge_pick(work, choice)
    add_load(work, choice.rep_id, 1)
    counted = caps.count(work, choice.rep_id, search.kinds_for(choice.rep_id))
    due, lane_due = contact_due(search, choice, high=place.high), hot_lane_due(search, choice)
    assignment = AssignmentRow(
        event_id(work.cause, "assignment", len(work.out)),
        choice.rep_id,
        choice.method,
        work.now,
        due,
        rotation=choice.rotation,
        lane_due_at=lane_due,
        caps=counted,
        points=search.cost,
    )
    after = moved(place, "assigned", work.now, team=search.team, assignment=assignment)
    work.drop_timers(lead_id)
    if due is not None:
        work.set_timer("contact", lead_id, due)
    if lane_due is not None:
        work.set_timer("alert_hot_lane", lead_id, lane_due)
    changed(work, after)
    _announce(search, lead_id, after, assignment, choice, hand)
    work.move(lead_id, lead, before, after, reason=choice.reason)


def _announce(
    search: Search,
    lead_id: str,
    place: PlaceRow,
    assignment: AssignmentRow,
    choice: Choice,
    hand: Hand,
) -> None:
    work, lead = search.work, search.lead
    event = RepAssigned(
        **work.common("assigned", place.desk, search.team),
        assignment_id=assignment.assignment_id,
        supersedes=place.supersedes or None,
        previous_rep_id=place.previous_rep_id or None,
        lead_id=lead_id,
        rep_id=assignment.rep_id,
        method=choice.method,
        attempt=place.attempt,
        score=lead.score,
        grade=lead.grade,
        priority="high" if place.high else "normal",
        reason=choice.reason,
        contact_due_at=_first_due(assignment),
        captured_at=lead.captured_at,
        notify=search.rules.notify,
        lead=card(lead.card),
        explanation=search.explain(choice),
        by=hand.by,
        why=hand.why,
    )
    work.say("assignments.rep", lead_id, event)


def _first_due(assignment: AssignmentRow) -> int | None:
    """The earliest clock with an action (decisions 21, 22)."""
    clocks = (assignment.due_at, assignment.lane_due_at)
    return min((due for due in clocks if due is not None), default=None)


def contact_due(search: Search, choice: Choice, *, high: bool) -> int | None:
    """When the contact clock runs out; None: the manager keeps the lead, without a clock."""
    rules = search.rules.contact
    return _due(search, choice, rules.clock, rules.target_high if high else rules.target)


def hot_lane_due(search: Search, choice: Choice) -> int | None:
    """When the manager hears of a lead of the hot lane, whoever has it; None: no such clock."""
    rules = search.rules.hot_lane
    return _due(search, choice, rules.clock, rules.target) if search.in_hot_lane() else None


def _due(search: Search, choice: Choice, clock: Counted, target: int) -> int | None:
    """It starts with the rep's shift (decision 33), at once for a rep on call (decision 31)."""
    if choice.method == "manager":
        return None
    if choice.on_call:
        return search.work.now + target
    return due_for(search.work, choice.rep_id, search.team, clock, target)


def due_for(work: Work, rep_id: str, team: str, clock: Counted, target: int) -> int:
    """The instant by which a rep has had so much time (milliseconds) from now on.

    `business` counts his working time, `calendar` every hour from the beginning of his shift on.
    """
    calendar = calendar_of(work, rep_id, team)
    if clock == "calendar":
        return next_open(calendar, work.now) + target
    return add_open_time(calendar, work.now, target)


def end(
    work: Work,
    lead_id: str,
    place: PlaceRow,
    assignment: AssignmentRow,
    reason: EndReason,
    hand: Hand = RULES,
) -> PlaceRow:
    """Ends an assignment: says so, takes the load off the rep. The place without it."""
    work.drop_timers(lead_id)
    add_load(work, assignment.rep_id, -1)
    changed(work, place)
    event = AssignmentEnded(
        **work.common("ended", place.desk, place.team),
        assignment_id=assignment.assignment_id,
        lead_id=lead_id,
        rep_id=assignment.rep_id,
        reason=reason,
        by=hand.by,
        why=hand.why,
    )
    work.say("assignments.ended", lead_id, event)
    within = work.policy.document.owner_sync.echo_within
    return replace(
        place,
        assignment=None,
        supersedes=assignment.assignment_id,
        previous_rep_id=assignment.rep_id,
        echoes=echo.expected(place, assignment, work.now, within),
    )


def add_load(work: Work, rep_id: str, by: int) -> None:
    """Counts a rep's open leads; no row for none."""
    open_leads = work.load(rep_id) + by
    if open_leads:
        work.tables.loads.put(rep_id, LoadRow(open_leads))
    else:
        work.tables.loads.delete(rep_id)


def give_back(work: Work, assignment: AssignmentRow) -> None:
    """Gives the rep back what the lead cost him: his turn, and a place under his caps (Charge).

    Must come before the lead is picked for again: a pick starts from the rotation as it is.
    """
    caps.uncount(work, assignment)
    if assignment.rotation:
        adjust_turn(work, assignment.rotation, assignment.rep_id, assignment.points)


def give_back_unworked(work: Work, assignment: AssignmentRow) -> None:
    """The same, unless he has been in touch with the person: then it was worth its turn."""
    if assignment.contacted_at is None:
        give_back(work, assignment)


def charge_taker(work: Work, rotation_key: str, rep_id: str, points: int) -> None:
    """Charges a named backup for a lead that another rep's turn had paid for.

    One who is not in that rotation has no turn there to be charged.
    """
    if rotation_key:
        adjust_turn(work, rotation_key, rep_id, -points)


def adjust_turn(work: Work, rotation_key: str, rep_id: str, leads: int) -> None:
    """Gives a rep so many turns in a rotation, or (under 0) takes them; the others pay their share.

    Nothing changes where he is not in the rotation.
    """
    if _shift(work, rotation_key, rep_id, -leads):
        _recount(work, rotation_key, -leads)


def _recount(work: Work, key: str, leads: int) -> None:
    row = work.tables.rotations.get(key)
    if row is not None:
        work.tables.rotations.put(key, turn.recounted(row, leads))


def _shift(work: Work, key: str, rep_id: str, leads: int) -> bool:
    """Charges leads to a rep's turn; False where he is not in this rotation."""
    if rep_id not in work.policy.rotations.get(key, ()):
        return False
    current = work.tables.rotations.get(key) or RotationRow()
    before = work.tables.turns.get(f"{key}/{rep_id}")
    row, after = turn.charge(current, before, rep_id, work.weight(rep_id), leads)
    work.tables.rotations.put(key, row)
    if after is not None:
        work.tables.turns.put(f"{key}/{rep_id}", after)
    unfair_rotation.set_aside(work, key, rep_id, -leads)
    return True


def _charge_pick(work: Work, choice: Choice) -> None:
    """One decision writes the rotation's row and one turn (design, section 5)."""
    if choice.pick is None:
        return
    unfair_rotation.watch(work, choice)
    work.tables.rotations.put(choice.rotation, choice.pick.rotation)
    work.tables.turns.put(f"{choice.rotation}/{choice.rep_id}", choice.pick.turn_after)
