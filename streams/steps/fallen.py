"""Leads whose step failed: received all the same, or they would stay in flight for ever."""

from schemas.inner import LeadQualified
from streams.rows.route import RouteTables
from streams.tables import count

FALLEN = "fallen"
"""Leads that were dead-lettered after admission and have not come in again. Always
`received` = sum of `place:<place>` + `fallen` (design, Counts)."""


def lead_fallen(tables: RouteTables, event: LeadQualified, by: int) -> None:
    """A new lead moves from in flight to rejected (by 1), or back when it is replayed (by -1)."""
    if event.kind == "new":
        count(tables, "received", by)
        count(tables, FALLEN, by)
