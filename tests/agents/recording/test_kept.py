"""What a replay asks for is in the recording: schemas by id, ids by record."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from agents.kafka.scan import Found
from agents.leaving import StayDown
from agents.recording.file import About, opened, written
from agents.recording.kept import KeptSchemas, named_schemas, schemas_of
from schemas.avro import documented
from schemas.codec import Codec
from schemas.inner import Tick
from schemas.record import Event
from schemas.topics import CATALOGUE

TICK = Tick(event_id="tick-1")


class Numbers:
    """A registry in memory: ids in the order in which they are asked for."""

    def __init__(self) -> None:
        """Has nothing yet."""
        self.known: dict[tuple[str, str], int] = {}
        self.schemas: dict[int, Mapping[str, Any]] = {}

    def id_of(self, record_type: type[Event], topic: str) -> int:
        """An id of its own for each record of each topic."""
        number = self.known.setdefault((topic, record_type.__name__), len(self.known) + 1)
        self.schemas[number] = documented(record_type)
        return number

    def record_schema(self, schema_id: int) -> Mapping[str, Any] | None:
        """The schema, None for an id that was not given."""
        return self.schemas.get(schema_id)


def with_value(value: bytes) -> Found:
    """A record."""
    return Found("leads.raw", 0, 0, 0, None, value)


def test_ids_are_found_in_what_carries_them_and_nowhere_else() -> None:
    """The framing's first byte and four more."""
    values = (b"\x00\x00\x00\x01\x02body", b"\x00\x00\x00", b'{"type": ""}', b"", b"\xc3\x01" * 9)
    assert list(named_schemas(map(with_value, values))) == [258]


def test_what_was_written_with_ids_is_read_and_written_again_without_the_registry(
    tmp_path: Path,
) -> None:
    """The same bytes; an id that the registry did not have is none here either."""
    registry = Numbers()
    framed = Codec(registry).encode(TICK, "accounts.inbox")
    (named,) = named_schemas([with_value(framed)])
    with written(tmp_path / "a") as writing:
        writing.begin(About(None, framed=True), {})
        writing.note_schemas(schemas_of(registry, [named, 9_999]))
    with opened(tmp_path / "a") as source:
        kept = Codec(KeptSchemas(source))
        assert kept.decode(framed) == TICK
        assert kept.encode(TICK, "accounts.inbox") == framed
        assert KeptSchemas(source).record_schema(9_999) is None


def test_every_released_record_has_its_id() -> None:
    """Whatever a stage may write, also what it never wrote in the run."""
    found = schemas_of(Numbers(), [])
    wanted = {
        (topic.name, event.__name__)
        for topic in CATALOGUE.values()
        for event in topic.events
        if event.released
    }
    assert found.ids.keys() == wanted


def test_a_record_that_came_with_a_later_program_is_said_to_be_one(tmp_path: Path) -> None:
    """In a sentence that says what to do."""
    with written(tmp_path / "a") as writing:
        writing.begin(About(None, framed=True), {})
    with opened(tmp_path / "a") as source, pytest.raises(StayDown, match="no Tick for accounts"):
        KeptSchemas(source).id_of(Tick, "accounts.inbox")


def test_schemas_are_kept_as_text() -> None:
    """As Avro has them."""
    registry = Numbers()
    number = registry.id_of(Tick, "accounts.inbox")
    assert json.loads(schemas_of(registry, [number]).contents[number])["name"] == "Tick"
