"""Telephone numbers."""

import pytest

from agents.convert.phones import read_phone


@pytest.mark.parametrize("text", ["8.19E+11", "8,19e+11", "81E10"])
def test_a_rounded_number_is_refused(text: str) -> None:
    """Its last digits are lost: calling it reaches a stranger."""
    reading = read_phone(text)
    assert reading.value is None
    assert "digits are lost" in reading.warning


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("\uff0b\uff18\uff11 90-1234-5678", "+81 90-1234-5678"),
        ("=+49 89 123456", "+49 89 123456"),
        ("tel:+4989123456", "+4989123456"),
        ("030/1234567", "030/1234567"),
        ("+1 (510) 555-0100 ext. 12", "+1 (510) 555-0100 ext. 12"),
        ("819012345678.0", "819012345678"),
    ],
)
def test_a_number_keeps_its_own_writing(text: str, number: str) -> None:
    """Intake gives numbers their international form, since it knows the country."""
    assert read_phone(text) == (number, "", False)


def test_of_several_numbers_the_first_is_taken_with_a_warning() -> None:
    """Both are in one cell where the CRM has only one."""
    reading = read_phone("089 123456; 089 654321")
    assert reading.value == "089 123456"
    assert "several" in reading.warning


@pytest.mark.parametrize("text", ["12345", "call me", "+", "12345678901234567"])
def test_what_is_no_number_is_odd(text: str) -> None:
    """Too short, too long or no digits."""
    assert read_phone(text).value is None
