"""Grades A to F by score (GRD-01, GRD-02)."""

from collections.abc import Iterable
from typing import Literal

from streams.policy.document import GradeCut

Grade = Literal["A", "B", "C", "D", "E", "F"]


def grade_of(score: int, cuts: Iterable[GradeCut]) -> Grade:
    """The grade of the highest cut that the score reaches; F below all of them."""
    reached = [cut for cut in cuts if score >= cut.score]
    return max(reached, key=lambda cut: cut.score).grade if reached else "F"
