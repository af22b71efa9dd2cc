"""Times and bytes, as JSON holds them and as we do."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.record import FIRST_TIME, LAST_TIME, format_time, parse_bytes, parse_time


@given(st.integers(FIRST_TIME, LAST_TIME))
def test_every_time_survives_its_text(time: int) -> None:
    """Text and whole number name the same instant."""
    assert parse_time(format_time(time)) == time


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2026-03-02T09:00:00+09:00", 1_772_409_600_000),
        ("2026-03-02T09:00:00.123999Z", 1_772_442_000_123),
        ("1969-12-31T23:59:59.999Z", -1),
    ],
)
def test_times_are_counted_in_milliseconds(text: str, time: int) -> None:
    """Offsets are taken into account and digits beyond the millisecond cut off."""
    assert parse_time(text) == time


def test_milliseconds_are_shown_only_where_there_are_any() -> None:
    """A whole second has no fraction in its text."""
    assert format_time(1_772_442_000_000) == "2026-03-02T09:00:00Z"
    assert format_time(1_772_442_000_120) == "2026-03-02T09:00:00.120Z"


def test_an_aware_moment_is_a_time() -> None:
    """Foreign Avro schemas are read with their own unit."""
    assert parse_time(datetime(1970, 1, 1, 0, 0, 1, 5_500, tzinfo=UTC)) == 1_005


@pytest.mark.parametrize(
    "value",
    [
        True, 1.5, None, [], "", "soon", "2026-03-02T09:00:00", "2026-03-02",
        "2026-13-02T09:00:00Z",
        "0001-01-01T00:00:00+14:00", FIRST_TIME - 1, LAST_TIME + 1, 10**30,
        datetime(2026, 1, 1),  # noqa: DTZ001 - a naive moment is the case
    ],
)  # fmt: skip
def test_other_values_are_no_time_and_are_not_repeated(value: object) -> None:
    """A naive time is another instant on every machine; the sentence never holds the value."""
    with pytest.raises(ValueError, match=r"^time ") as caught:
        parse_time(value)
    assert not isinstance(value, str) or not value or value not in str(caught.value)


def test_bytes_come_from_base64_or_as_they_are() -> None:
    """Text is base64; anything else is for the model to judge."""
    assert parse_bytes("AGs=") == b"\x00k"
    assert parse_bytes(b"k") == b"k"
    for text in ("A", "A b=", "ö"):
        with pytest.raises(ValueError, match="base64"):
            parse_bytes(text)
