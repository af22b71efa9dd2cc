"""Gini coefficient and standard deviation, against values worked out by hand."""

from fractions import Fraction

import pytest

from agents.fairness.measures import gini, standard_deviation


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [((), 0), ((0, 0), 0), ((5, 5, 5), 0), ((0, 0, 0, 8), 0.75), ((1, 2, 3, 4), 0.25)],
)
def test_the_gini_coefficient_tells_how_uneven_amounts_are(
    amounts: tuple[int, ...], expected: float
) -> None:
    """FAIR-02: 0 where all are equal; 3/4 where one of four has it all."""
    assert gini([Fraction(each) for each in amounts]) == pytest.approx(expected)


def test_the_standard_deviation_is_in_the_unit_of_the_amounts() -> None:
    """FAIR-03: of the whole group."""
    assert standard_deviation([Fraction(each) for each in (2, 4, 4, 4, 5, 5, 7, 9)]) == 2
    assert standard_deviation([]) == 0
