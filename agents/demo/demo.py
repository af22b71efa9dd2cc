"""`leadstream demo`: leads go in, assignments come out, in one process."""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import orjson

from agents import telemetry
from agents.clock import steady_s, wall_ms
from agents.demo import company
from agents.demo.policy import around_the_clock, default_policy
from agents.demo.screen import Screen, print_result
from agents.demo.story import Story
from agents.kafka import policies, topics
from agents.kafka.embedded import EmbeddedBroker, Following
from agents.ledger.ledger import Ledger
from agents.settings import PUBLIC_SECRET, Edges, Identity, Settings, Worker
from agents.worker import ledgers
from schemas.codec import Codec, to_json
from schemas.topics import OUTPUTS
from streams.pipeline import pipeline
from streams.policy.release import release

QUIET_S = 60.0
"""Without any news for so long the demo gives up and says so."""
SETTLE_S = 0.5
"""After the last lead has its place: time for a doubled message to show up."""
PACE_S = 0.02


def run(leads: int, seed: int, *, json: bool) -> int:
    """Runs the demo to its end; gives the exit code: 0 if nothing was lost or doubled, else 1."""
    telemetry.configure("error")
    story = Story()
    with Screen(story) as screen, EmbeddedBroker() as broker, tempfile.TemporaryDirectory() as data:
        admitted = asyncio.run(_run(broker, Path(data), story, screen, (leads, seed)))
    result = story.result(admitted)
    if json:
        sys.stdout.write(orjson.dumps(result).decode() + "\n")
    else:
        print_result(result)
    if not story.finished:
        screen.say(f"gave up after {QUIET_S:.0f} s without news: some leads have no place yet")
    return 0 if story.is_good(result) else 1


async def _run(
    broker: EmbeddedBroker, data: Path, story: Story, screen: Screen, market: tuple[int, int]
) -> int:
    """Gives how many leads were admitted. `market`: how many leads are sent, and their seed."""
    codec, kafka = Codec(), broker.kafka
    stages = pipeline(PUBLIC_SECRET.encode(), codec)
    broker.make(topic.name for topic in topics.wanted(kafka.prefix, stages))
    policies.publish(kafka, codec, release(around_the_clock(default_policy())), lead_ms=0)
    settings = Settings.model_construct(
        kafka=kafka,
        worker=Worker.model_construct(instance="demo", data=data),
        identity=Identity.model_construct(),
        edges=Edges.model_construct(),
    )
    services = ledgers(settings, stages, codec, "demo", lambda _: None, {})
    screen.say("starting the five agents on an embedded broker ...")
    async with _running(services):
        await _until_ready(services)
        following = broker.follow(topic.name for topic in OUTPUTS)
        try:
            await asyncio.gather(_send(broker, story, *market), _watch(following, story, codec))
        finally:
            following.close()
        return await _admitted(services)


async def _admitted(services: list[Ledger]) -> int:
    """Leads that qualify let in, by its own count."""
    return sum([(await one.counts())["admitted"] for one in services])


async def _until_ready(services: list[Ledger]) -> None:
    while not all(one.ready for one in services):  # noqa: ASYNC110 - changes in another thread
        await asyncio.sleep(0.05)


@asynccontextmanager
async def _running(services: list[Ledger]) -> AsyncIterator[None]:
    """The services and their Faust apps, started, and stopped at the end."""
    for one in services:
        await one.app.start()
        await one.start()
    try:
        yield
    finally:
        for one in services:
            await one.stop()
            await one.app.stop()


async def _send(broker: EmbeddedBroker, story: Story, count: int, seed: int) -> None:
    now = wall_ms()
    for message in (*company.accounts(seed, now), *company.leads(count, seed, now)):
        story.sent(message.lead_id, message.kind, steady_s())
        broker.send(message.topic, message.value, message.key)
        if message.lead_id:
            await asyncio.sleep(PACE_S)
    story.all_sent = True
    await asyncio.get_running_loop().run_in_executor(None, broker.flush)


async def _watch(following: Following, story: Story, codec: Codec) -> None:
    """Reads the outputs until every lead has its place, and a little longer."""
    loop = asyncio.get_running_loop()
    news_s = done_s = steady_s()
    while not story.finished or steady_s() - done_s < SETTLE_S:
        for topic, value in await loop.run_in_executor(None, following.take, 0.05):
            story.saw(topic, to_json(codec.decode(value)), steady_s())
            news_s = steady_s()
        if not story.finished:
            done_s = steady_s()
        if steady_s() - news_s > QUIET_S:
            return
