"""What goes wrong in a worker and its twins: each plants one fault into the product's ledger.

`faulty_toy` runs them with stages that count, `tests/proof/faulty_worker.py` with the real ones.
"""

import asyncio
import dataclasses
import os
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from agents.kafka.committed import Place, place_of
from agents.kafka.unavailable import RegistryUnavailable
from agents.ledger import ledger, membership, partition
from agents.ledger.book import Book
from agents.ledger.deadletters import DeadLetterLimit
from agents.ledger.ledger import Batch, Ledger
from agents.ledger.membership import GATHER_MAX, Membership
from agents.ledger.partition import Partition
from schemas.inner import EventReceived
from streams.stage import Outgoing, Raw, Stage
from streams.tables import StageTables
from tests.agents.ledger.faulty_commits import ARMED, COMMITS_GONE_WRONG, STAGE, say, there
from tests.agents.ledger.faulty_restores import RESTORES_GONE_WRONG

FAULT = "LEADSTREAM_FAULT"
"""Which fault is planted."""
ANSWER_S = 2.0
DECIDED = "decided"
"""File of the test's in the data folder: who gained the partitions `has_decided` some of it."""
LOST_WITHIN_S = 30.0
RAISED = "raised in a turn"
HUGE, HUGE_BYTES = "LEADSTREAM_FAULT_HUGE", 1_500_000
"""What stands in the record whose output is too large, and how large that is."""
WENT_ON = "went on behind an exception in a callback"
TOLD = "told of an error"
IN_HAND = "records of lost partitions in hand:"
turn, gather, gain = Book.turn, Membership.gather, Membership._gain


def has_decided(log: str, stage: str) -> bool:
    """Whether a worker's log has a batch of the stage's that says something."""
    return re.search(rf'"stage":"{stage}","records":\d+,"sent":[1-9]', log) is not None


def agent_raises() -> None:
    """At the third batch of a stage."""
    turns: Counter[str] = Counter()

    def third(self: Book, messages: list[Message], taken_up_ms: int | None = None) -> None:
        turns[self.stage.name] += 1
        if turns[self.stage.name] == 3:
            say(RAISED)
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
                say(WENT_ON)

        return quiet

    vars(membership)["or_leave"] = or_nothing


def partition_lost() -> None:
    """Once armed, a stage goes on gathering while another worker takes partitions and decides."""
    waited, losing = False, os.environ.get(STAGE, "one")

    def until_lost(self: Membership, wait_s: float, most: int = GATHER_MAX) -> list[Message]:
        nonlocal waited
        messages = gather(self, wait_s, most)
        if waited or self._stage != losing or not messages or not there(ARMED):
            return messages
        waited, before, end = True, set(_places(self)), time.monotonic() + LOST_WITHIN_S
        while before <= set(_places(self)) and time.monotonic() < end:
            messages += gather(self, 0.05, most)
        while not there(DECIDED) and time.monotonic() < end:
            messages += gather(self, 0.05, most)
        lost = before - set(_places(self))
        say(f"{IN_HAND} {sum(place_of(each) in lost for each in messages)}")
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


class ErrorBeside:
    """A consumer that is told of an error beside the records that it gathers, once."""

    def __init__(self, consumer: Consumer) -> None:
        """Is that consumer in all else."""
        self._consumer, self._told = consumer, False

    def __getattr__(self, name: str) -> Any:
        """Whatever else a consumer does."""
        return getattr(self._consumer, name)

    def consume(self, most: int, wait_s: float) -> list[Any]:
        """Records, with an error event behind them the first time that there are any."""
        records = self._consumer.consume(most, wait_s)
        if self._told or not records:
            return records
        self._told = True
        say(TOLD)
        return [*records, ErrorEvent()]


class ErrorEvent:
    """What librdkafka gives instead of a record when something is wrong."""

    def error(self) -> KafkaError:
        """An error that says nothing about what to do."""
        return KafkaError(KafkaError._FAIL)


