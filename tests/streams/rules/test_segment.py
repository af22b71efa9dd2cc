"""Segments of a lead."""

import pytest

from streams.rules.segment import segments, size_of


@pytest.mark.parametrize(
    ("employees", "expected"),
    [(500, "enterprise"), (499, "mid_market"), (50, "mid_market"), (49, "smb"), (0, "smb")],
)
def test_size_is_by_the_policys_limits(employees: int, expected: str) -> None:
    """SEG-05: the limit itself belongs to the larger segment."""
    assert size_of(employees, 500, 50) == expected


def test_what_is_not_known_makes_no_segment() -> None:
    """An unknown size is not small."""
    assert segments(size=None, industry=None, customer=False, named=False) == ()
    assert segments(size="smb", industry="it", customer=True, named=True) == (
        "smb", "industry:it", "customer", "named_account",
    )  # fmt: skip
