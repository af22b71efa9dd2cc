"""A lead that nobody claims leaves its pool (STAL-01, decision 10)."""

from streams.policy.compiled import Policy
from streams.rows.route import RouteTables
from streams.stage import Outgoing
from streams.steps.place_lead import nurture
from streams.steps.work import timer_work
from streams.tables import Timer


def pool_stale(tables: RouteTables, timer: Timer, policy: Policy, now: int) -> list[Outgoing]:
    """Timer of a pooled lead: to nurture, and said so on `leads.recycled`."""
    work = timer_work(tables, timer, policy, now)
    lead, place = tables.leads.get(timer.subject), tables.places.get(timer.subject)
    if lead is not None and place is not None and place.place == "pooled":
        nurture(work, timer.subject, lead, place, reason="stale")
    return work.out
