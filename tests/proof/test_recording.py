"""Promise 4 on a real broker: a recorded run, decided again elsewhere, says the same bytes."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from confluent_kafka import TopicPartition

from agents.kafka import clients, policies, shadow
from agents.kafka.scan import Found
from agents.recording.file import opened
from agents.settings import PUBLIC_SECRET
from schemas.codec import Codec
from schemas.topics import CATALOGUE
from streams.policy.release import release
from tests.agents.command_line.process import ELSEWHERE, Ran, command
from tests.agents.recording.run import ALL, altered
from tests.broker import Broker
from tests.proof.broken_worker import DIED
from tests.proof.made_leads import COMPANIES, expected, made_leads
from tests.proof.policies import impatient, roomy, without_territories
from tests.proof.running import Pipeline, Places, make

RATE = 50.0
LEADS, SEED = 300, 41
AGENTS = ["intake", "identify", "qualify", "route"]
SECRET = {"LEADSTREAM_SECRET": PUBLIC_SECRET}
BROKEN = (sys.executable, str(Path(__file__).with_name("broken_worker.py")), "worker")


@pytest.fixture
def hasty(broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pipeline]:
    """A pipeline in which clocks run out after two seconds, with a provider of company data."""
    companies = tmp_path / "companies.jsonl"
    lines = (
        {"domain": f"firm{number}-{SEED}.com", "industry": "software"}
        for number in range(COMPANIES)
    )
    companies.write_text("".join(json.dumps(line) + "\n" for line in lines))
    monkeypatch.setenv("LEADSTREAM_ENRICHMENT_FILE", str(companies))
    made = make(broker.bootstrap, tmp_path, impatient())
    yield made
    made.stop()


def record(pipeline: Pipeline, name: str, **more: str) -> Ran:
    """Records the pipeline as it is now, with `more` in the environment."""
    variables = pipeline.variables() | SECRET | more
    return command(pipeline.folder, "record", name, "--json", variables=variables)


def replay(folder: Path, name: str, place: dict[str, str] | None = None) -> tuple[Ran, Any]:
    """Decides a recording again, with no broker; also gives what it says as JSON."""
    ran = command(folder, "replay", name, "--json", variables=SECRET | (place or {}))
    return ran, json.loads(ran.out.splitlines()[-1])


def run_under_fire(pipeline: Pipeline) -> None:
    """Two workers, of which one is killed under flow; a candidate, and then another policy.

    Meanwhile it is recorded.
    """
    sent = list(made_leads(LEADS, seed=SEED))
    part = len(sent) // 3
    for name in ("one", "two"):
        pipeline.start(name)
    for name in ("one", "two"):
        pipeline.wait_ready(name)
    pipeline.send(sent[:part], rate=RATE)
    shadow.publish_candidate(pipeline.kafka, Codec(), release(without_territories()))
    pipeline.kill("one")
    pipeline.start("one")
    sending = Thread(target=pipeline.send, args=(sent[part : 2 * part], "leads.raw", RATE))
    sending.start()
    assert record(pipeline, "running").code == 0
    sending.join()
    policies.publish(pipeline.kafka, Codec(), release(roomy()))
    pipeline.send(sent[2 * part :], rate=RATE)
    places = Places(pipeline.kafka)
    places.wait(*expected(sent), timeout_s=90)
    places.close()


def forget_the_beginning(pipeline: Pipeline, topic: str) -> None:
    """As retention does."""
    numbers = range(CATALOGUE[topic].partitions)
    ends = [TopicPartition(pipeline.kafka.prefix + topic, number, -1) for number in numbers]
    admin = clients.admin(pipeline.kafka)
    for future in admin.delete_records(ends).values():
        future.result(10)


def recorded_in(recording: Path, topic: str) -> list[Found]:
    """A topic's records in a recording."""
    with opened(recording) as source:
        numbers = range(CATALOGUE[topic].partitions)
        return [one for number in numbers for one in source.records((topic, number), ALL)]


def one_less(recording: Path) -> str:
    """The sentence about a run in which one decision was lost."""
    lost = recorded_in(recording, "leads.lifecycle")[LEADS]
    altered(recording, recording.with_name("less"), lambda one: [] if one == lost else [one])
    return difference(recording.with_name("less"))


def other_times(recording: Path) -> str:
    """The sentence about a run whose input came a minute later."""

    def later(one: Found) -> Iterable[Found]:
        late = one.topic == "routing.inbox" and one.offset > LEADS
        return [one._replace(timestamp=one.timestamp + 60_000)] if late else [one]

    altered(recording, recording.with_name("later"), later)
    return difference(recording.with_name("later"))


def difference(recording: Path) -> str:
    """What is told of a recording that does not say the same again."""
    ran, found = replay(recording.parent, recording.name)
    assert ran.code == 1
    assert found["difference"]["agent"] == "route"
    (sentence,) = ran.said()
    return sentence


@pytest.mark.slow
def test_a_recorded_run_decided_again_elsewhere_says_the_same_to_the_byte(
    hasty: Pipeline,
) -> None:
    """Recorded while it runs and after it: kill -9, clocks, two policies, a candidate, a provider.

    Its twins: the same recording with one decision less, or with other times, is found out. Where
    retention took the beginning there is nothing to record.
    """
    run_under_fire(hasty)
    hasty.stop()
    recorded = record(hasty, "stopped")
    assert recorded.code == 0, recorded.err

    for name, place in zip(("running", "stopped"), ELSEWHERE, strict=True):
        ran, found = replay(hasty.folder, name, place)
        assert (ran.code, ran.err) == (0, "")
        assert [one["agent"] for one in found["agents"]] == AGENTS
        print(f"{name}: {found['agents']}")
    # Nothing waits for the first two; feedback and a tick may wait for the others.
    assert [one["left"] for one in found["agents"]][:2] == [0, 0]
    assert all(one["said"] >= LEADS for one in found["agents"])

    stopped = hasty.folder / "stopped"
    assert recorded_in(stopped, "decisions.shadow")
    assert recorded_in(stopped, "crm.events")
    assert " leads.lifecycle/" in one_less(stopped)
    assert "leadstream: route, given record " in other_times(stopped)

    forget_the_beginning(hasty, "leads.raw")
    refused = record(hasty, "late")
    assert (refused.code, len(refused.said())) == (1, 1)
    assert "are not kept any more" in refused.err
    assert not (hasty.folder / "late").exists()


@pytest.mark.slow
def test_the_twin_a_run_that_decided_twice_is_found_out(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With offsets outside the transaction, a crash between the two commits shows in a replay."""
    sent = list(made_leads(LEADS // 3, seed=42))
    pipeline.send(sent)
    monkeypatch.setenv("BROKEN_DIES_IN", "qualify")
    pipeline.start("broken", command=BROKEN)
    assert pipeline.workers["broken"].wait(60) == DIED
    monkeypatch.delenv("BROKEN_DIES_IN")
    pipeline.start("broken", command=BROKEN)
    places = Places(pipeline.kafka)
    places.wait(*expected(sent), timeout_s=90)
    places.close()
    pipeline.stop()

    assert record(pipeline, "twice").code == 0
    ran, found = replay(pipeline.folder, "twice")
    assert (ran.code, found["difference"]["agent"]) == (1, "qualify")
    assert "does not send record " in ran.err
