"""How a candidate policy has done so far beside the one in force: the numbers, and the ways."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import NamedTuple

from agents.ledger.rows import Shadow
from schemas.shadow import Decided, DecisionDiffered


class Standing(NamedTuple):
    """All partitions together."""

    version: int
    since: int
    """When the last of them began."""
    compared: int
    differed: int
    failed: int
    partitions: int
    """How many compare this version."""


def standing(rows: Collection[Shadow]) -> Standing | None:
    """The latest candidate; a partition that is behind may still have another, or none."""
    version = max((row.version for row in rows), default=None)
    if version is None:
        return None
    own = [row for row in rows if row.version == version]
    return Standing(
        version,
        max(row.since for row in own),
        sum(row.compared for row in own),
        sum(row.differed for row in own),
        sum(row.failed for row in own),
        len(own),
    )


def ways(events: Iterable[DecisionDiffered], version: int) -> Counter[tuple[str, str]]:
    """How many leads went one way and would have gone another, by both, under one candidate."""
    found = (event for event in events if event.shadow_version == version)
    return Counter((words(event.live), event.error_type or words(event.shadow)) for event in found)


def words(decided: Decided | None) -> str:
    """Where a lead is, in a few words."""
    if decided is None:
        return "stays"
    if decided.offered_to:
        return f"offered to {', '.join(decided.offered_to)}"
    if decided.rep_id is not None:
        return decided.rep_id
    if decided.pool is not None:
        return f"pool {decided.pool}"
    return f"waiting for {decided.team}" if decided.place == "waiting" else decided.place
