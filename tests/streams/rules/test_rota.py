"""Who is on call on a day: by date, else by turns (decision 33)."""

from datetime import date, timedelta

from streams.policy.rota import OnCallDates, Rota
from streams.rules.rota import on_duty

ROTA = Rota(begins="2026-03-02", days=7, reps=("ann", "bob", "ann", "cay"))
HOLIDAYS = (OnCallDates(first="2026-03-10", last="2026-03-11", reps=("bob", "cay")),)


def test_turns_come_one_after_the_other_over_and_over_again() -> None:
    """Nobody before the first; somebody who is named twice comes twice in a round."""
    first = date(2026, 3, 2)
    weeks = [on_duty(ROTA, (), first + timedelta(weeks=week)) for week in range(-1, 6)]
    assert weeks == [(), ("ann",), ("bob",), ("ann",), ("cay",), ("ann",), ("bob",)]
    assert on_duty(ROTA, (), date(2026, 3, 8)) == ("ann",)


def test_dates_come_before_turns_and_change_none_of_them() -> None:
    """The first and the last day belong to them."""
    days = [on_duty(ROTA, HOLIDAYS, date(2026, 3, day)) for day in (9, 10, 11, 12)]
    assert days == [("bob",), ("bob", "cay"), ("bob", "cay"), ("bob",)]
    assert on_duty(None, HOLIDAYS, date(2026, 3, 12)) == ()
