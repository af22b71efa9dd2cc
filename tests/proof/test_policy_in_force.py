"""A policy published while leads flow: every decision obeys the version in force at its `now`."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from agents.kafka import policies
from schemas.codec import Codec
from streams.policy.release import release
from tests.proof.load import Load
from tests.proof.oracle import Seen, findings, read
from tests.proof.policies import roomy
from tests.proof.running import Pipeline, Places

RATE = 100.0
"""Leads a second."""
AHEAD_MS = 3_000
AFTERWARDS_S = 2.0
"""For so long leads are sent to the new version."""
DYING = (sys.executable, str(Path(__file__).with_name("dying_publisher.py")))


def versions_by_time(seen: Seen, topic: str) -> list[tuple[int, int]]:
    """`now` and policy version of every decision on a topic."""
    return [(event["at"], event["policy_version"]) for event in seen.events[topic]]


@pytest.mark.slow
def test_every_decision_obeys_the_version_in_force_at_its_now(pipeline: Pipeline) -> None:
    """Issue 4, Proof: on every partition, and a publisher killed in the middle harms nothing."""
    pipeline.start("all")
    pipeline.wait_ready("all")
    places = Places(pipeline.kafka)
    load = Load(pipeline, places, seed=6, rate=RATE)
    load.start()
    died = subprocess.run(
        DYING,
        input=roomy().encode(),
        env=pipeline.environment("publisher"),
        cwd=pipeline.folder,
        check=False,
    )
    assert died.returncode == 9
    text = release(roomy().replace("name: default", "name: second"))
    version, effective_at = policies.publish(pipeline.kafka, Codec(), text, lead_ms=AHEAD_MS)
    time.sleep(max(0.0, effective_at / 1000 + AFTERWARDS_S - time.time()))
    load.finish(places)
    places.close()
    pipeline.stop()

    seen = read(pipeline.kafka)
    for topic in ("leads.scored", "assignments.rep", "leads.lifecycle"):
        found = versions_by_time(seen, topic)
        wrong = [(at, used) for at, used in found if used != (version if at >= effective_at else 0)]
        assert wrong == [], topic
        assert {used for _, used in found} == {0, version}
    assert findings(load.sent, seen) == []
