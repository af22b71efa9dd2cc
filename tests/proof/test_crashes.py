"""A crash at any point of a ledger's turn: the next worker of the name goes on as before."""

import sys
from pathlib import Path

import pytest

from tests.proof.dying_worker import DIED, IN_A_TURN, IN_RESTORE
from tests.proof.made_leads import Made, made_leads
from tests.proof.oracle import findings, read
from tests.proof.running import Pipeline, Places

LEADS = 200
DYING = (sys.executable, str(Path(__file__).with_name("dying_worker.py")), "worker")


def dies(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, point: str, sent: list[Made]) -> None:
    """Starts a worker that dies at the point while leads come in."""
    monkeypatch.setenv("DYING_POINT", point)
    pipeline.start("one", command=DYING)
    if point != IN_RESTORE:  # or all leads may be one batch, and none is left to die in
        pipeline.wait_ready("one")
    pipeline.send(sent, rate=100)
    assert pipeline.workers["one"].wait(60) == DIED
    monkeypatch.delenv("DYING_POINT")


def lives(pipeline: Pipeline, sent: list[Made]) -> None:
    """Starts a worker of the same name, waits until all is decided, and ends it."""
    pipeline.start("one")
    places = Places(pipeline.kafka)
    bad = sum(made.fate == "bad" for made in sent)
    leads = sum(made.fate == "lead" for made in sent)
    places.wait(leads, bad, timeout_s=60)
    places.close()
    pipeline.stop()


@pytest.mark.slow
@pytest.mark.parametrize("point", IN_A_TURN)
def test_a_crash_anywhere_in_a_turn_loses_and_doubles_nothing(
    point: str, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the transaction had begun, was open or was committed: the oracle finds nothing.

    That it can find something: `test_oracle_twin` dies between two commits that belong together.
    """
    sent = list(made_leads(LEADS, seed=7))
    dies(pipeline, monkeypatch, point, sent)
    lives(pipeline, sent)
    assert findings(sent, read(pipeline.kafka)) == []


@pytest.mark.slow
def test_a_crash_while_rows_are_restored_loses_and_doubles_nothing(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows were read and nobody has begun to work with them; the next worker reads them again."""
    sent = list(made_leads(LEADS, seed=8))
    first, later = sent[: LEADS // 2], sent[LEADS // 2 :]
    pipeline.send(first)
    lives(pipeline, first)
    dies(pipeline, monkeypatch, IN_RESTORE, later)
    lives(pipeline, sent)
    assert findings(sent, read(pipeline.kafka)) == []
