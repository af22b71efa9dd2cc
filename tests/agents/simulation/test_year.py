"""Weeks of a year, simulated: nothing lost, fair, every decision as its policy says."""

from collections import Counter

import pytest

from agents.command_line.simulate import admitted
from agents.fairness.shares import Shares
from agents.recount import Recount
from schemas.codec import to_json
from schemas.outputs import LifecycleChanged
from schemas.topics import OUTPUTS
from tests.agents.simulation.year import FIRST, Year, milliseconds, names

DAYS = 34
"""Over the turn of a month, so that the policy changes; the whole year is `tests.bench.year`."""


@pytest.mark.slow
def test_weeks_of_a_year_are_lived_through_and_nothing_is_lost() -> None:
    """Issue 4, Proof: 40 reps, 4 zones, holidays, absences, turnover, another policy each month."""
    year = Year(leads_a_day=40)
    simulation = year.run(DAYS)
    outputs = {topic.name for topic in OUTPUTS}
    recount, shares = Recount(), Shares()
    for each in year.sent:
        if each.sent.topic in outputs:
            value = to_json(each.sent.event)
            recount.note(each.sent.topic, value)
            if each.sent.topic == "assignments.rep":
                shares.note(value)
    totals = recount.totals(admitted(simulation))
    assert totals.captured == year.captured
    assert (totals.lost, totals.duplicated, totals.waiting) == (0, 0, 0)
    assert totals.breaches > 10
    for sharing in shares.sharings():
        assert sharing.furthest <= sharing.bound, sharing.rotation
    february = milliseconds(FIRST.replace(month=2))
    versions = Counter((each.policy_version, each.at >= february) for each in year.assigned())
    assert {(0, False), (1, True)} == set(versions)
    left = {rep for members in names(0).values() for rep in members} - {
        rep for members in names(1).values() for rep in members
    }
    assert not [each for each in year.assigned() if each.at >= february and each.rep_id in left]
    moved = [
        each.sent.event
        for each in year.sent
        if isinstance(each.sent.event, LifecycleChanged)
        and each.sent.event.reason == "nobody_eligible"
    ]
    assert moved
