"""Dates and times of exports as milliseconds since the epoch, UTC."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import NamedTuple

from agents.convert.cells import Reading, narrow

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_EXCEL_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
_DAY_S = 86_400
_FIRST_YEAR, _LAST_YEAR = 1990, 2099
_MONTHS, _FOUR_DIGITS, _TWO_DIGITS, _CENTURY = 12, 4, 2, 2000
_DATE = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?:[T ,]+(\S.*))?", re.IGNORECASE)
_CLOCK = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([ap])?(?:\.?m\.?)?\s*"
    r"(z|utc|gmt|[+-]\d{2}(?::?\d{2})?)?",
    re.IGNORECASE,
)
_EXCEL_DAY = re.compile(r"\d{5}(?:\.\d{1,15})?")
_EPOCH_MS = re.compile(r"\d{12,13}")
_EAST_ASIAN = str.maketrans({"\u5e74": "/", "\u6708": "/", "\u65e5": " "})


class Day(NamedTuple):
    """A calendar day as it was written, and what is odd about it."""

    year: int
    month: int
    day: int
    warning: str = ""


def read_time(text: str, zone: tzinfo, *, day_first: bool) -> Reading:
    """The instant that a cell names.

    `zone` is the zone of times without an offset; a date alone is its midnight there.
    `day_first` says how 3/2/2026 is meant: as 3 February (true) or March 2 (false); dates with
    dots are always day first, dates that start with the year never.
    """
    text = narrow(text).translate(_EAST_ASIAN).strip()
    if _EPOCH_MS.fullmatch(text):
        return _plausible(_EPOCH + int(text) * _MILLISECOND, "")
    if _EXCEL_DAY.fullmatch(text):
        seconds = round(Decimal(text) * _DAY_S)
        moment = (_EXCEL_EPOCH + timedelta(seconds=seconds)).replace(tzinfo=zone)
        return _plausible(moment, "a bare number, read as a spreadsheet's day number")
    match = _DATE.fullmatch(text)
    day = _day(match, day_first=day_first) if match else None
    if match is None or day is None:
        return Reading(None, "not a date")
    return _moment(day, match.group(5) or "00:00", zone)


def _day(match: re.Match[str], *, day_first: bool) -> Day | None:
    first, sign, second, third = match.group(1, 2, 3, 4)
    if len(first) == _FOUR_DIGITS:
        return Day(int(first), int(second), int(third))
    if len(third) not in (_TWO_DIGITS, _FOUR_DIGITS):
        return None
    year = int(third) + (_CENTURY if len(third) == _TWO_DIGITS else 0)
    if sign == ".":
        return Day(year, int(second), int(first))
    day, month = (int(first), int(second)) if day_first else (int(second), int(first))
    if month > _MONTHS >= day:
        return Day(year, day, month, "day and month are in the other order than `day_first` says")
    return Day(year, month, day)


def _moment(day: Day, clock: str, zone: tzinfo) -> Reading:
    match = _CLOCK.fullmatch(clock.strip())
    if match is None:
        return Reading(None, "not a time of day")
    hour, minute, second, fraction, half, offset = match.groups()
    hours = _hour(int(hour), half)
    # Digits beyond microseconds are dropped.
    microseconds = int((fraction or "0").ljust(6, "0")[:6])
    try:
        moment = datetime(
            day.year, day.month, day.day, hours, int(minute), int(second or 0), microseconds,
            tzinfo=_offset(offset) or zone,
        )  # fmt: skip
    except ValueError:
        return Reading(None, "a day or time that does not exist")
    return _plausible(moment, day.warning)


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    if not 1 <= hour <= _MONTHS:
        return -1
    return hour % 12 + (12 if half in "pP" else 0)


def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text.isalpha():
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-size if text[0] == "-" else size)


def _plausible(moment: datetime, warning: str) -> Reading:
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return Reading(None, f"a date outside the years {_FIRST_YEAR} to {_LAST_YEAR}")
    return Reading((moment - _EPOCH) // _MILLISECOND, warning)
