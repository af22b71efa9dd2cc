"""Leads whose rep is gone go through the tiers again (ACCT-03, ESC-09)."""

from msgspec.structs import replace

from streams.rows.route import AssignmentRow, LeadRow, PlaceRow
from streams.steps import assignment
from streams.steps.place_lead import has_priority, to_rep
from streams.steps.work import Work, at


def move_leads_of(work: Work, rep_id: str, reason: str) -> None:
    """Routes every lead in the rep's hands again without him: by priority, then by lead id."""
    found = leads_of(work, rep_id)
    for lead_id in sorted(found, key=lambda each: (not has_priority(work, found[each]), each)):
        move(work, lead_id, found[lead_id], reason)


def leads_of(work: Work, rep_id: str) -> dict[str, LeadRow]:
    """The leads in the rep's hands as they are now; the work is bounded by their number.

    Collected before any of them moves: wherever one goes, it is looked at once.
    """
    leads: dict[str, LeadRow] = {}
    bound: tuple[str, ...] = (rep_id,)
    while True:
        found = work.tables.places.next_in("held", bound)
        if found is None or found[1].assignment is None or found[1].assignment.rep_id != rep_id:
            return leads
        lead = work.tables.leads.get(found[0])
        if lead is not None:
            leads[found[0]] = lead
        bound = (rep_id, found[0], "")


def move(work: Work, lead_id: str, lead: LeadRow, reason: str) -> None:
    """Takes one lead from who has it and routes it again, and tells people.

    A converted lead becomes an assigned one: its next owner takes up the opportunity.
    """
    place = work.tables.places.get(lead_id)
    if place is None or place.assignment is None:
        return
    held = place.assignment
    _route_again(work, lead_id, lead, place, held)
    work.alert(
        reason,
        severity="warning",
        subject=held.rep_id,
        value=lead_id,
        limit="",
        detail=f"lead {lead_id} was taken from {held.rep_id} and routed again",
        about=at(place),
    )


def _route_again(
    work: Work, lead_id: str, lead: LeadRow, place: PlaceRow, held: AssignmentRow
) -> None:
    ended = assignment.end(work, lead_id, place, held, "reassigned")
    excluded = (*(each for each in place.excluded if each != held.rep_id), held.rep_id)
    work.tables.places.put(lead_id, ended)
    to_rep(work, lead_id, lead, replace(ended, excluded=excluded))
