"""Dead letters that come in again: once each, and their count is taken back."""

from agents.ledger.records import Incoming
from agents.ledger.rows import Replayed
from agents.ledger.trace import header
from streams.tables import StageTables, Table, count

REPLAY_HEADER = "leadstream-replay"
"""Set by `deadletters replay`: `<topic>/<partition>/<offset> <reason>` of the dead letter."""


def is_replayed(record: Incoming) -> bool:
    """Whether the record is a dead letter that was sent in again."""
    return header(record.headers, REPLAY_HEADER) is not None


def came_before(record: Incoming, replays: Table[Replayed], tables: StageTables, now: int) -> bool:
    """Whether this dead letter came in again before; its first time takes back its count.

    Not part of the step's savepoint: a replay that fails again is a new dead letter of its own. The
    header comes from outside, so it lowers no count that is not there.
    """
    value = header(record.headers, REPLAY_HEADER)
    if value is None:
        return False
    place, _, reason = value.decode(errors="replace").partition(" ")
    if replays.get(place):
        return True
    replays.put(place, Replayed(now))
    name = f"rejected:{reason}"
    counted = tables.counts.get(name)
    if counted is not None and counted.value > 0:
        count(tables, name, -1)
    return False
