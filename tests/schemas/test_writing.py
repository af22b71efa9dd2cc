"""Our Avro bodies are fastavro's, byte for byte, and what does not fit is refused."""

from io import BytesIO
from typing import Any

import fastavro
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.avro import bare, schema_of
from schemas.outputs import Candidate
from schemas.record import Event, Record
from schemas.topics import event_models
from schemas.writing import LONG_MAX, LONG_MIN, body, long, text
from tests.schemas.strategies import events
from tests.schemas.test_convert import FULL

MODELS = st.sampled_from(sorted(event_models().values(), key=lambda model: model.__name__))


def plain(value: Any) -> Any:
    """A value as fastavro takes it: no records, and no tuples, which it reads as named branches."""
    if isinstance(value, Record):
        return plain(value.model_dump(by_alias=True))
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, tuple) else value


def by_fastavro(event: Record) -> bytes:
    """The body as the library writes it."""
    buffer = BytesIO()
    schema = fastavro.parse_schema(bare(schema_of(type(event))))
    fastavro.schemaless_writer(buffer, schema, plain(event))
    return buffer.getvalue()


@given(MODELS.flatmap(events))
def test_any_event_is_written_as_fastavro_writes_it(event: Event) -> None:
    """Of every model, with every field given or absent."""
    assert body(type(event))(event) == by_fastavro(event)


def test_records_in_every_place_are_written_as_fastavro_writes_them() -> None:
    """Nested in unions, lists, lists of lists and maps, renamed fields among them."""
    assert body(type(FULL))(FULL) == by_fastavro(FULL)


def test_writing_leaves_the_record_alone() -> None:
    """Events are shared, so nothing may be changed in them."""
    before = FULL.model_dump()
    body(type(FULL))(FULL)
    assert FULL.model_dump() == before


@given(st.integers(LONG_MIN, LONG_MAX))
def test_any_whole_number_of_64_bits_comes_back(value: int) -> None:
    """Large and negative ones too."""
    assert fastavro.schemaless_reader(BytesIO(long(value)), "long", None) == value


@pytest.mark.parametrize("value", [LONG_MIN - 1, LONG_MAX + 1])
def test_a_number_beyond_64_bits_is_refused(value: int) -> None:
    """Avro has no place for it; cut off it would be another number."""
    with pytest.raises(OverflowError, match="64 bits"):
        long(value)


def test_half_a_character_is_refused() -> None:
    """A lone surrogate is no text that anybody could read."""
    with pytest.raises(UnicodeEncodeError):
        text("\ud800")


def test_a_missing_value_is_refused() -> None:
    """A field that must be there is never written as if it were empty."""
    broken = Candidate.model_construct(**(dict(_CANDIDATE.values()) | {"rep_id": None}))
    with pytest.raises(AttributeError):
        body(Candidate)(broken)


_CANDIDATE = Candidate(rep_id="ann", eligible=True, load=0)
