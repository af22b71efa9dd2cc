"""A toy worker in which one thing goes wrong: `python -m tests.agents.ledger.faulty_toy`.

Which one stands in the environment. The ledger is the product's; the fault is planted here.
"""

import asyncio
import os
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

from confluent_kafka import Consumer, Message, TopicPartition

from agents import telemetry, worker
from agents.guard import or_leave
from agents.kafka.committed import place_of
from agents.ledger import ledger
from agents.ledger.book import Book
from agents.ledger.ledger import Batch, Ledger
from agents.ledger.membership import GATHER_MAX, Membership
from agents.settings import Settings
from schemas.codec import Codec
from tests.agents.ledger.toy import STAGES

FAULT = "LEADSTREAM_TOY_FAULT"
ANSWER_S = 2.0
LOST_WITHIN_S = 30.0
DECIDED_WITHIN_S = 5.0
"""By then who gained the partitions has decided what is in them."""
IN_HAND = "records of lost partitions in hand:"
turn, gather, answer = Book.turn, Membership.gather, Ledger._answer


def agent_raises() -> None:
    """At the third batch of a stage."""
    turns = dict.fromkeys((stage.name for stage in STAGES), 0)

    def third(self: Book, messages: list[Message], taken_up_ms: int | None = None) -> None:
        turns[self.stage.name] += 1
        if turns[self.stage.name] == 3:
            raise LookupError("planted")
        turn(self, messages, taken_up_ms)

    setattr(Book, "turn", third)  # noqa: B010 - breaking it is the purpose


def agent_raises_and_nobody_leaves() -> None:
    """Twin: as if a failed batch were none."""
    agent_raises()

    async def anyhow(self: Ledger, batch: Batch) -> None:
        book = self._opened()
        try:
            await self._in_thread(book.turn, batch.messages)
        except LookupError:
            book.take_back = lambda: None  # type: ignore[method-assign]  # goes on behind it
        batch.done.set_result(None)

    setattr(Ledger, "_answer", anyhow)  # noqa: B010 - breaking it is the purpose


def agent_hangs() -> None:
    """With its first batch, and is missed after two seconds."""
    vars(ledger)["ANSWER_S"] = ANSWER_S
    agent_hangs_and_is_not_missed()


def agent_hangs_and_is_not_missed() -> None:
    """Twin: as if there were no deadline that soon."""

    async def never(_self: Ledger, _batch: Batch) -> None:
        await asyncio.Event().wait()

    setattr(Ledger, "_answer", never)  # noqa: B010 - breaking it is the purpose


def callback_raises() -> None:
    """When partitions are assigned."""

    def gain(_self: Membership, _consumer: Consumer, _assigned: list[TopicPartition]) -> None:
        raise LookupError("planted")

    setattr(Membership, "_gain", gain)  # noqa: B010 - breaking it is the purpose


def partition_lost() -> None:
    """The first stage goes on gathering while another worker takes partitions and decides them."""
    waited = False

    def until_lost(self: Membership, wait_s: float, most: int = GATHER_MAX) -> list[Message]:
        nonlocal waited
        messages = gather(self, wait_s, most)
        if waited or self._stage != "one" or not messages:
            return messages
        waited, before, end = True, set(_places(self)), time.monotonic() + LOST_WITHIN_S
        while before <= set(_places(self)) and time.monotonic() < end:
            messages += gather(self, 0.05, most)
        end = time.monotonic() + DECIDED_WITHIN_S
        while time.monotonic() < end:
            messages += gather(self, 0.05, most)
        lost = before - set(_places(self))
        print(IN_HAND, sum(place_of(each) in lost for each in messages), file=sys.stderr)  # noqa: T201 - for the test
        return messages

    setattr(Membership, "gather", until_lost)  # noqa: B010 - breaking it is the purpose


def _places(self: Membership) -> list[tuple[str, int]]:
    return [(one.topic, one.partition) for one in self._consumer.assignment()]


def partition_lost_and_kept() -> None:
    """Twin: as if what is lost were still ours."""
    partition_lost()
    lose = Membership._lose

    def keep(self: Membership, consumer: Consumer, revoked: list[TopicPartition]) -> None:
        owned = dict(self.owned)
        lose(self, consumer, revoked)
        self.owned |= owned

    setattr(Membership, "_lose", keep)  # noqa: B010 - breaking it is the purpose


FAULTS: Mapping[str, Callable[[], Any]] = {
    each.__name__: each
    for each in (
        agent_raises, agent_raises_and_nobody_leaves, agent_hangs, agent_hangs_and_is_not_missed,
        callback_raises, partition_lost, partition_lost_and_kept,
    )
}  # fmt: skip

if __name__ == "__main__":
    FAULTS[os.environ[FAULT]]()
    telemetry.configure("info")
    or_leave(worker.run)(Settings(), STAGES, Codec(), telemetry.log_happened, {})
    sys.exit(0)
