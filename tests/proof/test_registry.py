"""A schema registry in between: framed records, unknown ids, and an outage of a minute."""

import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from agents.kafka.registry import Registry as Ids
from schemas.codec import Codec
from tests.proof.faulty import start_faulty
from tests.proof.made_leads import Made, expected, made_leads
from tests.proof.oracle import (
    EVENT_TOPICS,
    every_bad_message_is_rejected,
    findings,
    read,
    records,
)
from tests.proof.running import Pipeline, Places
from tests.proof.test_recording import record, replay
from tests.registry import Registry, running_registry

OUTAGE_S = 60.0
"""As issue 5 has it: longer than a session, an agent's time to answer, and every retry."""
EACH = 150
UNHEARD_OF = Made("unheard", b"\x00\x00\x01\x86\x9fbody", "bad", reason="unknown_schema")
"""Names an id that nobody has asked for yet."""
WAITING = "waiting for the schema registry"


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """A registry that every worker of the test uses."""
    with running_registry() as own:
        monkeypatch.setenv("LEADSTREAM_SCHEMA_REGISTRY", own.url)
        yield own


def framed(codec: Codec, made: Made) -> Made:
    """As a sender with the registry would send it; what is bad stays as it is."""
    if made.fate == "bad":
        return made
    return made._replace(value=codec.encode(codec.parse(made.value, "leads.raw"), "leads.raw"))


def first_bytes(pipeline: Pipeline) -> set[bytes]:
    """How the records on the output topics begin; the inboxes also have the fixture's policy."""
    outputs = (topic for topic in EVENT_TOPICS if not topic.endswith(".inbox"))
    return {(value or b"")[:1] for *_, value in records(pipeline.kafka, *outputs)}


@pytest.mark.slow
def test_an_outage_of_the_registry_costs_no_lead(pipeline: Pipeline, registry: Registry) -> None:
    """Who knows the ids goes on; who knows none, and who meets an unknown one, waits and says so.

    `kill -9` under flow, and a start on the same port and file a minute later. Nothing is lost,
    doubled or wrongly rejected; an unknown id costs its own record only. A recording of it says the
    same when it is replayed without the registry.
    """
    with closing(Ids(registry.url)) as ids:
        ids.register()
        codec = Codec(ids)
        sent = [framed(codec, made) for made in made_leads(3 * EACH, seed=31)]
        before, during, after = sent[:EACH], sent[EACH : 2 * EACH], sent[2 * EACH :]
        good = [made for made in during if made.fate != "bad"]
        places = Places(pipeline.kafka)
        pipeline.start("one")
        pipeline.send(before)
        places.wait(*expected(before), timeout_s=90)

        registry.kill()
        killed = time.monotonic()
        pipeline.send(good)
        places.wait(*expected(before + good), timeout_s=30)
        pipeline.send([*(made for made in during if made.fate == "bad"), UNHEARD_OF])
        pipeline.wait_said("one", WAITING, 20)
        pipeline.start("two")
        # The first worker keeps the partitions of leads.raw, and the second would have nothing.
        pipeline.send(after, topic="leads.bulk")
        pipeline.wait_said("two", WAITING)
        time.sleep(max(0.0, killed + OUTAGE_S - time.monotonic()))
        assert len(places.placed) < len({made.lead_id for made in sent if made.fate == "lead"})
        registry.start()

        everything = [*sent, UNHEARD_OF]
        places.wait(*expected(everything), timeout_s=60)
        places.close()
        assert [worker.poll() for worker in pipeline.workers.values()] == [None, None]
        pipeline.stop()
        assert findings(everything, read(pipeline.kafka, codec.decode)) == []
        assert first_bytes(pipeline) == {b"\x00"}
        assert record(pipeline, "framed", LEADSTREAM_SCHEMA_REGISTRY=registry.url).code == 0
        ran, found = replay(pipeline.folder, "framed")  # with no registry at hand
        assert (ran.code, found["difference"]) == (0, None), ran.err
    assert b"the schema registry answers again" in pipeline.log("one").read_bytes()


@pytest.mark.slow
def test_an_outage_that_is_taken_for_the_events_fault_would_be_noticed(
    pipeline: Pipeline, registry: Registry
) -> None:
    """Twin: a worker that does not know the id gives the record up instead of waiting."""
    with closing(Ids(registry.url)) as ids:
        ids.register()
        codec = Codec(ids)
        sent = [framed(codec, made) for made in made_leads(30, seed=32, bad_every=12)]
        start_faulty(pipeline, "one", "registry_is_taken_for_the_event")
        pipeline.send(sent)
        places = Places(pipeline.kafka)
        leads, bad = expected(sent)
        places.wait(leads, bad, timeout_s=60)
        registry.kill()
        pipeline.send([UNHEARD_OF])
        places.wait(leads, bad + 1, timeout_s=60)
        places.close()
        registry.start()
        found = every_bad_message_is_rejected(
            [*sent, UNHEARD_OF], read(pipeline.kafka, codec.decode)
        )
        assert "1 not rejected" in found[0]
