"""A person with a lead asks again (decisions, A lead)."""

from msgspec.structs import replace

from schemas.inner import LeadQualified
from streams.rows.route import AssignmentRow, LeadRow, PlaceRow
from streams.steps.assignment import due_for
from streams.steps.work import Work, at


def asked_again(work: Work, lead_id: str, lead: LeadRow, place: PlaceRow) -> None:
    """Alerts who has the lead, or had it last, and starts a fresh clock for the holder."""
    held = place.assignment
    subject = held.rep_id if held else place.previous_rep_id or place.team
    work.alert(
        "asked_again",
        severity="warning",
        subject=subject,
        value=lead.source,
        limit="",
        detail=f"the person of lead {lead_id} asked again",
        about=at(place),
    )
    if held is not None:
        _fresh_clock(work, lead_id, place, held)


def _fresh_clock(work: Work, lead_id: str, place: PlaceRow, held: AssignmentRow) -> None:
    """The manager, who keeps what nobody answered, has no clock; nor has an unknown team."""
    rules = work.policy.document.teams.get(place.team)
    if held.method == "manager" or rules is None:
        return
    target = rules.contact.target_high if place.high else rules.contact.target
    due = due_for(work, held.rep_id, place.team, rules.contact.clock, target)
    work.set_timer("contact", lead_id, due)
    fresh = replace(held, due_at=due, contacted_at=None)
    if held.lane_due_at is not None:
        lane = rules.hot_lane
        due = due_for(work, held.rep_id, place.team, lane.clock, lane.target)
        work.set_timer("alert_hot_lane", lead_id, due)
        fresh = replace(fresh, lane_due_at=due)
    work.tables.places.put(lead_id, replace(place, assignment=fresh))


def unknown(work: Work, event: LeadQualified) -> None:
    """News about a lead that was closed so long ago that its rows are gone: said, not dropped."""
    work.alert(
        "unknown_lead",
        severity="warning",
        subject=event.lead_id,
        value=event.kind,
        limit="",
        detail=f"news about lead {event.lead_id}, whose rows are gone since it was closed",
    )
