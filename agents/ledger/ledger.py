"""A Faust agent on a channel, fed by a service that owns the stage's Kafka clients.

Faust gives the app, the agent and the worker's life cycle; its own consumer, tables and
`exactly_once` are neither safe nor fast enough (deploy/decisions). The agent receives a batch and
answers through the batch's future, which the ledger owns.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterable, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple, TypeVar

import faust
from confluent_kafka import KafkaException, Message
from faust.app.base import BootStrategy
from mode import Service

from agents.clock import steady_s, wall_ms
from agents.guard import or_leave_async
from agents.kafka import granted, rights
from agents.kafka.unavailable import RegistryUnavailable
from agents.leaving import RESTART, StayDown, leave
from agents.ledger.book import Book
from agents.ledger.deployment import Deployment
from agents.ledger.outage import Outage
from streams.stage import Stage

ANSWER_S = 30.0
"""An agent that neither answers nor fails for so long ends the process; longer than an unknown
transaction outcome may take (6 s for the offsets, 15 s for commit and abort)."""
LOOK_S = 1.0
"""How often is looked whether a call of the agent hangs."""
T = TypeVar("T")


class Batch(NamedTuple):
    """What the channel carries: records, and the future that says they are committed."""

    messages: list[Message]
    done: "asyncio.Future[list[Message]]"
    """With what came meanwhile: each way from thread to loop and back costs as much as a step."""


class AgentsOnly(BootStrategy):
    """Starts agents, but neither Faust's Kafka clients nor its web server."""

    enable_kafka = False
    enable_web = False


class Ledger(Service):
    """Feeds one stage's agent and commits what it decides."""

    def __init__(
        self, stage: Stage, deployment: Deployment, prepare: "Prepare | None" = None
    ) -> None:
        """`prepare` looks something up for a batch before it is decided (enrich)."""
        self.stage, self._deployment, self._prepare = stage, deployment, prepare
        self._thread = ThreadPoolExecutor(1, stage.name)
        self._book: Book | None = None
        self._outage = Outage(stage.name)
        self._feeding = False
        self._answer_by_s: float | None = None
        """Steady clock; None while no batch is in the agent's hand."""
        self._last_turn_over = asyncio.Event()
        self.app = faust.App(
            f"leadstream-{stage.name}",
            broker="kafka://none",
            store="memory://",
            datadir=str(deployment.data / stage.name),
            autodiscover=False,
        )
        self.app.boot_strategy = AgentsOnly(self.app)
        self._channel = self.app.channel(maxsize=1)
        self.app.agent(self._channel, name=stage.name)(self._decide)
        super().__init__()

    async def _in_thread(self, call: Callable[..., T], *arguments: object) -> T:
        told = partial(self._told, call)
        return await asyncio.get_running_loop().run_in_executor(self._thread, told, *arguments)

    def _told(self, call: Callable[..., T], *arguments: object) -> T:
        """The call's result; of a right that the broker refuses it says which one is missing."""
        try:
            return call(*arguments)
        except (KafkaException, StayDown) as error:
            kafka = self._deployment.kafka
            needed = rights.of_agent(kafka.prefix, self.stage)
            raise granted.explained(error, kafka, needed) from error.__cause__

    # -- the agent

    async def _decide(self, batches: AsyncIterable[Batch]) -> None:
        """The stage's agent: looks up what the batch needs, then decides and commits it."""
        async for batch in batches:
            await self._answer(batch)

    @or_leave_async
    async def _answer(self, batch: Batch) -> None:
        book = self._opened()
        taken_up_ms = None
        try:
            if self._prepare is not None:
                taken_up_ms = wall_ms()
                await self._prepare(batch.messages)
            fresh = await self._in_thread(
                self._turned_and_gathered, book, batch.messages, taken_up_ms
            )
        except RegistryUnavailable as error:
            await self._in_thread(self._outage.wait, error)
            await self._in_thread(book.take_back)
            self._answer_by_s, fresh = None, []
        if not batch.done.done():
            batch.done.set_result(fresh)

    def _turned_and_gathered(
        self, book: Book, messages: list[Message], taken_up_ms: int | None
    ) -> list[Message]:
        book.turn(messages, taken_up_ms)
        self._outage.over()
        self._answer_by_s = None  # what follows is waiting for the next one, which has no deadline
        return self._gathered(book)

    def _opened(self) -> Book:
        if self._book is None:
            msg = f"{self.stage.name} got a batch before it was opened"
            raise RuntimeError(msg)
        return self._book

    # -- the service

    @Service.task
    async def _feed(self) -> None:
        self._feeding = True
        self.app.flow_control.resume()
        await self._run()

    @or_leave_async
    async def _run(self) -> None:
        self._book = book = await self._in_thread(Book, self.stage, self._deployment)
        messages: list[Message] = []
        while not self.should_stop:
            if messages:
                messages = await self._handed_over(messages)
            else:
                messages = await self._in_thread(self._gathered, book)
        self._last_turn_over.set()

    def _gathered(self, book: Book) -> list[Message]:
        """Also where the registry is missed for a tick, or the group would not see us any more."""
        try:
            book.tick()
        except RegistryUnavailable as error:
            self._outage.wait(error)
        return book.gather()

    async def _handed_over(self, messages: list[Message]) -> list[Message]:
        """Has the agent decide a batch; what came meanwhile is the next one."""
        batch = Batch(messages, asyncio.get_running_loop().create_future())
        self._answer_by_s = steady_s() + ANSWER_S
        await self._channel.send(value=batch)
        return await batch.done

    @Service.task
    async def _watch(self) -> None:
        """Ends the process where a batch is not answered in time."""
        while True:
            await asyncio.sleep(LOOK_S)
            answer_by_s = self._answer_by_s  # read once: the stage's thread may end it meanwhile
            if answer_by_s is not None:
                self._look_after(answer_by_s)

    def _look_after(self, answer_by_s: float) -> None:
        name = self.stage.name
        if self._opened().transactions.hangs:
            leave(RESTART, f"the broker does not take the offsets of agent {name}: restart")
        if steady_s() > answer_by_s:
            leave(RESTART, f"agent {name} did not answer within {ANSWER_S:.0f} s: restart")

    async def on_stop(self) -> None:
        """Finishes the batch in hand, then leaves the group at once."""
        if self._feeding:
            await self._last_turn_over.wait()
        await self._in_thread(self._close)

    def _close(self) -> None:
        if self._book is not None:
            self._book.close()

    # -- how it is

    @property
    def ready(self) -> bool:
        """Whether the stage takes records."""
        return self._book is not None and self._book.ready

    async def counts(self) -> Counter[str]:
        """What the stage counted in the partitions that it has here, as of its last commit."""
        return await self._in_thread(self._opened().counts)

    @property
    def silent_s(self) -> float:
        """Seconds since the stage last looked for records; 0 before it was opened."""
        return 0.0 if self._book is None else steady_s() - self._book.turned_at_s


Prepare = Callable[[list[Message]], Awaitable[None]]
"""Looks up what a batch needs; asynchronous, may be repeated."""
