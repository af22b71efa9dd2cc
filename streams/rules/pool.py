"""Which pool takes a lead that is not pushed (decisions 04, 05)."""

from collections.abc import Callable, Iterable

from streams.policy.document import Pool


def pool_for(pools: Iterable[Pool], fallback: str, holds: Callable[[str], bool]) -> tuple[str, str]:
    """The pool's name and the reason: the first whose condition holds, else the fallback."""
    for pool in pools:
        if holds(pool.when):
            return pool.pool, "pool_rule"
    return fallback, "no_pool_rule"
