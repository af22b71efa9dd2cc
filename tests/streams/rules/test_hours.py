"""Working time: shifts, deadlines, and the days on which the clocks change."""

from datetime import date, datetime, timedelta

import pytest

from streams.policy.document import Hours
from streams.policy.quantities import DAY_MS, HOUR_MS, WEEKDAYS
from streams.rules.hours import (
    Calendar,
    NeverOpen,
    add_open_time,
    is_open,
    next_change,
    next_open,
    zone,
    zone_names,
)

EVERY_DAY: list[str] = list(WEEKDAYS)


def hours(begin: str, end: str, days: list[str] | None = None) -> Hours:
    """Hours as the policy writes them."""
    return Hours.model_validate({"days": days or EVERY_DAY[:5], "begin": begin, "end": end})


def at(text: str) -> int:
    """Milliseconds of an RFC 3339 time."""
    return int(datetime.fromisoformat(text).timestamp()) * 1000


NEW_YORK = Calendar("America/New_York", hours("09:00", "18:00"), frozenset({"2026-11-26"}))
NIGHT = Calendar("Europe/Berlin", hours("22:00", "06:00", EVERY_DAY))


def open_ms(calendar: Calendar, begin: int, end: int) -> int:
    """Milliseconds of open time between two instants, counted from change to change."""
    total, now = 0, begin
    while now < end:
        change = next_change(calendar, now)
        until = end if change is None else min(change, end)
        total += until - now if is_open(calendar, now) else 0
        now = until
    return total


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-23T08:59:59-05:00", False),
        ("2026-11-23T09:00:00-05:00", True),
        ("2026-11-23T17:59:59-05:00", True),
        ("2026-11-23T18:00:00-05:00", False),
        ("2026-11-22T12:00:00-05:00", False),
        ("2026-11-26T12:00:00-05:00", False),
    ],
)
def test_a_shift_has_its_begin_but_not_its_end_and_no_holiday(now: str, expected: bool) -> None:  # noqa: FBT001 - a column of the table
    """Hours are half open; weekends and holidays are closed."""
    assert is_open(NEW_YORK, at(now)) is expected


def test_a_deadline_passes_over_nights_weekends_and_holidays() -> None:
    """Decision 31: from Wednesday to Friday, for Thursday is a holiday; from Friday to Monday."""
    assert add_open_time(NEW_YORK, at("2026-11-25T17:00:00-05:00"), 2 * HOUR_MS) == at(
        "2026-11-27T10:00:00-05:00"
    )
    assert add_open_time(NEW_YORK, at("2026-11-27T17:00:00-05:00"), 2 * HOUR_MS) == at(
        "2026-11-30T10:00:00-05:00"
    )


def test_a_deadline_may_be_the_very_end_of_a_shift() -> None:
    """The earliest instant by which the time has passed, not the next morning."""
    end = at("2026-11-23T18:00:00-05:00")
    assert add_open_time(NEW_YORK, end - 2 * HOUR_MS, 2 * HOUR_MS) == end
    assert (
        add_open_time(NEW_YORK, end - 2 * HOUR_MS, 2 * HOUR_MS + 1)
        == at("2026-11-24T09:00:00-05:00") + 1
    )


def test_no_time_at_all_is_over_at_once() -> None:
    """Zero open time has passed now, open or not; negative time is refused."""
    closed = at("2026-11-22T12:00:00-05:00")
    assert add_open_time(NEW_YORK, closed, 0) == closed
    with pytest.raises(ValueError, match="cannot be taken back"):
        add_open_time(NEW_YORK, closed, -1)


@pytest.mark.parametrize(
    ("day", "offset"),
    [("2026-03-06", "-05:00"), ("2026-03-09", "-04:00"), ("2026-11-02", "-05:00")],
)
def test_nine_in_the_morning_stays_nine_in_the_morning(day: str, offset: str) -> None:
    """A shift is local time, before and after the change of the clocks."""
    assert next_open(NEW_YORK, at(f"{day}T00:00:00{offset}")) == at(f"{day}T09:00:00{offset}")


