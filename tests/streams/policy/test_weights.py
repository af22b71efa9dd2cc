"""Weights of a document: ramps in the rep's zone, and what makes no sense (decision 41)."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from streams.policy.compiled import compile_policy
from streams.policy.problems import PolicyError
from tests.streams import policies
from tests.streams.policy.sample import SAMPLE, broken, place

OLD = "    weight: 50\n"
RAMP = "    zone: America/New_York\n    weighting: {ramp: [%s]}\n"
PERFORMANCE = "    zone: America/New_York\n    weighting: {performance: {%s}}\n"
ZONE = "    zone: America/New_York\n"


def midnight(zone: str, day: str) -> int:
    """The local midnight in milliseconds since the epoch."""
    return int(datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone)).timestamp()) * 1000


@pytest.mark.parametrize(
    ("old", "new", "where", "reason"),
    [
        (OLD, "    performance: hihg\n", "performance: hihg", "did you mean 'high'?"),
        (OLD, "    starts_on: 2026-02-30\n", "starts_on", "write a date such as 2026-03-02"),
        (OLD, "    starts_on: soon\n", "starts_on", "write a date such as 2026-03-02"),
        (OLD, "    weight: 900\n    performance: high\n", "weight: 900", "more than 1000"),
        (OLD, "    weight: 1\n    performance: low\n", "weight: 1\n", "less than weight 1"),
        (
            OLD,
            "    weight: 3\n    starts_on: 2026-03-02\n",
            "weight: 3\n",
            "give all the team larger ones",
        ),
        (
            ZONE,
            RAMP % "{days: 30, percent: 25}, {days: 30, percent: 50}",
            "days: 30, percent: 50",
            "must end after the step before it, which ends after 30 days",
        ),
        (
            ZONE,
            RAMP % "{days: 30, percent: 50}, {days: 60, percent: 25}",
            "percent: 25",
            "a ramp goes up",
        ),
        (ZONE, RAMP % "{days: 30, percent: 101}", "percent: 101", "less than or equal to 100"),
        (ZONE, PERFORMANCE % "high: 90", "high: 90", "below `standard`, which is 100"),
        (ZONE, PERFORMANCE % "low: 110", "low: 110", "above `standard`, which is 100"),
        (ZONE, PERFORMANCE % "low: 0", "low: 0", "greater than or equal to 1"),
    ],
)
def test_weights_that_make_no_sense_are_refused(
    old: str, new: str, where: str, reason: str
) -> None:
    """CFG: with the line, and what to write instead."""
    text = broken(old, new)
    with pytest.raises(PolicyError) as caught:
        compile_policy(text, 1)
    problem = caught.value.problems[0]
    assert (problem.line, problem.column) == place(text, where)
    assert reason in problem.reason


@pytest.mark.parametrize(
    ("zone", "first", "last"),
    [
        ("Europe/Berlin", "2026-02-28", "2026-03-30"),  # behind the change of clocks
        ("Asia/Tokyo", "2026-02-28", "2026-03-30"),
        ("America/New_York", "2026-10-03", "2026-11-02"),
    ],
)
def test_a_ramp_goes_by_midnight_in_the_reps_zone(zone: str, first: str, last: str) -> None:
    """30 days after the first day, however long they were."""
    policy = policies.policy(reps={"bob": {"starts_on": first, "zone": zone}})
    assert policy.ramps["bob"][0] == (midnight(zone, last), 25)
    assert list(policy.ramps) == ["bob"]


def test_wgt_03_performance_changes_the_weight_by_the_teams_percentages() -> None:
    """WGT-03: the base stays what it is."""
    weighting = {"performance": {"high": 200, "low": 25}}
    reps = {"ann": {"performance": "high"}, "bob": {"performance": "low", "weight": 80}}
    policy = policies.policy(teams={"inside": {"weighting": weighting}}, reps=reps)
    assert [policy.weight(rep) for rep in ("ann", "bob", "cay", "eve")] == [200, 20, 100, 100]
    assert policy.weight("ann", 75) == 150


def test_a_weight_of_one_is_enough_where_nothing_lessens_it() -> None:
    """The sample's smallest change: no line about performance, no complaint."""
    assert compile_policy(broken(OLD, "    weight: 1\n"), 1).weight("rep-2") == 1
    assert compile_policy(SAMPLE, 1).weight("rep-2") == 50
