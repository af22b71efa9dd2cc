"""Boards kept between leads decide what boards made anew decide (decision 0023)."""

from collections.abc import Callable

import pytest

from tests.streams.steps.desk_bench import DeskBench
from tests.streams.steps.test_route import assigned, bench


def junk(desk: DeskBench) -> None:
    """The rep's lead was worth nothing."""
    desk.activity("lead-1", "ann", "junk")


def granted(desk: DeskBench) -> None:
    """A manager gives the rep a turn."""
    desk.adjust("ann", 1)


def order_after(given_back: Callable[[DeskBench], None], *, kept: bool) -> list[str]:
    """Ann is away when she gets a turn back: her next one ends where her own row stands already."""
    desk = bench()
    for number in range(1, 4):
        desk.lead(f"lead-{number}")
    desk.rep("ann", available=False)
    desk.lead()
    given_back(desk)
    desk.rep("ann", available=True)
    order = []
    for _ in range(6):
        if not kept:
            desk.tables.derived.clear()
        order.append(assigned(desk.lead()).rep_id)
    return order


@pytest.mark.parametrize("given_back", [junk, granted])
def test_a_turn_given_back_during_an_absence_is_served_once(
    given_back: Callable[[DeskBench], None],
) -> None:
    """Promise 4: the pick writes no turn anew, and the kept board knows of it all the same."""
    order = order_after(given_back, kept=True)
    assert order == order_after(given_back, kept=False)
    assert order.count("ann") == 3
