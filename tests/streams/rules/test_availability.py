"""Reasons against a rep, in their order (AVL-01 to AVL-05, CPTY-01, decision 34)."""

import pytest

from streams.rows.route import AwayRow, RepRow
from streams.rules.availability import (
    boundaries,
    on_shift,
    owner_passed_over,
    why_not,
    worker_passed_over,
)

SPAN = (AwayRow(10, 20, "meeting"), AwayRow(15, 30, "pto"))


@pytest.mark.parametrize(
    ("rep", "load", "now", "is_open", "reason"),
    [
        (RepRow(), 0, 10, True, None),
        (RepRow(), 0, 10, False, "outside_hours"),
        (RepRow(), 5, 10, False, "at_capacity"),
        (RepRow(away=SPAN), 0, 9, True, None),
        (RepRow(away=SPAN), 0, 10, True, "meeting"),
        (RepRow(away=SPAN), 0, 15, True, "pto"),
        (RepRow(away=SPAN), 0, 30, True, None),
        (RepRow(login_until=10), 0, 10, True, "not_logged_in"),
        (RepRow(available=False, away=SPAN), 0, 15, True, "unavailable"),
        (RepRow(left=True, available=False, paused=True), 0, 15, True, "left"),
        (RepRow(paused=True, available=False), 5, 15, False, "paused"),
        (RepRow(paused=True, paused_until=16), 0, 15, True, "paused"),
        (RepRow(paused=True, paused_until=15), 0, 15, True, None),
        (RepRow(paused_until=16), 0, 15, True, None),
    ],
)
def test_the_first_reason_counts(
    rep: RepRow, load: int, now: int, *, is_open: bool, reason: str | None
) -> None:
    """An absence's end is not part of it; hours are named only when they are the only reason."""
    assert why_not(rep, load, 5, now, is_open=is_open) == reason


def test_only_a_whole_absence_passes_an_owner_over() -> None:
    """Decision 34."""
    rep = RepRow(away=SPAN, available=False, paused=True)
    assert [owner_passed_over(rep, now) for now in (10, 15, 30)] == [None, "pto", None]
    assert owner_passed_over(RepRow(left=True), 0) == "left"


def test_who_works_an_account_is_passed_over_for_all_but_meetings_and_hours() -> None:
    """ACCT-05, decision 0039."""

    def why(rep: RepRow, load: int = 0, cap: str | None = None) -> str | None:
        return worker_passed_over(rep, load, 5, 10, cap)

    assert why(RepRow(away=(AwayRow(10, 20, "meeting"),))) is None
    assert why(RepRow(away=(AwayRow(10, 20, "pto"),))) == "pto"
    assert why(RepRow(paused=True)) == "paused"
    assert why(RepRow(), 5) == "at_capacity"
    assert why(RepRow(), 4, "daily_limit") == "daily_limit"


def test_a_rep_who_is_full_is_still_on_shift() -> None:
    """Then it is not outside everybody's hours, and the lead waits for him."""
    assert on_shift("at_capacity", is_open=True)
    assert not on_shift("pto", is_open=True)
    assert not on_shift("at_capacity", is_open=False)


def test_absences_begin_and_end_at_boundaries_to_come() -> None:
    """What the desk's wake-up timer looks at."""
    assert boundaries(RepRow(away=SPAN), 15) == [20, 30]
    assert boundaries(RepRow(away=SPAN, paused=True, paused_until=40), 15) == [20, 30, 40]
    assert boundaries(RepRow(paused=True, paused_until=40), 40) == []
    assert boundaries(RepRow(paused=True), 15) == []
