"""Uploads give way: records of a paced topic wait while anything live is under way.

A hot lead must not wait behind an upload (design, section 3), and behind intake all leads share
their inboxes. So an upload is let through only as far as a short backlog there allows.
"""

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from agents.ledger.restoring import Place

WINDOW = 300
"""So many records at most wait in the inboxes behind intake before an upload is held back: about
a third of a second of work at 1 000 records a second."""


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

    def __init__(self, topics: frozenset[str], backlog: Callable[[], int]) -> None:
        """`backlog` tells how many records wait in the inboxes behind."""
        self._topics, self._backlog = topics, backlog
        self._held: list[P] = []

    @property
    def holds(self) -> bool:
        """Whether records are held: their partitions should deliver no more."""
        return bool(self._held)

    def admit(self, fresh: list[P]) -> list[P]:
        """Live records, and as many held ones as there is room for when nothing live came."""
        live = [message for message in fresh if message.topic() not in self._topics]
        self._held += [message for message in fresh if message.topic() in self._topics]
        if live or not self._held:
            return live
        room = max(0, WINDOW - self._backlog())
        admitted, self._held = self._held[:room], self._held[room:]
        return admitted

    def forget(self) -> None:
        """Everything is read again from the committed offsets: a rollback."""
        self._held = []

    def forget_place(self, place: Place) -> None:
        """A partition was gained anew: it is read again from its committed offset."""
        self._held = [
            message for message in self._held if (message.topic(), message.partition()) != place
        ]
