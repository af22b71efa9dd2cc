"""Leads whose rep is gone go through the tiers again (ACCT-03, ESC-09)."""

from msgspec.structs import replace

from streams.rows.route import PlaceRow
from streams.steps import assignment
from streams.steps.place_lead import to_rep
from streams.steps.work import Work


def move_leads_of(work: Work, rep_id: str, reason: str) -> None:
    """Routes every lead in the rep's hands again, in the order of lead id, without him.

    The work is bounded by the leads that he has. A converted lead becomes an assigned one: its
    next owner takes up the opportunity.
    """
    while True:
        found = work.tables.places.next_in("held", (rep_id,))
        if found is None or not _held_by(found[1], rep_id):
            return
        _move(work, *found, rep_id)
        work.alert(
            reason,
            severity="warning",
            subject=rep_id,
            value=found[0],
            limit="",
            detail=f"lead {found[0]} was taken from {rep_id} and routed again",
            place=found[1],
        )


def _held_by(place: PlaceRow, rep_id: str) -> bool:
    return place.assignment is not None and place.assignment.rep_id == rep_id


def _move(work: Work, lead_id: str, place: PlaceRow, rep_id: str) -> None:
    held, lead = place.assignment, work.tables.leads.get(lead_id)
    if held is None or lead is None:
        return
    ended = assignment.end(work, lead_id, place, held, "reassigned")
    excluded = (*(each for each in place.excluded if each != rep_id), rep_id)
    work.tables.places.put(lead_id, ended)
    to_rep(work, lead_id, lead, replace(ended, excluded=excluded))
