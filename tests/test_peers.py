"""The peers of the benchmark do the same work, or comparing them would say nothing."""

import pytest

from agents.bench.course import course
from agents.kafka import names
from agents.kafka.stopwatch import Stopwatch
from agents.settings import Kafka
from tests.bench.peers import lost_and_doubled
from tests.broker import Broker
from tests.peers.ours import STAGES
from tests.peers.peer import PEERS, Peer
from tests.peers.work import HOPS, messages, name_of

INSTALLED = [peer for peer in PEERS if peer.name != "Quix Streams"]
"""Quix Streams has an environment of its own, which only the benchmark makes."""
COUNT = 50


@pytest.mark.slow
@pytest.mark.parametrize("peer", INSTALLED, ids=lambda peer: f"{peer.name} {peer.settings}")
def test_every_message_comes_out_once_behind_both_hops(broker: Broker, peer: Peer) -> None:
    """And a message that was never sent is missed, so that a loss would be told."""
    kafka = Kafka(broker=broker.bootstrap, session_timeout_ms=6_000)
    with course(kafka, peer.command(), STAGES) as own:
        source, outcome = (names.topic(own.kafka.prefix, name) for name in (HOPS[0], HOPS[-1]))
        watch = Stopwatch(own.kafka, source, outcome, name_of)
        own.start(1)
        watch.paced(list(messages(0, COUNT)), rate=100)
        watch.close()
        assert lost_and_doubled(own.kafka, HOPS[-1], COUNT) == "0 / 0"
        assert lost_and_doubled(own.kafka, HOPS[-1], COUNT + 1) == "1 / 0"
