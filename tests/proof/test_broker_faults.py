"""Promise 1 while a broker stands still or is killed with workers in mid-flight."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from agents.leaving import RESTART
from tests.broker import Broker
from tests.cluster import Cluster
from tests.proof.load import Load
from tests.proof.oracle import findings, read
from tests.proof.policies import roomy
from tests.proof.running import Pipeline, Places, make
from tests.proof.supervised import Supervised

RATE = 20.0
"""Leads a second: three brokers and two workers on two cores keep up with so many."""
STILL_S = 8.0
"""Longer than the session timeout: the group forgets its members."""


def stood_still(broker: Broker) -> None:
    """Freezes the broker for longer than any worker's session."""
    broker.pause()
    time.sleep(STILL_S)
    broker.resume()


def killed_and_back(broker: Broker) -> None:
    """`kill -9`, and a supervisor that starts the broker again in mid-flight."""
    broker.kill()
    time.sleep(STILL_S)
    broker.start()


def check(pipeline: Pipeline, fault: Callable[[], None]) -> None:
    """Two supervised workers find their way back; nothing is lost, doubled or swapped."""
    workers = [Supervised(pipeline, name) for name in ("one", "two")]
    places = Places(pipeline.kafka)
    try:
        load = Load(pipeline, places, seed=11, rate=RATE)
        load.start()
        time.sleep(2)
        fault()
        begin = time.monotonic()
        load.finish(places, timeout_s=150)
        print(f"all placed {time.monotonic() - begin:.1f} s after the fault")
    finally:
        codes = [worker.finish() for worker in workers]
        places.close()
        pipeline.stop()
    print("workers left with", codes)
    assert all(code == RESTART for one in codes for code in one)
    assert findings(load.sent, read(pipeline.kafka)) == []


@pytest.mark.slow
def test_a_broker_that_stood_still_costs_no_lead_and_no_worker(
    pausable: Broker, tmp_path: Path
) -> None:
    """A broker without replicas: there is no other to turn to meanwhile."""
    check(make(pausable.bootstrap, tmp_path, roomy()), lambda: stood_still(pausable))


@pytest.mark.slow
def test_a_killed_broker_of_three_costs_no_lead_and_no_worker(
    own_cluster: Cluster, tmp_path: Path
) -> None:
    """`kill -9` of the broker that leads a partition being written to; it comes back under load.

    Without replicas such a kill may leave a transaction open for good (deploy/limits.md).
    """
    pipeline = make(own_cluster.bootstrap, tmp_path, roomy(), replication=3)
    leader = own_cluster.leader_of(f"{pipeline.kafka.prefix}routing.inbox", 0)
    check(pipeline, lambda: killed_and_back(leader))
