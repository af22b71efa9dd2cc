"""Waiting leads of an account that a rep has begun to work, or works no longer (ACCT-05)."""

from streams.policy.compiled import Policy
from streams.rows.route import RouteTables
from streams.stage import Outgoing
from streams.steps.account_work import first_of
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
    while (found := first_of(tables, "colleagues", bound, desk, home)) is not None:
        lead_id, place = found
        bound = (desk, home, 0 if place.high else 1, place.arrival + 1)
        lead = tables.leads.get(lead_id)
        if lead is not None:
            to_rep(work, lead_id, lead, place)
        if tables.places.get(lead_id) == place:
            break
    return work.out
