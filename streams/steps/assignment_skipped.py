"""A manager takes a lead from its rep; the next in line gets it (decision 0028)."""

from msgspec.structs import replace

from schemas.inner import CommandReceived
from schemas.pools import AssignmentSkipped
from streams.policy.compiled import Policy
from streams.rows.route import AssignmentRow, LeadRow, PlaceRow, RouteTables
from streams.stage import Outgoing
from streams.steps import assignment, waiting_room
from streams.steps.assignment import Hand
from streams.steps.place_lead import to_rep
from streams.steps.work import Work, at


def assignment_skipped(
    tables: RouteTables, event: CommandReceived, said: AssignmentSkipped, policy: Policy, now: int
) -> list[Outgoing]:
    """Takes effect while that assignment stands; else an alert says why not, never silence."""
    work = Work(tables, policy, now, event.event_id)
    lead_id = event.lead_id or said.lead_id
    lead, place = tables.leads.get(lead_id), tables.places.get(lead_id)
    if lead is None or place is None:
        work.refuse_lead(event)
        return work.out
    held = place.assignment
    if held is None or held.assignment_id != said.assignment_id:
        _say_ended(work, lead_id, place, said)
    else:
        _skip(work, lead_id, lead, place, held, Hand(said.by, said.reason))
    return work.out


def _skip(
    work: Work, lead_id: str, lead: LeadRow, place: PlaceRow, held: AssignmentRow, hand: Hand
) -> None:
    """The turn is given back, and the lead routed without him; the waiting before it come first."""
    assignment.give_back(work, held)
    ended = assignment.end(work, lead_id, place, held, "reassigned", hand)
    excluded = (*(each for each in place.excluded if each != held.rep_id), held.rep_id)
    work.tables.places.put(lead_id, ended)
    waiting_room.drain(work, place.desk)
    to_rep(work, lead_id, lead, replace(ended, excluded=excluded))


def _say_ended(work: Work, lead_id: str, place: PlaceRow, said: AssignmentSkipped) -> None:
    """Somebody or something was quicker."""
    holder = place.assignment.rep_id if place.assignment else "nobody"
    work.alert(
        "skip_ignored",
        severity="info",
        subject=lead_id,
        value=said.assignment_id,
        limit="",
        detail=f"this assignment of lead {lead_id} has ended; now {holder} has it",
        about=at(place),
    )
