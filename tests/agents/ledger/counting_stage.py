"""A stage whose step does what its event says, and a partition of it that is fed by hand."""

from collections.abc import Iterable, Iterator

from agents.kafka.policies import PolicyMissing
from agents.ledger.partition import Partition
from agents.ledger.records import Headers, Incoming, Sent
from schemas.codec import Codec, encode
from schemas.inner import EventReceived, Identifiers, Origin, OutcomeReported, PolicyActivated
from schemas.outputs import LeadRejected
from schemas.record import Event
from streams.policy.compiled import Policy
from streams.stage import Outgoing, Stage
from streams.tables import StageTables, Timer, count
from tests.streams.policies import policy

TOPIC = "routing.inbox"
ORIGIN = Origin(topic="leads.raw", partition=0, offset=0)
POLICIES = {version: policy(version) for version in (1, 2, 3)}


class Known:
    """The policies of this test by version."""

    def get(self, version: int) -> Policy:
        """A policy. Raises `PolicyMissing` as the topic's reader does."""
        if version not in POLICIES:
            raise PolicyMissing(str(version))
        return POLICIES[version]


def told(cause: str, reason: str, now: int) -> Outgoing:
    """An outgoing event that shows what happened."""
    event = OutcomeReported(
        event_id=f"{cause}/{reason}", caused_by=cause, at=now, home="h", lead_id="l",
        outcome="placed", place="p", reason=reason,
    )  # fmt: skip
    return Outgoing("accounts.inbox", "h", event)


def letter_of(original: bytes, now: int) -> Outgoing:
    """An outgoing event as large as wanted."""
    event = LeadRejected(
        event_id="large", caused_by="c", at=now, policy_version=1, reason="r", detail="d",
        original=original, source=ORIGIN, stage="route",
    )  # fmt: skip
    return Outgoing("leads.rejected", "large", event)


def step(tables: StageTables, event: EventReceived, used: Policy, now: int) -> Iterator[Outgoing]:
    """Does what the event's type says; counts first, so that a rollback shows."""
    count(tables, "seen")
    word, _, number = event.type.partition(" ")
    if word == "timer":
        for name in number.split(","):
            due, kind = name.split(":")
            tables.timers.put(f"{kind}:{due}", Timer(int(due), kind, due))
    yield told(event.event_id, f"{word} policy {used.version}", now)
    if word == "fail":
        raise ValueError(number)
    if word == "starve":
        raise MemoryError
    if word == "huge":
        yield letter_of(bytes(3 * 1024 * 1024), now)


def ring(tables: StageTables, timer: Timer, used: Policy, now: int) -> Iterable[Outgoing]:
    """Tells when it rang, by which policy, and what had set it if that is known."""
    count(tables, "rung")
    after = f" after {timer.after}" if timer.after else ""
    text = f"{now} due {timer.due} policy {used.version}{after}"
    yield told(f"{timer.kind}:{timer.subject}", text, now)


def burst(tables: StageTables, timer: Timer, _used: Policy, _now: int) -> Iterable[Outgoing]:
    """A timer's step that fails after it has written."""
    count(tables, "burst")
    raise ValueError(timer.kind)


def changed(tables: StageTables, old: Policy | None, new: Policy, now: int) -> Iterable[Outgoing]:
    """Tells of the change; the third version's fails."""
    count(tables, "changed")
    yield told("policy", f"{old.version if old else None} to {new.version} at {now}", now)
    if new.version == 3:
        raise ValueError("three")


STAGE = Stage(
    name="route",
    sources=(TOPIC,),
    tables=StageTables,
    steps={EventReceived: step},
    timers={"ring": ring, "burst": burst},
    policy_changed=changed,
    writes=("accounts.inbox", "leads.rejected"),
)


def opened() -> Partition:
    """An empty partition."""
    return Partition(STAGE, TOPIC, 0, Known(), Codec())


def record(event: Event | bytes, at: int, offset: int, headers: Headers = ()) -> Incoming:
    """A record of the inbox."""
    value = event if isinstance(event, bytes) else encode(event)
    return Incoming(TOPIC, 0, offset, at, b"key", value, headers)


def happens(word: str, event_id: str = "e") -> EventReceived:
    """An event that makes the step do something."""
    return EventReceived(
        event_id=event_id, type=word, captured_at=0, origin=ORIGIN, event=b"", who=Identifiers()
    )


def activation(version: int, effective_at: int) -> PolicyActivated:
    """A version that comes into force."""
    return PolicyActivated(event_id=f"p{version}", version=version, effective_at=effective_at)


class Inbox:
    """A partition that is fed records one after another."""

    def __init__(self) -> None:
        """The first policy is in force since 0."""
        self.partition = opened()
        self._offset = 0
        self.feed(activation(1, 0), 0)

    def feed(self, event: Event | bytes, at: int, headers: Headers = ()) -> list[Sent]:
        """Decides and commits a record."""
        sent = self.partition.decide(record(event, at, self._offset, headers))
        self._offset += 1
        self.partition.commit()
        return sent

    def count(self, name: str) -> int:
        """A count of the stage's."""
        row = self.partition.tables.counts.get(name)
        return row.value if row else 0


def reasons(sent: list[Sent]) -> list[str]:
    """What was told, in order; of dead letters reason and kind of error."""
    return [
        f"{one.event.reason} {one.event.error_type}"
        if isinstance(one.event, LeadRejected)
        else str(one.event.values()["reason"])
        for one in sent
    ]
