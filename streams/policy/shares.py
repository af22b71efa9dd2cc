"""Which share of the leads of each rotation a rep is due, by weight (decision 41)."""

from collections.abc import Mapping

from streams.policy.compiled import GENERAL, HOT_LANE, ON_CALL, rotations_of
from streams.policy.document import Document
from streams.policy.weights import weight_of

_WORDS = {GENERAL: "the rotation", ON_CALL: "the reps on call", HOT_LANE: "the hot lane"}


def shares(document: Document) -> dict[str, dict[str, int]]:
    """By rotation each member's share in thousandths while all are eligible, to the nearest.

    A new hire counts with the whole weight, which the ramp leads to.
    """
    return {
        key: _shares({rep_id: weight_of(document, rep_id) for rep_id in members})
        for key, members in rotations_of(document).items()
        if members
    }


def percent(thousandths: int) -> str:
    """A share in words, such as `33.3 %`."""
    return f"{thousandths // 10}.{thousandths % 10} %"


def rotation_words(key: str) -> str:
    """What people call a rotation: `territory dach of team emea`."""
    team, _, name = key.partition("/")
    return f"{_WORDS.get(name) or name.replace(':', ' ').replace('_', ' ')} of team {team}"


def _shares(weights: Mapping[str, int]) -> dict[str, int]:
    whole = sum(weights.values())
    return {rep_id: (2000 * weight + whole) // (2 * whole) for rep_id, weight in weights.items()}
