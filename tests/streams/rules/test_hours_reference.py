"""Properties of working time, against a reference that watches the local clock go on."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from streams.policy.quantities import DAY_MS, HOUR_MS, MINUTE_MS
from streams.rules.hours import (
    Calendar,
    add_open_time,
    is_open,
    next_change,
    next_open,
    zone,
)
from tests.streams.rules.test_hours import EVERY_DAY, at, hours, open_ms

# Gaps, overlaps, half hours, changes at midnight, a skipped day, a change of 30 minutes.
ZONES = (
    "America/New_York", "Europe/Berlin", "Asia/Tokyo", "Asia/Kolkata", "Australia/Lord_Howe",
    "America/Sao_Paulo", "Africa/Cairo", "America/Santiago", "Pacific/Apia", "UTC",
)  # fmt: skip
YEAR = at("2026-01-01T00:00:00+00:00")
instants = st.integers(at("2011-06-01T00:00:00+00:00"), at("2035-01-01T00:00:00+00:00"))
minutes = st.integers(0, 24 * 60 - 1)


@st.composite
def calendars(draw: st.DrawFn, *, around: int | None = None) -> Calendar:
    """Any calendar that a policy could hold, with holidays near an instant."""
    begin, end = draw(minutes), draw(st.integers(1, 24 * 60))
    assume(begin != end)
    days = draw(st.lists(st.sampled_from(EVERY_DAY), min_size=1, unique=True))
    centre = datetime.fromtimestamp((around or YEAR) / 1000, UTC).date()
    off = draw(st.frozensets(st.integers(-3, 6), max_size=3))
    return Calendar(
        draw(st.sampled_from(ZONES)),
        hours(_clock(begin), _clock(end), days),
        frozenset((centre + timedelta(days=count)).isoformat() for count in off),
    )


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _reference_open_minutes(calendar: Calendar, first: int, last: int) -> list[int]:
    """Open minutes between two instants, by watching the local clock go on."""
    place = zone(calendar.zone)
    start = first - 3 * DAY_MS
    shown = datetime.min  # noqa: DTZ901 - wall time
    open_days: dict[date, tuple[datetime, datetime]] = {}
    found = []
    for now in range(start - start % MINUTE_MS, last, MINUTE_MS):
        wall = datetime.fromtimestamp(now // 1000, place).replace(tzinfo=None)
        shown = max(shown, wall)
        for back in (2, 1, 0):
            day = shown.date() - timedelta(days=back)
            open_days.setdefault(day, _wall_shift(calendar, day))
        works = any(begin <= shown < end for begin, end in open_days.values())
        if works and now >= first:
            found.append(now)
    return found


def _wall_shift(calendar: Calendar, day: date) -> tuple[datetime, datetime]:
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - wall time
    begin = midnight + timedelta(minutes=calendar.hours.begin)
    end = midnight + timedelta(minutes=calendar.hours.end)
    works = EVERY_DAY[day.weekday()] in calendar.hours.days
    if not works or day.isoformat() in calendar.holidays:
        return begin, begin
    return begin, end if end > begin else end + timedelta(days=1)


CHANGES = [
    at(text)
    for text in (
        "2026-03-08T07:00:00+00:00", "2026-11-01T06:00:00+00:00", "2026-03-29T01:00:00+00:00",
        "2026-10-25T01:00:00+00:00", "2026-04-04T15:00:00+00:00", "2026-10-03T15:30:00+00:00",
        "2018-11-04T03:00:00+00:00", "2019-02-17T02:00:00+00:00", "2026-04-23T22:00:00+00:00",
        "2026-10-29T21:00:00+00:00", "2026-04-05T03:00:00+00:00", "2026-09-06T04:00:00+00:00",
        "2011-12-30T10:00:00+00:00",
    )
]  # fmt: skip


@settings(max_examples=60)
@given(st.data(), st.sampled_from(CHANGES), st.integers(-2 * DAY_MS, DAY_MS))
def test_it_agrees_with_a_minute_by_minute_reference(
    data: st.DataObject, change: int, shift_ms: int
) -> None:
    """Around every kind of change of clocks, both see the same open minutes."""
    first = (change + shift_ms) // MINUTE_MS * MINUTE_MS
    calendar = data.draw(calendars(around=first))
    last = first + 2 * DAY_MS
    expected = _reference_open_minutes(calendar, first, last)
    found = [now for now in range(first, last, MINUTE_MS) if is_open(calendar, now)]
    assert found == expected
    assert open_ms(calendar, first, last) == len(expected) * MINUTE_MS
    if expected:
        assert next_open(calendar, first) == expected[0]
        half = len(expected) // 2 + 1
        assert add_open_time(calendar, first, half * MINUTE_MS) == expected[half - 1] + MINUTE_MS


@given(calendars(), instants, st.integers(0, 300 * HOUR_MS), st.integers(0, 300 * HOUR_MS))
def test_open_time_adds_up(calendar: Calendar, now: int, one_ms: int, two_ms: int) -> None:
    """First one time and then the other is both at once; and so much is open in between."""
    there = add_open_time(calendar, now, one_ms)
    assert add_open_time(calendar, there, two_ms) == add_open_time(calendar, now, one_ms + two_ms)
    assert open_ms(calendar, now, there) == one_ms


@given(calendars(), instants, st.integers(0, 20 * DAY_MS), st.integers(0, 99 * HOUR_MS))
def test_a_later_start_is_never_due_earlier(
    calendar: Calendar, now: int, later_ms: int, ms: int
) -> None:
    """Deadlines keep the order of their starts."""
    assert add_open_time(calendar, now, ms) <= add_open_time(calendar, now + later_ms, ms)


@given(calendars(), instants)
def test_the_next_opening_is_open_and_nothing_before_it_is(calendar: Calendar, now: int) -> None:
    """next_open gives the earliest open instant, now itself while open, never on a holiday."""
    opened = next_open(calendar, now)
    assert opened >= now
    assert is_open(calendar, opened)
    if opened > now:
        assert not is_open(calendar, now)
        assert not is_open(calendar, opened - 1)
        assert next_change(calendar, now) == opened
        if calendar.hours.begin < calendar.hours.end:
            shown = datetime.fromtimestamp(opened // 1000, zone(calendar.zone))
            assert shown.date().isoformat() not in calendar.holidays


@given(calendars(), instants)
def test_a_change_is_where_open_and_closed_meet(calendar: Calendar, now: int) -> None:
    """next_change gives the first instant that differs from now."""
    change = next_change(calendar, now)
    if change is not None:
        assert change > now
        assert is_open(calendar, change) is not is_open(calendar, now)
        assert is_open(calendar, change - 1) is is_open(calendar, now)


def test_the_reference_would_notice_a_shift_that_ignores_the_change_of_clocks() -> None:
    """Twin: with a fixed offset instead of the zone the two disagree."""
    first = at("2026-03-29T00:00:00+00:00")
    fixed = Calendar("Etc/GMT-1", hours("09:00", "18:00", EVERY_DAY))
    berlin = Calendar("Europe/Berlin", hours("09:00", "18:00", EVERY_DAY))
    expected = _reference_open_minutes(berlin, first, first + DAY_MS)
    found = [now for now in range(first, first + DAY_MS, MINUTE_MS) if is_open(fixed, now)]
    assert found != expected
    assert isinstance(zone("Etc/GMT-1"), ZoneInfo)
