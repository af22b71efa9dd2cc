"""When the policy itself says that a rep is away: own days off, and before the first day."""

from collections.abc import Iterator
from datetime import date, timedelta

from streams.policy.document import Document
from streams.policy.findings import Finding, repeats, unknown
from streams.policy.foreign import supported_countries
from streams.policy.rep import Rep
from streams.rows.route import AwayRow
from streams.rules.hours import day_begins

BEGINNING = 0
"""Earlier than any lead."""


def absences_of(document: Document) -> dict[str, tuple[AwayRow, ...]]:
    """By rep id, in order of time; whoever is never away is left out."""
    found = {
        rep_id: tuple(_absences(rep, rep.zone or document.teams[rep.team].zone))
        for rep_id, rep in document.reps.items()
    }
    return {rep_id: spans for rep_id, spans in found.items() if spans}


def _absences(rep: Rep, zone: str) -> Iterator[AwayRow]:
    if rep.starts_on is not None:
        first = day_begins(zone, date.fromisoformat(rep.starts_on))
        yield AwayRow(BEGINNING, first, "not_started")
    for text in sorted(rep.days_off):
        day = date.fromisoformat(text)
        following = day_begins(zone, day + timedelta(days=1))
        yield AwayRow(day_begins(zone, day), following, "day_off")


def check_absences(document: Document) -> Iterator[Finding]:
    """Holidays are those of a known country; no day off stands there twice."""
    for rep_id, rep in document.reps.items():
        if rep.holidays is not None and rep.holidays not in supported_countries():
            path = ("reps", rep_id, "holidays")
            yield unknown(path, "country with known holidays", rep.holidays, ())
        yield from repeats(("reps", rep_id, "days_off"), rep.days_off)
