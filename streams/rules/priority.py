"""A lead's priority (decision 32)."""


def is_high(*, hot: bool, score: int, high_score: int) -> bool:
    """High: hot, or a score at or above the policy's; everything else is normal."""
    return hot or score >= high_score
