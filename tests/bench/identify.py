"""How many events a second identify decides: the design wants 10 000, for it is one serial stage.

Run by hand: `python -m tests.bench.identify [EVENTS]`. Half captures, half behaviour of known
people. Prints the step alone and with its share of the codec (decode the inbox, encode the output),
with Python's collector as it is and with the thresholds that a worker should set.
"""

import gc
import sys
import time

from agents.ledger.tables import Journal, open_tables
from schemas.codec import Codec
from schemas.inner import EventReceived, Identifiers, Origin
from streams.rows.identify import IdentifyTables
from streams.rules.identity import event_id
from streams.steps.identify import identify
from tests.streams.policies import policy

NOW = 1_772_442_000_000
SECRET = b"bench"
BATCH = 25
"""So many events are committed together: a worker packs their rows then."""


def received(number: int) -> EventReceived:
    """Even numbers are captures, odd ones behaviour of the person before."""
    kind = "lead.behaviour" if number % 2 else "lead.captured"
    person = number // 2
    return EventReceived(
        event_id=event_id("bench", str(number)),
        type=kind,
        captured_at=NOW,
        origin=Origin(topic="leads.raw", partition=0, offset=number),
        event=b"x" * 300,
        who=Identifiers(
            email=f"p{person}@company{person % 5000}.com",
            phone=None if number % 2 else f"+1202{person:07d}",
            domains=() if number % 2 else (f"company{person % 5000}.com",),
        ),
    )


def measured(events: list[bytes], *, with_codec: bool) -> float:
    """Microseconds of CPU an event."""
    codec, journal, rules = Codec(), Journal(), policy()
    tables = open_tables(IdentifyTables, journal)
    ready = events if with_codec else [codec.decode(data) for data in events]
    begin = time.process_time()
    for number, item in enumerate(ready):
        event = codec.decode(item) if isinstance(item, bytes) else item
        for out in identify(SECRET, tables, event, rules, NOW + number):  # type: ignore[arg-type] # trusted
            if with_codec:
                codec.encode(out.event, out.topic)
        if number % BATCH == 0:
            journal.commit()
    return (time.process_time() - begin) / len(events) * 1e6


def main() -> None:
    """Prints four lines."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 40_000
    codec = Codec()
    events = [codec.encode(received(number), "identity.inbox") for number in range(size)]
    for name, threshold in (("default collector", 700), ("threshold 100 000", 100_000)):
        gc.set_threshold(threshold, 10, 10)
        for with_codec in (False, True):
            micros = measured(events, with_codec=with_codec)
            what = "with codec" if with_codec else "step alone"
            print(f"{name}, {what:<12}{micros:8.1f} us/event {1e6 / micros:10.0f} events/s")


if __name__ == "__main__":
    main()
