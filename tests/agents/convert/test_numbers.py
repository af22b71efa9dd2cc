"""Head counts and amounts."""

import pytest

from agents.convert.numbers import read_amount, read_employees


@pytest.mark.parametrize(
    ("text", "count", "keep"),
    [
        ("250", 250, False), ("1,000", 1000, False), ("1.000", 1000, False),
        ("1000.0", 1000, False),
        ("300", 300, False), ("+40", 40, False), ("~200", 200, False),
        ("120 employees", 120, False),
        ("\uff15\uff10\u540d", 50, False), ("100-249", 100, True),
        ("1,000 \u2013 5,000", 1000, True),
        ("50 to 99", 50, True), ("1000+", 1000, True), (">500", 500, True),
    ],
)  # fmt: skip
def test_a_head_count_is_a_whole_number(text: str, count: int, *, keep: bool) -> None:
    """Of a range the lower end counts, and its text is kept."""
    assert read_employees(text) == (count, "", keep)


@pytest.mark.parametrize(
    "text", ["25-May", "May-25", "many", "-5", "0", "99999999999999999999", "9-3"]
)
def test_what_is_no_head_count_is_odd(text: str) -> None:
    """A range that a spreadsheet made a date of is named as such."""
    reading = read_employees(text)
    assert reading.value is None
    assert ("date" in reading.warning) == ("May" in text)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1200", 1200), ("$12,000.50", 12000.5), ("12.000,50 \u20ac", 12000.5), ("1,234", 1234),
        ("\u00a51,200,000", 1_200_000), ("1.2E+06", 1_200_000), ("EUR 3.50", 3.5), ("1'000", 1000),
        ("1,234,567", 1_234_567),
    ],
)  # fmt: skip
def test_an_amount_is_read_in_either_notation(text: str, amount: float) -> None:
    """Comma and point change places between countries."""
    assert read_amount(text).value == amount


@pytest.mark.parametrize("text", ["a lot", "-5", "", "1e999", "9" * 40])
def test_what_is_no_amount_is_odd(text: str) -> None:
    """Deal size is a number of at least 0."""
    assert read_amount(text).value is None
