"""Which leads a rep would rather have than those that the policy gives him (SPEC-06, FAIR-05)."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from streams.policy.document import Specialty


class Wishes(NamedTuple):
    """Names of specialties, in the policy's order."""

    more: tuple[str, ...]
    """Asked for, and not his by the policy."""
    fewer: tuple[str, ...]
    """His by the policy, and not asked for."""
    unknown: int
    """How many names are no specialty of his team."""


def wishes(rep_id: str, asked: Collection[str], specialties: Iterable[Specialty]) -> Wishes:
    """How a rep's preferences differ from his team's specialties."""
    his = {one.specialty: rep_id in one.reps for one in specialties}
    return Wishes(
        tuple(name for name, has in his.items() if name in asked and not has),
        tuple(name for name, has in his.items() if has and name not in asked),
        len(set(asked) - his.keys()),
    )
