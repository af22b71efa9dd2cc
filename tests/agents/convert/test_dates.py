"""Dates and times."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.convert.dates import read_time
from schemas.record import format_time


def _read(text: str, zone: str = "UTC", *, day_first: bool = False) -> str:
    value = read_time(text, ZoneInfo(zone), day_first=day_first).value
    assert isinstance(value, int)
    return format_time(value)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02T09:00:00Z", "2026-03-02T18:00:00+09:00", "2026-03-02T09:00:00.000+0000",
        "2026-03-02 09:00", "3/2/2026 9:00 AM", "02.03.2026 09:00", "2026/03/02 9:00",
        "2026\u5e743\u67082\u65e5 9:00", "\uff12\uff10\uff12\uff16-03-02 09:00", "1772442000000",
        "46083.375", "3/2/26 9:00 a.m.", "3/2/2026, 9:00",
    ],
)  # fmt: skip
def test_one_instant_in_many_notations(text: str) -> None:
    """All that the two CRMs and spreadsheets write."""
    assert _read(text) == "2026-03-02T09:00:00Z"


@pytest.mark.parametrize(
    ("text", "hour"),
    [("12:00 AM", "00"), ("12:00 PM", "12"), ("1:00 PM", "13"), ("11:00 pm", "23")],
)
def test_the_twelve_hour_clock(text: str, hour: str) -> None:
    """Twelve comes before one."""
    assert _read(f"3/2/2026 {text}") == f"2026-03-02T{hour}:00:00Z"


def test_the_order_of_day_and_month_follows_the_setting() -> None:
    """3/2 is two days; only the setting knows which."""
    assert _read("3/2/2026") == "2026-03-02T00:00:00Z"
    assert _read("3/2/2026", day_first=True) == "2026-02-03T00:00:00Z"


def test_dots_are_always_day_first() -> None:
    """No country writes 03.02. for March 2."""
    assert _read("02.03.2026") == "2026-03-02T00:00:00Z"


def test_a_date_that_contradicts_the_setting_is_read_with_a_warning() -> None:
    """It shows that the other dates of the file may be read wrongly."""
    reading = read_time("25/3/2026", UTC, day_first=False)
    assert reading.value == int(datetime(2026, 3, 25, tzinfo=UTC).timestamp()) * 1000
    assert "day_first" in reading.warning


def test_a_time_without_offset_is_in_the_zone_of_the_file() -> None:
    """Summer time included."""
    assert _read("2026-03-02 09:00", "Asia/Tokyo") == "2026-03-02T00:00:00Z"
    assert _read("2026-07-01 09:00", "Europe/Berlin") == "2026-07-01T07:00:00Z"


@pytest.mark.parametrize(
    "text", ["someday", "2026-02-30", "13/13/2026", "1/2/3", "0001-01-01", "2026-03-02 25:00",
             "3/2/2026 13:00 PM", "2026-03-02T09:00:00+99:00", "1900-01-01", "99999"]
)  # fmt: skip
def test_what_is_no_date_is_odd(text: str) -> None:
    """Impossible days and years that no CRM has seen."""
    assert read_time(text, UTC, day_first=False).value is None


@given(st.text(alphabet="0123456789-/.: TZ+APMapm", max_size=40), st.booleans())
def test_no_text_makes_it_fail(text: str, day_first: bool) -> None:  # noqa: FBT001 - hypothesis passes it by position
    """Every cell is read or odd."""
    reading = read_time(text, UTC, day_first=day_first)
    assert (reading.value is None) <= bool(reading.warning)
