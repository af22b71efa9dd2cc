"""Records as the ledger handles them: what came in, what goes out."""

from typing import NamedTuple

from confluent_kafka import Message

from schemas.record import Event

Headers = tuple[tuple[str, bytes], ...]


def headers_of(message: Message) -> Headers:
    """A record's headers; one without a value says nothing and is left out."""
    found = message.headers() or ()
    pairs = found.items() if isinstance(found, dict) else found
    return tuple((name, value) for name, value in pairs if isinstance(value, bytes))


class Incoming(NamedTuple):
    """A record of a source topic. `timestamp` in milliseconds since the epoch."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()


class Sent(NamedTuple):
    """A record to be produced in the batch's transaction."""

    topic: str
    partition: int | None
    """None: the key decides (murmur2)."""
    key: bytes | None
    value: bytes
    headers: Headers
    event: Event
    cause: Incoming
    """The record that was decided; for a timer what stands for it (`waker`). Not sent."""
