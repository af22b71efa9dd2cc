"""Events as bytes and back: Avro between the agents, Avro or JSON from outside.

Three forms, told apart by the first byte: 0x00 schema registry framing (Confluent: 4-byte id, then
the Avro body), 0xC3 0x01 Avro single-object encoding (8-byte fingerprint, then the body), anything
else JSON, plain or CloudEvents. `encode`/`decode` trust the bytes, `parse` trusts nothing.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol

from schemas.avro import fingerprint_of, schema_of
from schemas.body import Reader
from schemas.incoming import event_fields, json_object, without_mark
from schemas.record import Event
from schemas.topics import INPUT_BYTES_MAX, event_models
from schemas.unreadable import Unreadable
from schemas.validated import check_topic, model_for, validated
from schemas.versions import known_versions
from schemas.writing import body

__all__ = ["Codec", "SchemaIds", "Unreadable", "decode", "encode", "from_json", "to_json"]

SINGLE_OBJECT = b"\xc3\x01"
REGISTRY = b"\x00"
_SINGLE_OBJECT_HEADER = 10
REGISTRY_HEADER = 5


class SchemaIds(Protocol):
    """A schema registry as the codec sees it; the agents have the one that speaks HTTP.

    Both may raise the registry's own errors, which pass through the codec unchanged.
    """

    def id_of(self, record_type: type[Event], topic: str) -> int:
        """The id of the model's schema (`schemas.avro.documented`) under the topic's subject."""

    def record_schema(self, schema_id: int) -> Mapping[str, Any] | str | None:
        """The schema registered under an id, as JSON text or as its content; None: no such id."""


@cache
def _single_object_header(model: type[Event]) -> bytes:
    return SINGLE_OBJECT + fingerprint_of(schema_of(model))


@cache
def _reader(fingerprint: bytes) -> Reader | None:
    found = known_versions().get(fingerprint)
    return Reader(*found) if found else None


def _single_object_reader(data: bytes) -> Reader:
    if data[:2] != SINGLE_OBJECT or len(data) < _SINGLE_OBJECT_HEADER:
        raise Unreadable(
            "not_avro", None, "not an Avro single object: it must begin with 0xC3 0x01 and an "
            "8-byte fingerprint",
        )  # fmt: skip
    # Unknown fingerprints must not fill the cache: a sender can make up any number of them.
    fingerprint = bytes(data[2:_SINGLE_OBJECT_HEADER])
    reader = _reader(fingerprint) if fingerprint in known_versions() else None
    if reader is not None:
        return reader
    raise Unreadable(
        "unknown_version",
        None,
        f"no committed schema has the fingerprint {fingerprint.hex()}; send a version "
        "from schemas/avsc, or update leadstream first",
    )


def encode(event: Event) -> bytes:
    """The event as an Avro single object: 0xC3 0x01, the schema's fingerprint, the body."""
    model = type(event)
    return _single_object_header(model) + body(model)(event)


def decode(data: bytes) -> Event:
    """The event in an Avro single object of any committed version, built without validation.

    Only for bytes that this project wrote. Raises `Unreadable`: `unknown_version` for a
    fingerprint that is not committed, `not_avro` for bytes that do not follow their schema.
    """
    return _single_object_reader(data).trusted(data, _SINGLE_OBJECT_HEADER)


def to_json(event: Event) -> dict[str, Any]:
    """The event as JSON content: times as RFC 3339, bytes as base64, absent fields left out."""
    return event.model_dump(mode="json", by_alias=True, exclude_none=True)


def from_json(topic: str, mapping: Mapping[str, Any]) -> Event:
    """The validated event of an input or output topic from JSON content, plain or CloudEvents.

    Raises `Unreadable` as `Codec.parse` does. An inbox holds several records without a `type` of
    their own: its events are read with `decode`.
    """
    fields = event_fields(dict(mapping))
    return validated(model_for(topic, fields.get("type")), fields)


