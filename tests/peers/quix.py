"""Quix Streams, two dataframes in one application; runs with a Python of its own.

It wants another confluent-kafka than ours, so nothing of leadstream is imported: the hops are given
as arguments, broker, prefix and time-outs in the environment as our workers have them.
`PEER_GUARANTEE` is `exactly-once` or `at-least-once`, `PEER_COMMIT_S` how often it commits.
"""

import os
import sys
from itertools import pairwise
from typing import Any

from quixstreams import Application

BYTES = {
    "key_serializer": "bytes",
    "key_deserializer": "bytes",
    "value_serializer": "bytes",
    "value_deserializer": "bytes",
}


def count(value: bytes, state: Any) -> bytes:
    """Counts the records of a key."""
    state.set("n", state.get("n", 0) + 1)
    return value


def main(hops: list[str]) -> None:
    """Runs until SIGTERM."""
    prefix, guarantee = os.environ["LEADSTREAM_PREFIX"], os.environ["PEER_GUARANTEE"]
    commit_s = float(os.environ["PEER_COMMIT_S"])
    # A transaction lasts as long as a commit interval, so its time-out cannot be shorter.
    timeout_ms = max(5_000, int(2_000 * commit_s))
    transactional = guarantee == "exactly-once"
    app = Application(
        broker_address=os.environ["LEADSTREAM_BROKER"],
        consumer_group=f"{prefix}quix",
        auto_offset_reset="earliest",
        processing_guarantee=guarantee,
        commit_interval=commit_s,
        # It looks at the clock only when a poll returns, so a longer one would delay its commits.
        consumer_poll_timeout=min(1.0, commit_s),
        state_dir=os.environ["LEADSTREAM_DATA"],
        consumer_extra_config={
            "session.timeout.ms": int(os.environ["LEADSTREAM_SESSION_TIMEOUT_MS"]),
            "heartbeat.interval.ms": 1_000,
        },
        producer_extra_config={"transaction.timeout.ms": timeout_ms} if transactional else {},
        loglevel="WARNING",
    )
    for source, target in pairwise(hops):
        incoming, outgoing = (app.topic(prefix + name, **BYTES) for name in (source, target))
        app.dataframe(incoming).apply(count, stateful=True).to_topic(outgoing)
    app.run()


if __name__ == "__main__":
    main(sys.argv[1:])
