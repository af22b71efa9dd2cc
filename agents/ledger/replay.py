"""Dead letters that come in again: once each, and what was counted of them is taken back."""

import re
from typing import NamedTuple

from agents.ledger.records import Incoming
from agents.ledger.rows import Replayed
from agents.ledger.trace import header
from schemas.codec import Codec, Unreadable
from schemas.inner import Origin, Refusal
from schemas.outputs import LeadRejected
from streams.stage import Stage
from streams.steps.rejection import taken_back
from streams.tables import StageTables, Table

REPLAY_HEADER = "leadstream-replay"
"""Set by `deadletters replay`: `<topic>/<partition>/<offset> <stage> <reason>` of the letter."""
_MARK = re.compile(r"([a-z.]{1,40}/\d{1,10}/\d{1,20}) ([a-z]{1,40}) ([a-z_]{1,40})")


class Mark(NamedTuple):
    """What the header of a record that was sent in again says."""

    place: str
    """Where the dead letter's record stood."""
    refusal: Refusal


def place_of(source: Origin) -> str:
    """A record's place as text; by it the ledger knows what came in again."""
    return f"{source.topic}/{source.partition}/{source.offset}"


def mark_of(letter: LeadRejected) -> bytes:
    """The header's value for a dead letter."""
    return f"{place_of(letter.source)} {letter.stage} {letter.reason}".encode()


def mark_in(record: Incoming) -> Mark | None:
    """The record's mark. The header comes from outside: one of any other form is not there."""
    value = header(record.headers, REPLAY_HEADER)
    found = None if value is None else _MARK.fullmatch(value.decode(errors="replace"))
    if found is None:
        return None
    place, stage, reason = found.groups()
    return Mark(place, Refusal(stage=stage, reason=reason))


def came_before(mark: Mark, replays: Table[Replayed], now: int) -> bool:
    """Whether this dead letter came in again before; notes that it did now.

    Not part of the step's savepoint: a replay that fails again is a new dead letter of its own.
    """
    if replays.get(mark.place):
        return True
    replays.put(mark.place, Replayed(now))
    return False


def take_back(
    mark: Mark, record: Incoming, stage: Stage, tables: StageTables, codec: Codec
) -> None:
    """A dead letter of this very stage comes in again: its counts as they were before it."""
    if taken_back(tables, stage.name, mark.refusal):
        count_fallen(record, stage, tables, codec, -1)


def count_fallen(
    record: Incoming, stage: Stage, tables: StageTables, codec: Codec, by: int
) -> None:
    """Counts what the stage declares of an event whose step failed; bytes of no event nothing."""
    if not stage.fallen:
        return
    try:
        event = codec.decode(record.value or b"")
    except Unreadable:
        return
    count = stage.fallen.get(type(event))
    if count is not None:
        count(tables, event, by)
