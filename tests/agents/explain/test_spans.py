"""Spans of time and parts of leads as people read them."""

from fractions import Fraction

import pytest

from agents.explain.spans import hundredths, span_text


@pytest.mark.parametrize(
    ("span_ms", "text"),
    [
        (0, "0 ms"),
        (999, "999 ms"),
        (61_000, "1 min 1 s"),
        (7_200_000, "2 h"),
        (90_061_000, "1 d 1 h"),
        (3_601_000, "1 h 1 s"),
    ],
)
def test_a_span_is_told_in_its_two_largest_units(span_ms: int, text: str) -> None:
    """Enough to act on, short enough to read."""
    assert span_text(span_ms) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(1, 3), "0.33"),
        (Fraction(-1, 3), "-0.33"),
        (Fraction(-1, 1000), "0.00"),
        (Fraction(7, 2), "3.50"),
    ],
)
def test_a_part_of_a_lead_has_two_digits(value: Fraction, text: str) -> None:
    """No floats, so the same text on every machine."""
    assert hundredths(value) == text
