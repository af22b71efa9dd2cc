"""A worker that stands still with a transaction open: what the others would wait for.

The faults themselves are on the whole pipeline: `tests/proof/test_faulty_workers.py` and
`test_unknown_commits.py`.
"""

import time
from pathlib import Path

import pytest

from tests.agents.ledger import faulty_toy
from tests.agents.ledger.faulty_agents import FAULT
from tests.agents.ledger.faulty_commits import ARMED, STANDS
from tests.agents.ledger.toy_pipeline import Pipeline, toy_pipeline, wait_until
from tests.broker import Broker

PROGRAM = faulty_toy.__name__
SESSION_MS = 6_000
OVER_S = 6.0 + 5.0
"""Issue 5: max(session timeout, transaction timeout + 1 s), and 5 s. The restore is some rows."""
LEAVES_S = 40.0
RESTORED = "partitions restored"


def zombie(pipeline: Pipeline) -> None:
    """The first of three workers, who stands still with a transaction open; more has come since."""
    pipeline.create()
    session = {"LEADSTREAM_SESSION_TIMEOUT_MS": str(SESSION_MS)}
    pipeline.start("w1", program=PROGRAM, **session, **{FAULT: "stands_still_for_long"})
    wait_until(lambda: RESTORED in pipeline.said(), LEAVES_S)
    for name in ("w2", "w3"):
        pipeline.start(name, **session)
        wait_until(lambda: RESTORED in pipeline.said(), LEAVES_S)
    pipeline.send(100)
    pipeline.settle()
    pipeline.put(ARMED)
    pipeline.send(100)
    wait_until(lambda: STANDS in pipeline.said(0), LEAVES_S)


@pytest.mark.slow
def test_a_transaction_that_is_not_ended_in_time_would_keep_the_others_waiting(
    broker: Broker, tmp_path: Path
) -> None:
    """Twin of the time limit: with a minute instead of five seconds the bound is not kept."""
    with toy_pipeline(broker, tmp_path) as pipeline:
        zombie(pipeline)
        before = len(pipeline.outputs())
        time.sleep(OVER_S)
        assert len(pipeline.outputs()) == before
