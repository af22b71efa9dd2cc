"""Who is on call when, in the policy document."""

from typing import Annotated

from pydantic import Field

from streams.policy.quantities import Day
from streams.policy.section import Name, Section


class Rota(Section):
    """Reps who are on call one after the other, over and over again."""

    begins: Day
    """The first rep's turn begins on this day, with the team's working time."""
    days: Annotated[int, Field(ge=1, le=366)] = 7
    """Each turn has so many days."""
    reps: Annotated[tuple[Name, ...], Field(min_length=1)]
    """In this order; somebody may be named several times."""


class OnCallDates(Section):
    """Days with other people on call than the rota says."""

    first: Day
    """The first day; it begins with the team's working time."""
    last: Day
    """The last; its night belongs to it."""
    reps: Annotated[tuple[Name, ...], Field(min_length=1)]
    """Who is on call then."""
