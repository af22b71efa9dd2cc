"""faust-streaming as it comes: two agents, two tables, its own Kafka client.

`python -m tests.peers.plain_faust worker -l warn --without-web`; the guarantee it is asked for is
in `PEER_GUARANTEE` (`at_least_once` or `exactly_once`). What is not named here is its default.
"""

import os
from collections.abc import AsyncIterable
from itertools import pairwise

import faust

from agents.kafka import names
from agents.settings import Kafka
from schemas.topics import CATALOGUE
from tests.peers.work import HOPS

KAFKA = Kafka()
app = faust.App(
    f"{KAFKA.prefix}faust",
    broker=f"kafka://{KAFKA.broker}",
    store="memory://",
    datadir=os.environ["LEADSTREAM_DATA"],
    processing_guarantee=os.environ["PEER_GUARANTEE"],
    consumer_auto_offset_reset="earliest",
    broker_session_timeout=KAFKA.session_timeout_ms / 1000,
    broker_heartbeat_interval=1.0,
    topic_disable_leader=True,
    topic_replication_factor=1,
    web_enabled=False,
)


def hop(number: int, source: str, target: str) -> None:
    """An agent that counts by key and sends on."""
    incoming, outgoing = (
        app.topic(
            names.topic(KAFKA.prefix, name),
            key_type=bytes,
            value_type=bytes,
            key_serializer="raw",
            value_serializer="raw",
        )
        for name in (source, target)
    )
    counts = app.Table(
        f"counts-{number}",
        default=int,
        partitions=CATALOGUE[source].partitions,
        key_type=bytes,
        value_type=int,
    )

    async def count(records: AsyncIterable[bytes]) -> None:
        async for key, value in records.items():  # type: ignore[attr-defined] # a Faust stream
            counts[key] += 1
            await outgoing.send(key=key, value=value)

    app.agent(incoming, name=f"hop-{number}")(count)


for index, (here, there) in enumerate(pairwise(HOPS)):
    hop(index, here, there)

if __name__ == "__main__":
    app.main()
