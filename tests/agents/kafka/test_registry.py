"""A real schema registry: ids, framing, and what an outage costs."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest
from confluent_kafka import TopicPartition
from confluent_kafka.schema_registry import Schema, SchemaRegistryClient

from agents.kafka import clients
from agents.kafka.registry import Registry as Ids
from agents.kafka.registry import subject
from agents.kafka.unavailable import RegistryUnavailable
from agents.leaving import StayDown
from schemas.avro import documented
from schemas.codec import Codec, Unreadable
from schemas.inner import Tick
from schemas.lead import LeadCaptured
from schemas.record import Event
from schemas.topics import CATALOGUE
from tests.proof.made_leads import made_leads
from tests.proof.running import Pipeline, Places
from tests.registry import Registry, running_registry

LEADS = 40


@pytest.fixture(scope="module")
def registry() -> Iterator[Registry]:
    """A registry that this file's tests share; the last one ends it."""
    with running_registry() as shared:
        yield shared


@pytest.fixture
def connected() -> Iterator[Callable[[str], Ids]]:
    """Makes clients of a registry; the test's end closes them."""
    with ExitStack() as stack:
        yield lambda url: stack.enter_context(closing(Ids(url)))


def captured() -> LeadCaptured:
    """A valid capture."""
    return LeadCaptured.model_validate(
        {
            "event_id": "e1",
            "occurred_at": "2026-03-02T09:00:00Z",
            "source": "webinar",
            "lead": {"email": "anna@firm.com"},
        }
    )


@pytest.mark.broker
def test_what_is_not_registered_is_not_written(
    registry: Registry, connected: Callable[[str], Ids]
) -> None:
    """A worker never registers while records flow; it says which command does."""
    codec = Codec(connected(registry.url))
    with pytest.raises(StayDown, match="leadstream topics create"):
        codec.encode(Tick(event_id="t"), "routing.inbox")


@pytest.mark.broker
def test_a_registered_record_is_framed_and_read_by_its_id(
    registry: Registry, connected: Callable[[str], Ids]
) -> None:
    """0x00, four bytes of id, Avro: as Confluent's clients write it."""
    ids = connected(registry.url)
    released = sum(event.released for topic in CATALOGUE.values() for event in topic.events)
    assert ids.register() == released == ids.register()
    codec = Codec(ids)
    event = captured()

    data = codec.encode(event, "leads.raw")

    with closing(SchemaRegistryClient({"url": registry.url})) as client:
        known = client.get_latest_version(subject("leads.raw", LeadCaptured))
    assert data[:1] == b"\x00"
    assert int.from_bytes(data[1:5]) == known.schema_id
    assert Codec(connected(registry.url)).parse(data, "leads.raw") == event
    assert Codec(connected(registry.url)).decode(data) == event


@pytest.mark.broker
def test_an_unknown_id_is_the_messages_fault(
    registry: Registry, connected: Callable[[str], Ids]
) -> None:
    """It is refused with a reason; nothing waits for it."""
    with pytest.raises(Unreadable) as refusal:
        Codec(connected(registry.url)).parse(b"\x00\x7f\xff\xff\xffbody", "leads.raw")
    assert refusal.value.reason == "unknown_schema"


@pytest.mark.broker
def test_an_incompatible_schema_is_refused_when_it_is_registered(registry: Registry) -> None:
    """The registry's own check is on, and its refusal is a sentence."""
    content = json.loads(json.dumps(documented(Tick)))
    content["fields"].append({"name": "added", "type": "string"})
    name = "test-leadstream.Tick"
    with closing(SchemaRegistryClient({"url": registry.url})) as client:
        client.register_schema(name, Schema(json.dumps(documented(Tick)), "AVRO"))
        assert not client.test_compatibility(name, Schema(json.dumps(content), "AVRO"))


@pytest.mark.timeout(120)
def test_the_pipeline_writes_and_reads_framed_records(
    registry: Registry,
    pipeline: Pipeline,
    connected: Callable[[str], Ids],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every hop with a registry in between, and a sender that uses it, too."""
    ids = connected(registry.url)
    ids.register()
    monkeypatch.setenv("LEADSTREAM_SCHEMA_REGISTRY", registry.url)
    codec = Codec(ids)
    made = [one for one in made_leads(LEADS, seed=9, bad_every=10**9) if one.fate == "lead"]
    framed = [
        one._replace(value=codec.encode(codec.parse(one.value, "leads.raw"), "leads.raw"))
        for one in made
    ]
    pipeline.send(framed)
    pipeline.start("all")
    places = Places(pipeline.kafka)
    places.wait(LEADS, 0, timeout_s=60)
    pipeline.stop()

    assert first_event(pipeline, "leads.lifecycle", codec).values()["event_id"]
    places.close()


def first_event(pipeline: Pipeline, topic: str, codec: Codec) -> Event:
    """The first record of a topic, which must be framed."""
    consumer = clients.reader(pipeline.kafka)
    name = pipeline.kafka.prefix + topic
    numbers = consumer.list_topics(name, timeout=10).topics[name].partitions
    consumer.assign([TopicPartition(name, number, 0) for number in numbers])
    values = [
        message.value() or b"" for message in consumer.consume(100, 2.0) if not message.error()
    ]
    consumer.close()
    assert {value[:1] for value in values} == {b"\x00"}
    return codec.decode(values[0])


@pytest.mark.broker
def test_an_outage_matters_only_to_what_is_not_known_yet(
    connected: Callable[[str], Ids],
) -> None:
    """Known ids go on; an unknown one is nobody's event's fault."""
    with running_registry() as own:
        ids = connected(own.url)
        ids.register()
        codec = Codec(ids)
        data = codec.encode(captured(), "leads.raw")
        assert codec.parse(data, "leads.raw") == captured()
    assert codec.encode(captured(), "leads.raw") == data
    assert codec.parse(data, "leads.raw") == captured()
    with pytest.raises(RegistryUnavailable):
        codec.encode(Tick(event_id="t"), "routing.inbox")
    with pytest.raises(RegistryUnavailable):
        codec.parse(b"\x00\x00\x00\x00\x63body", "leads.raw")