def gather_is_told_an_error() -> None:
    """Once armed, behind records that the client has passed over already."""

    def gathering(self: Membership, wait_s: float, most: int = GATHER_MAX) -> list[Message]:
        if there(ARMED) and not isinstance(self._consumer, ErrorBeside):
            vars(self)["_consumer"] = ErrorBeside(self._consumer)
        return gather(self, wait_s, most)

    setattr(Membership, "gather", gathering)  # noqa: B010 - breaking it is the purpose


def gather_is_told_an_error_and_goes_on() -> None:
    """Twin: as if an error event were nothing."""
    gather_is_told_an_error()
    gathering = Membership.gather

    def anyhow(self: Membership, wait_s: float, most: int = GATHER_MAX) -> list[Message]:
        try:
            return gathering(self, wait_s, most)
        except KafkaException:
            return []

    setattr(Membership, "gather", anyhow)  # noqa: B010 - as above


def every_step_fails() -> Callable[[Stage], Stage]:
    """As after a bad deployment."""

    def failing(stage: Stage) -> Stage:
        def fails(*_arguments: Any) -> Iterable[Outgoing]:
            raise LookupError("planted")

        return stage if stage.raw is None else dataclasses.replace(stage, raw=fails)

    return failing


def every_step_fails_and_nobody_counts() -> Callable[[Stage], Stage]:
    """Twin: as if any number of dead letters were right."""
    setattr(DeadLetterLimit, "note", lambda _self, *, failed: None)  # noqa: ARG005, B010 - breaking it is the purpose
    return every_step_fails()


def registry_is_taken_for_the_event() -> None:
    """Twin of the registry's outage: what cannot be read just now is an event that is bad."""
    others = tuple(each for each in partition.WORLD if each is not RegistryUnavailable)
    vars(partition)["WORLD"] = others


def output_too_large() -> Callable[[Stage], Stage]:
    """A stage that reads raw records says more about one of them than a topic takes."""
    wanted = os.environ[HUGE].encode()

    def says_too_much(stage: Stage) -> Stage:
        raw = stage.raw
        if raw is None:
            return stage

        def huge(tables: StageTables, record: Raw, policy: Any, now: int) -> Iterable[Outgoing]:
            for one in raw(tables, record, policy, now):
                if wanted in record.value and isinstance(one.event, EventReceived):
                    large = one.event.model_copy(update={"event": b"x" * HUGE_BYTES})
                    yield one._replace(event=large)
                else:
                    yield one

        return dataclasses.replace(stage, raw=huge)

    return says_too_much


def output_of_any_size() -> Callable[[Stage], Stage]:
    """Twin: as if nobody looked before the broker does."""
    vars(partition)["HEADER_BYTES"] = -2 * HUGE_BYTES
    return output_too_large()


PLANTED: tuple[Callable[[], Any], ...] = (
    agent_raises, agent_raises_and_nobody_leaves, agents_are_soon_missed,
    agent_hangs, agent_hangs_and_is_not_missed,
    callback_raises, callback_raises_and_nobody_leaves, partition_lost, partition_lost_and_kept,
    gather_is_told_an_error, gather_is_told_an_error_and_goes_on,
    every_step_fails, every_step_fails_and_nobody_counts, registry_is_taken_for_the_event,
    output_too_large, output_of_any_size,
)  # fmt: skip
FAULTS: Mapping[str, Callable[[], Any]] = {
    **COMMITS_GONE_WRONG,
    **RESTORES_GONE_WRONG,
    **{each.__name__: each for each in PLANTED},
}


def plant() -> Callable[[Stage], Stage]:
    """Plants the fault that the environment names; gives what it makes of each stage."""
    changed: Callable[[Stage], Stage] | None = FAULTS[os.environ[FAULT]]()
    return changed or (lambda stage: stage)
