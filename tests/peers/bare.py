"""Bare confluent-kafka transactions: `python -m tests.peers.bare`.

What they lack to be safe says `tests/bare_loop.py`.
"""

from tests.bare_loop import Hop, Sends, run
from tests.peers.work import BYTES, HOPS, KEYS

ROW_BYTES = 20
SIZE = BYTES + len(f"key-{KEYS}")

if __name__ == "__main__":
    run(
        [
            Hop("one", HOPS[0], (Sends(HOPS[1], SIZE),), 1, ROW_BYTES),
            Hop("two", HOPS[1], (Sends(HOPS[2], SIZE),), 1, ROW_BYTES),
        ]
    )
