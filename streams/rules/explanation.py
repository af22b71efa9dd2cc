"""The record of a decision: enough to derive the owner again (promise 5, contract section 3)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from schemas.outputs import Candidate

FULL = 50
"""Candidates listed in full; beyond that counts by reason (design, section 6)."""

_FRACTION_BITS = 40
"""A lead's parts, as fine as virtual time has them."""


class Looked(NamedTuple):
    """A rep as one decision saw him."""

    rep_id: str
    weight: int
    why_not: str | None
    load: int
    on_shift: bool
    rotation: str = ""
    """Key of the rotation in which he was looked at; empty: as owner or named backup."""


def turn_text(start: int, deadline: int) -> str:
    """A turn as the record gives it: virtual start and deadline, whole numbers."""
    return f"{start} {deadline}"


def candidates(
    looked: Iterable[Looked], turns: Mapping[str, tuple[int, int]]
) -> tuple[Candidate, ...]:
    """Every rep who was looked at, by rep id; `turns` (start, deadline) of the eligible."""
    return tuple(
        Candidate(
            rep_id=each.rep_id,
            eligible=each.why_not is None,
            why_not=each.why_not,
            turn_before=turn_text(*turns[each.rep_id]) if each.rep_id in turns else None,
            load=each.load,
            rotation=each.rotation or None,
        )
        for each in looked
    )


def listed(
    looked: Sequence[Looked], turns: Mapping[str, tuple[int, int]], time: int, rotation: str = ""
) -> tuple[Sequence[Looked], dict[str, int]]:
    """Those who are listed in full, and the number of the others by reason.

    With more than fifty the eligible who are served next are listed, because the choice is
    derived from them; reason `eligible` counts the rest of those. The others of the deciding
    rotation come next. `time` is the virtual time.
    """
    if len(looked) <= FULL:
        return looked, {}

    def served(each: Looked) -> tuple[bool, bool, int, int, str]:
        start, deadline = turns.get(each.rep_id, (0, 1))
        ahead = (max(start - time, 0) << _FRACTION_BITS) // (deadline - start)
        other = each.rotation != rotation
        return each.why_not is not None, other, ahead, deadline, each.rep_id

    ranked = sorted(looked, key=served)
    return sorted(ranked[:FULL], key=lambda each: each.rep_id), by_reason(ranked[FULL:])


def by_reason(looked: Iterable[Looked]) -> dict[str, int]:
    """How many reps there are for each reason, by reason."""
    return dict(sorted(Counter(each.why_not or "eligible" for each in looked).items()))
