"""Working time: is it open now, when next, and when has so much of it passed (AVL-03, decision 31).

A shift begins and ends at the first instant at which the local clock shows that time or later:
so a 09:00 shift stays a 09:00 shift through every change of the clocks, a time that the clocks
skip means the instant of the change, and a time that comes twice means its first coming.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Literal
from zoneinfo import ZoneInfo

from streams.policy.document import Hours
from streams.policy.quantities import DAY_MS, MINUTE_MS, WEEKDAYS

_CHUNK_DAYS = 8
_CHUNK_MS = _CHUNK_DAYS * DAY_MS
_CLOSED_CHUNKS = 50
"""400 days: a calendar closed for longer is a mistake, not a holiday."""
_CACHED_CHUNKS = 128
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_SECOND = timedelta(seconds=1)


class NeverOpen(ValueError):
    """The calendar has no open time within 400 days; a compiled policy has no such calendar."""


@dataclass(frozen=True, slots=True)
class _Spans:
    """Open spans of one chunk of time: begins and ends in ascending order, never touching."""

    begins: tuple[int, ...]
    ends: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """When somebody works: a zone, hours on days of the week, and dates that are not worked.

    A shift that passes midnight belongs to the day on which it begins, for the day of the week
    and for holidays alike.
    """

    zone: str
    hours: Hours
    holidays: frozenset[str] = frozenset()
    """ISO dates, local."""
    _chunks: dict[int, _Spans] = field(
        default_factory=dict, init=False, repr=False, compare=False, hash=False
    )


def is_open(calendar: Calendar, now: int) -> bool:
    """Whether the instant lies within a shift; a shift's end does not belong to it."""
    spans = _spans(calendar, now // _CHUNK_MS)
    index = bisect_right(spans.begins, now) - 1
    return index >= 0 and now < spans.ends[index]


def next_open(calendar: Calendar, now: int) -> int:
    """The earliest open instant at or after `now`: `now` itself while it is open.

    Raises `NeverOpen`.
    """
    begin, _ = next(_spans_from(calendar, now))
    return begin


def next_change(calendar: Calendar, now: int) -> int | None:
    """The earliest instant after `now` at which open becomes closed or the other way round.

    None where nothing changes within 400 days: round the clock. Raises `NeverOpen`.
    """
    spans = _spans_from(calendar, now)
    begin, end = next(spans)
    if begin > now:
        return begin
    for next_begin, next_end in spans:
        if next_begin > end:
            return end
        if next_end - now > _CLOSED_CHUNKS * _CHUNK_MS:
            return None
        end = next_end
    return end


def add_open_time(calendar: Calendar, now: int, ms: int) -> int:
    """The earliest instant by which `ms` milliseconds of open time have passed since `now`.

    That may be the very end of a shift. For 0 it is `now`, open or not. Raises `NeverOpen`, and
    `ValueError` for a negative time.
    """
    if ms < 0:
        msg = f"open time cannot be taken back: {ms} ms"
        raise ValueError(msg)
    if ms == 0:
        return now
    left = ms
    for begin, end in _spans_from(calendar, now):
        if left <= end - begin:
            return begin + left
        left -= end - begin
    raise NeverOpen(calendar.zone)


def day_begins(zone_name: str, day: date) -> int:
    """The first instant of a local day, milliseconds: where the clocks skip midnight, behind it.

    Raises `KeyError` for an unknown zone.
    """
    return _at(day, 0, zone(zone_name))


def working_day(zone_name: str, begin: int, now: int) -> tuple[date, int, int]:
    """The local day that began last, if days begin so many minutes after midnight; begin and end.

    Raises `KeyError` for an unknown zone.
    """
    place = zone(zone_name)
    day = (_EPOCH + now * _MILLISECOND).astimezone(place).date()
    first = _at(day, begin, place)
    if now < first:
        day -= timedelta(days=1)
        first = _at(day, begin, place)
    return day, first, _at(day + timedelta(days=1), begin, place)


def _at(day: date, minutes: int, place: ZoneInfo) -> int:
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - local wall time
    return _instant(midnight, minutes, place)


def period(zone_name: str, per: Literal["day", "week", "month"], now: int) -> tuple[int, int]:
    """Begin and end (not part of it) of the local day, week from Monday on, or month, milliseconds.

    Raises `KeyError` for an unknown zone.
    """
    day = (_EPOCH + now * _MILLISECOND).astimezone(zone(zone_name)).date()
    if per == "day":
        first, following = day, day + timedelta(days=1)
    elif per == "week":
        first = day - timedelta(days=day.weekday())
        following = first + timedelta(days=7)
    else:
        first = day.replace(day=1)
        following = (first + timedelta(days=31)).replace(day=1)
    return day_begins(zone_name, first), day_begins(zone_name, following)


@cache
def zone(name: str) -> ZoneInfo:
    """The zone by its IANA name, from the tzdata package alone.

    Never from the system's files: two machines would decide differently. Raises `KeyError` for
    an unknown name.
    """
    if name not in zone_names():
        raise KeyError(name)
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as stream:
        return ZoneInfo.from_file(stream, key=name)


@cache
def zone_names() -> frozenset[str]:
    """Every IANA zone name that the tzdata package knows."""
    return frozenset(files("tzdata").joinpath("zones").read_text("ascii").split())


def _spans_from(calendar: Calendar, now: int) -> Iterator[tuple[int, int]]:
    """Open spans that end after `now`, the first cut to begin at `now` at the earliest.

    Endless. Spans of neighbouring chunks may touch. Raises `NeverOpen`.
    """
    chunk = now // _CHUNK_MS
    closed = 0
    while closed < _CLOSED_CHUNKS:
        spans = _spans(calendar, chunk)
        for index in range(bisect_right(spans.ends, now), len(spans.ends)):
            yield max(now, spans.begins[index]), spans.ends[index]
        closed = 0 if spans.ends else closed + 1
        chunk += 1
    raise NeverOpen(calendar.zone)


def _spans(calendar: Calendar, chunk: int) -> _Spans:
    """The open spans of one chunk, remembered for a bounded number of chunks."""
    found = calendar._chunks.get(chunk)  # noqa: SLF001 - the calendar's own memory, kept with it
    if found is None:
        if len(calendar._chunks) >= _CACHED_CHUNKS:  # noqa: SLF001 - as above
            calendar._chunks.clear()  # noqa: SLF001 - as above
        found = calendar._chunks[chunk] = _chunk_spans(calendar, chunk)  # noqa: SLF001 - as above
    return found


def _chunk_spans(calendar: Calendar, chunk: int) -> _Spans:
    first, last = chunk * _CHUNK_MS, (chunk + 1) * _CHUNK_MS
    begins: list[int] = []
    ends: list[int] = []
    for begin, end in _shifts(calendar, first):
        opened, closed = max(begin, first), min(end, last)
        if closed <= opened:
            continue
        if ends and ends[-1] == opened:
            ends[-1] = closed
        else:
            begins.append(opened)
            ends.append(closed)
    return _Spans(tuple(begins), tuple(ends))


def _shifts(calendar: Calendar, first: int) -> Iterator[tuple[int, int]]:
    """Shifts that may reach into the chunk; local dates differ from UTC's by a day at most."""
    day = (_EPOCH + first * _MILLISECOND).date() - timedelta(days=2)
    for _ in range(_CHUNK_DAYS + 4):
        if _is_worked(calendar, day):
            yield _shift(calendar, day)
        day += timedelta(days=1)


def _is_worked(calendar: Calendar, day: date) -> bool:
    weekday = WEEKDAYS[day.weekday()]
    return weekday in calendar.hours.days and day.isoformat() not in calendar.holidays


def _shift(calendar: Calendar, day: date) -> tuple[int, int]:
    hours, place = calendar.hours, zone(calendar.zone)
    end = hours.end if hours.end > hours.begin else hours.end + DAY_MS // MINUTE_MS
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - local wall time
    return _instant(midnight, hours.begin, place), _instant(midnight, end, place)


def _instant(midnight: datetime, minutes: int, place: ZoneInfo) -> int:
    """The first instant at which the local clock shows that time or later, milliseconds."""
    wall = (midnight + timedelta(minutes=minutes)).replace(tzinfo=place)
    instant = wall.astimezone(UTC)
    if instant.astimezone(place).replace(tzinfo=None) != wall.replace(tzinfo=None):
        instant = _change_before(instant, wall.replace(fold=1).astimezone(UTC), place)
    return (instant - _EPOCH) // _MILLISECOND


def _change_before(late: datetime, early: datetime, place: ZoneInfo) -> datetime:
    """The instant of the change of clocks between two instants, found by halving, to a second."""
    offset = late.astimezone(place).utcoffset()
    while late - early > _SECOND:
        middle = early + (late - early) // 2 // _SECOND * _SECOND
        if middle.astimezone(place).utcoffset() == offset:
            late = middle
        else:
            early = middle
    return late
