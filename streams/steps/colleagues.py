"""Waiting leads of an account that a rep has begun to work, or works no longer (ACCT-05)."""

from streams.policy.compiled import Policy
from streams.rows.route import PlaceRow, RouteTables
from streams.stage import Outgoing
from streams.steps.place_lead import to_rep
from streams.steps.work import timer_work
from streams.tables import SortKey, Timer


def colleagues(tables: RouteTables, timer: Timer, policy: Policy, now: int) -> list[Outgoing]:
    """Timer of an account: decides its waiting leads again, in the order of the waiting room.

    Ends at the first for which nothing is new: nothing is for those behind it, since who works
    the account is the same for all of them.
    """
    work = timer_work(tables, timer, policy, now)
    desk, _, home = timer.subject.partition("/")
    bound: SortKey = (desk, home)
    while (found := _waiting(tables, bound, desk, home)) is not None:
        lead_id, place = found
        bound = (desk, home, 0 if place.high else 1, place.arrival + 1)
        lead = tables.leads.get(lead_id)
        if lead is not None:
            to_rep(work, lead_id, lead, place)
        if tables.places.get(lead_id) == place:
            break
    return work.out


def _waiting(
    tables: RouteTables, bound: SortKey, desk: str, home: str
) -> tuple[str, PlaceRow] | None:
    """The first waiting lead of a home at or behind a place in the view's order."""
    found = tables.places.next_in("colleagues", bound)
    same = found is not None and (found[1].desk, found[1].home) == (desk, home)
    return found if same else None
