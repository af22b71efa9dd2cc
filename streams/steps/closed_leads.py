"""Leads that nobody hears of are archived; rows of closed leads go (design, section 3)."""

from msgspec.structs import replace

from schemas.outputs import LeadRecycled
from streams.policy.compiled import Policy
from streams.rows.route import LeadRow, PlaceRow, RouteTables
from streams.stage import Outgoing
from streams.steps.work import Work, timer_work
from streams.tables import Timer

QUIET = "no_engagement"


def close(
    work: Work, lead_id: str, lead: LeadRow, before: PlaceRow, place: str, reason: str
) -> None:
    """Puts a lead where it is done; its rows are kept for the policy's time (personal data)."""
    after = replace(before, place=place, since=work.now)
    work.move(lead_id, lead, before, after, reason=reason, outcome="closed")
    work.set_timer("forget", lead_id, work.now + work.policy.document.closed_kept)


def archive(tables: RouteTables, timer: Timer, policy: Policy, now: int) -> list[Outgoing]:
    """Timer of a nurtured lead: nothing new was heard of it (decision 10)."""
    work = timer_work(tables, timer, policy, now)
    lead_id = timer.subject
    lead, place = tables.leads.get(lead_id), tables.places.get(lead_id)
    if lead is not None and place is not None and place.place == "nurture":
        common = work.common("recycled", place.desk, place.team)
        places = {"from": "nurture", "to": "archive"}
        event = LeadRecycled(**(common | places), lead_id=lead_id, reason=QUIET)
        work.say("leads.recycled", lead_id, event)
        close(work, lead_id, lead, place, "archived", QUIET)
    return work.out


def forget(tables: RouteTables, timer: Timer, policy: Policy, now: int) -> list[Outgoing]:
    """Timer of a closed lead: its rows are removed; the counts of places keep it."""
    del policy, now
    tables.leads.delete(timer.subject)
    tables.places.delete(timer.subject)
    return []