class Codec:
    """Events as bytes on a topic: registry framing where there is a registry, else single object.

    Reading takes both framings either way, so that a registry can be added to a running system.
    """

    def __init__(self, registry: SchemaIds | None = None) -> None:
        self._registry = registry
        self._headers: dict[tuple[type[Event], str], bytes] = {}
        self._readers: dict[int, tuple[Reader, Reader]] = {}

    def encode(self, event: Event, topic: str) -> bytes:
        """The event's bytes for a topic. Raises the registry's own errors."""
        model = type(event)
        header = self._headers.get((model, topic)) or self._header(model, topic)
        return header + body(model)(event)

    def decode(self, data: bytes) -> Event:
        """The event in trusted bytes of either framing, built without validation.

        Raises `Unreadable` as `decode` and, for an id that is not one of our records',
        `unknown_schema`; and the registry's own errors.
        """
        if data[:1] == REGISTRY:
            return self._registry_readers(data)[0].trusted(data, REGISTRY_HEADER)
        return decode(data)

    def parse(self, data: bytes, topic: str) -> Event:
        """The validated event in bytes from outside: JSON, CloudEvents or either Avro framing.

        Unreleased events are read as well; refusing them is intake's decision. Raises
        `Unreadable` for whatever cannot be accepted, and the registry's own errors.
        """
        if len(data) > INPUT_BYTES_MAX:
            raise Unreadable(
                "too_large", None, f"{len(data)} bytes; a message may have {INPUT_BYTES_MAX}"
            )
        if data[:1] == REGISTRY:
            return self._parse_avro(self._registry_readers(data)[1], data, REGISTRY_HEADER, topic)
        if data[:1] == SINGLE_OBJECT[:1]:
            reader = _single_object_reader(data)
            return self._parse_avro(reader, data, _SINGLE_OBJECT_HEADER, topic)
        if not without_mark(data):
            raise Unreadable("empty", None, "the message is empty; send one JSON object a message")
        return from_json(topic, json_object(data))

    def _parse_avro(self, reader: Reader, data: bytes, start: int, topic: str) -> Event:
        check_topic(topic, reader.model)
        return validated(reader.model, reader.untrusted(data, start))

    def _header(self, model: type[Event], topic: str) -> bytes:
        if self._registry is None:
            header = _single_object_header(model)
        else:
            header = REGISTRY + self._registry.id_of(model, topic).to_bytes(4, "big")
        self._headers[model, topic] = header
        return header

    def _registry_readers(self, data: bytes) -> tuple[Reader, Reader]:
        """The readers, trusting and not, of the schema id that the bytes name."""
        if len(data) < REGISTRY_HEADER:
            raise Unreadable(
                "not_avro", None, "registry framing must begin with 0x00 and a 4-byte schema id"
            )
        schema_id = int.from_bytes(data[1:REGISTRY_HEADER], "big")
        readers = self._readers.get(schema_id)
        if readers is None:
            readers = _readers_for(self._schema(schema_id), schema_id)
            self._readers[schema_id] = readers
        return readers

    def _schema(self, schema_id: int) -> Mapping[str, Any] | str | None:
        if self._registry is not None:
            return self._registry.record_schema(schema_id)
        raise Unreadable(
            "unknown_schema",
            None,
            f"the message names schema {schema_id} of a schema registry and none is configured; "
            "name the registry in the settings, or send Avro single objects or JSON",
        )


def _readers_for(found: Mapping[str, Any] | str | None, schema_id: int) -> tuple[Reader, Reader]:
    try:
        schema = json.loads(found) if isinstance(found, str) else dict(found or {})
        model = event_models()[schema["name"].rpartition(".")[2]]
        ours = fingerprint_of(schema) in known_versions()
        return Reader(model, schema), Reader(model, schema, ours=ours)
    except (ValueError, LookupError, TypeError, AttributeError):
        raise Unreadable(
            "unknown_schema",
            None,
            f"schema {schema_id} of the registry is none of an event that leadstream knows; "
            "register the schemas from schemas/avsc",
        ) from None
