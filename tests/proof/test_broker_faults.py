"""Promise 1 while the broker stands still with workers in mid-flight."""

import time
from pathlib import Path

import pytest

from agents.leaving import RESTART
from tests.broker import Broker
from tests.proof.made_leads import made_leads
from tests.proof.oracle import findings, read
from tests.proof.policies import roomy
from tests.proof.running import Places, make
from tests.proof.supervised import Supervised
from tests.proof.test_faults import expected

LEADS = 1_500
STILL_S = 8.0
"""Longer than the session timeout: the group forgets its members."""


def stood_still(broker: Broker) -> None:
    """Freezes the broker for longer than any worker's session."""
    broker.pause()
    time.sleep(STILL_S)
    broker.resume()


@pytest.mark.timeout(300)
@pytest.mark.slow
def test_a_broker_that_stood_still_costs_no_lead_and_no_worker(
    own_broker: Broker, tmp_path: Path
) -> None:
    """Supervised workers find their way back by themselves; nothing is lost, doubled or swapped."""
    pipeline = make(own_broker.bootstrap, tmp_path, roomy())
    workers = [Supervised(pipeline, name) for name in ("one", "two")]
    places = Places(pipeline.kafka)
    sent = list(made_leads(LEADS, seed=11, bad_every=50))
    half = len(sent) // 2
    try:
        pipeline.send(sent[:half])
        places.wait(200, 0, timeout_s=60)
        stood_still(own_broker)
        back = time.monotonic()
        pipeline.send(sent[half:])
        places.wait(*expected(sent), timeout_s=150)
        print(f"all placed {time.monotonic() - back:.1f} s after the broker was back")
    finally:
        codes = [worker.finish() for worker in workers]
        places.close()
        pipeline.stop()
    print("workers left with", codes)
    assert all(code == RESTART for one in codes for code in one)
    assert findings(sent, read(pipeline.kafka)) == []
