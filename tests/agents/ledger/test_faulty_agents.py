"""What goes wrong inside a worker ends it before anything is lost or doubled (design, 4)."""

import time
from pathlib import Path

import pytest

from agents.kafka.scan import scan
from agents.leaving import RESTART, STAY_DOWN
from schemas.codec import decode
from schemas.outputs import LeadRejected
from schemas.topics import CATALOGUE
from tests.agents.ledger import faulty_agents, faulty_toy
from tests.agents.ledger.faulty_agents import (
    DECIDED,
    FAULT,
    HUGE,
    IN_HAND,
    RAISED,
    TOLD,
    WENT_ON,
    has_decided,
)
from tests.agents.ledger.faulty_commits import ARMED
from tests.agents.ledger.toy import STAGES
from tests.agents.ledger.toy_pipeline import KEYS, Pipeline, faults, toy_pipeline, wait_until
from tests.broker import Broker

PROGRAM = faulty_toy.__name__
LAST_S = 30.0
LARGE = "100"
"""The record of 200 whose output is too large; four more of its key come after it."""


def last_came_out(pipeline: Pipeline) -> None:
    """Waits until the record that was sent last has come out, whatever became of the others."""
    last = pipeline.sent[-1]
    wait_until(lambda: last in {one.event_id for one in pipeline.outputs()}, LAST_S)


def lost_behind(pipeline: Pipeline) -> set[str]:
    """Records that did not come out when all that were sent behind them, of every key, did."""
    before = set(pipeline.sent)
    pipeline.send(2 * KEYS)
    behind = set(pipeline.sent) - before
    wait_until(lambda: behind <= {one.event_id for one in pipeline.outputs()}, LAST_S)
    return before - {one.event_id for one in pipeline.outputs()}


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


def test_a_worker_that_has_nothing_to_do_is_not_missed(broker: Broker, tmp_path: Path) -> None:
    """Only a batch has a deadline; between two any time may pass."""
    with toy_pipeline(broker, tmp_path) as pipeline:
        pipeline.create()
        worker = pipeline.start("w1", program=PROGRAM, **{FAULT: "agents_are_soon_missed"})
        pipeline.send(50)
        pipeline.settle()
        time.sleep(3 * faulty_agents.ANSWER_S)
        assert worker.poll() is None


def test_a_worker_that_went_on_behind_a_failed_batch_would_be_noticed(
    broker: Broker, tmp_path: Path
) -> None:
    """Twin: the batch is lost, and the oracle says so."""
    with toy_pipeline(broker, tmp_path) as pipeline:
        pipeline.create()
        pipeline.start("w1", program=PROGRAM, **{FAULT: "agent_raises_and_nobody_leaves"})
        end = time.monotonic() + LAST_S
        while pipeline.said().count(RAISED) < len(STAGES) and time.monotonic() < end:
            pipeline.send(50)
            time.sleep(0.3)
        assert lost_behind(pipeline) != set()


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("agent_hangs_and_is_not_missed", "partitions restored"),
        ("callback_raises_and_nobody_leaves", WENT_ON),
    ],
)
def test_a_worker_that_stayed_would_be_there_and_do_nothing(
    broker: Broker, tmp_path: Path, fault: str, words: str
) -> None:
    """Twin: without the deadline, and with a callback's exception ignored."""
    with toy_pipeline(broker, tmp_path) as pipeline:
        pipeline.create()
        worker = pipeline.start("w1", program=PROGRAM, **{FAULT: fault})
        pipeline.send(50)
        wait_until(lambda: words in pipeline.said(), LAST_S)
        time.sleep(3 * faulty_agents.ANSWER_S)
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
        pipeline.put(ARMED)
        pipeline.send(400)
        pipeline.start("w2")
        wait_until(lambda: has_decided(pipeline.said(1), "one"), LAST_S)
        pipeline.put(DECIDED)
        wait_until(lambda: IN_HAND in pipeline.said(0), LAST_S)
        assert f"{IN_HAND} 0\n" not in pipeline.said(0)
        last_came_out(pipeline)
        pipeline.send(100)
        last_came_out(pipeline)
        pipeline.settle()
        assert (faults(pipeline.sent, pipeline.outputs()) == []) is is_fine


