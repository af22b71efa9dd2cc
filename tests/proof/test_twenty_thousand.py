"""Promises 1 and 2 on a real broker: everything that went in came out, once, in order."""

import time

import pytest

from tests.proof.made_leads import made_leads
from tests.proof.oracle import findings, read
from tests.proof.running import Pipeline, Places

LEADS = 20_000


@pytest.mark.slow
def test_twenty_thousand_leads_with_repeats_and_garbage(pipeline: Pipeline) -> None:
    """All agents in one process: the oracle has no findings, every bad message its reason."""
    sent = list(made_leads(LEADS, seed=1))
    bad = sum(made.fate == "bad" for made in sent)
    pipeline.send(sent)
    pipeline.start("all")
    places = Places(pipeline.kafka)
    places.wait(1, 0, timeout_s=60)
    began = time.monotonic()
    places.wait(LEADS, bad, timeout_s=200)
    print(f"{LEADS / (time.monotonic() - began):.0f} leads a second from first to last place")
    assert pipeline.terminate("all") == 0

    seen = read(pipeline.kafka)

    assert findings(sent, seen) == []
    places.close()
