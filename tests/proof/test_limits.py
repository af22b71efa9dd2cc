"""What the promises do not cover (deploy/limits.md): a clear stop, never silent damage."""

import json
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import TopicPartition

from agents.kafka import clients
from agents.leaving import STAY_DOWN
from schemas.topics import CATALOGUE
from tests.agents.command_line.process import Ran, command
from tests.proof.made_leads import Made, made_leads
from tests.proof.oracle import findings, read
from tests.proof.running import Pipeline, Places

SLOW_CLOCK = (sys.executable, str(Path(__file__).with_name("slow_clock_worker.py")), "worker")
GOOD = 10**9
"""No bad input among so few leads."""
FIRST, LATER = 30, 20
REFUSED = 2


def made(count: int, seed: int) -> list[Made]:
    """Different leads without garbage."""
    return [each for each in made_leads(count, seed, bad_every=GOOD) if each.fate == "lead"]


def placed(pipeline: Pipeline, leads: int) -> None:
    """Returns once so many leads have a place."""
    places = Places(pipeline.kafka)
    places.wait(leads, 0, timeout_s=60)
    places.close()


@pytest.mark.timeout(180)
@pytest.mark.slow
def test_a_clock_that_is_far_off_stops_the_worker_and_costs_no_lead(pipeline: Pipeline) -> None:
    """It says what is wrong, decides nothing, and with the clock put right all leads are there."""
    sent = made(FIRST, seed=31)
    pipeline.send(sent)
    pipeline.start("behind", command=SLOW_CLOCK)
    assert pipeline.workers["behind"].wait(60) == STAY_DOWN
    assert "ahead of this machine's clock" in pipeline.log("behind").read_text()

    pipeline.start("right")
    placed(pipeline, FIRST)
    assert pipeline.terminate("right") == 0
    assert findings(sent, read(pipeline.kafka)) == []


@pytest.mark.timeout(180)
@pytest.mark.slow
def test_another_secret_on_the_same_topics_stops_the_worker(pipeline: Pipeline) -> None:
    """A second deployment, or a secret that was changed: it does not touch the directory."""
    sent = made(FIRST + LATER, seed=32)
    pipeline.send(sent[:FIRST])
    pipeline.start("ours")
    placed(pipeline, FIRST)
    assert pipeline.terminate("ours") == 0

    pipeline.send(sent[FIRST:])
    other = ("env", "LEADSTREAM_SECRET=a-secret-of-somebody-else", *pipeline.command)
    pipeline.start("others", command=other)
    assert pipeline.workers["others"].wait(60) == STAY_DOWN
    assert "another LEADSTREAM_SECRET" in pipeline.log("others").read_text()

    pipeline.start("ours")
    placed(pipeline, FIRST + LATER)
    assert pipeline.terminate("ours") == 0
    assert findings(sent, read(pipeline.kafka)) == []


@pytest.mark.timeout(180)
@pytest.mark.slow
def test_input_that_was_gone_before_it_was_read_stops_the_worker(pipeline: Pipeline) -> None:
    """Retention shorter than an outage: leads are lost, and the worker says so and stays down."""
    sent = made(FIRST + LATER, seed=33)
    pipeline.send(sent[:FIRST])
    pipeline.start("before")
    placed(pipeline, FIRST)
    assert pipeline.terminate("before") == 0

    pipeline.send(sent[FIRST:])
    name = pipeline.kafka.prefix + "leads.raw"
    numbers = range(CATALOGUE["leads.raw"].partitions)
    everything = [TopicPartition(name, number, -1) for number in numbers]
    admin = clients.admin(pipeline.kafka)
    for future in admin.delete_records(everything).values():
        future.result(10)

    pipeline.start("after")
    assert pipeline.workers["after"].wait(60) == STAY_DOWN
    assert "are gone from the broker" in pipeline.log("after").read_text()

    shown = skip(pipeline)
    assert sum(each["first"] - each["read_to"] for each in shown["gaps"]) >= LATER
    assert not shown["skipped"]
    while (refused := skip_command(pipeline, "--yes")).code == REFUSED:
        assert "workers of intake are in its group: stop them all" in refused.err
        time.sleep(1)
    assert refused.code == 0, refused.err
    assert skip(pipeline)["gaps"] == []
    again = made(FIRST + 2 * LATER, seed=33)[FIRST + LATER :]
    pipeline.send(again)
    pipeline.start("after")
    placed(pipeline, FIRST + LATER)
    assert pipeline.terminate("after") == 0
    assert findings(sent[:FIRST] + again, read(pipeline.kafka)) == []


def skip_command(pipeline: Pipeline, *arguments: str) -> Ran:
    """Runs `leadstream topics skip intake`."""
    variables = pipeline.environment("skip")
    return command(pipeline.folder, "topics", "skip", "intake", *arguments, variables=variables)


def skip(pipeline: Pipeline) -> dict[str, Any]:
    """What it shows without changing anything."""
    ran = skip_command(pipeline, "--json")
    assert ran.code == 0, ran.err
    shown: dict[str, Any] = json.loads(ran.out)
    return shown
