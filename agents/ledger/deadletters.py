"""Dead letters: what a step could not decide, with its bytes, and how many are too many."""

from collections import deque

import orjson

from agents.leaving import StayDown
from agents.ledger.records import Incoming
from agents.ledger.trace import EVENT_ID, TIMER_DUE, header
from schemas.codec import Unreadable
from schemas.inner import Origin
from schemas.outputs import LeadRejected
from streams.stage import event_id

WINDOW = 1000
SHARE_MAX = 0.05
LEAST = 20
DETAIL_CHARACTERS_MAX = 500
REJECTED = "leads.rejected"


class Oversize(Exception):
    """An outgoing event is larger than its topic takes."""


class TooManyDeadLetters(StayDown):
    """A bad deployment must not drain a topic into the dead letters."""


class DeadLetterLimit:
    """Counts failed steps among the latest events of one partition.

    More than 5 % of the last 1 000 and at least 20 stop the worker (design, section 4). Input that
    was refused with a reason is no failure and is not counted.
    """

    def __init__(self) -> None:
        """Starts without any."""
        self._latest: deque[bool] = deque(maxlen=WINDOW)
        self._batch: list[bool] = []

    def note(self, *, failed: bool) -> None:
        """Takes one event's outcome; it counts for good when its batch commits.

        Raises `TooManyDeadLetters` when the limit is passed.
        """
        self._batch.append(failed)
        if not failed:
            return
        latest = [*self._latest, *self._batch][-WINDOW:]
        if sum(latest) >= LEAST and sum(latest) > SHARE_MAX * len(latest):
            msg = (
                f"{sum(latest)} of the last {len(latest)} events failed in their step, so "
                "the worker stops before it drains the topic: look at `leadstream deadletters "
                "list`, mend the cause, start again"
            )
            raise TooManyDeadLetters(msg)

    def commit(self) -> None:
        """The batch's outcomes count."""
        self._latest.extend(self._batch)
        self._batch.clear()

    def rollback(self) -> None:
        """The batch is decided again: one bad record must not count with every attempt."""
        self._batch.clear()


def letter(
    stage: str, record: Incoming, error: Exception, *, now: int, policy_version: int | None
) -> LeadRejected:
    """The dead letter for a record whose step failed: bytes, place, reason and kind of error.

    Its id follows from the place and, for timers that one record let fire, from each one's name.
    """
    place = f"{record.topic}/{record.partition}/{record.offset}"
    cause = header(record.headers, EVENT_ID)
    named = place if cause is None else cause.decode(errors="replace")
    return LeadRejected(
        event_id=event_id(f"{place}/{stage}/{named}", REJECTED),
        caused_by=named,
        at=now,
        policy_version=policy_version,
        reason=error.reason if isinstance(error, Unreadable) else _reason(error),
        field=error.field if isinstance(error, Unreadable) else None,
        detail=str(error)[:DETAIL_CHARACTERS_MAX],
        original=record.value or b"",
        source=Origin(topic=record.topic, partition=record.partition, offset=record.offset),
        stage=stage,
        error_type=type(error).__name__,
        key=record.key,
    )


def _reason(error: Exception) -> str:
    return "output_too_large" if isinstance(error, Oversize) else "step_failed"


def waker(record: Incoming, name: str, due: int, at: int) -> Incoming:
    """What stands for a timer that fired at an instant, in its dead letter and in its trace.

    It is the record that let it fire, with the timer as its value.
    """
    value = orjson.dumps({"timer": name, "due": due})
    headers = ((EVENT_ID, f"{name}:{due}".encode()), (TIMER_DUE, b"%d" % due))
    return record._replace(timestamp=at, key=None, value=value, headers=headers)
