"""The ledger against a real broker: what it knows of itself, and twins that know less.

Kills and workers of one name are on the whole pipeline: `tests/proof/test_faults.py`.
"""

import signal
from pathlib import Path

import pytest
from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition

from agents.kafka import clients, names
from agents.leaving import RESTART, STAY_DOWN
from agents.settings import Kafka
from tests.agents.ledger import faulty_toy, toy
from tests.agents.ledger.faulty_agents import FAULT
from tests.agents.ledger.toy import DIED, DIES, STAGES, TWIN
from tests.agents.ledger.toy_pipeline import (
    Pipeline,
    faults,
    forget_offsets,
    toy_pipeline,
    wait_until,
)
from tests.broker import Broker

ONE, TWO = STAGES
PROGRAM = faulty_toy.__name__


def test_offsets_outside_the_transaction_would_be_noticed(broker: Broker, tmp_path: Path) -> None:
    """Twin: a crash between the transaction and offsets committed behind it gives doubles."""
    with toy_pipeline(broker, tmp_path, **{TWIN: "1"}) as pipeline:
        pipeline.create()
        pipeline.send(200)
        assert pipeline.start("w1", **{TWIN: DIES}).wait(30) == DIED
        pipeline.start("w1")
        assert faults(pipeline.sent, pipeline.settle()) != []


def test_an_older_worker_that_took_itself_for_cut_off_would_come_back(
    broker: Broker, tmp_path: Path
) -> None:
    """Twin: it leaves with 70, and a supervisor would start the two against each other for ever."""
    with toy_pipeline(broker, tmp_path) as pipeline:
        pipeline.create()
        older = pipeline.start("same", program=PROGRAM, **{FAULT: "nobody_has_our_name"})
        pipeline.send(100)
        pipeline.settle()
        pipeline.start("same")
        pipeline.send(100)
        assert older.wait(60) == RESTART


def test_a_worker_waits_for_the_first_policy_and_says_so(broker: Broker, tmp_path: Path) -> None:
    """Design, section 3: before the first publish it waits and says so."""
    with toy_pipeline(broker, tmp_path) as pipeline:
        pipeline.create(policy=False)
        worker = pipeline.start("w1")
        pipeline.send(10)
        wait_until(lambda: "waiting for the first policy" in pipeline.said(), 10)
        assert worker.poll() is None
        assert pipeline.outputs() == []
        pipeline.publish()
        assert faults(pipeline.sent, pipeline.settle()) == []


def test_a_worker_refuses_a_wrong_number_of_partitions(broker: Broker, tmp_path: Path) -> None:
    """Keys would meet elsewhere than their state: exit code 78, naming the topic."""
    with toy_pipeline(broker, tmp_path) as pipeline:
        pipeline.create(partitions_of={"identity.inbox": 2})
        assert pipeline.start("w1").wait(15) == STAY_DOWN
        assert "identity.inbox: the number of partitions is 2" in pipeline.said()


def stop(pipeline: Pipeline, name: str, **environment: str) -> None:
    """Runs a worker until everything is out, then stops it in good order."""
    program = PROGRAM if environment else toy.__name__
    worker = pipeline.start(name, program, **environment)
    pipeline.settle()
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0, pipeline.said()


def set_offset_back(kafka: Kafka) -> None:
    """Sets the second stage's group to the beginning behind the ledger's back."""
    place = TopicPartition(names.topic(kafka.prefix, "identity.inbox"), 0, 1)
    request = ConsumerGroupTopicPartitions(names.group(kafka.prefix, TWO), [place])
    admin = clients.admin(kafka)
    for future in admin.alter_consumer_group_offsets([request]).values():
        future.result(10)


def test_expired_offsets_are_told_by_the_changelog_and_wrong_ones_refused(
    broker: Broker, tmp_path: Path
) -> None:
    """No group offset: go on at the `__offset` row. Another one than the row: refuse with 78."""
    with toy_pipeline(broker, tmp_path, LEADSTREAM_STATIC_MEMBERSHIP="false") as pipeline:
        pipeline.create()
        pipeline.send(300)
        stop(pipeline, "w1")
        forget_offsets(pipeline.kafka, STAGES)
        pipeline.send(300)
        stop(pipeline, "w2")
        assert faults(pipeline.sent, pipeline.outputs()) == []
        set_offset_back(pipeline.kafka)
        pipeline.send(100)
        assert pipeline.start("w3").wait(60) == STAY_DOWN
        assert "the state does not belong to the offsets" in pipeline.said()


@pytest.mark.parametrize("fault", ["group_is_trusted_alone", "half_of_the_rows"])
def test_a_worker_that_knew_less_of_itself_would_be_noticed(
    broker: Broker, tmp_path: Path, fault: str
) -> None:
    """Twins of expired offsets and of a restore that was broken off: the oracle says so."""
    with toy_pipeline(broker, tmp_path, LEADSTREAM_STATIC_MEMBERSHIP="false") as pipeline:
        pipeline.create()
        pipeline.send(100)
        stop(pipeline, "w1")
        forget_offsets(pipeline.kafka, STAGES)
        pipeline.send(100)
        stop(pipeline, "w2", **{FAULT: fault})
        assert faults(pipeline.sent, pipeline.outputs()) != []
