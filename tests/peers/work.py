"""What every peer does: two hops, each counts the records of a key and sends the value on.

    leads.raw -> identity.inbox -> accounts.inbox

The counts are state with a changelog on Kafka. Key and value go on as they are; we put them into
our events, as our stages do. A value has its message's number in it, so that what comes out can be
counted whatever it is wrapped in.
"""

import re
from collections.abc import Iterator

from confluent_kafka import Message as Record

from agents.kafka.stopwatch import Message

HOPS = ("leads.raw", "identity.inbox", "accounts.inbox")
KEYS = 1_000
BYTES = 300
_NUMBER = re.compile(rb"#\d{8}#")


def messages(first: int, count: int) -> Iterator[Message]:
    """So many messages of 300 bytes over a thousand keys in turn, numbered from `first`."""
    for number in range(first, first + count):
        name = b"#%08d#" % number
        yield Message(b"key-%d" % (number % KEYS), name.ljust(BYTES, b"x"), name)


def number_in(value: bytes) -> bytes:
    """Which message a record came of; of none where it is about the policy, as inboxes get it."""
    found = _NUMBER.search(value)
    return b"" if found is None else found[0]


def name_of(record: Record) -> bytes:
    """The same as the stopwatch asks for it."""
    return number_in(record.value() or b"")
