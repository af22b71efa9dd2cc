"""Which leads take the hot lane (LANE-01)."""

from streams.rules.hot_lane import takes


def test_a_score_over_the_lanes_takes_it_unless_there_is_an_owner() -> None:
    """LANE-01, decisions 13 and 40: over 90 and not from 90 on; an owner comes first."""
    assert [takes(score, 90, owned=False) for score in (89, 90, 91)] == [False, False, True]
    assert not takes(91, 90, owned=True)


def test_without_a_lane_no_score_takes_it() -> None:
    """The policy's `over: null`."""
    assert not takes(10_000, None, owned=False)
