"""A worker or a broker that stands still while a transaction is open (design, section 4)."""

import signal
import subprocess
import time
from pathlib import Path

import pytest

from agents.leaving import RESTART
from tests.agents.ledger import faulty_toy
from tests.agents.ledger.faulty_agents import FAULT
from tests.agents.ledger.faulty_commits import ARMED, COMMITS, PAUSED, STANDS, UNKNOWN
from tests.agents.ledger.toy_pipeline import Pipeline, faults, toy_pipeline, wait_until
from tests.broker import Broker, standing_still
from tests.pace import slowness

PROGRAM = faulty_toy.__name__
SESSION_MS = 6_000
OVER_S = 6.0 + 5.0
"""Issue 5: max(session timeout, transaction timeout + 1 s), and 5 s. The restore is some rows."""
LEAVES_S = 40.0
RESTORED = "partitions restored"


def zombie(pipeline: Pipeline, fault: str) -> subprocess.Popen[bytes]:
    """The first of three workers, who stands still with a transaction open; more has come since."""
    pipeline.create()
    session = {"LEADSTREAM_SESSION_TIMEOUT_MS": str(SESSION_MS)}
    worker = pipeline.start("w1", program=PROGRAM, **session, **{FAULT: fault})
    wait_until(lambda: RESTORED in pipeline.said(), LEAVES_S)
    for name in ("w2", "w3"):
        pipeline.start(name, **session)
        wait_until(lambda: RESTORED in pipeline.said(), LEAVES_S)
    pipeline.send(100)
    pipeline.settle()
    pipeline.put(ARMED)
    pipeline.send(100)
    wait_until(lambda: STANDS in pipeline.said(0), LEAVES_S)
    return worker


@pytest.mark.slow
def test_others_take_over_from_a_zombie_in_time_and_it_commits_nothing(
    broker: Broker, tmp_path: Path
) -> None:
    """SIGSTOP with a transaction open, for longer than the session; then SIGCONT: it leaves."""
    with toy_pipeline(broker, tmp_path) as pipeline:
        worker = zombie(pipeline, "stands_still")
        began = time.monotonic()
        pipeline.settle(LEAVES_S)
        over_s = time.monotonic() - began
        worker.send_signal(signal.SIGCONT)
        assert worker.wait(LEAVES_S) == RESTART, pipeline.said(0)
        pipeline.start("w1")
        pipeline.send(100)
        assert faults(pipeline.sent, pipeline.settle()) == []
    assert over_s < OVER_S * slowness()


@pytest.mark.slow
def test_a_zombie_that_committed_what_it_had_in_hand_would_be_noticed(
    broker: Broker, tmp_path: Path
) -> None:
    """Twin: fenced, it goes on under a name that nobody fences."""
    with toy_pipeline(broker, tmp_path) as pipeline:
        worker = zombie(pipeline, "stands_still_and_commits_anyway")
        pipeline.settle(LEAVES_S)
        worker.send_signal(signal.SIGCONT)
        wait_until(lambda: faults(pipeline.sent, pipeline.outputs()) != [], LEAVES_S)


@pytest.mark.slow
def test_a_transaction_that_is_not_ended_in_time_would_keep_the_others_waiting(
    broker: Broker, tmp_path: Path
) -> None:
    """Twin of the time limit: with a minute instead of five seconds the bound is not kept."""
    with toy_pipeline(broker, tmp_path) as pipeline:
        zombie(pipeline, "stands_still_for_long")
        before = len(pipeline.outputs())
        time.sleep(OVER_S)
        assert len(pipeline.outputs()) == before


def started(pipeline: Pipeline, fault: str) -> subprocess.Popen[bytes]:
    """A worker that has begun; a broker that is just up may give it no answer, then once more."""
    worker = pipeline.start("w1", program=PROGRAM, **{FAULT: fault})
    wait_until(lambda: RESTORED in pipeline.said() or worker.poll() is not None, LEAVES_S)
    assert worker.poll() in {None, RESTART}, pipeline.said()
    return worker if worker.poll() is None else started(pipeline, fault)


def paused_in_a_commit(pipeline: Pipeline, pausable: Broker, fault: str) -> subprocess.Popen[bytes]:
    """A worker whose commit is on its way to a broker that stands still, until it knows nothing."""
    pipeline.create()
    worker = started(pipeline, fault)
    pipeline.send(100)
    pipeline.settle()
    pipeline.put(ARMED)
    pipeline.send(100)
    wait_until(lambda: COMMITS in pipeline.said(), LEAVES_S)
    with standing_still(pausable):
        pipeline.put(PAUSED)
        wait_until(lambda: UNKNOWN in pipeline.said(), LEAVES_S)
    return worker


@pytest.mark.slow
def test_a_commit_without_an_answer_is_asked_for_again(pausable: Broker, tmp_path: Path) -> None:
    """Promise 1: nothing is guessed; the same worker goes on with what the broker says then."""
    with toy_pipeline(pausable, tmp_path) as pipeline:
        worker = paused_in_a_commit(pipeline, pausable, "commit_unknown")
        pipeline.send(100)
        assert faults(pipeline.sent, pipeline.settle()) == []
        assert worker.poll() is None


@pytest.mark.slow
def test_a_commit_that_stays_unknown_is_left_to_the_restore(
    pausable: Broker, tmp_path: Path
) -> None:
    """Promise 1: the worker leaves with 70, and its next start finds out what became of it."""
    with toy_pipeline(pausable, tmp_path) as pipeline:
        worker = paused_in_a_commit(pipeline, pausable, "commit_unknown_for_good")
        assert worker.wait(LEAVES_S) == RESTART
        assert "did not say within" in pipeline.said()
        pipeline.start("w1")
        pipeline.send(100)
        assert faults(pipeline.sent, pipeline.settle()) == []


@pytest.mark.slow
def test_a_commit_that_was_guessed_would_be_noticed(pausable: Broker, tmp_path: Path) -> None:
    """Twin: what was committed is taken for aborted and decided again."""
    with toy_pipeline(pausable, tmp_path) as pipeline:
        paused_in_a_commit(pipeline, pausable, "commit_guessed")
        pipeline.send(100)
        pipeline.settle()
        assert faults(pipeline.sent, pipeline.outputs()) != []
