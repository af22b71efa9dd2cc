"""Shares of rotations by weight."""

from streams.policy.compiled import compile_policy
from streams.policy.loading import load
from streams.policy.shares import percent, rotation_words, shares
from tests.streams.policy.sample import SAMPLE, broken


def test_a_share_is_the_part_of_the_weights() -> None:
    """Decision 41: 100 and 50 are two thirds and one third."""
    assert shares(load(SAMPLE))["smb/round_robin"] == {"rep-1": 667, "rep-2": 333}
    assert shares(load(broken("weight: 50", "weight: 100")))["smb/round_robin"] == {
        "rep-1": 500,
        "rep-2": 500,
    }
    assert [percent(each) for each in (667, 1000, 5)] == ["66.7 %", "100.0 %", "0.5 %"]


def test_every_rotation_has_its_words() -> None:
    """The same keys as the steps keep turns for; names with an underscore stay readable."""
    assert set(shares(load(SAMPLE))) <= set(compile_policy(SAMPLE, 1).rotations)
    assert {rotation_words(key) for key in shares(load(SAMPLE)) if key.startswith("smb/")} == {
        "the rotation of team smb",
        "the reps on call of team smb",
        "territory north of team smb",
        "specialty banks of team smb",
    }
