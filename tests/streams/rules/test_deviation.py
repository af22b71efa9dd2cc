"""How far from the share, and how far that may be."""

import math

import pytest

from streams.rows.rotation import LEAD
from streams.rules import deviation


@pytest.mark.parametrize(
    ("time", "hundredths"),
    [(0, 0), (LEAD, 100), (3 * LEAD // 2, 150), (-LEAD // 4, -25), (LEAD - 1, 99), (1 - LEAD, -99)],
)
def test_what_is_owed_is_counted_in_hundredths_of_a_lead(time: int, hundredths: int) -> None:
    """Promise 5: whatever the weight; rounded towards nothing, so that rounding is no alert."""
    assert deviation.owed(0, LEAD, time) == hundredths
    assert deviation.owed(7, 7 + LEAD // 250, 7 + time // 250) == pytest.approx(hundredths, abs=1)


def test_a_whole_lead_is_the_limit_while_nothing_changes_and_more_across_changes() -> None:
    """Promise 5: 1, and 1 + ln(n); where points are shared, times those of the dearest lead."""
    assert (deviation.steady(1), deviation.steady(4)) == (100, 400)
    assert deviation.changing(1, 1) == 100
    for members in range(2, 200):
        promised = 100 * (1 + math.log(members))
        assert promised <= deviation.changing(members, 1) < promised + 1
        assert deviation.changing(members, 4) <= 4 * deviation.changing(members, 1)


@pytest.mark.parametrize(
    ("given", "owed", "left"),
    [
        (3, 250, 2),
        (3, 900, 3),
        (3, 99, 0),
        (3, -400, 0),
        (-2, -150, -1),
        (-2, 50, 0),
        (-2, -900, -2),
    ],
)
def test_turns_given_or_taken_count_as_far_as_they_still_show(
    given: int, owed: int, left: int
) -> None:
    """Whoever was given three turns and is owed two leads has two of them to come, at most."""
    assert deviation.remaining(given, owed) == left


def test_people_read_leads_with_two_places() -> None:
    """As `leadstream fairness` writes them."""
    assert [deviation.text(each) for each in (0, 5, 100, 1234)] == ["0.00", "0.05", "1.00", "12.34"]
