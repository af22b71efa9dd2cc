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
from agents.ledger.ticks import BEHIND_MAX_S
from schemas.topics import CATALOGUE
from tests.agents.command_line.process import Ran, command
from tests.kafka_jars import ROOT
from tests.proof.made_leads import Made, made_leads
from tests.proof.oracle import findings, read
from tests.proof.running import Pipeline, Places
from tests.proof.wrong_clock_worker import HOURS_AHEAD

WRONG_CLOCK = (sys.executable, str(Path(__file__).with_name("wrong_clock_worker.py")), "worker")
GOOD = 10**9
"""No bad input among so few leads."""
FIRST, LATER = 30, 20
QUIET_S = 12.0
"""So long nothing comes in."""
REFUSED = 2


def made(count: int, seed: int) -> list[Made]:
    """Different leads without garbage."""
    return [each for each in made_leads(count, seed, bad_every=GOOD) if each.fate == "lead"]


def placed(pipeline: Pipeline, leads: int) -> None:
    """Returns once so many leads have a place."""
    places = Places(pipeline.kafka)
    places.wait(leads, 0, timeout_s=60)
    places.close()


@pytest.mark.slow
def test_a_clock_that_is_far_off_stops_the_worker_and_costs_no_lead(pipeline: Pipeline) -> None:
    """It says what is wrong, decides nothing, and with the clock put right all leads are there."""
    sent = made(FIRST, seed=31)
    pipeline.send(sent)
    pipeline.start("behind", command=WRONG_CLOCK, **{HOURS_AHEAD: "-1"})
    assert pipeline.workers["behind"].wait(60) == STAY_DOWN
    assert "ahead of this machine's clock" in pipeline.log("behind").read_text()

    pipeline.start("right")
    placed(pipeline, FIRST)
    assert pipeline.terminate("right") == 0
    assert findings(sent, read(pipeline.kafka)) == []


@pytest.mark.slow
def test_a_broker_whose_clock_is_behind_costs_no_lead_and_no_deadline(pipeline: Pipeline) -> None:
    """Deadlines hold by the broker's time, and it is not asked for it again and again."""
    sent = made(FIRST, seed=34)
    pipeline.send(sent)
    began = time.monotonic()
    pipeline.start("ahead", command=WRONG_CLOCK, **{HOURS_AHEAD: "72"})
    placed(pipeline, FIRST)
    time.sleep(QUIET_S)
    ran_s = time.monotonic() - began
    assert pipeline.terminate("ahead") == 0
    seen = read(pipeline.kafka)
    assert findings(sent, seen) == []
    assert seen.events["sla.breaches"] == []
    ticks = [each for each in seen.events["routing.inbox"] if each["_kind"] == "Tick"]
    assert 0 < len(ticks) <= CATALOGUE["routing.inbox"].partitions * (ran_s / BEHIND_MAX_S + 1)


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


@pytest.mark.slow
def test_a_second_companys_policy_on_the_same_topics_is_refused(pipeline: Pipeline) -> None:
    """With one prefix and one secret they are one deployment: its teams are not those in play.

    With the same teams it is published, and its number is not that of a first policy.
    """
    sent = made(FIRST, seed=35)
    pipeline.send(sent)
    pipeline.start("ours")
    placed(pipeline, FIRST)

    refused = publish(pipeline, "geographic")
    assert refused.code == 1
    assert f"{FIRST} leads of theirs are in play: nothing was published" in refused.err
    published = publish(pipeline, "default")
    assert published.code == 0, published.err
    assert json.loads(published.out)["version"] > 0
    assert pipeline.terminate("ours") == 0
    assert findings(sent, read(pipeline.kafka)) == []


def publish(pipeline: Pipeline, name: str) -> Ran:
    """Runs `leadstream policy publish` with one of the ready policies."""
    policy = str(ROOT / "deploy" / "policies" / f"{name}.yaml")
    variables = pipeline.environment("others")
    return command(
        pipeline.folder, "policy", "publish", policy, "--wait", "--json", variables=variables
    )


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
