"""What a rep did about a lead: stops its clock, closes it, gives it back."""

from msgspec.structs import replace

from schemas.crm import LeadActivity
from schemas.inner import CommandReceived
from schemas.outputs import SlaBreached
from streams.policy.compiled import Policy
from streams.rows.route import AssignmentRow, LeadRow, PlaceRow, RouteTables
from streams.rules.activity import closes_to, gives_turn_back, stops_clock
from streams.stage import Outgoing
from streams.steps import assignment, waiting_room
from streams.steps.contact_clock import SLA
from streams.steps.place_lead import to_rep
from streams.steps.rejection import rejected
from streams.steps.work import Work


def lead_activity(
    tables: RouteTables, event: CommandReceived, activity: LeadActivity, policy: Policy, now: int
) -> list[Outgoing]:
    """Takes effect if the rep has the lead; otherwise an event says why not, never silence."""
    work = Work(tables, policy, now, event.event_id)
    lead_id = event.lead_id or activity.lead_id
    lead, place = tables.leads.get(lead_id), tables.places.get(lead_id)
    if lead is None or place is None:
        return [_unknown(work, event)]
    held = place.assignment
    if held is None or _not_his(held, activity):
        _late_or_strange(work, lead_id, place, activity)
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
    """The effects in order: clock, turn, then the change of place."""
    contacted = _contact(work, lead_id, lead, place, held, activity)
    settled = contacted.assignment or held
    if gives_turn_back(activity.activity):
        assignment.give_back(work, settled)
        settled = replace(settled, rotation="")
        contacted = replace(contacted, assignment=settled)
        work.tables.places.put(lead_id, contacted)
    closed = closes_to(activity.activity)
    if closed is not None:
        _close(work, lead_id, lead, contacted, settled, closed, activity.activity)
    elif activity.activity == "returned":
        _return(work, lead_id, lead, contacted, settled)
    elif activity.activity == "opportunity_created" and contacted.place != "converted":
        _convert(work, lead_id, lead, contacted)


def _contact(
    work: Work,
    lead_id: str,
    lead: LeadRow,
    place: PlaceRow,
    held: AssignmentRow,
    activity: LeadActivity,
) -> PlaceRow:
    """Stops the clock at the first contact. The place as it is afterwards."""
    rules = work.policy.document.teams.get(place.team)
    satisfied_by = rules.contact.satisfied_by if rules else "attempted"
    if held.contacted_at is not None or not stops_clock(activity.activity, satisfied_by):
        return place
    work.tables.timers.delete(f"contact:{lead_id}")
    after = replace(place, assignment=replace(held, contacted_at=work.now))
    work.tables.places.put(lead_id, after)
    work.report(lead_id, lead, after, outcome="contacted", reason=activity.activity)
    return after


def _close(
    work: Work,
    lead_id: str,
    lead: LeadRow,
    place: PlaceRow,
    held: AssignmentRow,
    closed: str,
    reason: str,
) -> None:
    """The lead is done; its rows are kept for the policy's time (personal data)."""
    ended = assignment.end(work, lead_id, place, held, "closed")
    after = replace(ended, place=closed, since=work.now)
    work.move(lead_id, lead, place, after, reason=reason, outcome="closed")
    work.set_timer("forget", lead_id, work.now + work.policy.document.closed_kept)
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


def _late_or_strange(work: Work, lead_id: str, place: PlaceRow, activity: LeadActivity) -> None:
    """A contact before the deadline that was logged after it excuses the breach (Late truth)."""
    rules = work.policy.document.teams.get(place.team)
    satisfied_by = rules.contact.satisfied_by if rules else "attempted"
    for number, breach in enumerate(place.breaches):
        if (
            breach.rep_id == activity.rep_id
            and activity.assignment_id in {None, breach.assignment_id}
            and activity.occurred_at <= breach.due_at
            and stops_clock(activity.activity, satisfied_by)
        ):
            _excuse(work, lead_id, place, number)
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
        place=place,
    )


def _excuse(work: Work, lead_id: str, place: PlaceRow, number: int) -> None:
    """The breach stands, marked `excused`; once."""
    breach = place.breaches[number]
    event = SlaBreached(
        **work.common("excused", place.desk, place.team),
        lead_id=lead_id,
        assignment_id=breach.assignment_id,
        rep_id=breach.rep_id,
        sla=SLA,
        due_at=breach.due_at,
        breached_at=breach.breached_at,
        kind="excused",
        action="backup",
        count=number + 1,
    )
    work.say("sla.breaches", lead_id, event)
    excused = replace(breach, due_at=0)
    breaches = (*place.breaches[:number], excused, *place.breaches[number + 1 :])
    work.tables.places.put(lead_id, replace(place, breaches=breaches))


def _unknown(work: Work, event: CommandReceived) -> Outgoing:
    """The lead was closed so long ago that its rows are gone, or never came here."""
    return rejected(
        work.tables,
        event,
        work.now,
        stage="route",
        reason="unknown_lead",
        field="lead_id",
        detail="no open or recently closed lead has this id; check lead_id",
        policy_version=work.policy.version,
    )
