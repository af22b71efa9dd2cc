"""The weights of a document: how each rep's ramp lies in time, and whether all can be used."""

from collections.abc import Iterator
from datetime import date, timedelta

from streams.policy.document import GRADES, Document, Team
from streams.policy.findings import Finding, unknown
from streams.policy.problems import Path
from streams.policy.rep import Rep
from streams.rules.hours import day_begins
from streams.rules.weight import Ramp, weight

MOST = 1000
"""The largest weight: virtual time has to tell shares apart (design, section 5)."""


def weight_of(document: Document, rep_id: str, ramp: int = 100) -> int:
    """A rep's weight in rotations; `ramp` in percent. Raises `KeyError` for an unknown rep."""
    rep = document.reps[rep_id]
    performance = document.teams[rep.team].weighting.performance
    return weight(rep.weight, getattr(performance, rep.performance), ramp)


def ramps_of(document: Document) -> dict[str, Ramp]:
    """The ramp of each rep who has a first day, by rep id."""
    return {
        rep_id: _ramp(document.teams[rep.team], rep, rep.starts_on)
        for rep_id, rep in document.reps.items()
        if rep.starts_on is not None
    }


def _ramp(team: Team, rep: Rep, starts_on: str) -> Ramp:
    first, zone = date.fromisoformat(starts_on), rep.zone or team.zone
    return tuple(
        (day_begins(zone, first + timedelta(days=step.days)), step.percent)
        for step in team.weighting.ramp
    )


def check_weights(document: Document) -> Iterator[Finding]:
    """Performance and ramps are in order, and every rep's weight is one to a thousand."""
    for name, team in document.teams.items():
        yield from _performance(("teams", name, "weighting", "performance"), team)
        for grade in team.weighting.points:
            if grade not in GRADES:
                yield unknown(("teams", name, "weighting", "points", grade), "grade", grade, GRADES)
        yield from _steps(("teams", name, "weighting", "ramp"), team)
    for rep_id, rep in document.reps.items():
        if rep.team in document.teams:
            yield from _weight(document, rep_id, document.teams[rep.team], rep)


def _performance(at: Path, team: Team) -> Iterator[Finding]:
    given = team.weighting.performance
    if given.high < given.standard:
        yield (*at, "high"), f"must not be below `standard`, which is {given.standard}"
    if given.low > given.standard:
        yield (*at, "low"), f"must not be above `standard`, which is {given.standard}"


def _steps(at: Path, team: Team) -> Iterator[Finding]:
    steps = team.weighting.ramp
    for index in range(1, len(steps)):
        above, here = steps[index - 1], steps[index]
        if here.days <= above.days:
            reason = f"must end after the step before it, which ends after {above.days} days"
            yield (*at, index, "days"), reason
        if here.percent <= above.percent:
            reason = f"must be above the step before it, which has {above.percent}: a ramp goes up"
            yield (*at, index, "percent"), reason


def _weight(document: Document, rep_id: str, team: Team, rep: Rep) -> Iterator[Finding]:
    ramp = [step.percent for step in team.weighting.ramp] if rep.starts_on else []
    least = weight_of(document, rep_id, min([100, *ramp]))
    path = ("reps", rep_id, "weight") if "weight" in rep.model_fields_set else ("reps", rep_id)
    if least < 1:
        yield path, "performance and ramp leave less than weight 1; give all the team larger ones"
    if weight_of(document, rep_id) > MOST:
        yield path, f"performance makes it more than {MOST}; give all the team smaller weights"
