"""Rows of closed leads go after some days (design, section 3: personal data)."""

from streams.policy.compiled import Policy
from streams.rows.route import RouteTables
from streams.stage import Outgoing
from streams.tables import Timer


def forget(tables: RouteTables, timer: Timer, policy: Policy, now: int) -> list[Outgoing]:
    """Timer of a closed lead: its rows are removed; the counts of places keep it."""
    del policy, now
    tables.leads.delete(timer.subject)
    tables.places.delete(timer.subject)
    return []
