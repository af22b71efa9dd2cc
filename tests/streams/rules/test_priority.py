"""A lead's priority."""

import pytest

from streams.rules.priority import is_high


@pytest.mark.parametrize(
    ("hot", "score", "high"),
    [(False, 79, False), (False, 80, True), (True, 0, True), (True, 100, True)],
)
def test_hot_leads_and_high_scores_come_first(*, hot: bool, score: int, high: bool) -> None:
    """Decision 32: at the policy's score, not only above it."""
    assert is_high(hot=hot, score=score, high_score=80) is high
