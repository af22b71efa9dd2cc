"""Events whose person is not known yet: they wait in order, then are released or rejected."""

from collections.abc import Iterable

from schemas.codec import decode, encode
from schemas.inner import EventReceived
from streams.policy.compiled import Policy
from streams.rows.identify import IdentifyTables, Parked, Waiting
from streams.stage import Outgoing
from streams.steps.rejection import rejected
from streams.tables import Timer, count

UNKNOWN = "unknown"
"""Kind of the timers; subject: the parked event's id."""
_NUMBER = "parked_ever"


def park(
    tables: IdentifyTables, event: EventReceived, keys: tuple[str, ...], policy: Policy, now: int
) -> Iterable[Outgoing]:
    """Keeps an event until one of its identifiers is known, at most the policy's time.

    Rejected at once where too many wait for the same identifier already: the row that lists them
    is written again with each one.
    """
    rows = [tables.waiting.get(key) or Waiting(()) for key in keys]
    if any(len(row.event_ids) >= policy.document.identity.unknown_most for row in rows):
        return [_refused(tables, event, policy, now, "too many events wait for the same one")]
    for key, row in zip(keys, rows, strict=True):
        tables.waiting.put(key, Waiting((*row.event_ids, event.event_id)))
    count(tables, "parked")
    count(tables, _NUMBER)
    number = tables.counts.get(_NUMBER)
    parked = Parked(number.value if number else 0, encode(event), keys)
    tables.parked.put(event.event_id, parked)
    due = now + policy.document.identity.unknown_wait
    tables.timers.put(f"{UNKNOWN}:{event.event_id}", Timer(due, UNKNOWN, event.event_id))
    return []


def waiting_for(tables: IdentifyTables, keys: Iterable[str]) -> list[EventReceived]:
    """The events that wait for one of these identifiers, in order of arrival."""
    rows = [tables.waiting.get(key) for key in keys]
    ids = dict.fromkeys(name for row in rows if row for name in row.event_ids)
    parked = [row for name in ids if (row := tables.parked.get(name))]
    return [_event(row) for row in sorted(parked, key=lambda row: row.number)]


def release(tables: IdentifyTables, event: EventReceived) -> None:
    """An event waits no more: somebody is known by it."""
    row = tables.parked.get(event.event_id)
    if row is not None:
        _unpark(tables, event.event_id, row)
        tables.timers.delete(f"{UNKNOWN}:{event.event_id}")


def give_up(tables: IdentifyTables, timer: Timer, policy: Policy, now: int) -> Iterable[Outgoing]:
    """The wait is over: nobody is known by any of the event's identifiers."""
    row = tables.parked.get(timer.subject)
    if row is None:
        return []
    _unpark(tables, timer.subject, row)
    return [_refused(tables, _event(row), policy, now, "nobody came in time")]


def _event(row: Parked) -> EventReceived:
    event = decode(row.event)
    if isinstance(event, EventReceived):
        return event
    msg = f"a parked row holds {type(event).__name__}, not EventReceived"
    raise TypeError(msg)


def _unpark(tables: IdentifyTables, name: str, row: Parked) -> None:
    tables.parked.delete(name)
    count(tables, "parked", -1)
    for key in row.waits_for:
        waiting = tables.waiting.get(key)
        left = tuple(other for other in (waiting.event_ids if waiting else ()) if other != name)
        if left:
            tables.waiting.put(key, Waiting(left))
        else:
            tables.waiting.delete(key)


def _refused(
    tables: IdentifyTables, event: EventReceived, policy: Policy, now: int, why: str
) -> Outgoing:
    return rejected(
        tables,
        event,
        now,
        stage="identify",
        reason="unknown_lead",
        field="lead_id" if event.who.lead_id else "email" if event.who.email else "phone",
        detail=f"no lead is known by what the event says, and {why}; send lead.captured first",
        policy_version=policy.version,
    )
