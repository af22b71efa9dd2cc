"""A pipeline of two stages that count, to try the ledger with: leads.raw, then two inboxes.

Each stage counts the records of a key and writes its count into what it sends on. So the output
shows for each key whether a record was lost, doubled or overtaken: the counts must be 1, 2, 3, ...
Run as a worker: `python -m tests.agents.ledger.toy`, settings from the environment.
"""

import os
from collections.abc import Iterable

from confluent_kafka import OFFSET_BEGINNING, TopicPartition

from agents import telemetry, worker
from agents.guard import or_leave
from agents.kafka.committed import Place
from agents.ledger import membership
from agents.ledger.transaction import Outcome, Production, Transactions
from agents.settings import Settings
from schemas.codec import Codec
from schemas.inner import EventIdentified, EventReceived, Identifiers, Origin
from streams.stage import Outgoing, Raw, Stage
from streams.tables import StageTables, count

TWIN = "LEADSTREAM_TOY_BREAKS_THE_PROMISE"
"""Set: input offsets are committed after the transaction instead of in it."""
DIES = "dies"
"""The value with which the worker dies between the two, as a crash would have it."""
DIED = 9


class ToyTables(StageTables):
    """Counts by key are all there is."""


def counted(tables: StageTables, key: str) -> int:
    """Adds one to a key's count and gives it."""
    count(tables, key)
    row = tables.counts.get(key)
    return row.value if row else 0


def first(tables: StageTables, raw: Raw, _policy: None, now: int) -> Iterable[Outgoing]:
    """Counts a raw record: its key is who, its value the event's id."""
    key = (raw.key or b"").decode()
    received = EventReceived(
        event_id=raw.value.decode(),
        type="toy",
        captured_at=now,
        origin=Origin(topic=raw.topic, partition=raw.partition, offset=raw.offset),
        event=str(counted(tables, key)).encode(),
        who=Identifiers(lead_id=key),
    )
    yield Outgoing("identity.inbox", None, received)


def second(
    tables: StageTables, event: EventReceived, _policy: None, _now: int
) -> Iterable[Outgoing]:
    """Counts once more."""
    key = event.who.lead_id or ""
    yield passed_on(event, event.event + b"|" + str(counted(tables, key)).encode(), key)


def passed_on(event: EventReceived, payload: bytes, key: str) -> Outgoing:
    """An event behind the second stage, with its payload under its key."""
    identified = EventIdentified(
        event_id=event.event_id,
        type=event.type,
        captured_at=event.captured_at,
        origin=event.origin,
        event=payload,
        home=key,
    )
    return Outgoing("accounts.inbox", key, identified)


STAGES = (
    Stage(
        name="one",
        sources=("leads.raw",),
        tables=ToyTables,
        raw=first,
        needs_policy=False,
        writes=("identity.inbox",),
    ),
    Stage(
        name="two",
        sources=("identity.inbox",),
        tables=ToyTables,
        steps={EventReceived: second},
        needs_policy=False,
        writes=("accounts.inbox",),
    ),
)


def trusting(place: Place, row: int | None, committed: int | None) -> int:  # noqa: ARG001 - the twin of `start`
    """Where to go on by the group alone: the row that would betray it is not looked at."""
    return OFFSET_BEGINNING if committed is None else committed


def break_the_promise() -> None:
    """Takes the offsets out of the transaction: what the tests' twin must notice."""
    whole = Transactions.run

    def in_two(
        self: Transactions,
        production: Iterable[Production],
        offsets: list[TopicPartition],
        group: object | None,
    ) -> Outcome:
        whole(self, production, [], None)
        if offsets and os.environ[TWIN] == DIES:
            os._exit(DIED)
        return whole(self, (), offsets, group)

    Transactions.run = in_two  # type: ignore[method-assign]  # the twin breaks it on purpose
    vars(membership)["start"] = trusting


def run(stages: tuple[Stage, ...]) -> None:
    """Runs such stages as a worker, until SIGTERM."""
    settings = Settings()
    telemetry.configure("info")
    or_leave(worker.run)(settings, stages, Codec(), telemetry.log_happened, {})


if __name__ == "__main__":
    if os.environ.get(TWIN):
        break_the_promise()
    run(STAGES)
