"""A desk for long stories: limits and clocks that nobody reaches, unless a story gives its own."""

from collections import Counter
from typing import Any

from streams.policy.compiled import Policy
from tests.streams import policies
from tests.streams.steps.desk_bench import NOON, DeskBench


def rules(version: int = 1, *, reps: dict[str, Any] | None = None, **inside: Any) -> Policy:
    """Ann, bob and cay take turns; `inside` replaces settings of their team."""
    patient = {"target": "900d", "target_high": "900d"}
    team = {"open_limit": 5_000, "daily_limit": 5_000, "contact": patient} | inside
    return policies.policy(version, teams={"inside": team}, reps=reps or {})


def desk_of(*, reps: dict[str, Any] | None = None, **inside: Any) -> DeskBench:
    """A desk under these rules, on a Monday at noon."""
    return DeskBench(rules(reps=reps, **inside), NOON)


def taken(desk: DeskBench, leads: int) -> list[str]:
    """So many leads; who got them, in order."""
    before = len(desk.assigned())
    for _ in range(leads):
        desk.lead()
    return [rep for _, rep in desk.assigned()[before:]]


def counted(desk: DeskBench, leads: int) -> Counter[str]:
    """So many leads; how many of them each rep got."""
    return Counter(taken(desk, leads))
