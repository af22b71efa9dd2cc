"""A real schema registry: ids, framing, and what an outage costs."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest
from confluent_kafka.schema_registry import Schema, SchemaRegistryClient

from agents.kafka import registry as registry_module
from agents.kafka.registry import Registry as Ids
from agents.kafka.registry import subject
from agents.kafka.unavailable import RegistryUnavailable
from agents.leaving import StayDown
from schemas.avro import documented
from schemas.codec import Codec, Unreadable
from schemas.inner import Tick
from schemas.lead import LeadCaptured
from schemas.topics import CATALOGUE
from tests.registry import Registry, running_registry


@pytest.fixture(scope="module")
def registry() -> Iterator[Registry]:
    """A registry that this file's tests share; the last one ends it."""
    with running_registry() as shared:
        yield shared


@pytest.fixture
def own_registry() -> Iterator[Registry]:
    """A registry that a test may end."""
    with running_registry() as own:
        yield own


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


def test_what_is_not_registered_is_not_written(
    registry: Registry, connected: Callable[[str], Ids]
) -> None:
    """A worker never registers while records flow; it says which command does."""
    codec = Codec(connected(registry.url))
    with pytest.raises(StayDown, match="leadstream topics create"):
        codec.encode(Tick(event_id="t"), "routing.inbox")


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


def test_an_unknown_id_is_the_messages_fault(
    registry: Registry, connected: Callable[[str], Ids]
) -> None:
    """It is refused with a reason; nothing waits for it."""
    with pytest.raises(Unreadable) as refusal:
        Codec(connected(registry.url)).parse(b"\x00\x7f\xff\xff\xffbody", "leads.raw")
    assert refusal.value.reason == "unknown_schema"


def test_an_incompatible_schema_is_refused_when_it_is_registered(registry: Registry) -> None:
    """The registry's own check is on, and its refusal is a sentence."""
    content = json.loads(json.dumps(documented(Tick)))
    content["fields"].append({"name": "added", "type": "string"})
    name = "test-leadstream.Tick"
    with closing(SchemaRegistryClient({"url": registry.url})) as client:
        client.register_schema(name, Schema(json.dumps(documented(Tick)), "AVRO"))
        assert not client.test_compatibility(name, Schema(json.dumps(content), "AVRO"))


def test_an_unknown_id_is_asked_for_again_only_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A schema may be registered late; and made-up ids, of which there may be many, cost little."""
    asked: list[int] = []
    now = [100.0]
    ids = Ids("http://127.0.0.1:1")
    monkeypatch.setattr(registry_module, "steady_s", lambda: now[0])
    monkeypatch.setattr(ids, "_fetched", asked.append)
    for _ in range(3):
        assert ids.record_schema(7) is None
    now[0] += registry_module.UNKNOWN_S
    assert ids.record_schema(7) is None
    assert asked == [7, 7]
    for schema_id in range(3 * registry_module.UNKNOWN_MAX):
        ids.record_schema(schema_id)
    assert len(ids._unknown_s) <= registry_module.UNKNOWN_MAX
    ids.close()


def test_an_outage_matters_only_to_what_is_not_known_yet(
    own_registry: Registry, connected: Callable[[str], Ids]
) -> None:
    """Known ids go on; an unknown one is nobody's event's fault."""
    ids = connected(own_registry.url)
    ids.register()
    codec = Codec(ids)
    data = codec.encode(captured(), "leads.raw")
    assert codec.parse(data, "leads.raw") == captured()
    own_registry.kill()
    assert codec.encode(captured(), "leads.raw") == data
    assert codec.parse(data, "leads.raw") == captured()
    with pytest.raises(RegistryUnavailable):
        codec.encode(Tick(event_id="t"), "routing.inbox")
    with pytest.raises(RegistryUnavailable):
        codec.parse(b"\x00\x00\x00\x00\x63body", "leads.raw")
