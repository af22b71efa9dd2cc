"""The Avro schema that a model has."""

import json
from typing import Any, Literal

import fastavro
import pytest
from pydantic import Field

from schemas.avro import bare, documented, fingerprint_of, schema_of, without_docs
from schemas.record import Bytes, Event, Record, Time
from schemas.topics import event_models


class Part(Record):
    """A nested record."""

    at: Time


class Whole(Event):
    """Every kind of field there is."""

    text: str
    number: int = 1
    """How many,
    counted."""
    share: float
    truth: bool = False
    raw: Bytes | None = None
    kind: Literal["a", "b"] = "a"
    part: Part | None = None
    parts: tuple[Part, ...] = ()
    by_name: dict[str, tuple[int, ...]] = Field(default_factory=dict)


def test_every_kind_of_field_has_its_avro_type() -> None:
    """A nested record is spelled out once; a Literal is text, so that it can grow."""
    part = {
        "type": "record", "name": "Part", "namespace": "leadstream",
        "fields": [{"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}}],
    }  # fmt: skip
    assert schema_of(Whole) == {
        "type": "record",
        "name": "Whole",
        "namespace": "leadstream",
        "fields": [
            {"name": "text", "type": "string"},
            {"name": "number", "type": "long", "default": 1},
            {"name": "share", "type": "double"},
            {"name": "truth", "type": "boolean", "default": False},
            {"name": "raw", "type": ["null", "bytes"], "default": None},
            {"name": "kind", "type": "string", "default": "a"},
            {"name": "part", "type": ["null", part], "default": None},
            {
                "name": "parts",
                "type": {"type": "array", "items": "leadstream.Part"},
                "default": [],
            },
            {
                "name": "by_name",
                "type": {"type": "map", "values": {"type": "array", "items": "long"}},
                "default": {},
            },
        ],
    }


def test_documentation_comes_from_the_source() -> None:
    """The class's text and the text below a field, each as one line."""
    schema = documented(Whole)
    assert schema["doc"] == "Every kind of field there is."
    assert [field.get("doc") for field in schema["fields"][:3]] == [
        None,
        "How many, counted.",
        None,
    ]
    assert fingerprint_of(schema) == fingerprint_of(schema_of(Whole))
    assert without_docs(schema) == schema_of(Whole)


class Odd(Event):
    """A field that Avro has no type for."""

    pair: tuple[int, str]


class Surprising(Event):
    """An optional field that is not absent by default."""

    text: str | None = "x"


def _namesake() -> type[Record]:
    class Part(Record):
        """Another record called Part."""

    return Part


class Twice(Event):
    """Two records of one name."""

    first: Part
    second: _namesake()  # type: ignore[valid-type] # made at run time


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        (Odd, r"Odd\.pair: .* has no Avro type"),
        (Surprising, r"Surprising\.text: .* default must be None"),
        (Twice, "two models are called Part"),
    ],
)
def test_what_avro_cannot_say_is_refused(model: type[Event], sentence: str) -> None:
    """The sentence names model and field."""
    with pytest.raises(TypeError, match=sentence):
        schema_of(model)


@pytest.mark.parametrize("model", event_models().values(), ids=lambda model: model.__name__)
def test_every_event_has_a_schema_that_others_can_parse(model: type[Event]) -> None:
    """It can be parsed, survives JSON, and is the same on the wire without logical types."""
    schema = documented(model)
    assert json.loads(json.dumps(schema)) == schema
    fastavro.parse_schema(schema)
    assert fingerprint_of(bare(schema)) == fingerprint_of(schema)
    assert "logicalType" not in json.dumps(bare(schema))


def test_fingerprints_are_those_of_the_specification() -> None:
    """The Avro specification's own example: CRC-64-AVRO of "null"."""
    null: Any = "null"
    assert int.from_bytes(fingerprint_of(null), "little") == 0x63DD24E7CC258F8A
