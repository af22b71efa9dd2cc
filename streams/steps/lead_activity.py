"""What a rep did about a lead: stops its clock, closes it, gives it back."""

from msgspec.structs import replace

from schemas.crm import LeadActivity
from schemas.inner import CommandReceived
from schemas.outputs import SlaBreached
from streams.policy.compiled import Policy
from streams.rows.route import AssignmentRow, LeadRow, PlaceRow, RouteTables
from streams.rules.activity import closes_to, gives_turn_back, stops_clock
from streams.stage import Outgoing
from streams.steps import assignment, hot_lane_clock, waiting_room
from streams.steps.closed_leads import close
from streams.steps.place_lead import to_rep
from streams.steps.work import Outcome, Work, at


def lead_activity(
    tables: RouteTables, event: CommandReceived, activity: LeadActivity, policy: Policy, now: int
) -> list[Outgoing]:
    """Takes effect if the rep has the lead; otherwise an event says why not, never silence."""
    work = Work(tables, policy, now, event.event_id)
    lead_id = event.lead_id or activity.lead_id
    lead, place = tables.leads.get(lead_id), tables.places.get(lead_id)
    if lead is None or place is None:
        work.refuse_lead(event)
        return work.out
    held = place.assignment
    if held is None or _not_his(held, activity):
        _late_or_strange(work, lead_id, lead, place, activity)
        return work.out
    _take(work, lead_id, lead, place, held, activity)
    return work.out


def _not_his(held: AssignmentRow, activity: LeadActivity) -> bool:
    if held.rep_id != activity.rep_id:
        return True
    return activity.assignment_id not in {None, held.assignment_id}


def _take(
    work: Work,
    lead_id: str,
    lead: LeadRow,
    place: PlaceRow,
    held: AssignmentRow,
    activity: LeadActivity,
) -> None:
    """The effects in order: clock, turn, then the change of place, else of the status alone."""
    stops = held.contacted_at is None and _stops(work, place, activity)
    if stops:
        for clock in ("contact", "alert_hot_lane"):
            work.tables.timers.delete(f"{clock}:{lead_id}")
        held = replace(held, contacted_at=work.now)
    if gives_turn_back(activity.activity):
        assignment.give_back(work, held)
        held = replace(held, rotation="", caps=())
    place = replace(_excused(work, lead_id, place, activity), assignment=held)
    work.tables.places.put(lead_id, place)
    closed = closes_to(activity.activity)
    if closed is not None:
        _close(work, lead_id, lead, place, held, closed, activity.activity)
    elif activity.activity == "returned":
        _return(work, lead_id, lead, place, held)
    elif activity.activity == "opportunity_created" and place.place != "converted":
        _convert(work, lead_id, lead, place)
    else:
        outcome: Outcome = "contacted" if stops else "placed"
        work.stay(lead_id, lead, place, outcome=outcome, reason=activity.activity)
        if gives_turn_back(activity.activity):
            waiting_room.drain(work, place.desk)


def _stops(work: Work, place: PlaceRow, activity: LeadActivity) -> bool:
    """Whether the activity is the contact that the team's clock waits for."""
    rules = work.policy.document.teams.get(place.team)
    satisfied_by = rules.contact.satisfied_by if rules else "attempted"
    return stops_clock(activity.activity, satisfied_by)


def _close(
    work: Work,
    lead_id: str,
    lead: LeadRow,
    place: PlaceRow,
    held: AssignmentRow,
    closed: str,
    reason: str,
) -> None:
    """The lead is done, and the rep is free for who waits."""
    ended = assignment.end(work, lead_id, place, held, "closed")
    close(work, lead_id, lead, ended, closed, reason)
    waiting_room.drain(work, place.desk)


def _return(work: Work, lead_id: str, lead: LeadRow, place: PlaceRow, held: AssignmentRow) -> None:
    """The rep gives the lead back: routed again without him; the waiting before it come first."""
    ended = assignment.end(work, lead_id, place, held, "returned")
    excluded = (*(each for each in place.excluded if each != held.rep_id), held.rep_id)
    work.tables.places.put(lead_id, ended)
    waiting_room.drain(work, place.desk)
    to_rep(work, lead_id, lead, replace(ended, excluded=excluded))


def _convert(work: Work, lead_id: str, lead: LeadRow, place: PlaceRow) -> None:
    """Converted = opportunity created; the rep goes on working it, so it stays open (Charge)."""
    after = replace(place, place="converted", since=work.now)
    work.move(lead_id, lead, place, after, reason="opportunity_created")


def _late_or_strange(
    work: Work, lead_id: str, lead: LeadRow, place: PlaceRow, activity: LeadActivity
) -> None:
    """What comes too late, or from somebody else: it may still excuse, else it is said so."""
    excused = _excused(work, lead_id, place, activity)
    if excused != place:
        work.stay(lead_id, lead, excused, outcome="placed", reason=activity.activity)
        return
    holder = place.assignment.rep_id if place.assignment else None
    stale = "another assignment" if holder == activity.rep_id else "not the rep's lead"
    work.alert(
        "activity_ignored",
        severity="info",
        subject=activity.rep_id,
        value=activity.activity,
        limit="",
        detail=f"lead {lead_id}: {stale}; it is {place.place}",
        about=at(place),
    )


def _excused(work: Work, lead_id: str, place: PlaceRow, activity: LeadActivity) -> PlaceRow:
    """A contact before the deadline that was logged after it excuses the breach (Late truth)."""
    for number, breach in enumerate(place.breaches):
        if (
            breach.rep_id == activity.rep_id
            and activity.assignment_id in {None, breach.assignment_id}
            and activity.occurred_at <= breach.due_at
            and _stops(work, place, activity)
        ):
            place = _excuse(work, lead_id, place, number)
    return place


def _excuse(work: Work, lead_id: str, place: PlaceRow, number: int) -> PlaceRow:
    """The breach stands, marked `excused`; once. The place with that mark."""
    breach = place.breaches[number]
    event = SlaBreached(
        **work.common("excused", place.desk, place.team),
        lead_id=lead_id,
        assignment_id=breach.assignment_id,
        rep_id=breach.rep_id,
        sla=breach.sla,
        due_at=breach.due_at,
        breached_at=breach.breached_at,
        kind="excused",
        action="alert_manager" if breach.sla == hot_lane_clock.SLA else "backup",
        count=number + 1,
    )
    work.say("sla.breaches", lead_id, event)
    excused = replace(breach, due_at=0)
    breaches = (*place.breaches[:number], excused, *place.breaches[number + 1 :])
    after = replace(place, breaches=breaches)
    work.tables.places.put(lead_id, after)
    return after
