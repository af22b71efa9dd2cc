"""Uploads give way: records of a paced topic wait while the inboxes behind are not nearly empty.

A hot lead must not wait behind an upload (design, section 3), and behind intake all leads share
their inboxes. So an upload is let through only as far as a short backlog there allows, a shorter
one beside live leads; but it is let through, however long live leads keep coming.
"""

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from agents.clock import steady_s
from agents.kafka.committed import Place

WINDOW = 300
"""So many records at most wait in the inboxes behind intake before an upload is held back: about
a third of a second of work at 1 000 records a second."""
WINDOW_BESIDE_LIVE = 50
"""The same where something live came at this moment."""
ASK_AGAIN_S = 0.1
"""The backlog is asked for so often at most: each answer takes the broker a dozen look-ups."""


class Placed(Protocol):
    """A record that says where it stands, as the broker's client does."""

    def topic(self) -> str | None:
        """Its topic."""

    def partition(self) -> int | None:
        """Its partition."""


P = TypeVar("P", bound=Placed)


class Pacing(Generic[P]):
    """Holds records of paced topics back, in their order.

    What is held was read but not decided: its offset is not committed, so a crash loses none of it.
    """

    def __init__(
        self,
        topics: frozenset[str],
        backlog: Callable[[], int | None],
        clock: Callable[[], float] = steady_s,
    ) -> None:
        """`backlog` tells how many records wait in the inboxes behind; `clock` in seconds.

        Where it cannot tell (None) nothing of an upload is let through.
        """
        self._topics, self._backlog, self._clock = topics, backlog, clock
        self._held: list[P] = []
        self._ask_at_s = 0.0

    @property
    def holds(self) -> bool:
        """Whether records are held: their partitions should deliver no more."""
        return bool(self._held)

    def admit(self, fresh: list[P]) -> list[P]:
        """Live records, and behind them as many held ones as there is room for."""
        live = [message for message in fresh if message.topic() not in self._topics]
        self._held += [message for message in fresh if message.topic() in self._topics]
        room = self._room(beside=len(live)) if self._held else 0
        admitted, self._held = self._held[:room], self._held[room:]
        return live + admitted

    def _room(self, beside: int) -> int:
        if self._clock() < self._ask_at_s:
            return 0
        window = WINDOW_BESIDE_LIVE if beside else WINDOW
        waiting = self._backlog()
        room = 0 if waiting is None else max(0, window - beside - waiting)
        self._ask_at_s = self._clock() + ASK_AGAIN_S
        return room

    def forget(self) -> None:
        """Everything is read again from the committed offsets: a rollback."""
        self._held = []

    def forget_place(self, place: Place) -> None:
        """A partition was gained anew: it is read again from its committed offset."""
        self._held = [
            message for message in self._held if (message.topic(), message.partition()) != place
        ]
