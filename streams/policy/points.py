"""The part of the policy document that makes the score: points by rule, action and source."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.lead import Source
from streams.policy.section import Condition, Name, Section

GRADES = ("A", "B", "C", "D", "E", "F")


class ScoreRule(Section):
    """Points if the condition holds."""

    rule: Name
    """Its name in explanations."""
    when: Condition
    """A CEL condition over what is known before scoring (SCO-05)."""
    points: Annotated[int, Field(ge=-1000, le=1000)]
    """Added to the attribute score; negative points lower it."""


class BehaviourPoints(Section):
    """Points for something a person did; counted up to a maximum."""

    points: Annotated[int, Field(ge=-1000, le=1000)]
    """Added for each time."""
    most: Annotated[int, Field(ge=0, le=10_000)] = 100
    """At most so many points (absolute value) from this action on one lead."""


class GradeCut(Section):
    """The grade of leads at or above a score."""

    grade: Literal["A", "B", "C", "D", "E", "F"]
    """The letter."""
    score: int
    """The lowest score with this grade."""


class Scoring(Section):
    """Additive score = attribute score + behaviour score, bounded; grades by cut."""

    least: int = 0
    """No score is lower."""
    most: int = 100
    """No score is higher."""
    attributes: tuple[ScoreRule, ...] = ()
    """Points for who somebody is (SCO-05, SCO-06); all that hold are added."""
    behaviour: dict[str, BehaviourPoints] = Field(default_factory=dict)
    """Points for what somebody did, by action (SCO-03, SCO-04, SCO-07, SCO-08)."""
    source_points: dict[Source, int] = Field(default_factory=dict)
    """Points for the way a lead came (CAP-03)."""
    grades: tuple[GradeCut, ...] = (
        GradeCut(grade="A", score=80),
        GradeCut(grade="B", score=60),
        GradeCut(grade="C", score=40),
        GradeCut(grade="D", score=20),
        GradeCut(grade="E", score=10),
        GradeCut(grade="F", score=0),
    )
    """Best grade first; the last cut leaves no score without a grade."""
    mql_score: int = 50
    """From this score on a lead is marketing-qualified (decisions 04 and 05)."""
    hot_score: int = 80
    """From this score on a lead is hot and sales is told (SCO-09)."""
    enterprise_employees: Annotated[int, Field(ge=1)] = 500
    """Companies of this size and above are the segment `enterprise` (SEG-05)."""
    mid_market_employees: Annotated[int, Field(ge=1)] = 50
    """Companies of this size and above are `mid_market`, smaller ones `smb` (SEG-05)."""
