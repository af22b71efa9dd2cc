"""The record of a decision: enough to derive the owner again (promise 5, contract section 3)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from schemas.outputs import Candidate

FULL = 50
"""Candidates listed in full; beyond that counts by reason (design, section 6)."""


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


def candidate(seen: Looked, turn: str | None) -> Candidate:
    """A rep who was looked at; `turn` of the eligible in the deciding rotation."""
    return Candidate(
        rep_id=seen.rep_id,
        eligible=seen.why_not is None,
        why_not=seen.why_not,
        turn_before=turn,
        load=seen.load,
        rotation=seen.rotation or None,
    )


def listed(
    own: Sequence[Candidate], others: Mapping[str, Looked], counts: Mapping[str, int]
) -> tuple[tuple[Candidate, ...], dict[str, int]]:
    """Fifty candidates in full, by rep id, and the number of the others by reason.

    `own`: of the rotation that decided, fifty at most, and `counts` by reason of all of them;
    `others`: whom earlier tiers looked at, by rep id.
    """
    rest = dict(counts)
    for each in own:
        rest[each.why_not or "eligible"] -= 1
    if not others:
        return tuple(own), _counted(rest)
    ranked = sorted(others.values(), key=lambda each: (each.why_not is not None, each.rep_id))
    room = FULL - len(own)
    for reason, count in by_reason(ranked[room:]).items():
        rest[reason] = rest.get(reason, 0) + count
    full = [*own, *(candidate(each, None) for each in ranked[:room])]
    return tuple(sorted(full, key=lambda each: each.rep_id)), _counted(rest)


def _counted(counts: Mapping[str, int]) -> dict[str, int]:
    return {reason: count for reason, count in sorted(counts.items()) if count}


def by_reason(looked: Iterable[Looked]) -> dict[str, int]:
    """How many reps there are for each reason, by reason."""
    return dict(sorted(Counter(each.why_not or "eligible" for each in looked).items()))
