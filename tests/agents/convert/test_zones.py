"""Time zones."""

import pytest

from agents.convert.zones import read_zone


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Asia/Tokyo", "Asia/Tokyo"),
        ("UTC -05:00 America/New_York", "America/New_York"),
        ("america_slash_new_york", "America/New_York"),
        ("UTC", "UTC"),
    ],
)
def test_a_zone_gets_its_official_name(text: str, name: str) -> None:
    """HubSpot writes labels and internal values."""
    assert read_zone(text).value == name


def test_an_abbreviation_is_odd() -> None:
    """CST is three zones."""
    assert read_zone("CST").value is None
