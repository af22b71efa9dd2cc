"""The oracle can fail: with the promise broken it finds what is wrong."""

import os
import sys
import time
from pathlib import Path

import pytest

from tests.proof.made_leads import made_leads
from tests.proof.oracle import findings, read
from tests.proof.running import Pipeline, Places

LEADS = 1_500
BROKEN = (sys.executable, str(Path(__file__).with_name("broken_worker.py")), "worker")


@pytest.mark.timeout(240)
@pytest.mark.slow
def test_offsets_outside_the_transaction_are_found_out(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash between the two commits decides leads twice, and the oracle says so."""
    sent = list(made_leads(LEADS, seed=5))
    pipeline.send(sent)
    monkeypatch.setenv("BROKEN_DIES_AFTER", "12")
    pipeline.start("broken", command=BROKEN)
    assert pipeline.workers["broken"].wait(60) == 9
    monkeypatch.delenv("BROKEN_DIES_AFTER")
    assert "BROKEN_DIES_AFTER" not in os.environ
    pipeline.start("broken", command=BROKEN)
    places = Places(pipeline.kafka)
    places.wait(LEADS, sum(made.fate == "bad" for made in sent), timeout_s=90)
    time.sleep(2)
    pipeline.stop()

    found = findings(sent, read(pipeline.kafka))

    print("\n".join(found))
    assert found
    assert any("twice" in one or "counts" in one or "wrongly" in one for one in found), found
    places.close()