def test_an_output_that_is_too_large_costs_its_event_only(broker: Broker, tmp_path: Path) -> None:
    """Design, 4: its step is rolled back, its key's count too, and all others come out."""
    with toy_pipeline(broker, tmp_path) as pipeline:
        pipeline.create()
        worker = pipeline.start("w1", program=PROGRAM, **{FAULT: "output_too_large", HUGE: LARGE})
        pipeline.send(200)
        pipeline.sent.remove(LARGE)
        assert faults(pipeline.sent, pipeline.settle()) == []
        assert worker.poll() is None


def test_an_output_of_any_size_would_be_refused_again_and_again(
    broker: Broker, tmp_path: Path
) -> None:
    """Twin: nobody looks before the broker does, and no batch with that record is committed.

    Each try lasts about as long as a transaction may, so that the broker may cut the worker off.
    """
    with toy_pipeline(broker, tmp_path) as pipeline:
        pipeline.create()
        worker = pipeline.start("w1", program=PROGRAM, **{FAULT: "output_of_any_size", HUGE: LARGE})
        pipeline.send(200)
        wait_until(
            lambda: pipeline.said().count("batch aborted") > 1 or worker.poll() is not None,
            2 * LAST_S,
        )
        assert worker.poll() in {None, RESTART}, pipeline.said()
        assert LARGE not in {one.event_id for one in pipeline.outputs()}


@pytest.mark.parametrize(
    ("fault", "is_fine"),
    [("gather_is_told_an_error", True), ("gather_is_told_an_error_and_goes_on", False)],
)
def test_an_error_event_among_records_ends_the_worker_and_costs_none_of_them(
    broker: Broker, tmp_path: Path, fault: str, *, is_fine: bool
) -> None:
    """Design, 4: with 70, for the client has passed them over; the twin goes on behind them."""
    with toy_pipeline(broker, tmp_path) as pipeline:
        pipeline.create()
        worker = pipeline.start("w1", program=PROGRAM, **{FAULT: fault})
        pipeline.send(50)
        pipeline.settle()
        pipeline.put(ARMED)
        end = time.monotonic() + LAST_S
        while TOLD not in pipeline.said():
            assert time.monotonic() < end
            pipeline.send(100)
            time.sleep(0.1)
        if is_fine:
            assert worker.wait(LAST_S) == RESTART
            pipeline.start("w1")
            assert faults(pipeline.sent, pipeline.settle()) == []
        else:
            assert lost_behind(pipeline) != set()


def given_up(pipeline: Pipeline) -> set[str]:
    """The records that are dead letters."""
    found: set[str] = set()
    for one in scan(pipeline.kafka, "leads.rejected", lambda *_: None):
        letter = decode(one.value)
        assert isinstance(letter, LeadRejected)
        found.add(letter.original.decode())
    return found


def test_a_worker_whose_steps_all_fail_leaves_for_good_before_it_drains_the_topic(
    broker: Broker, tmp_path: Path
) -> None:
    """Design, 4: at the twentieth of a partition, with 78; the rest comes out of the next one."""
    with toy_pipeline(broker, tmp_path) as pipeline:
        pipeline.create()
        worker = pipeline.start("w1", program=PROGRAM, **{FAULT: "every_step_fails"})
        pipeline.send(10)
        wait_until(lambda: given_up(pipeline) == set(pipeline.sent), LAST_S)
        pipeline.send(200)
        assert worker.wait(LAST_S) == STAY_DOWN
        assert "events failed in their step" in pipeline.said()
        lost = given_up(pipeline)
        assert len(lost) < 20 * CATALOGUE["leads.raw"].partitions
        pipeline.sent = [one for one in pipeline.sent if one not in lost]
        pipeline.start("w1")
        assert faults(pipeline.sent, pipeline.settle()) == []


def test_a_worker_that_did_not_count_would_drain_it(broker: Broker, tmp_path: Path) -> None:
    """Twin: all that is sent is given up, and it stays."""
    with toy_pipeline(broker, tmp_path) as pipeline:
        pipeline.create()
        fault = {FAULT: "every_step_fails_and_nobody_counts"}
        worker = pipeline.start("w1", program=PROGRAM, **fault)
        pipeline.send(210)
        wait_until(lambda: given_up(pipeline) == set(pipeline.sent), LAST_S)
        assert worker.poll() is None
