"""A rep in the policy document."""

from typing import Annotated, Literal

from pydantic import Field

from streams.policy.cap import Most
from streams.policy.quantities import Day
from streams.policy.section import Country, Hours, Name, Section


class Rep(Section):
    """One sales rep, named by id only."""

    team: Name
    """The rep's only team."""
    weight: Annotated[int, Field(ge=1, le=1000)] = 100
    """Share in rotations: 50 gets half as many leads as 100 (decision 41)."""
    performance: Literal["high", "standard", "low"] = "standard"
    """Changes the weight by the team's percentages (decision 16, WGT-03)."""
    starts_on: Day | None = None
    """First day of a new hire: no leads before, then the team's ramp; None: here for long."""
    open_limit: Annotated[int, Field(ge=1, le=10_000)] | None = None
    """Open leads at which push skips the rep; None: the team's limit (AVL-04)."""
    daily_limit: Most | None = None
    """Leads a day at which push skips the rep; None: the team's limit."""
    caps: dict[Name, Most] = Field(default_factory=dict)
    """Own numbers for caps of the team, by name; what is not named has the team's."""
    zone: str | None = None
    """IANA zone of the rep's hours; None: the team's (decision 26)."""
    hours: Hours | None = None
    """The rep's own hours; None: the team's."""
    holidays: Country | None = None
    """Public holidays of this country are not worked; None: those of the team."""
    days_off: tuple[Day, ...] = ()
    """Own days off, whole local days; more come as absences from the calendar (AVL-01)."""
    backup: Name | None = None
    """Takes leads over that the rep does not answer (ESC-01, decision 32)."""
    skills: tuple[Name, ...] = ()
    """What the rep knows, such as a language or a product."""
