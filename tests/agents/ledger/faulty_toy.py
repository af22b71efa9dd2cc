"""A toy worker in which one thing goes wrong: `python -m tests.agents.ledger.faulty_toy`.

Which one stands in the environment. The ledger is the product's; the fault is planted here.
"""

import asyncio
import dataclasses
import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from confluent_kafka import Consumer, Message, TopicPartition

from agents.kafka.committed import Place, place_of
from agents.ledger import ledger, membership, partition
from agents.ledger.book import Book
from agents.ledger.ledger import Batch, Ledger
from agents.ledger.membership import GATHER_MAX, Membership
from agents.ledger.partition import Partition
from streams.stage import Outgoing, Raw, Stage
from streams.tables import StageTables
from tests.agents.ledger.faulty_commits import COMMITS_GONE_WRONG
from tests.agents.ledger.faulty_restores import RESTORES_GONE_WRONG
from tests.agents.ledger.toy import STAGES, first, run

FAULT = "LEADSTREAM_TOY_FAULT"
ANSWER_S = 2.0
LOST_WITHIN_S = 30.0
DECIDED_WITHIN_S = 5.0
"""By then who gained the partitions has decided what is in them."""
RAISED = "raised in a turn"
HUGE, HUGE_BYTES = "70", 1_500_000
"""Of which record the output is too large, and how large."""
WENT_ON = "went on behind an exception in a callback"
IN_HAND = "records of lost partitions in hand:"
turn, gather, gain = Book.turn, Membership.gather, Membership._gain


def agent_raises() -> None:
    """At the third batch of a stage."""
    turns = dict.fromkeys((stage.name for stage in STAGES), 0)

    def third(self: Book, messages: list[Message], taken_up_ms: int | None = None) -> None:
        turns[self.stage.name] += 1
        if turns[self.stage.name] == 3:
            print(RAISED, file=sys.stderr, flush=True)  # noqa: T201 - for the test
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
        self._answer_by_s = None
        batch.done.set_result([])

    setattr(Ledger, "_answer", anyhow)  # noqa: B010 - breaking it is the purpose


def agent_hangs() -> None:
    """With its first batch, and is missed after two seconds."""
    vars(ledger)["ANSWER_S"] = ANSWER_S
    agent_hangs_and_is_not_missed()


def agents_are_soon_missed() -> None:
    """No fault: who waits for records longer than an agent may take must not be missed."""
    vars(ledger)["ANSWER_S"] = ANSWER_S


def agent_hangs_and_is_not_missed() -> None:
    """Twin: as if there were no deadline that soon."""

    async def never(_self: Ledger, _batch: Batch) -> None:
        await asyncio.Event().wait()

    setattr(Ledger, "_answer", never)  # noqa: B010 - breaking it is the purpose


def callback_raises() -> None:
    """When partitions are assigned, and librdkafka has them already."""

    def unopened(place: Place) -> Partition:
        msg = f"planted: {place}"
        raise LookupError(msg)

    def gaining(self: Membership, consumer: Consumer, assigned: list[TopicPartition]) -> None:
        self._open_partition = unopened
        gain(self, consumer, assigned)

    setattr(Membership, "_gain", gaining)  # noqa: B010 - breaking it is the purpose


def callback_raises_and_nobody_leaves() -> None:
    """Twin: as if librdkafka might go on behind it."""
    callback_raises()

    def or_nothing(call: Callable[..., None]) -> Callable[..., None]:
        def quiet(*arguments: Any) -> None:
            try:
                call(*arguments)
            except LookupError:
                print(WENT_ON, file=sys.stderr, flush=True)  # noqa: T201 - for the test

        return quiet

    vars(membership)["or_leave"] = or_nothing


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


def output_too_large() -> tuple[Stage, ...]:
    """The first stage says more than a topic takes, once."""

    def huge(tables: StageTables, raw: Raw, policy: None, now: int) -> Iterable[Outgoing]:
        for one in first(tables, raw, policy, now):
            large = {"event": b"x" * HUGE_BYTES} if raw.value == HUGE.encode() else {}
            yield one._replace(event=one.event.model_copy(update=large))

    one, two = STAGES
    return dataclasses.replace(one, raw=huge), two


def output_of_any_size() -> tuple[Stage, ...]:
    """Twin: as if nobody looked before the broker does."""
    vars(partition)["HEADER_BYTES"] = -2 * HUGE_BYTES
    return output_too_large()


PLANTED: tuple[Callable[[], Any], ...] = (
    agent_raises, agent_raises_and_nobody_leaves, agents_are_soon_missed,
    agent_hangs, agent_hangs_and_is_not_missed,
    callback_raises, callback_raises_and_nobody_leaves, partition_lost, partition_lost_and_kept,
    output_too_large, output_of_any_size,
)  # fmt: skip
FAULTS: Mapping[str, Callable[[], Any]] = {
    **COMMITS_GONE_WRONG,
    **RESTORES_GONE_WRONG,
    **{each.__name__: each for each in PLANTED},
}
"""What each plants; it gives the stages that are run where they are not the toy's own."""

if __name__ == "__main__":
    run(FAULTS[os.environ[FAULT]]() or STAGES)
