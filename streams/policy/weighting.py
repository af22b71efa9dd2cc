"""What a rep's weight in rotations is made of, beside the base (decision 41, WGT-01, WGT-03)."""

from typing import Annotated

from pydantic import Field

from streams.policy.section import Section


class Performance(Section):
    """Percent of the base weight by a rep's performance (decision 16)."""

    high: Annotated[int, Field(ge=1, le=1000)] = 150
    """Of reps who do better than others."""
    standard: Annotated[int, Field(ge=1, le=1000)] = 100
    """Of all the rest."""
    low: Annotated[int, Field(ge=1, le=1000)] = 50
    """Of reps who do worse."""


class RampStep(Section):
    """One step of a new hire's way to the whole weight."""

    days: Annotated[int, Field(ge=1, le=1000)]
    """It ends so many days after the first day, at midnight in the rep's zone."""
    percent: Annotated[int, Field(ge=1, le=100)]
    """Percent of the weight until then."""


class Weighting(Section):
    """Weight = base x performance x ramp, rounded down (decision 41)."""

    performance: Performance = Performance()
    """Percent of the base weight by performance."""
    ramp: tuple[RampStep, ...] = (
        RampStep(days=30, percent=25),
        RampStep(days=60, percent=50),
        RampStep(days=90, percent=75),
    )
    """Percent of the weight of reps with a `starts_on`, step by step; empty: no ramp."""
    by_value: bool = False
    """true: rotations share the points of leads, not their number (WGT-04)."""
    points: dict[str, Annotated[int, Field(ge=1, le=100)]] = Field(
        default_factory=lambda: {"A": 4, "B": 3, "C": 2, "D": 1}
    )
    """What a lead costs by its grade; one of a grade that is not named costs 1."""
