"""The memory of repeats: which event ids were seen, and how they are forgotten."""

from collections.abc import Iterable

from streams.policy.compiled import Policy
from streams.rows.identify import IdentifyTables, Seen, SeenBucket
from streams.rules import repeat
from streams.stage import Outgoing
from streams.tables import Timer

FORGET = "forget_repeats"
"""Kind of the timers; subject: the bucket's number."""
FORGOTTEN_AT_ONCE = 1000
"""Rows a timer removes: an import of a million ids must not stop the stage when it expires."""
PAUSE_MS = 100
"""Between two such slices of one bucket."""


def is_repeat(tables: IdentifyTables, event_id: str) -> bool:
    """Whether an inner event id was seen within its memory."""
    return tables.seen.get(repeat.memory_key(event_id)) is not None


def remember(tables: IdentifyTables, event_id: str, now: int, memory_ms: int) -> None:
    """Notes an event id; an id that is still remembered stays in its bucket."""
    key = repeat.memory_key(event_id)
    if tables.seen.get(key) is not None:
        return
    number = repeat.bucket(now, memory_ms)
    subject = str(number)
    bucket = tables.buckets.get(subject)
    if bucket is None:
        tables.timers.put(f"{FORGET}:{subject}", Timer(repeat.due(number), FORGET, subject))
    tables.seen.put(key, Seen(bucket.last if bucket else ""))
    tables.buckets.put(subject, SeenBucket(key))


def forget(
    tables: IdentifyTables,
    timer: Timer,
    policy: Policy,  # noqa: ARG001 - every step has the same signature
    now: int,
) -> Iterable[Outgoing]:
    """Removes a bucket's ids, the latest first; what is left over waits for the next slice."""
    bucket = tables.buckets.get(timer.subject)
    last = _removed(tables, bucket.last if bucket else "")
    if not last:
        tables.buckets.delete(timer.subject)
        return []
    tables.buckets.put(timer.subject, SeenBucket(last))
    tables.timers.put(f"{FORGET}:{timer.subject}", Timer(now + PAUSE_MS, FORGET, timer.subject))
    return []


def _removed(tables: IdentifyTables, last: str) -> str:
    """Removes at most a slice of the chain; gives the first id that is left, or ""."""
    for _ in range(FORGOTTEN_AT_ONCE):
        row = tables.seen.get(last) if last else None
        if row is None:
            return ""
        tables.seen.delete(last)
        last = row.previous
    return last
