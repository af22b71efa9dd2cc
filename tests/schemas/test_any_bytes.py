"""Whatever the bytes are, reading gives an event or says why not."""

from contextlib import suppress
from io import BytesIO

import fastavro
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.avro import schema_of
from schemas.codec import Codec, Unreadable, decode, encode
from schemas.inner import Tick
from schemas.topics import input_types
from tests.schemas.messages import EXAMPLES, GOLDEN, refused


@settings(max_examples=400)
@given(data=st.binary(max_size=80), start=st.sampled_from([b"", b"\x00", b"\xc3\x01", b"{", b'{"']))
def test_any_bytes_give_an_event_or_unreadable(data: bytes, start: bytes) -> None:
    """No bytes raise anything else, whichever form they pretend to have."""
    for read in (decode, Codec().decode, lambda given: Codec().parse(given, "leads.raw")):
        with suppress(Unreadable):
            read(start + data)


def mutated(golden: bytes, draw: st.DrawFn) -> bytes:
    """The bytes with a few changed, put in, taken out or cut off."""
    data = bytearray(golden)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        piece = draw(st.binary(max_size=10))
        data[at : at + draw(st.integers(0, 4))] = piece
    return bytes(data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data)


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, bytes]:
    """A golden message, damaged behind its header so that the body is reached."""
    path = draw(st.sampled_from(GOLDEN))
    golden = path.read_bytes()
    keep = draw(st.sampled_from([0, 10, 10, 10]))
    return path.name.partition(".")[0], golden[:keep] + mutated(golden[keep:], draw)


@settings(max_examples=600)
@given(case=damaged())
def test_damaged_golden_bytes_give_an_event_or_unreadable(case: tuple[str, bytes]) -> None:
    """Neither reading with trust nor without raises anything but Unreadable."""
    record, data = case
    topics = [topic for (topic, _), m in input_types().items() if m.__name__ == record]
    with suppress(Unreadable):
        Codec().parse(data, (topics or ["leads.raw"])[0])
    with suppress(Unreadable):
        decode(data)


@settings(max_examples=300)
@given(data=st.data())
def test_damaged_golden_json_gives_an_event_or_unreadable(data: st.DataObject) -> None:
    """The same for the JSON examples."""
    golden = data.draw(st.sampled_from(sorted(EXAMPLES.glob("Lead*.json")))).read_bytes()
    changed = data.draw(st.composite(lambda draw: mutated(golden, draw))())
    with suppress(Unreadable):
        Codec().parse(changed, "leads.raw")


@pytest.mark.parametrize("name", ["LeadBehaviour", "LeadCaptured", "AccountChanged", "RepChanged"])
def test_every_cut_of_a_message_is_refused(name: str) -> None:
    """A message cut off anywhere, or with a byte too many, is never taken for a whole one."""
    data = (EXAMPLES / f"{name}.1.bin").read_bytes()
    topic = next(topic for (topic, _), m in input_types().items() if m.__name__ == name)
    for end in range(1, len(data)):
        assert refused(data[:end], topic).reason == "not_avro"
    assert refused(data + b"\x00", topic).reason == "not_avro"
    with pytest.raises(Unreadable):
        decode(data + b"\x00")


def test_a_longer_message_would_pass_without_the_check_of_its_end() -> None:
    """Twin: fastavro by itself takes a body that other bytes follow."""
    data = encode(Tick(event_id="0123456789"))[10:] + b"rest"
    plain = fastavro.schemaless_reader(BytesIO(data), schema_of(Tick), None)
    assert plain == {"event_id": "0123456789"}
