"""`leadstream trace` on a real broker: where a lead's time goes, for every lead."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.agents.command_line.process import command
from tests.agents.otlp import running_receiver
from tests.broker import Broker
from tests.proof.made_leads import Made, made_leads
from tests.proof.policies import impatient
from tests.proof.running import Pipeline, Places, make

WAY = ["intake", "identify", "qualify", "route"]
LATE_S = 2.0


@pytest.fixture
def hasty(broker: Broker, tmp_path: Path) -> Iterator[Pipeline]:
    """A pipeline in which a rep has two seconds to answer."""
    made = make(broker.bootstrap, tmp_path, impatient())
    yield made
    made.stop()


def leads(count: int) -> list[Made]:
    """Good ones only."""
    return [made for made in made_leads(count, seed=3) if made.fate == "lead"]


def hot() -> Made:
    """A lead that a rep gets at once."""
    (made,) = leads(1)
    event = json.loads(made.value)
    event["source"] = "demo_request"
    event["lead"] |= {"country": "US", "employees": 900, "title": "CEO", "industry": "software"}
    return made._replace(value=json.dumps(event).encode())


def traced(pipeline: Pipeline, lead_id: str) -> dict[str, Any]:
    """What the command says about a lead."""
    ran = command(pipeline.folder, "trace", lead_id, "--json", variables=pipeline.variables())
    assert (ran.code, ran.err) == (0, "")
    found: dict[str, Any] = json.loads(ran.out.splitlines()[-1])
    assert found["lead_id"] == lead_id
    return found


def breaches(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The hops that sent a breach.

    The command reads one topic after the other, so that of a decision that is being committed it
    may see a part: what is looked for is the breach itself.
    """
    hops: list[dict[str, Any]] = [hop for way in found["ways"] for hop in way["hops"]]
    return [hop for hop in hops if "sla.breaches" in [sent["topic"] for sent in hop["sent"]]]


def wait_placed(pipeline: Pipeline, count: int) -> None:
    """Returns once so many leads have a place."""
    places = Places(pipeline.kafka)
    places.wait(count, 0, 60)
    places.close()


@pytest.mark.slow
def test_every_hop_of_every_lead_is_told_and_a_late_agent_shows_as_a_queue(
    pipeline: Pipeline,
) -> None:
    """`route` starts late: the time is in its queue, and in no other."""
    made = leads(12)
    pipeline.start("first", *WAY[:3])
    pipeline.wait_ready("first")
    pipeline.send(made)
    time.sleep(LATE_S)
    pipeline.start("last", "route")
    wait_placed(pipeline, len(made))
    for one in made[:3]:
        found = traced(pipeline, one.lead_id)
        way = found["ways"][0]
        assert [hop["agent"] for hop in way["hops"]] == WAY
        queues = {hop["agent"]: hop["queue_ms"] for hop in way["hops"]}
        assert max(queues, key=lambda agent: queues[agent]) == "route"
        assert queues["route"] > 500
        assert all(hop["work_ms"] >= 0 for hop in way["hops"])
        assert way["total_ms"] >= queues["route"]
        assert way["hops"][0]["took_up"].startswith("leads.raw/")
        assert "leads.lifecycle" in [sent["topic"] for sent in way["hops"][-1]["sent"]]
        assert found["stays"][-1]["ms"] is None


def test_a_timers_way_is_told_apart_and_where_the_lead_stood_meanwhile(hasty: Pipeline) -> None:
    """Two seconds without an answer: the clock's way begins when it was due."""
    made = hot()
    hasty.start("all")
    hasty.wait_ready("all")
    hasty.send([made])
    wait_placed(hasty, 1)
    deadline = time.monotonic() + 30
    while not (clocks := breaches(found := traced(hasty, made.lead_id))):
        assert time.monotonic() < deadline, found
    assert [hop["agent"] for hop in found["ways"][0]["hops"]] == WAY
    assert clocks[0]["agent"] == "route"
    assert clocks[0]["timer_due"] is not None
    assert clocks[0]["queue_ms"] < 2_000


def test_a_sampled_lead_names_its_trace_and_the_viewer_has_it(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The id is that of the spans; with a ratio of 0 there is none."""
    (made,) = leads(1)
    with running_receiver() as receiver:
        monkeypatch.setenv("LEADSTREAM_OTLP_ENDPOINT", receiver.endpoint)
        monkeypatch.setenv("LEADSTREAM_TRACE_RATIO", "1")
        pipeline.start("all")
        pipeline.wait_ready("all")
        pipeline.send([made])
        wait_placed(pipeline, 1)
        assert pipeline.terminate("all") == 0
        trace_id = traced(pipeline, made.lead_id)["ways"][0]["trace_id"]
        spans = [span for span in receiver.spans() if span.trace_id == trace_id]
        of_lead = [span for span in spans if span.attributes.get("leadstream.lead_id")]
    assert {span.service for span in spans} == {f"leadstream-{agent}" for agent in WAY}
    assert {span.attributes["leadstream.lead_id"] for span in of_lead} == {made.lead_id}


def test_the_table_has_a_line_for_each_hop_and_says_where_the_lead_stood(
    pipeline: Pipeline,
) -> None:
    """For people; without a sampled trace none is named."""
    (made,) = leads(1)
    pipeline.start("all")
    pipeline.wait_ready("all")
    pipeline.send([made])
    wait_placed(pipeline, 1)
    ran = command(pipeline.folder, "trace", made.lead_id, variables=pipeline.variables())
    lines = ran.out.splitlines()
    assert lines[0] == f"Lead {made.lead_id}"
    assert [agent for agent in WAY if any(line.startswith(f"│ {agent} ") for line in lines)] == WAY
    assert "ms of them in queues" in ran.out
    assert "Where it stood" in ran.out


def test_a_lead_that_nobody_knows_is_a_sentence(pipeline: Pipeline) -> None:
    """A wrong id; the topics are there and empty."""
    ran = command(pipeline.folder, "trace", "nobody", variables=pipeline.variables())
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "leadstream: nothing about a lead 'nobody' is on the output topics: check the id\n"
    )
