"""An owner set by hand in the CRM is respected and never routed again (decision 0026)."""

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from schemas.crm import LeadOwnerChanged, LeadReassigned
from schemas.inner import CommandReceived
from streams.policy.compiled import Policy
from streams.rows.route import LeadRow, PlaceRow, RouteTables
from streams.rules import echo
from streams.stage import Outgoing
from streams.steps import assignment, waiting_room
from streams.steps.assignment import EndReason, Hand
from streams.steps.offer import end_race
from streams.steps.place_lead import has_priority
from streams.steps.search import Choice, Search
from streams.steps.work import Work, at
from streams.tables import count

ECHOES: Final = "owner_echoes"
"""Count of our own assignments that came back from the CRM."""
BY_HAND: Final = "by_hand"
"""What stands for a tier in the record of a decision that a person made."""
OwnerSet = LeadOwnerChanged | LeadReassigned
_REASONS: Mapping[str, EndReason] = {
    "lead.owner_changed": "owner_changed",
    "lead.reassigned": "reassigned",
}


def owner_set(
    tables: RouteTables, event: CommandReceived, said: OwnerSet, policy: Policy, now: int
) -> list[Outgoing]:
    """Takes the lead from wherever it is; our own change coming back changes nothing."""
    work = Work(tables, policy, now, event.event_id)
    lead_id = event.lead_id or said.lead_id
    lead, place = tables.leads.get(lead_id), tables.places.get(lead_id)
    if lead is None or place is None:
        work.refuse_lead(event)
    elif echo.is_echo(said, place, policy.document.owner_sync, now):
        count(tables, ECHOES)
        tables.places.put(lead_id, echo.heard(place, said.rep_id))
    elif place.assignment is None and place.place in {"converted", "lost", "disqualified"}:
        _say_closed(work, lead_id, place, said)
    elif not _refused(work, event, lead, said.rep_id):
        _set(work, lead_id, lead, place, said)
    return work.out


def _refused(work: Work, event: CommandReceived, lead: LeadRow, rep_id: str) -> bool:
    """Says no where the rep cannot have it: then the lead stays where it is."""
    desk = work.policy.desk_of_rep(rep_id)
    if desk is None:
        work.refuse_rep(event)
    elif desk != lead.desk:
        detail = f"the lead is at desk {lead.desk}, the rep at {desk}; name a rep of its desk"
        work.refuse(event, reason="other_desk", field="rep_id", detail=detail)
    elif work.rep(rep_id).left:
        detail = "the rep has left, nobody would work the lead; name another rep"
        work.refuse(event, reason="rep_left", field="rep_id", detail=detail)
    elif not lead.contact_allowed:
        detail = "the person forbade contact, so sales gets nothing; leave the lead to marketing"
        work.refuse(event, reason="contact_forbidden", field="lead_id", detail=detail)
    else:
        return False
    return True


def _set(work: Work, lead_id: str, lead: LeadRow, place: PlaceRow, said: OwnerSet) -> None:
    """Ends what was and gives it to the rep, whatever speaks against him: a person knows why.

    It costs no turn and has no clock that would take it away again (decisions, Charge).
    """
    reason, hand = _REASONS[said.type], Hand(said.by, said.reason)
    held, after = place.assignment, place
    if held is not None:
        assignment.give_back_unworked(work, held)
        after = assignment.end(work, lead_id, place, held, reason, hand)
    elif place.race:
        after = end_race(work, lead_id, place, "owner_set")
    search = Search(work, lead, work.policy.document.reps[said.rep_id].team)
    search.tried(BY_HAND, matched=True, why=said.type)
    excluded = tuple(each for each in place.excluded if each != said.rep_id)
    after = replace(after, high=has_priority(work, lead), excluded=excluded)
    choice = Choice(said.rep_id, "manager", reason)
    assignment.give(search, lead_id, place, after, choice, hand)
    if held is not None:
        waiting_room.drain(work, place.desk)


def _say_closed(work: Work, lead_id: str, place: PlaceRow, said: OwnerSet) -> None:
    """Records of closed leads get other owners too, in bulk: that opens none of them again."""
    work.alert(
        "owner_ignored",
        severity="info",
        subject=said.rep_id,
        value=said.type,
        limit="",
        detail=f"lead {lead_id}: it is closed ({place.place}); a new request opens it again",
        about=at(place),
    )
