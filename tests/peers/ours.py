"""leadstream's ledger with two stages that only count: `python -m tests.peers.ours`.

The toy's stages, but with what came in as payload, and the key kept.
"""

from collections.abc import Iterable
from dataclasses import replace

from schemas.inner import EventReceived, Identifiers, Origin
from streams.stage import Outgoing, Raw
from streams.tables import StageTables, count
from tests.agents.ledger import toy
from tests.peers.work import HOPS


def first(tables: StageTables, raw: Raw, _policy: None, now: int) -> Iterable[Outgoing]:
    """Counts a raw record and sends it on."""
    key = (raw.key or b"").decode()
    count(tables, key)
    place = Origin(topic=raw.topic, partition=raw.partition, offset=raw.offset)
    received = EventReceived(
        event_id=f"{raw.partition}-{raw.offset}",
        type="peer",
        captured_at=now,
        origin=place,
        event=raw.value,
        who=Identifiers(lead_id=key),
    )
    yield Outgoing(HOPS[1], key, received)


def second(
    tables: StageTables, event: EventReceived, _policy: None, _now: int
) -> Iterable[Outgoing]:
    """Counts once more and sends it on."""
    key = event.who.lead_id or ""
    count(tables, key)
    yield toy.passed_on(event, event.event, key)


ONE, TWO = toy.STAGES
STAGES = (replace(ONE, raw=first), replace(TWO, steps={EventReceived: second}))

if __name__ == "__main__":
    toy.run(STAGES)
