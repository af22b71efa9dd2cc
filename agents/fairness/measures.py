"""Numbers that say how even a sharing is (FAIR-02, FAIR-03)."""

from collections.abc import Sequence
from fractions import Fraction
from math import sqrt


def gini(amounts: Sequence[Fraction]) -> float:
    """The Gini coefficient: 0 where all are equal, near 1 where one has it all; 0 of nothing."""
    total, count = sum(amounts), len(amounts)
    if not total:
        return 0.0
    ranked = sum(rank * amount for rank, amount in enumerate(sorted(amounts), start=1))
    return float(2 * ranked / (count * total) - Fraction(count + 1, count))


def standard_deviation(amounts: Sequence[Fraction]) -> float:
    """Of the whole group, in the unit of the amounts; 0 of nothing."""
    if not amounts:
        return 0.0
    mean = sum(amounts) / Fraction(len(amounts))
    return sqrt(sum((amount - mean) ** 2 for amount in amounts) / len(amounts))
