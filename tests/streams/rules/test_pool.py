"""Which pool takes a lead that is not pushed."""

import pytest

from streams.policy.document import Pool
from streams.rules.pool import pool_for

POOLS = [Pool(pool="hot", when="a"), Pool(pool="warm", when="b"), Pool(pool="cold", when="c")]


@pytest.mark.parametrize(
    ("true", "expected"),
    [
        ("a", ("hot", "pool_rule")),
        ("bc", ("warm", "pool_rule")),
        ("abc", ("hot", "pool_rule")),
        ("", ("warm", "no_pool_rule")),
    ],
)
def test_the_first_pool_whose_condition_holds_else_the_fallback(
    true: str, expected: tuple[str, str]
) -> None:
    """Decisions 04, 05: in the policy's order; the fallback is counted apart by its reason."""
    assert pool_for(POOLS, "warm", lambda condition: condition in true) == expected


def test_another_order_of_the_policy_is_another_pool() -> None:
    """Twin: the order decides, not the name."""
    assert pool_for(reversed(POOLS), "warm", lambda _: True) == ("cold", "pool_rule")
