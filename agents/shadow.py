"""How a candidate policy has done so far beside the one in force: the numbers, and the ways."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import NamedTuple

from agents.ledger.rows import Shadow
from schemas.shadow import Decided, DecisionDiffered, Judgement

OTHER_POINTS = "the same, by other points"
"""Where only the score or the next action is another."""


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


def ways(
    events: Iterable[DecisionDiffered], version: int, stage: str = "route"
) -> Counter[tuple[str, str]]:
    """How many leads an agent sent one way or judged so, and under one candidate otherwise."""
    found = (each for each in events if each.shadow_version == version and each.stage == stage)
    return Counter(_way(event) for event in found)


def _way(event: DecisionDiffered) -> tuple[str, str]:
    live = words(event.live or event.live_judgement)
    shadow = event.error_type or words(event.shadow or event.shadow_judgement)
    return live, OTHER_POINTS if shadow == live else shadow


def words(said: Decided | Judgement | None) -> str:
    """Where a lead is, or what is thought of it, in a few words."""
    if said is None:
        return "stays"
    if isinstance(said, Judgement):
        hot = ", hot" if said.hot else ""
        return f"grade {said.grade}{hot}, {said.status}, desk {said.desk}"
    if said.offered_to:
        return f"offered to {', '.join(said.offered_to)}"
    if said.rep_id is not None:
        return said.rep_id
    if said.pool is not None:
        return f"pool {said.pool}"
    return f"waiting for {said.team}" if said.place == "waiting" else said.place
