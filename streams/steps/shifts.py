"""Who is at work now: each calendar is asked once for each change, however many share it."""

from typing import NamedTuple

from streams.rules.hours import Calendar, is_open, next_change
from streams.steps.work import Work

FOR_EVER = 1 << 62
KEY = "shifts"


class Shift(NamedTuple):
    """Whether a calendar is open, and for how long that answer holds."""

    calendar: Calendar
    """Kept so that no other calendar can come to have its identity."""
    working: bool
    since: int
    until: int
    """The first instant at which it may be another."""


def shift(work: Work, calendar: Calendar) -> Shift:
    """Whether the calendar is open at the instant of the work."""
    known: dict[int, Shift] = work.tables.derived.setdefault(KEY, {})
    found = known.get(id(calendar))
    if found is None or not found.since <= work.now < found.until:
        until = next_change(calendar, work.now)
        working = is_open(calendar, work.now)
        found = Shift(calendar, working, work.now, FOR_EVER if until is None else until)
        known[id(calendar)] = found
    return found
