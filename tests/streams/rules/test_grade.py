"""Grades by cut."""

import pytest

from streams.policy.document import GradeCut, Scoring
from streams.rules.grade import grade_of


@pytest.mark.parametrize(
    ("score", "grade"),
    [(100, "A"), (80, "A"), (79, "B"), (60, "B"), (20, "D"), (10, "E"), (9, "F")],
)
def test_a_score_has_the_grade_of_the_cut_that_it_reaches(score: int, grade: str) -> None:
    """The cut itself belongs to the better grade (GRD-01)."""
    assert grade_of(score, Scoring().grades) == grade


def test_order_of_cuts_does_not_matter_and_below_all_is_f() -> None:
    """A policy may list them upside down, or leave out the lowest."""
    cuts = (GradeCut(grade="B", score=20), GradeCut(grade="A", score=50))
    assert grade_of(60, cuts) == "A"
    assert grade_of(30, cuts) == "B"
    assert grade_of(-5, cuts) == "F"
