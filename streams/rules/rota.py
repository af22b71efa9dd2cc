"""Who is on call on a day: by date, else by turns (decision 33)."""

from collections.abc import Sequence
from datetime import date

from streams.policy.rota import OnCallDates, Rota


def on_duty(rota: Rota | None, dates: Sequence[OnCallDates], day: date) -> tuple[str, ...]:
    """The reps of the first dates that have the day, else the one whose turn it is; or nobody."""
    for each in dates:
        if each.first <= day.isoformat() <= each.last:
            return each.reps
    if rota is None:
        return ()
    since = (day - date.fromisoformat(rota.begins)).days
    return () if since < 0 else (rota.reps[since // rota.days % len(rota.reps)],)
