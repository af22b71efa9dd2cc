"""Where a lead goes: to a rep, into a pool, to nurture, or into the waiting room."""

from collections.abc import Sequence

from msgspec.structs import replace

from schemas.inner import LeadQualified
from schemas.outputs import LeadPooled, LeadRecycled
from streams.policy.compiled import Policy
from streams.rows.route import LeadRow, PlaceRow, RouteTables
from streams.rules import push
from streams.rules.pool import pool_for
from streams.rules.priority import is_high
from streams.rules.team import team_for
from streams.stage import Outgoing
from streams.steps import (
    asked_again,
    imported,
    login_feed,
    policy_review,
    slow_assignment,
    waiting_room,
)
from streams.steps.offer import end_race, give_or_offer
from streams.steps.search import Search
from streams.steps.work import Work, lead_row, moved
from streams.tables import count

BAND = "new"
"""Every pool lead's band until pools age (the bands of decision 36 come with claims)."""


def lead_qualified(
    tables: RouteTables, event: LeadQualified, policy: Policy, now: int
) -> list[Outgoing]:
    """A new lead, its person asking again, or news about it."""
    work = Work(tables, policy, now, event.event_id)
    lead_id, place = event.lead_id, tables.places.get(event.lead_id)
    if place is None and event.kind != "new":
        asked_again.unknown(work, event)
        return work.out
    if event.kind == "new":
        count(tables, "received")
        login_feed.watch(work, event.desk)
        policy_review.watch(work, event.desk)
    lead = lead_row(event)
    tables.leads.put(lead_id, lead)
    _route(work, event, lead, place)
    if place is None:
        slow_assignment.watch(work, event)
    _say_status(work, event, lead)
    return work.out


def _route(work: Work, event: LeadQualified, lead: LeadRow, place: PlaceRow | None) -> None:
    """Decides on it, unless it has an owner or an end."""
    lead_id = event.lead_id
    if place is not None and event.kind != "update" and _is_owned_or_closed(place):
        asked_again.asked_again(work, lead_id, lead, place)
        if place.assignment is None:
            to_rep(work, lead_id, lead, replace(place, attempt=1, excluded=()))
    elif place is None and event.held_by is not None:
        if not imported.keep(work, lead_id, lead, event.held_by, high=has_priority(work, lead)):
            decide(work, lead_id, lead, None)
    elif place is None or not _is_owned_or_closed(place):
        decide(work, lead_id, lead, place)


def _say_status(work: Work, event: LeadQualified, lead: LeadRow) -> None:
    """Marketing's word may be another one now although the lead stayed where it was."""
    place = work.tables.places.get(event.lead_id)
    if place is not None:
        work.stay(event.lead_id, lead, place, outcome="placed", reason=event.kind)


def _is_owned_or_closed(place: PlaceRow) -> bool:
    """A new score or late data moves only waiting, pooled or nurtured leads (Re-decision).

    Archived ones are nurtured too: news about them overtook what qualify was told.
    """
    return place.place not in {"waiting", "pooled", "nurture", "archived"}


def search_for(
    work: Work,
    lead: LeadRow,
    excluded: tuple[str, ...],
    worked_by: Sequence[str] | None = None,
) -> Search:
    """The lead's way through the tiers of its team; `worked_by` as of `Search`."""
    document = work.policy.document
    search = Search(work, lead, document.desks[lead.desk].default_team, excluded)
    search.worked_by = worked_by
    owners = (*search.owners, search.worker())
    teams = (work.policy.team_of_rep(each) if each else None for each in owners)
    search.team = team_for(document.desks[lead.desk], teams, search.holds)
    return search


def decide(work: Work, lead_id: str, lead: LeadRow, before: PlaceRow | None) -> None:
    """Withheld -> nurture; on the push list or in the hot lane -> a rep; else a pool (13).

    News does not end a race while the lead is still the hot lane's.
    """
    search = search_for(work, lead, before.excluded if before else ())
    worked = search.worker() is not None
    why = push.withheld(lead, work.policy.document.nurture_grades, worked=worked)
    if before is not None and before.race:
        if why is None and search.in_hot_lane() and search.team == before.team:
            return
        before = end_race(work, lead_id, before, "changed")
    if why is not None:
        nurture(work, lead_id, lead, before or _start(search), reason=why, new=before is None)
        return
    pushed = push.why_pushed(lead, search.rules.push, search.holds, worked=worked)
    if pushed is None and search.in_hot_lane():
        pushed = "hot lane"
    search.tried("push", matched=pushed is not None, why=pushed or "not on the push list")
    if pushed is None:
        _to_pool(search, lead_id, before)
    else:
        _to_rep(search, lead_id, before)


