"""Who is on call at an instant: asked once for each day of a team (decision 33)."""

from typing import NamedTuple

from streams.policy.document import Team
from streams.rules.hours import working_day
from streams.rules.rota import on_duty
from streams.steps.work import Work


class Duty(NamedTuple):
    """Who is on call, and for how long that holds."""

    rules: Team
    """The policy's, by which it was found: under others it is another duty."""
    reps: frozenset[str]
    begin: int
    end: int
    """The first instant at which it may be others."""


def duty(work: Work, team: str) -> Duty:
    """A team's duty: those who always are, and who is it by date or by the rota.

    It is handed over when the team's working time begins, on days off too.
    """
    known: Duty | None = work.tables.derived.get(("duty", team))
    rules = work.policy.document.teams[team]
    if known is None or known.rules is not rules or not known.begin <= work.now < known.end:
        day, begin, end = working_day(rules.zone, rules.hours.begin, work.now)
        now = on_duty(rules.on_call_rota, rules.on_call_dates, day)
        known = Duty(rules, frozenset((*rules.on_call, *now)), begin, end)
        work.tables.derived["duty", team] = known
    return known
