"""The policy's part about the hot lane of a team (LANE-01 to LANE-05)."""

from typing import Annotated, Literal

from pydantic import Field

from streams.policy.quantities import MINUTE_MS, Duration
from streams.policy.section import Name, Section


class HotLane(Section):
    """Leads too good to wait: who gets them, and how soon they must hear from him (decision 07)."""

    over: Annotated[int, Field(ge=-10_000, le=10_000)] | None = 90
    """Leads with a score over it that have no owner take the lane; None: no lane (LANE-01)."""
    method: Literal["assign", "race"] = "assign"
    """assign: to the next in the rotation. race: to the first of several to accept (LANE-02)."""
    offers: Annotated[int, Field(ge=2, le=10)] = 3
    """Reps who are offered a lead at once (decision 07)."""
    offer_for: Duration = 5 * MINUTE_MS
    """After so long without anybody it goes to the next in the rotation (decision 07)."""
    rotation: tuple[Name, ...] = ()
    """A rotation of its own; empty: members and turns of the general rotation (LANE-05)."""
    target: Duration = 30 * MINUTE_MS
    """After so long without contact the manager is told; the rep keeps the lead (LANE-03)."""
    clock: Literal["business", "calendar"] = "business"
    """business: only the rep's working time counts. calendar: all time counts (decision 31)."""
