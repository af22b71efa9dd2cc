"""The hot lane's clock runs out: the manager is told, the rep keeps the lead (LANE-03, LANE-04)."""

from msgspec.structs import replace

from schemas.outputs import SlaBreached
from schemas.record import format_time
from streams.policy.compiled import Policy
from streams.policy.quantities import duration_text
from streams.rows.route import AssignmentRow, BreachRow, PlaceRow, RouteTables
from streams.stage import Outgoing
from streams.steps.work import Work, at, timer_work
from streams.tables import Timer

SLA = "hot_lane"


def hot_lane_overdue(tables: RouteTables, timer: Timer, policy: Policy, now: int) -> list[Outgoing]:
    """Timer of an assigned lead of the hot lane, `alert_hot_lane`.

    Of timers due at one instant it comes before `contact`, which takes the lead from the rep.
    """
    work = timer_work(tables, timer, policy, now)
    place = tables.places.get(timer.subject)
    if place is not None and place.assignment is not None:
        _breach(work, timer.subject, place, place.assignment)
    return work.out


def _breach(work: Work, lead_id: str, place: PlaceRow, held: AssignmentRow) -> None:
    row = BreachRow(held.assignment_id, held.rep_id, held.lane_due_at or work.now, work.now, SLA)
    event = SlaBreached(
        **work.common("breach", place.desk, place.team),
        lead_id=lead_id,
        assignment_id=held.assignment_id,
        rep_id=held.rep_id,
        sla=SLA,
        due_at=row.due_at,
        breached_at=work.now,
        kind="breach",
        action="alert_manager",
        count=len(place.breaches) + 1,
    )
    work.say("sla.breaches", lead_id, event)
    work.tables.places.put(lead_id, replace(place, breaches=(*place.breaches, row)))
    _tell_manager(work, lead_id, place, held)


def _tell_manager(work: Work, lead_id: str, place: PlaceRow, held: AssignmentRow) -> None:
    """The manager of the lead's team; of the rep's where a new policy does without the team."""
    teams = work.policy.document.teams
    rules = teams.get(place.team) or teams[work.policy.document.reps[held.rep_id].team]
    work.alert(
        "hot_lane_overdue",
        severity="critical",
        subject=rules.manager,
        value=held.rep_id,
        limit=duration_text(rules.hot_lane.target),
        detail=f"lead {lead_id} of the hot lane: {held.rep_id} has it since "
        f"{format_time(held.given_at)} and has not been in touch",
        about=at(place),
    )
