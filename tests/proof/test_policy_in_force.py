"""A policy published while leads flow: every decision obeys the version in force at its `now`."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from agents.kafka import policies
from schemas.codec import Codec
from streams.policy.release import release
from tests.proof.made_leads import made_leads
from tests.proof.oracle import Seen, findings, read
from tests.proof.policies import roomy
from tests.proof.running import Pipeline, Places

LEADS = 2_500
RATE = 250.0
"""Leads a second."""
AHEAD_MS = 3_000
DYING = (sys.executable, str(Path(__file__).with_name("dying_publisher.py")))


def versions_by_time(seen: Seen, topic: str) -> list[tuple[int, int]]:
    """`now` and policy version of every decision on a topic."""
    return [(event["at"], event["policy_version"]) for event in seen.events[topic]]


@pytest.mark.timeout(720)
@pytest.mark.slow
def test_every_decision_obeys_the_version_in_force_at_its_now(pipeline: Pipeline) -> None:
    """Issue 4, Proof: on every partition, and a publisher killed in the middle harms nothing."""
    sent = list(made_leads(LEADS, seed=6))
    pipeline.start("all")
    pipeline.wait_ready("all")
    sending = threading.Thread(target=lambda: pipeline.send(sent, rate=RATE))
    sending.start()
    places = Places(pipeline.kafka)
    places.wait(LEADS // 20, 0, timeout_s=60)
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
    sending.join()
    places.wait(LEADS, sum(made.fate == "bad" for made in sent), timeout_s=240)
    places.close()
    pipeline.stop()

    seen = read(pipeline.kafka)
    for topic in ("leads.scored", "assignments.rep", "leads.lifecycle"):
        found = versions_by_time(seen, topic)
        wrong = [(at, used) for at, used in found if used != (version if at >= effective_at else 0)]
        assert wrong == [], topic
        assert {used for _, used in found} == {0, version}
    assert findings(sent, seen) == []
