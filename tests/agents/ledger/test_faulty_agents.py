"""What goes wrong inside a worker ends it before anything is lost or doubled (design, 4)."""

import time
from pathlib import Path

import pytest

from agents.leaving import RESTART
from tests.agents.ledger import faulty_toy
from tests.agents.ledger.faulty_toy import FAULT, IN_HAND
from tests.agents.ledger.toy_pipeline import Pipeline, faults, toy_pipeline, wait_until
from tests.broker import Broker

PROGRAM = faulty_toy.__name__
LAST_S = 30.0


def last_came_out(pipeline: Pipeline) -> None:
    """Waits until the record that was sent last has come out, whatever became of the others."""
    last = pipeline.sent[-1]
    wait_until(lambda: last in {one.event_id for one in pipeline.outputs()}, LAST_S)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("agent_raises", "LookupError"),
        ("agent_hangs", "did not answer within 2 s"),
        ("callback_raises", "LookupError"),
    ],
)
def test_a_worker_in_which_something_goes_wrong_leaves_and_its_next_start_goes_on(
    broker: Broker, tmp_path: Path, fault: str, words: str
) -> None:
    """Promise 1: with 70, which a supervisor restarts, and a sentence; nothing lost or doubled."""
    with toy_pipeline(broker, tmp_path) as pipeline:
        pipeline.create()
        worker = pipeline.start("w1", program=PROGRAM, **{FAULT: fault})
        for _ in range(8):
            pipeline.send(50)
            time.sleep(0.3)
        assert worker.wait(LAST_S) == RESTART, pipeline.said()
        assert words in pipeline.said()
        assert "Traceback" not in pipeline.said()
        pipeline.start("w1")
        assert faults(pipeline.sent, pipeline.settle()) == []


def test_a_worker_that_went_on_behind_a_failed_batch_would_be_noticed(
    broker: Broker, tmp_path: Path
) -> None:
    """Twin: the batch is lost, and the oracle says so."""
    with toy_pipeline(broker, tmp_path) as pipeline:
        pipeline.create()
        pipeline.start("w1", program=PROGRAM, **{FAULT: "agent_raises_and_nobody_leaves"})
        for _ in range(8):
            pipeline.send(50)
            time.sleep(0.3)
        last_came_out(pipeline)
        assert faults(pipeline.sent, pipeline.outputs()) != []


def test_without_the_deadline_an_agent_that_hangs_would_hang(
    broker: Broker, tmp_path: Path
) -> None:
    """Twin: the worker is there, and nothing comes out."""
    with toy_pipeline(broker, tmp_path) as pipeline:
        pipeline.create()
        fault = "agent_hangs_and_is_not_missed"
        worker = pipeline.start("w1", program=PROGRAM, **{FAULT: fault})
        pipeline.send(50)
        wait_until(lambda: "partitions restored" in pipeline.said(), LAST_S)
        time.sleep(3 * faulty_toy.ANSWER_S)
        assert worker.poll() is None
        assert pipeline.outputs() == []


@pytest.mark.parametrize(
    ("fault", "is_fine"), [("partition_lost", True), ("partition_lost_and_kept", False)]
)
def test_records_of_a_partition_that_is_lost_in_the_gather_are_the_others(
    broker: Broker, tmp_path: Path, fault: str, *, is_fine: bool
) -> None:
    """Promise 1: who lost it drops them, who gained it decides them; the twin decides them, too."""
    with toy_pipeline(broker, tmp_path) as pipeline:
        pipeline.create()
        pipeline.start("w1", program=PROGRAM, **{FAULT: fault})
        wait_until(lambda: "partitions restored" in pipeline.said(0), LAST_S)
        pipeline.send(400)
        pipeline.start("w2")
        wait_until(lambda: IN_HAND in pipeline.said(0), LAST_S)
        assert f"{IN_HAND} 0\n" not in pipeline.said(0)
        last_came_out(pipeline)
        pipeline.send(100)
        last_came_out(pipeline)
        pipeline.settle()
        assert (faults(pipeline.sent, pipeline.outputs()) == []) is is_fine
