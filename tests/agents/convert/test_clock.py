"""The time of every line."""

import pytest

from agents.convert.clock import ExportClock


def test_a_row_without_a_date_takes_the_nearest_one() -> None:
    """From above; before the first dated row, from that one."""
    clock = ExportClock(None, lambda: 5)
    assert [clock.at(time) for time in (None, 7, None, 9, None)] == [5, 7, 7, 9, 9]
    assert clock.ascending


def test_a_given_time_is_that_of_all_rows_without_a_date() -> None:
    """The user knows better than the neighbours."""
    clock = ExportClock(6, lambda: pytest.fail("not needed"))
    assert [clock.at(time) for time in (None, 7, None)] == [6, 7, 6]
    assert not clock.ascending


def test_times_that_run_backwards_are_noticed() -> None:
    """`simulate` needs ascending times and must be told to sort."""
    clock = ExportClock(None, lambda: 0)
    for time in (3, 2):
        clock.at(time)
    assert not clock.ascending
