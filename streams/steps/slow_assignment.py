"""Tells when the pipeline was late: a pushed lead got its owner long after capture (PERF-01).

Only the first decision about a new lead is looked at, and only where it gave the lead to a rep or
offered it in a race. So waiting for shifts or capacity, which has alerts of its own, re-routes and
people who ask again do not count; nor do leads that another system had given to a rep already.
"""

from schemas.inner import LeadQualified
from streams.policy.quantities import HOUR_MS, seconds_text
from streams.steps.work import Work, at

KIND = "slow_assignment"
AGAIN = HOUR_MS
"""A desk is told no more often: after an outage every lead of the backlog is late."""


def watch(work: Work, event: LeadQualified) -> None:
    """Looks at a new lead that has just been decided on for the first time."""
    within = work.policy.document.oversight.assigned_within
    late = work.now - event.captured_at
    if within is None or late <= within or event.held_by is not None:
        return
    place = work.tables.places.get(event.lead_id)
    if place is None or (place.assignment is None and not place.race):
        return
    if work.is_told(f"{KIND}/{event.desk}", AGAIN):
        return
    work.alert(
        KIND,
        severity="warning",
        subject=event.desk,
        value=seconds_text(late),
        limit=seconds_text(within),
        detail=f"lead {event.lead_id} came to its rep {seconds_text(late)} after its capture; "
        "`leadstream trace` says where the time went; the desk is told once an hour at most",
        about=at(place),
    )
