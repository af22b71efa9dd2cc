"""Records that nobody waits for are decided together: with the next hurried one, or in a moment.

A transaction costs the broker the same for one record as for a hundred. What a stage calls
unhurried (`Stage.unhurried`) would otherwise take one of its own for each lead, and leads would
wait behind it.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from agents.clock import steady_s

MOMENT_S = 0.05
"""So long an unhurried record waits at most for others."""
MANY = 1_000
"""So many wait no longer: a transaction's cost is shared well enough by them."""
R = TypeVar("R")


class Patience(Generic[R]):
    """Holds unhurried records until somebody is in a hurry, in the order in which they came.

    What is held was read but not decided: its offset is not committed, so a crash loses none of it.
    What is held of a partition must begin at its committed offset, or a gap would be decided over
    where the partition goes and comes back: so nothing is let go while something else is held.
    """

    def __init__(self, hurried: Callable[[R], bool], clock: Callable[[], float] = steady_s) -> None:
        """`hurried` tells whether a record must be decided at once; `clock` in seconds."""
        self._hurried, self._clock = hurried, clock
        self._waiting: list[R] = []
        self._until_s = 0.0

    def ripe(self, fresh: list[R], *, at_once: bool = False) -> list[R]:
        """What is to be decided now: nothing, or all that waits and the fresh ones behind it.

        `at_once`: something before these is about to be decided, and they may not stay behind.
        """
        if not self._waiting:
            self._until_s = self._clock() + MOMENT_S
        self._waiting += fresh
        if not (
            at_once
            or len(self._waiting) >= MANY
            or self.left_s == 0
            or any(self._hurried(each) for each in fresh)
        ):
            return []
        taken, self._waiting = self._waiting, []
        return taken

    @property
    def left_s(self) -> float | None:
        """How long what waits may still wait; None when nothing does."""
        return max(0.0, self._until_s - self._clock()) if self._waiting else None

    def forget(self) -> None:
        """Everything is read again from the committed offsets: a rollback."""
        self._waiting = []
