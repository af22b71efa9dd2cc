"""Whether the broker's clock and this machine's can both be right."""

from agents.leaving import StayDown
from agents.ledger.records import Incoming

AHEAD_MS = 300_000
"""So far a record may be ahead of our own clock; machines that keep time differ by milliseconds."""


def refuse_future(record: Incoming, wall_ms: int) -> None:
    """Raises `StayDown` for a record from the future: somebody's clock is wrong.

    A partition's time never goes back. One record a day ahead would let every deadline of that day
    run out at once, and nothing could take that back (design, section 3: time is data).
    """
    ahead_ms = record.timestamp - wall_ms
    if ahead_ms > AHEAD_MS:
        msg = (
            f"record {record.offset} of {record.topic}/{record.partition} was appended "
            f"{ahead_ms // 1000} s ahead of this machine's clock: put the broker's clock or this "
            "one right before a worker starts again; nothing of it was decided"
        )
        raise StayDown(msg)
