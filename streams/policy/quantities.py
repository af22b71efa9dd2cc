"""Quantities as people write them in the policy: durations, times of day, days of the week."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, WithJsonSchema

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
MAX_DURATION_MS = 3660 * DAY_MS
_UNITS_MS = {"ms": 1, "s": 1000, "min": MINUTE_MS, "h": HOUR_MS, "d": DAY_MS}
_DURATION = re.compile(r"(\d{1,6}) ?(ms|s|min|h|d)")
_DAY = re.compile(r"20\d\d-[01]\d-[0-3]\d")
_TIME_OF_DAY = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def parse_duration(value: object) -> int:
    """Milliseconds from text such as `2h`, `30min`, `7d`, `90s` or `0ms`.

    Raises `ValueError` for anything else, bare numbers included: nobody knows their unit; and for
    more than ten years, which would lead dates out of every calendar.
    """
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        msg = (
            f"write a duration with its unit (ms, s, min, h, d), such as 2h or 30min, not {value!r}"
        )
        raise ValueError(msg)
    milliseconds = int(found[1]) * _UNITS_MS[found[2]]
    if milliseconds > MAX_DURATION_MS:
        msg = f"{value} is longer than ten years; nothing here can wait so long"
        raise ValueError(msg)
    return milliseconds


def duration_text(milliseconds: int) -> str:
    """A duration as the policy writes it, in the largest unit that fits: `2h`, `90min`, `0ms`."""
    fitting = (unit for unit, size in _UNITS_MS.items() if milliseconds % size == 0)
    unit = "ms" if milliseconds == 0 else list(fitting)[-1]
    return f"{milliseconds // _UNITS_MS[unit]}{unit}"


def seconds_text(milliseconds: int) -> str:
    """A span in seconds, for people: `75 s`, `0.25 s`."""
    return f"{milliseconds // 1000}{_fraction(milliseconds % 1000)} s"


def days_text(milliseconds: int) -> str:
    """A span in whole days, for people: `90 d`."""
    return f"{milliseconds // DAY_MS} d"


def _fraction(thousandths: int) -> str:
    return f".{thousandths:03}".rstrip("0") if thousandths else ""


def time_text(minutes: int) -> str:
    """A time of day as the policy writes it: `09:00`."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def parse_time_of_day(value: object) -> int:
    """Minutes since midnight from `09:00`; `24:00` is the end of the day.

    Raises `ValueError` for anything else.
    """
    found = _TIME_OF_DAY.fullmatch(value) if isinstance(value, str) else None
    minutes = int(found[1]) * 60 + int(found[2]) if found else 24 * 60 + 1
    if minutes > 24 * 60:
        msg = f"write a time of day in quotes, such as '09:00' or '24:00', not {value!r}"
        raise ValueError(msg)
    return minutes


def parse_day(value: object) -> str:
    """A date as ISO text, such as `2026-03-02`; the zone is whoever's it is about.

    Raises `ValueError` for anything else, and for years before 2000 or after 2099.
    """
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    msg = f"write a date such as 2026-03-02, not {value!r}"
    raise ValueError(msg)


Duration = Annotated[
    int,
    BeforeValidator(parse_duration),
    WithJsonSchema(
        {"type": "string", "pattern": f"^{_DURATION.pattern}$", "examples": ["2h", "30min", "7d"]}
    ),
]
"""Milliseconds; written with a unit."""
TimeOfDay = Annotated[
    int,
    BeforeValidator(parse_time_of_day),
    WithJsonSchema(
        {"type": "string", "pattern": f"^{_TIME_OF_DAY.pattern}$", "examples": ["09:00", "24:00"]}
    ),
]
"""Minutes since midnight; written as 'HH:MM'."""
Day = Annotated[
    str,
    BeforeValidator(parse_day),
    WithJsonSchema({"type": "string", "pattern": f"^{_DAY.pattern}$", "examples": ["2026-03-02"]}),
]
"""A local date, as ISO text."""
