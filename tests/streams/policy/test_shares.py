"""Shares of rotations by weight."""

from streams.policy.compiled import compile_policy
from streams.policy.loading import load
from streams.policy.shares import percent, rotations, shares
from streams.steps.policy_changed import rotations_of
from tests.streams.policy.edits import FILE
from tests.streams.policy.sample import SAMPLE, broken


def test_a_share_is_the_part_of_the_weights() -> None:
    """Decision 41: 100 and 50 are two thirds and one third."""
    assert shares(load(SAMPLE))["smb", "the rotation"] == {"rep-1": 667, "rep-2": 333}
    assert shares(load(broken("weight: 50", "weight: 100")))["smb", "the rotation"] == {
        "rep-1": 500,
        "rep-2": 500,
    }
    assert [percent(each) for each in (667, 1000, 5)] == ["66.7 %", "100.0 %", "0.5 %"]


def test_the_rotations_are_those_of_the_router() -> None:
    """The same members under the same teams as the steps keep turns for."""
    for text in (SAMPLE, FILE.read_text("utf-8")):
        policy = compile_policy(text, 1)
        mine = sorted((team, tuple(reps)) for (team, _), reps in rotations(policy.document).items())
        steps = rotations_of(policy).items()
        assert mine == sorted((key.partition("/")[0], reps) for key, reps in steps if reps)
