"""Base x performance x ramp, whole numbers only (decision 41, WGT-01)."""

import pytest

from streams.rules.weight import next_step, percent_at, weight

RAMP = ((10, 25), (20, 50))


@pytest.mark.parametrize(
    ("base", "performance", "ramp", "expected"),
    [
        (100, 100, 100, 100),
        (100, 150, 100, 150),
        (80, 50, 25, 10),
        (11, 150, 75, 12),
        (1, 50, 100, 0),
    ],
)
def test_a_weight_is_the_product_rounded_down_once(
    base: int, performance: int, ramp: int, expected: int
) -> None:
    """WGT-01. Of 11 x 1.5 x 0.75 = 12.4 nothing is lost in between."""
    assert weight(base, performance, ramp) == expected


def test_a_step_ends_at_its_instant() -> None:
    """The instant belongs to the next step; behind the last one all of the weight holds."""
    assert [percent_at(RAMP, now) for now in (0, 9, 10, 19, 20)] == [25, 25, 50, 50, 100]
    assert [next_step(RAMP, now) for now in (9, 10, 20)] == [10, 20, None]
    assert percent_at((), 5) == 100