def to_rep(
    work: Work,
    lead_id: str,
    lead: LeadRow,
    before: PlaceRow,
    *,
    offered: tuple[str, ...] = (),
    worked_by: Sequence[str] | None = None,
) -> None:
    """Routes a lead again that a rep had: it stays with sales unless contact is forbidden.

    `offered`: who had it offered in a race that is over; `worked_by` as of `Search`.
    """
    if not lead.contact_allowed:
        nurture(work, lead_id, lead, before, reason="contact_forbidden")
        return
    search = search_for(work, lead, before.excluded, worked_by)
    search.offered = offered
    _to_rep(search, lead_id, before)


def _to_rep(search: Search, lead_id: str, before: PlaceRow | None) -> None:
    place = _with_priority(search, before)
    choice = waiting_room.choose_or_manager(search)
    if choice is None:
        waiting_room.enter(search, lead_id, before, place)
    else:
        give_or_offer(search, lead_id, before, place, choice)


def _start(search: Search) -> PlaceRow:
    lead = search.lead
    return PlaceRow("waiting", lead.desk, search.team, search.work.now, home=lead.home)


def _with_priority(search: Search, before: PlaceRow | None) -> PlaceRow:
    high = has_priority(search.work, search.lead)
    return replace(before or _start(search), high=high, desk=search.lead.desk)


def has_priority(work: Work, lead: LeadRow) -> bool:
    """Whether the lead comes before others under the policy in force (decision 32)."""
    return is_high(hot=lead.hot, score=lead.score, high_score=work.policy.document.high_score)


def _to_pool(search: Search, lead_id: str, before: PlaceRow | None) -> None:
    """Into the first pool that fits; a lead that stays in its pool goes on ageing there."""
    work, lead = search.work, search.lead
    desk = work.policy.document.desks[lead.desk]
    pool, reason = pool_for(desk.pools, desk.fallback_pool, search.holds)
    if before is not None and before.pool == pool:
        return
    search.tried(f"pool:{pool}", matched=True, why=reason)
    there = _with_priority(search, before)
    after = moved(there, "pooled", work.now, team=search.team, pool=pool)
    work.drop_timers(lead_id)
    stale_after = next(each.stale_after for each in desk.pools if each.pool == pool)
    work.set_timer("stale", lead_id, work.now + stale_after)
    _announce_pool(search, lead_id, after, reason)
    work.move(lead_id, lead, before, after, reason=reason)


def _announce_pool(search: Search, lead_id: str, place: PlaceRow, reason: str) -> None:
    work, lead = search.work, search.lead
    event = LeadPooled(
        **work.common("pooled", place.desk, search.team),
        lead_id=lead_id,
        pool=place.pool,
        band=BAND,
        returns=place.returns,
        score=lead.score,
        grade=lead.grade,
        claimable_from=work.now,
        reason=reason,
        explanation=search.explain(None),
    )
    work.say("assignments.pool", lead_id, event)


def nurture(
    work: Work, lead_id: str, lead: LeadRow, before: PlaceRow, *, reason: str, new: bool = False
) -> None:
    """Hands a lead to marketing; one that is there stays there without a word.

    Either way it is archived when nothing new is heard of it for the policy's time.
    """
    archived_at = work.now + work.policy.document.archive_after
    if before.place == "nurture":
        work.set_timer("archive", lead_id, archived_at)
        return
    work.drop_timers(lead_id)
    came_from = "new" if new else before.pool or before.place
    places = {"from": came_from, "to": "nurture"}
    event = LeadRecycled(
        **(work.common("recycled", before.desk, before.team) | places),
        lead_id=lead_id,
        reason=reason,
    )
    work.say("leads.recycled", lead_id, event)
    after = moved(before, "nurture", work.now, assignment=None)
    work.set_timer("archive", lead_id, archived_at)
    work.move(lead_id, lead, None if new else before, after, reason=reason)
