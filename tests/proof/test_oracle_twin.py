"""The oracle can fail: with the promise broken it finds what is wrong."""

import sys
from pathlib import Path

import pytest

from tests.proof.broken_worker import DIED
from tests.proof.made_leads import made_leads
from tests.proof.oracle import findings, read
from tests.proof.running import Pipeline, Places

LEADS = 600
BROKEN = (sys.executable, str(Path(__file__).with_name("broken_worker.py")), "worker")


@pytest.mark.slow
@pytest.mark.parametrize("stage", ["intake", "identify", "qualify", "route"])
def test_offsets_outside_the_transaction_are_found_out(
    stage: str, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash between the two commits decides records twice, and the oracle says so."""
    sent = list(made_leads(LEADS, seed=5))
    pipeline.send(sent)
    monkeypatch.setenv("BROKEN_DIES_IN", stage)
    pipeline.start("broken", command=BROKEN)
    assert pipeline.workers["broken"].wait(60) == DIED
    monkeypatch.delenv("BROKEN_DIES_IN")
    pipeline.start("broken", command=BROKEN)
    places = Places(pipeline.kafka)
    places.wait(LEADS, sum(made.fate == "bad" for made in sent), timeout_s=90)
    pipeline.stop()
    places.close()

    found = findings(sent, read(pipeline.kafka))

    print("\n".join(found))
    assert any("twice" in one or "counts" in one or "wrongly" in one for one in found), found
