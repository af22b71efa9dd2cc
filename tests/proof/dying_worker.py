"""A worker that ends as `kill -9` would end it, at a named point of a ledger's turn.

The product's own agents run; around one call of theirs stands an exit. `DYING_POINT` names it. It
dies in the second batch of `route` that says something: its state and its open transaction matter.
"""

import os
from collections.abc import Callable
from functools import wraps
from typing import Any

from agents.command_line.main import main
from agents.ledger import book, restoring
from agents.ledger.book import Book
from agents.ledger.transaction import Transactions
from tests.agents.ledger.faulty_commits import says

DIED = 9
STAGE = "route"
AT_BATCH = 2
IN_A_TURN = ("before begin", "after produce", "after offsets", "before commit", "after commit")
IN_RESTORE = "in restore"
batches = 0
dying: Transactions | None = None
"""Whose turn it is to die, from the batch on in which it shall."""


def watched(run: Callable[..., Any]) -> Callable[..., Any]:
    """Counts the stage's batches; the one that is to die is known before its transaction begins."""

    @wraps(run)
    def counting(self: Book, production: Any, offsets: Any, metadata: Any) -> Any:
        global batches, dying  # noqa: PLW0603 - counts the stage's batches
        records = list(production)
        batches += bool(self.stage.name == STAGE and offsets and says(records))
        if batches == AT_BATCH:
            dying = self.transactions
            die("before begin")
        return run(self, iter(records), offsets, metadata)

    return counting


def die(point: str) -> None:
    """Ends the process if this is the point."""
    if os.environ["DYING_POINT"] == point:
        os._exit(DIED)


def around_offsets(hand_in: Callable[..., None]) -> Callable[..., None]:
    """Points on both sides; what was produced is on the broker, in an open transaction."""

    @wraps(hand_in)
    def handing_in(self: Transactions, offsets: Any, group: Any) -> None:
        if self is dying:
            self._producer.flush(5)
            die("after produce")
        hand_in(self, offsets, group)
        if self is dying:
            die("after offsets")

    return handing_in


def around_commit(settle: Callable[..., Any]) -> Callable[..., Any]:
    """Points on both sides: nothing but the outcome is missing, and the outcome is not kept."""

    @wraps(settle)
    def settling(self: Transactions, name: str, call: Any, deadline: float) -> Any:
        if self is dying and name == "commit_transaction":
            self._producer.flush(5)
            die("before commit")
        outcome = settle(self, name, call, deadline)
        if self is dying and name == "commit_transaction":
            die("after commit")
        return outcome

    return settling


def in_restore(restore: Callable[..., Any]) -> Callable[..., Any]:
    """Rows have been read, and nobody has begun to work with them."""

    @wraps(restore)
    def dying_restore(*args: Any) -> Any:
        found = restore(*args)
        die(IN_RESTORE)
        return found

    return dying_restore


if __name__ == "__main__":
    setattr(Book, "_run", watched(Book._run))  # noqa: B010 - breaking it is the purpose
    setattr(Transactions, "_hand_in", around_offsets(Transactions._hand_in))  # noqa: B010 - as above
    setattr(Transactions, "_settle", around_commit(Transactions._settle))  # noqa: B010 - as above
    setattr(book, "restore", in_restore(restoring.restore))  # noqa: B010 - as above
    main()