@pytest.mark.parametrize(
    ("begin", "end", "length_h"),
    [
        ("2026-03-28T22:00:00+01:00", "2026-03-29T06:00:00+02:00", 7),
        ("2026-10-24T22:00:00+02:00", "2026-10-25T06:00:00+01:00", 9),
        ("2026-06-01T22:00:00+02:00", "2026-06-02T06:00:00+02:00", 8),
    ],
)
def test_a_night_shift_through_the_change_of_clocks_keeps_its_local_ends(
    begin: str, end: str, length_h: int
) -> None:
    """22:00 to 06:00 is seven hours long in spring and nine in autumn."""
    assert next_open(NIGHT, at(begin) - 1) == at(begin)
    assert next_change(NIGHT, at(begin)) == at(end)
    assert open_ms(NIGHT, at(begin) - HOUR_MS, at(end) + HOUR_MS) == length_h * HOUR_MS


def test_a_skipped_time_means_the_instant_of_the_change() -> None:
    """In Berlin 02:30 does not exist on 29 March 2026: the clocks go from 02:00 to 03:00."""
    begins = Calendar("Europe/Berlin", hours("02:30", "05:00", ["sun"]))
    ends = Calendar("Europe/Berlin", hours("00:00", "02:30", ["sun"]))
    change = at("2026-03-29T01:00:00+00:00")
    assert next_open(begins, change - HOUR_MS) == change
    assert next_change(ends, change - HOUR_MS) == change


def test_a_time_that_comes_twice_means_its_first_coming() -> None:
    """On 25 October 2026 Berlin has 02:30 at 00:30 and again at 01:30 UTC."""
    begins = Calendar("Europe/Berlin", hours("02:30", "05:00", ["sun"]))
    assert next_open(begins, at("2026-10-25T00:00:00+00:00")) == at("2026-10-25T00:30:00+00:00")


def test_a_night_shift_counts_for_the_day_on_which_it_begins() -> None:
    """Friday's shift goes on into Saturday; a holiday on Friday takes all of it away."""
    friday = Calendar("UTC", hours("22:00", "06:00", ["fri"]))
    saturday_morning = at("2026-11-28T03:00:00+00:00")
    assert is_open(friday, saturday_morning)
    on_holiday = Calendar("UTC", friday.hours, frozenset({"2026-11-27"}))
    assert not is_open(on_holiday, saturday_morning)
    holiday_after = Calendar("UTC", friday.hours, frozenset({"2026-11-28"}))
    assert is_open(holiday_after, saturday_morning)


def test_round_the_clock_never_changes() -> None:
    """'00:00' to '24:00' on all days is one endless shift; calendar time and open time agree."""
    always = Calendar("Africa/Cairo", hours("00:00", "24:00", EVERY_DAY))
    now = at("2026-11-23T12:34:56+00:00")
    assert next_change(always, now) is None
    assert add_open_time(always, now, 100 * DAY_MS) == now + 100 * DAY_MS
    with_holiday = Calendar("UTC", always.hours, frozenset({"2027-01-01"}))
    assert next_change(with_holiday, now) == at("2027-01-01T00:00:00+00:00")


def test_a_calendar_without_open_time_is_refused_after_bounded_search() -> None:
    """Such hours cannot be published; should one come here, nobody waits for ever."""
    day = date(2026, 1, 1)
    closed = frozenset((day + timedelta(days=count)).isoformat() for count in range(3000))
    never = Calendar("UTC", hours("09:00", "18:00"), closed)
    now = at("2026-02-01T00:00:00+00:00")
    for ask in (next_open, next_change):
        with pytest.raises(NeverOpen):
            ask(never, now)
    with pytest.raises(NeverOpen):
        add_open_time(never, now, 1)


def test_zones_come_from_the_package_and_from_nowhere_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every machine decides with the same zones, whatever its own zone files say."""
    monkeypatch.setenv("PYTHONTZPATH", "/nowhere")
    assert "Europe/Berlin" in zone_names()
    assert all(zone(name).key == name for name in ("Europe/Berlin", "UTC", "Asia/Kolkata"))
    for bad in ("../../etc/passwd", "Europe", "", "europe/berlin"):
        with pytest.raises(KeyError):
            zone(bad)


def test_the_memory_of_a_calendar_is_bounded_and_changes_nothing() -> None:
    """Asked about ten years day by day it keeps few spans, and answers as a fresh one does."""
    used = Calendar("America/New_York", NEW_YORK.hours, NEW_YORK.holidays)
    start = at("2020-01-01T12:00:00+00:00")
    for count in range(3650):
        now = start + count * DAY_MS
        fresh = Calendar("America/New_York", NEW_YORK.hours, NEW_YORK.holidays)
        assert is_open(used, now) == is_open(fresh, now)
    assert len(used._chunks) <= 128
