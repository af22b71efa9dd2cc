"""Messages, good and bad, and a registry, for the tests of the codec."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import fastavro
import orjson
import pytest

from schemas.avro import documented
from schemas.codec import Codec, Unreadable
from schemas.record import Event
from schemas.topics import event_models
from schemas.versions import AVSC

EXAMPLES = AVSC.parent / "examples"
MODELS = tuple(event_models().values())
GOLDEN = tuple(sorted(EXAMPLES.glob("*.bin")))
MINIMAL = {
    "type": "lead.behaviour",
    "event_id": "1",
    "occurred_at": "2026-03-02T09:00:00Z",
    "email": "a@example.com",
    "action": "page_view",
}


class Registry:
    """A registry in memory that gives every model an id, and holds foreign schemas too."""

    def __init__(self, *foreign: Any) -> None:
        self.schemas: list[Any] = [*foreign]
        self.asked: list[str] = []

    def id_of(self, record_type: type[Event], topic: str) -> int:
        """Registers the model's schema."""
        self.asked.append(topic)
        self.schemas.append(documented(record_type))
        return len(self.schemas) - 1

    def record_schema(self, schema_id: int) -> Mapping[str, Any] | str | None:
        """What is registered."""
        return self.schemas[schema_id] if schema_id < len(self.schemas) else None


def refused(data: bytes, topic: str = "leads.raw", codec: Codec | None = None) -> Unreadable:
    """How the bytes are refused."""
    with pytest.raises(Unreadable) as caught:
        (codec or Codec()).parse(data, topic)
    return caught.value


def framed(schema: Any, fields: dict[str, Any], schema_id: int = 0) -> bytes:
    """A message in registry framing, as an outside producer writes it."""
    buffer = BytesIO()
    fastavro.schemaless_writer(buffer, schema, fields)
    return b"\x00" + schema_id.to_bytes(4, "big") + buffer.getvalue()


def behaviour(**fields: Any) -> bytes:
    """A small valid event as JSON, with other fields."""
    return orjson.dumps(MINIMAL | fields)
