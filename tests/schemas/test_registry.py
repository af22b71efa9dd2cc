"""Messages in a schema registry's framing."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from schemas import codec as codec_module
from schemas.avro import schema_of
from schemas.codec import Codec, Unreadable, encode
from schemas.crm import AccountChanged
from schemas.lead import LeadBehaviour
from tests.schemas.messages import (
    MINIMAL,
    Registry,
    behaviour,
    framed,
    refused,
)


def test_with_a_registry_messages_carry_its_ids() -> None:
    """0x00, four bytes of id, the body; each model and topic is asked for once."""
    registry = Registry("other")
    codec = Codec(registry)
    event = Codec().parse(behaviour(), "leads.raw")
    first, second = codec.encode(event, "leads.raw"), codec.encode(event, "leads.raw")
    assert first == second
    assert first[:5] == b"\x00\x00\x00\x00\x01"
    assert registry.asked == ["leads.raw"]
    assert codec.decode(first) == codec.decode(encode(event)) == event
    assert codec.parse(first, "leads.raw") == event


def test_without_a_registry_messages_carry_fingerprints() -> None:
    """The module's functions and a codec without registry write the same bytes."""
    event = Codec().parse(behaviour(), "leads.raw")
    assert Codec().encode(event, "leads.raw") == encode(event)


def test_a_foreign_schema_is_resolved() -> None:
    """A sender's own schema of our record is read: enums, other units, fields we do not know."""
    foreign = {
        "type": "record",
        "name": "LeadBehaviour",
        "namespace": "com.example",
        "fields": [
            {"name": "event_id", "type": "string"},
            {"name": "occurred_at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
            {"name": "email", "type": "string"},
            {"name": "action", "type": {"type": "enum", "name": "A", "symbols": ["page_view"]}},
            {"name": "ours_not", "type": "string"},
        ],
    }
    sent = MINIMAL | {"occurred_at": 1_772_442_000_123_456, "ours_not": "x"}
    for schema in (foreign, json.dumps(foreign)):
        registry = Registry(schema)
        event = Codec(registry).parse(framed(foreign, sent), "leads.raw")
        assert isinstance(event, LeadBehaviour)
        assert event.occurred_at == 1_772_442_000_123
        assert (event.email, event.sender, event.action) == ("a@example.com", "", "page_view")
        assert event.extra == {"ours_not": '"x"'}


@pytest.mark.parametrize(
    "schema",
    [
        None, "{", "[]", '"string"', 5, {"name": "LeadBehaviour"}, {"name": 3},
        {"type": "record", "name": "Invoice", "fields": []},
        {"type": "record", "name": "LeadBehaviour", "fields": [{"name": "x", "type": "unheard"}]},
    ],
)  # fmt: skip
def test_a_schema_that_is_none_of_ours_is_unknown(schema: Any) -> None:
    """Whatever the registry holds under the id, the answer is a reason."""
    assert refused(b"\x00\x00\x00\x00\x00x", codec=Codec(Registry(schema))).reason in (
        "unknown_schema",
        "not_avro",
    )


def test_a_foreign_schema_that_does_not_fit_is_refused() -> None:
    """A type that cannot be resolved is no crash."""
    schema = {
        "type": "record", "name": "LeadBehaviour", "fields": [{"name": "count", "type": "string"}]
    }  # fmt: skip
    codec = Codec(Registry(schema))
    data = framed(schema, {"count": "many"})
    assert refused(data, codec=codec).reason == "invalid_field"
    with pytest.raises(Unreadable, match="not_avro"):
        codec.decode(data)


class Down(Registry):
    """A registry that does not answer."""

    def record_schema(self, schema_id: int) -> Mapping[str, Any] | str | None:
        """Fails as an HTTP client does."""
        raise ConnectionError(schema_id)


def test_the_registrys_own_error_passes_through() -> None:
    """A registry that is down is no fault of the message: it must not be dead-lettered."""
    with pytest.raises(ConnectionError):
        Codec(Down()).parse(b"\x00\x00\x00\x00\x07x", "leads.raw")


def test_made_up_fingerprints_fill_no_cache() -> None:
    """A sender that invents fingerprints must not make the process grow."""
    before = codec_module._reader.cache_info().currsize
    for number in range(50):
        refused(b"\xc3\x01" + number.to_bytes(8, "big") + b"x")
    assert codec_module._reader.cache_info().currsize == before


def test_a_record_with_the_models_name_from_elsewhere_is_not_trusted_with_our_units() -> None:
    """Twin of the resolved foreign schema: our own units would give a time 1 000 times too late."""
    schema = schema_of(AccountChanged)
    schema["fields"] = [
        field | {"type": {"type": "long", "logicalType": "timestamp-micros"}}
        if field["name"] == "occurred_at"
        else field
        for field in schema["fields"]
    ] + [{"name": "region", "type": "string", "default": ""}]
    sent = {
        "event_id": "1", "occurred_at": 1_772_442_000_123_456,
        "account": {"account_id": "a", "domains": []},
    }  # fmt: skip
    codec = Codec(Registry(schema))
    event = codec.parse(framed(schema, sent), "crm.events")
    assert event.values()["occurred_at"] == 1_772_442_000_123
    wrong = codec.decode(framed(schema, sent))
    assert wrong.values()["occurred_at"] == 1_772_442_000_123_456
