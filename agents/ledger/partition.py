"""One partition of one stage: its tables, its clock, its policy; decides one record at a time.

Knows no broker: the ledger feeds it from Kafka, `simulate` from a file, and both get the same
outgoing bytes for the same records.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple, Protocol

from agents.guard import Failure, attempt
from agents.kafka.policies import PolicyMissing
from agents.kafka.unavailable import RegistryUnavailable
from agents.leaving import StayDown
from agents.ledger.deadletters import REJECTED, DeadLetterLimit, Oversize, letter, waker
from agents.ledger.keyed import check_key
from agents.ledger.records import Incoming, Sent
from agents.ledger.replay import Mark, came_before, count_fallen, mark_in, take_back
from agents.ledger.rows import ONLY, Activation, Clock, Due, LedgerTables, PolicyInForce, due_of
from agents.ledger.shadow import ShadowDesk
from agents.ledger.tables import Journal, JournaledTable, open_tables, row_types
from agents.ledger.trace import (
    EVERY_TRACE,
    Trace,
    outgoing_headers,
    trace_of,
    trace_of_timer,
)
from schemas.codec import Codec
from schemas.inner import PolicyActivated, ShadowSet, Tick
from schemas.record import Event
from schemas.topics import CATALOGUE
from streams.policy.compiled import Policy
from streams.stage import Outgoing, Raw, Stage
from streams.tables import StageTables, Timer, count

RETRY_MS = 60_000
"""A timer whose step failed fires again after a minute; its dead letters count to the limit."""
HEADER_BYTES = 512
"""Room for headers and framing beside key and value when a size is checked."""


class Policies(Protocol):
    """Documents by version, compiled."""

    def get(self, version: int) -> Policy:
        """The policy of a version; waits for it. Raises where it cannot be had."""


class NoPolicy(Exception):
    """A record came before the first policy: publishing precedes every other record."""


class Change(NamedTuple):
    """A changed row for the changelog; `value` None removes it."""

    key: bytes
    value: bytes | None


WORLD = (NoPolicy, PolicyMissing, RegistryUnavailable, StayDown, MemoryError)
"""Failures that are nobody's event's fault: the batch is given up, nothing is dead-lettered."""


class Partition:
    """The state of one partition and what can be done with it."""

    def __init__(
        self,
        stage: Stage,
        topic: str,
        number: int,
        policies: Policies,
        codec: Codec,
        trace_bound: int = EVERY_TRACE,
    ) -> None:
        """Starts empty; `load` and `finish_loading` bring rows. `trace_bound`: see `bound_of`."""
        self.stage, self.topic, self.number = stage, topic, number
        self.loaded = 0
        self._trace_bound = trace_bound
        self._policies, self._codec = policies, codec
        self._journal = Journal()
        self.tables: StageTables = open_tables(stage.tables, self._journal)
        self._own = open_tables(LedgerTables, self._journal)
        self._by_name = dict(self._named_tables())
        self._timers = self._by_name["timers"]
        self._activations = self._by_name["ledger.activations"]
        self._limit = DeadLetterLimit()
        self._shadow = ShadowDesk(stage, self.tables, self._own, self._journal, policies.get)

    def _named_tables(self) -> Iterator[tuple[str, JournaledTable[Any]]]:
        for prefix, tables in (("", self.tables), ("ledger.", self._own)):
            for name in row_types(type(tables)):
                table = getattr(tables, name)
                table.name = prefix + name
                yield table.name, table

    @property
    def now(self) -> int:
        """The latest instant that this partition has seen; 0 before its first record."""
        row = self._own.clock.get(ONLY)
        return row.now if row else 0

    @property
    def policy(self) -> Policy | None:
        """The policy in force, or None before the first activation."""
        row = self._own.in_force.get(ONLY)
        return self._policies.get(row.version) if row else None

    def next_due(self) -> int | None:
        """When the partition next has something to do by itself: a timer or an activation."""
        timer, activation = self._first_timer(), self._first_activation()
        if timer is None or activation is None:
            first = timer or activation
            return first.due if first else None
        return min(timer.due, activation.due)

    def _first_timer(self) -> Due | None:
        return due_of(self._timers.first("due"))

    def _first_activation(self) -> Due | None:
        return due_of(self._activations.first("effect"))

    # -- deciding

    def decide(self, record: Incoming) -> list[Sent]:
        """Fires what is due at or before the record's `now`, then decides the record itself.

        Raises what is not this event's fault (`WORLD`, `TooManyDeadLetters`); the caller then
        rolls the batch back.
        """
        check_key(self.stage, self._own)
        now = max(record.timestamp, self.now)
        sent = self._catch_up(record, now)
        self._own.clock.put(ONLY, Clock(now))
        mark = mark_in(record)
        if mark is not None:
            if came_before(mark, self._own.replays, now):
                return sent
            take_back(mark, record, self.stage, self.tables, self._codec)
        trace = trace_of(record, self._trace_bound)
        return sent + self._guarded(record, trace, partial(self._dispatch, record, mark, now))

    def _catch_up(self, record: Incoming, now: int) -> list[Sent]:
        """Activations and timers due by `now` in order of time; at one instant activations first.

        A failing one is due again later, or it would be tried for ever.
        """
        sent: list[Sent] = []
        while (due := self.next_due()) is not None and due <= now:
            activation, timer = self._first_activation(), self._first_timer()
            at = max(due, self.now)
            self._own.clock.put(ONLY, Clock(at))
            if activation and activation.due == due:
                name, run = f"policy:{activation.key}", partial(self._activate, activation.key, at)
                self._postpone_activation(activation.key, at)
            else:
                name = timer.key if timer else ""
                self._postpone(name, at)
                run = partial(self._fire, name, at)
            trace = trace_of_timer(name, due, self._trace_bound)
            sent += self._guarded(waker(record, name, due, at), trace, run)
        return sent

    def _postpone(self, timer_id: str, now: int) -> None:
        """Sets a timer that is about to fire on: if its step fails, the wish is not lost."""
        timer = self.tables.timers.get(timer_id)
        if timer is not None:
            again = Timer(now + RETRY_MS, timer.kind, timer.subject, timer.after)
            self.tables.timers.put(timer_id, again)

    def _postpone_activation(self, key: str, now: int) -> None:
        """The same for a policy: while its change fails, the old one stays in force."""
        activation = self._own.activations.get(key)
        if activation is not None:
            again = Activation(now + RETRY_MS, activation.version)
            self._own.activations.put(key, again)

    def _fire(self, timer_id: str, now: int) -> Iterable[Outgoing]:
        timer = self.tables.timers.get(timer_id)
        step = self.stage.timers.get(timer.kind) if timer else None
        if timer is None or step is None:
            msg = f"{self.stage.name} has no step for timer {timer_id}"
            raise LookupError(msg)
        self.tables.timers.delete(timer_id)
        due = Timer(now, timer.kind, timer.subject, timer.after)
        return self._shadow.decide(step, due, self._policy_for_step(), now)

    def _activate(self, key: str, now: int) -> Iterable[Outgoing]:
        activation = self._own.activations.get(key)
        self._own.activations.delete(key)
        return self._switch(activation.version, now) if activation else ()

    def _switch(self, version: int, now: int) -> Iterable[Outgoing]:
        """Brings a version into force; one older than that in force is too late and is dropped."""
        old = self.policy
        if old is not None and version <= old.version:
            return ()
        new = self._policies.get(version)
        self._own.in_force.put(ONLY, PolicyInForce(version))
        self._shadow.end_before(version)
        changed = self.stage.policy_changed
        return () if changed is None else changed(self.tables, old, new, now)

    def _policy_for_step(self) -> Policy | None:
        policy = self.policy
        if policy is None and self.stage.needs_policy:
            msg = f"{self.stage.name} {self.topic}/{self.number} has a record before any policy"
            raise NoPolicy(msg)
        return policy

    def _dispatch(self, record: Incoming, mark: Mark | None, now: int) -> Iterable[Outgoing]:
        if self.stage.raw is not None:
            raw = Raw(
                record.topic, record.partition, record.offset, record.key, record.value or b"",
                replayed=mark.refusal if mark else None,
            )  # fmt: skip
            return self.stage.raw(self.tables, raw, self.policy, now)
        event = self._codec.decode(record.value or b"")
        if isinstance(event, Tick):
            return ()
        if isinstance(event, PolicyActivated):
            return self._announce(event, now)
        if isinstance(event, ShadowSet):
            return self._shadow.set(event.version, now)
        step = self.stage.steps.get(type(event))
        if step is None:
            msg = f"{self.stage.name} has no step for {type(event).__name__}"
            raise LookupError(msg)
        return self._shadow.decide(step, event, self._policy_for_step(), now)

    def _announce(self, event: PolicyActivated, now: int) -> Iterable[Outgoing]:
        """The first version is in force at once, there being none before it."""
        if self.policy is None:
            return self._switch(event.version, now)
        row = Activation(effective_at=event.effective_at, version=event.version)
        self._own.activations.put(f"{event.version:020d}", row)
        return ()

    def _guarded(
        self, record: Incoming, trace: Trace, run: Callable[[], Iterable[Outgoing]]
    ) -> list[Sent]:
        """Runs a step in a savepoint; a step that fails leaves nothing but its dead letter."""
        savepoint = self._journal.savepoint()
        outcome = attempt(
            lambda: [self._encode(record, trace, one) for one in run()], passing=WORLD
        )
        self._limit.note(failed=isinstance(outcome, Failure))
        if not isinstance(outcome, Failure):
            return outcome
        self._journal.rollback(savepoint)
        in_force = self._own.in_force.get(ONLY)
        version = in_force.version if in_force else None
        dead = letter(self.stage.name, record, outcome.error, now=self.now, policy_version=version)
        count(self.tables, f"rejected:{dead.reason}")
        count_fallen(record, self.stage, self.tables, self._codec, 1)
        return [self._encode(record, trace, Outgoing(REJECTED, dead.event_id, dead))]

    def _encode(self, cause: Incoming, trace: Trace, outgoing: Outgoing) -> Sent:
        topic, event = CATALOGUE[outgoing.topic], outgoing.event
        key = None if outgoing.key is None else outgoing.key.encode()
        value = self._codec.encode(event, topic.name)
        if len(value) + len(key or b"") + HEADER_BYTES > topic.bytes_max:
            msg = f"{type(event).__name__} takes {len(value)} bytes, {topic.name} {topic.bytes_max}"
            raise Oversize(msg)
        number = 0 if topic.partitions == 1 else None
        headers = outgoing_headers(trace, topic.name, id_of(event))
        return Sent(topic.name, number, key, value, headers, event, cause)

    # -- the batch's end

    def changes(self) -> list[Change]:
        """Every row that the batch changed, for the changelog."""
        latest = self._journal.latest()
        return [Change(f"{table.name}\x00{key}".encode(), data) for table, key, data in latest]

    def commit(self) -> None:
        """The batch is committed: its writes cannot be taken back any more."""
        self._journal.commit()
        self._limit.commit()

    def rollback(self) -> None:
        """The batch is not committed: every write is taken back."""
        self._journal.rollback()
        self._limit.rollback()

    def load(self, key: bytes, value: bytes | None) -> None:
        """Takes a row from the changelog. Raises `KeyError` for a table that no longer exists."""
        name, _, row_key = key.decode().partition("\x00")
        self._by_name[name].load(row_key, value)

    def finish_loading(self) -> None:
        """All rows are there. Raises `msgspec.MsgspecError` where one is none that we know."""
        self.loaded = sum(table.finish_loading() for table in self._by_name.values())


def id_of(event: Event) -> str:
    """The event's own id."""
    return str(event.values()["event_id"])
