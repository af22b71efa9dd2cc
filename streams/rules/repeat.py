"""How long an event id is remembered, and in which bucket it is forgotten."""

BUCKET_MS = 60_000
"""Ids that expire in the same minute are forgotten together: one timer a minute, not one an id."""
MEMORY_KEY_DIGITS = 16
"""8 bytes: at 12 million ids one in 10^12 events is taken for a repeat by chance."""


def memory_key(event_id: str) -> str:
    """The first 8 bytes of an inner event id in hexadecimal."""
    return event_id[:MEMORY_KEY_DIGITS]


def bucket(now: int, memory_ms: int) -> int:
    """The number of the bucket in which an id seen at `now` is forgotten."""
    return (now + memory_ms) // BUCKET_MS


def due(number: int) -> int:
    """When a bucket is forgotten: at its end, so that no id is forgotten early."""
    return (number + 1) * BUCKET_MS
