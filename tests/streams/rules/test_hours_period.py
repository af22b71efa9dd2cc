"""Local days, weeks and months, across every kind of change of the clocks (AVL-04)."""

from datetime import datetime
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.rules import hours
from streams.rules.hours import period

HOUR = 3_600_000
Per = Literal["day", "week", "month"]
ZONES = ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Africa/Cairo", "America/Asuncion",
         "America/Havana", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]  # fmt: skip


def at(text: str) -> int:
    """Milliseconds since the epoch."""
    return int(datetime.fromisoformat(text).timestamp() * 1000)


@pytest.mark.parametrize(
    ("zone", "per", "now", "begin", "hours"),
    [
        ("UTC", "day", "2026-03-02T12:00Z", "2026-03-02T00:00Z", 24),
        ("Europe/Berlin", "day", "2026-03-29T12:00Z", "2026-03-28T23:00Z", 23),
        ("Europe/Berlin", "day", "2026-10-25T12:00Z", "2026-10-24T22:00Z", 25),
        ("Africa/Cairo", "day", "2026-04-24T12:00Z", "2026-04-23T22:00Z", 23),
        ("Asia/Tokyo", "week", "2026-03-01T15:00Z", "2026-03-01T15:00Z", 168),
        ("Asia/Tokyo", "week", "2026-03-01T14:59Z", "2026-02-22T15:00Z", 168),
        ("Europe/Berlin", "week", "2026-03-29T12:00Z", "2026-03-22T23:00Z", 167),
        ("UTC", "month", "2026-02-28T23:59Z", "2026-02-01T00:00Z", 672),
        ("America/New_York", "month", "2026-11-30T12:00Z", "2026-11-01T04:00Z", 721),
        ("UTC", "month", "2026-12-31T12:00Z", "2026-12-01T00:00Z", 744),
    ],
)
def test_a_period_begins_at_the_local_midnight(
    zone: str, per: Per, now: str, begin: str, hours: int
) -> None:
    """The end is the beginning of the next one."""
    assert period(zone, per, at(now)) == (at(begin), at(begin) + hours * HOUR)


@given(
    st.sampled_from(ZONES),
    st.sampled_from(["day", "week", "month"]),
    st.integers(at("2011-01-01T00:00Z"), at("2035-01-01T00:00Z")),
)
def test_periods_leave_no_gap_and_do_not_overlap(zone: str, per: Per, now: int) -> None:
    """Every instant is in one; its last one is of the same local date as the calendar says."""
    begin, end = period(zone, per, now)
    assert begin <= now < end
    assert period(zone, per, begin) == period(zone, per, end - 1) == (begin, end)
    assert period(zone, per, end)[0] == end
    if per == "day":
        seconds = (each // 1000 for each in (begin, now, end - 1))
        assert len({datetime.fromtimestamp(each, hours.zone(zone)).date() for each in seconds}) == 1
