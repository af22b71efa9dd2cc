"""A lead is routed again on request, when a territory has moved (decision 0037)."""

from schemas.inner import CommandReceived
from schemas.pools import LeadRerouteRequested
from streams.policy.compiled import Policy
from streams.rows.route import IMPORTED, AssignmentRow, LeadRow, PlaceRow, RouteTables
from streams.stage import Outgoing
from streams.steps import assignment, waiting_room
from streams.steps.account_work import reps_at
from streams.steps.assignment import Hand
from streams.steps.choose import choose
from streams.steps.place_lead import decide, search_for, to_rep
from streams.steps.work import About, Work

REROUTED, IGNORED = "rerouted", "reroute_ignored"
"""Kinds of alerts; value: why it is ignored, as a code, or where it was."""
ROUTED = frozenset({"waiting", "assigned", "pooled"})
"""Places from which a lead can be routed again."""


def reroute_requested(
    tables: RouteTables,
    event: CommandReceived,
    said: LeadRerouteRequested,
    policy: Policy,
    now: int,
) -> list[Outgoing]:
    """Moves the lead where the rules mean somebody else or another place; else it stays.

    That it stays where the rules want it goes without saying; for any other reason an alert tells
    why. So the same request twice does no more than once.
    """
    work = Work(tables, policy, now, event.event_id)
    lead, place = tables.leads.get(said.lead_id), tables.places.get(said.lead_id)
    if lead is None or place is None or place.desk != event.desk:
        work.refuse_lead(event)
        return work.out
    why_kept = _why_kept(place, said)
    if why_kept is not None:
        _tell(work, IGNORED, place, said, value=why_kept)
    elif place.assignment is None:
        decide(work, said.lead_id, lead, place)
    else:
        _take(work, lead, place, place.assignment, said)
    after = tables.places.get(said.lead_id)
    if after is not None and where(after) != where(place):
        _tell(work, REROUTED, place, said, value=where(place))
    return work.out


def where(place: PlaceRow) -> str:
    """The rep or the pool that has the lead, else its place."""
    return place.assignment.rep_id if place.assignment else place.pool or place.place


def _why_kept(place: PlaceRow, said: LeadRerouteRequested) -> str | None:
    """What speaks against routing it again, whatever the rules mean; None: nothing.

    A manager keeps what nobody else could take (decision 35), and whom a person has set keeps it
    until a person takes it from him by name (decision 0026). Of an imported lead nobody knows how
    far its rep is with it.
    """
    held = place.assignment
    if place.place not in ROUTED:
        return place.place
    if held is not None and held.method == "manager":
        return "manager"
    if held is None or said.worked:
        return None
    return "worked" if held.contacted_at is not None or held.method == IMPORTED else None


def _take(
    work: Work, lead: LeadRow, place: PlaceRow, held: AssignmentRow, said: LeadRerouteRequested
) -> None:
    """Takes the lead from its rep if he is none of those whom the rules mean.

    They mean everybody who was looked at until somebody was found: a rotation would give the lead
    to another of its members each time it is asked. From a rep to nobody no lead goes. What came
    to him because he worked the account goes with the leads for which he did (decision 0039).
    """
    follows = held.method == "account"
    workers = reps_at(work, place.desk, place.home, followed=False)
    search = search_for(work, lead, place.excluded, workers if follows else ())
    choice = choose(search)
    if choice is None:
        _tell(work, IGNORED, place, said, value="nobody_eligible")
        return
    if held.rep_id == choice.rep_id or held.rep_id in search.looked():
        return
    assignment.give_back_unworked(work, held)
    hand = Hand(said.by, said.reason)
    ended = assignment.end(work, said.lead_id, place, held, "reassigned", hand)
    work.tables.places.put(said.lead_id, ended)
    waiting_room.drain(work, place.desk)
    others = [rep_id for rep_id in workers if rep_id != held.rep_id]
    to_rep(work, said.lead_id, lead, ended, worked_by=workers if follows else others)


def _tell(
    work: Work, kind: str, place: PlaceRow, said: LeadRerouteRequested, *, value: str
) -> None:
    what = "was routed again, from" if kind == REROUTED else "stays where it is:"
    work.alert(
        kind,
        severity="info",
        subject=said.lead_id,
        value=value,
        limit="",
        detail=f"lead {said.lead_id} {what} {value.replace('_', ' ')}",
        about=About(place.desk, place.team, said.by, said.reason),
    )
