"""A stage: one agent described as data. The ledger and `simulate` run the same description."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from schemas.inner import Refusal
from schemas.record import Event
from streams.policy.compiled import Policy
from streams.tables import StageTables


class Outgoing(NamedTuple):
    """An event to be sent. `key` decides the partition; None only for single-partition topics."""

    topic: str
    key: str | None
    event: Event


class Raw(NamedTuple):
    """A record as it came, before anything is known about it: what intake decides on."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes
    replayed: Refusal | None = None
    """A dead letter sent in again: the memory of repeats must let it pass."""


Step = Callable[[Any, Any, Any, int], Iterable[Outgoing]]
"""`step(tables, event, policy, now)`; `now` in milliseconds since the epoch. The policy is a
`Policy`, or None in a stage that needs none. For intake the event is a `Raw`."""
Fallen = Callable[[Any, Any, int], None]
"""`fallen(tables, event, by)`: counts an event whose step failed (1), or takes that back (-1)."""
PolicyChanged = Callable[[Any, Policy | None, Policy, int], Iterable[Outgoing]]
"""`policy_changed(tables, old, new, now)`; `old` is None at the first activation."""


class Beside(NamedTuple):
    """One step, decided by the policy in force and by a candidate from the same rows."""

    cause: str
    """Id of the event or timer that was decided on."""
    now: int
    versions: tuple[int, int]
    """Of the policy in force and of the candidate."""
    live: Sequence[Outgoing]
    """What the policy in force said."""
    shadow: Sequence[Outgoing]
    """What the candidate would have said; nothing where it failed."""
    error_type: str | None = None
    """The exception's class where the candidate failed."""
    ordinal: int = 0
    """Of the comparison among all with this candidate, ascending: ids follow from it."""


class Comparison(NamedTuple):
    """What became of it."""

    leads: int
    """How many leads either of them moved."""
    differences: Sequence[Outgoing]


class Comparing(NamedTuple):
    """How a stage compares what two policies say."""

    moved: Callable[[Sequence[Outgoing]], Sequence[str]]
    """The leads that a step has moved."""
    compared: Callable[[Beside], Comparison]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One agent: what it reads, decides and writes."""

    name: str
    sources: tuple[str, ...]
    tables: type[StageTables]
    steps: Mapping[type[Event], Step] = field(default_factory=dict)
    raw: Step | None = None
    """Takes every record undecoded (intake)."""
    timers: Mapping[str, Step] = field(default_factory=dict)
    """Steps for timers by kind; the event is the `Timer`."""
    fallen: Mapping[type[Event], Fallen] = field(default_factory=dict)
    """What is still counted of an event whose step failed: outside the step's savepoint, and
    taken back when its dead letter comes in again."""
    policy_changed: PolicyChanged | None = None
    comparing: Comparing | None = None
    """None: no candidate policy decides here."""
    key_check: str | None = None
    """Of a stage whose rows are keyed with a secret: tells that secret from others."""
    needs_policy: bool = True
    """False: runs without one, and its inboxes get no activations."""
    writes: tuple[str, ...]
    paced: tuple[str, ...] = ()
    """Sources that give way while anything live is under way (uploads)."""
    unhurried: tuple[str, ...] = ()
    """Topics whose records, or what they caused, this stage may let wait a moment for others."""


def event_id(caused_by: str, kind: str, ordinal: int = 0) -> str:
    """The id of an event that follows from another: the same on every replay.

    32 hexadecimal digits of a BLAKE2b hash over cause, kind and ordinal (contract, section 3).
    """
    text = f"{caused_by}\x00{kind}\x00{ordinal}".encode()
    return hashlib.blake2b(text, digest_size=16).hexdigest()
