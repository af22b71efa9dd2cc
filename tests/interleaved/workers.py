"""Workers of the whole pipeline in one thread: the product's own `Book` for every stage.

Nothing of the ledger is written again here. Clients, clock and the way out of a process are those
of the memory; a restore waits until it is let run, so that anything may happen meanwhile.
"""

import logging
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import structlog
from confluent_kafka import Message
from structlog.typing import FilteringBoundLogger

from agents import clock, guard
from agents.kafka import clients, committed, member, names, policies
from agents.kafka.committed import place_of
from agents.ledger import membership, patience, transaction
from agents.ledger.book import Book
from agents.ledger.deployment import Deployment
from agents.ledger.happened import Happened
from agents.settings import Kafka
from schemas.codec import Codec
from streams.stage import Stage
from tests.interleaved.group import Group
from tests.interleaved.memory_clients import MemoryProducer, MemoryReader, Metadata
from tests.interleaved.memory_kafka import MemoryKafka
from tests.interleaved.memory_member import Fetch, MemoryAdmin, MemoryMember

KAFKA = Kafka(broker="memory", prefix="")
MOMENT_S = 2.0
"""So long that something may befall a worker while it holds records."""
SILENT: FilteringBoundLogger = structlog.wrap_logger(
    None, wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL)
)
"""Thousands of rebalances are no news."""


class Left(Exception):
    """A worker has ended its process by itself; the message is its sentence."""


class Died(BaseException):
    """A worker was killed."""


_compiled = lru_cache(policies.compiled)


class Restorer:
    """In place of the thread that reads changelogs: does its work when it is let."""

    def __init__(self, *_: object) -> None:
        """Has nothing to do."""
        self._work: list[Callable[[], None]] = []

    def submit(self, call: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        """Keeps it for later."""
        future: Future[Any] = Future()
        self._work.append(lambda: _done(future, lambda: call(*arguments)))
        return future

    def let(self) -> None:
        """Everything that waits is done now."""
        work, self._work = self._work, []
        for each in work:
            each()

    def shutdown(self, **_: object) -> None:
        """There is no thread."""


class Site:
    """Everything that workers share: the broker, its groups, the time and the policies."""

    def __init__(self, stages: tuple[Stage, ...], kafka: MemoryKafka) -> None:
        """Takes the place of clients and clocks until `close`."""
        self.stages, self.kafka, self.codec = stages, kafka, Codec()
        self.groups = {names.group("", stage): self._group(stage) for stage in stages}
        self.members: dict[str, MemoryMember] = {}
        self.policies = policies.PolicyTopic(KAFKA)
        self.happened: Counter[str] = Counter()
        self._patch = pytest.MonkeyPatch()
        self._stand_in()

    def _group(self, stage: Stage) -> Group:
        return Group(
            [(name, each) for name in stage.sources for each in range(self.kafka.topics[name])]
        )

    def _stand_in(self) -> None:
        for module in (clock, member, policies):
            self._patch.setattr(module, "time", self.kafka.time)
        made = {
            "group_consumer": self._consumer,
            "transactional_producer": self._producer,
            "reader": lambda _, group=None, *, committed=True: MemoryReader(
                self.kafka, group, committed=committed
            ),
            "admin": lambda _: MemoryAdmin(self.groups),
        }
        for name, call in made.items():
            self._patch.setattr(clients, name, call)
        self._patch.setattr(membership, "ThreadPoolExecutor", Restorer)
        for told in (membership, committed):
            self._patch.setattr(told, "log", SILENT)
        self._patch.setattr(guard, "leave_for_error", _left_for_error)
        self._patch.setattr(transaction, "leave", _left)
        self._patch.setattr(policies, "compiled", _compiled)
        self._patch.setattr(patience, "MOMENT_S", MOMENT_S)

    def _producer(self, _: Kafka, name: str) -> MemoryProducer:
        return MemoryProducer(self.kafka, name, self._belongs)

    def _consumer(self, _: Kafka, group: str, who: Any) -> MemoryMember:
        made = MemoryMember(self.kafka, self.groups[group], group, who)
        self.members[who.name] = made
        return made

    def _belongs(self, metadata: Metadata) -> bool:
        return any(each.belongs(metadata) for each in self.members.values())

    def note(self, what: Happened) -> None:
        """Counts what happens."""
        self.happened[type(what).__name__] += 1

    def close(self) -> None:
        """Clients and clocks are the real ones again."""
        self._patch.undo()


class Worker:
    """A process that runs every stage."""

    def __init__(self, site: Site, name: str) -> None:
        """Starts; fences a predecessor of the same name."""
        self._site, self.name = site, name
        deployment = Deployment(
            kafka=KAFKA,
            instance=name,
            data=Path(),
            codec=site.codec,
            policies=site.policies,
            happened=site.note,
        )
        self.books = {stage.name: Book(stage, deployment) for stage in site.stages}

    def producer(self, stage: str) -> str:
        """The transactional id of a stage here; its member's name, too."""
        return f"{names.group_of('', stage)}-{self.name}"

    def member(self, stage: str) -> MemoryMember:
        """The stage's consumer here."""
        return self._site.members[self.producer(stage)]

    def restore(self, stage: str) -> None:
        """Rows that were to be read are read now."""
        restorer: Any = self.books[stage]._membership._restorer
        restorer.let()

    def turn(self, stage: str, fetch: Fetch = Fetch()) -> int:  # noqa: B008 - it is a constant
        """What the ledger does again and again; gives how many records there were."""
        book = self.books[stage]
        self.member(stage).fetch = fetch
        owned = {place_of(one): book._membership.owned.get(place_of(one)) for one in held_by(book)}
        book.tick()
        messages = book.gather()
        if any(book._membership.owned.get(place) is not one for place, one in owned.items()):
            self._site.happened["lost while held"] += 1
        if messages:
            book.turn(messages)
        return len(messages)


def held_by(book: Book) -> list[Message]:
    """Records that wait to be decided with others."""
    return book._patience._waiting


def _done(future: "Future[Any]", call: Callable[[], Any]) -> None:
    try:
        future.set_result(call())
    except committed.Cancelled as error:
        future.set_exception(error)


def _left_for_error(place: str, error: Exception) -> None:
    raise Left(place) from error


def _left(_code: int, sentence: str) -> None:
    raise Left(sentence)
