"""Events as bytes and back, trusted and not."""

import json

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.codec import Codec, Unreadable, decode, encode, from_json, to_json
from schemas.inner import EventReceived
from schemas.lead import LeadCaptured
from schemas.outputs import LeadRejected, LeadScored
from schemas.record import Event
from schemas.topics import INPUT_BYTES_MAX, INPUTS, event_models, input_types
from tests.schemas.messages import (
    EXAMPLES,
    MODELS,
    behaviour,
    refused,
)
from tests.schemas.strategies import events


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_event_survives_avro_and_json(model: type[Event], data: st.DataObject) -> None:
    """What is written is read back equal, without validation and with it."""
    event = data.draw(events(model))
    back = decode(encode(event))
    assert back == event
    assert encode(back) == encode(event)
    assert to_json(back) == to_json(event)
    assert model.model_validate(orjson.loads(orjson.dumps(to_json(event)))) == event


def test_a_decoded_event_is_frozen_and_shares_tuples_not_lists() -> None:
    """A record built without validation behaves as one built with it."""
    event = decode((EXAMPLES / "RepAssigned.1.bin").read_bytes())
    again = type(event).model_validate(event.model_dump(by_alias=True))
    assert event == again
    assert repr(event) == repr(again)
    assert event.model_fields_set == again.model_fields_set
    assert event.model_copy() == event
    with pytest.raises(ValueError, match="frozen"):
        event.attempt = 3  # type: ignore[attr-defined] # writing must fail at run time


def test_a_copy_of_a_decoded_event_leaves_the_original_alone() -> None:
    """Two decoded events share nothing that can be changed."""
    data = (EXAMPLES / "Alert.1.bin").read_bytes()
    first, second = decode(data), decode(data)
    changed = first.model_copy(update={"limit": "9 min"})
    assert changed != second
    assert first == second


def test_numbers_of_64_bits_survive() -> None:
    """Avro's long is 64 bits wide, and so are our numbers."""
    for version in (2**63 - 1, -(2**63)):
        event = event_models()["PolicyActivated"].model_validate(
            {"event_id": "1", "version": version, "effective_at": 0}
        )
        assert decode(encode(event)) == event


@pytest.mark.parametrize("topic", [topic.name for topic in INPUTS])
@settings(max_examples=40)
@given(data=st.data())
def test_whatever_is_accepted_can_be_passed_on(topic: str, data: st.DataObject) -> None:
    """An input event that passes validation can always be encoded for the next hop."""
    model = data.draw(st.sampled_from([m for (t, _), m in input_types().items() if t == topic]))
    sent = to_json(data.draw(events(model))) | {"unknown": data.draw(st.integers() | st.text())}
    for name in data.draw(st.lists(st.sampled_from(sorted(sent)), max_size=2)):
        sent[name] = data.draw(
            st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=9) | st.booleans()
        )
    try:
        event = Codec().parse(json.dumps(sent).encode(), topic)
    except Unreadable:
        return
    assert decode(encode(event)) == event


def test_inner_events_carry_the_input_event_as_bytes() -> None:
    """The golden EventReceived holds a golden LeadCaptured."""
    received = decode((EXAMPLES / "EventReceived.1.bin").read_bytes())
    assert isinstance(received, EventReceived)
    assert isinstance(decode(received.event), LeadCaptured)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"{" + b" " * INPUT_BYTES_MAX, "too_large"),
        (b"\xff\xfe{\x00}\x00", "not_json"),
        (b"[]", "not_json"),
        (b"null", "not_json"),
        (b'{"a":1', "not_json"),
        (b'{"a":1}{"a":1}', "not_json"),
        (b'{"a":NaN}', "not_json"),
        (b'{"a":1e999}', "not_json"),
        (b'{"a":"\\ud800"}', "not_json"),
        (b'{"a":"\xe9"}', "not_json"),
        (b"[" * 200_000, "not_json"),
        (b'{"a":' * 5_000, "not_json"),
        (b"\x00", "not_avro"),
        (b"\x00abc", "not_avro"),
        (b"\x00abcdef", "unknown_schema"),
        (b"\xc3", "not_avro"),
        (b"\xc3\x02aaaaaaaabb", "not_avro"),
        (b"\xc3\x01aaaaaaa", "not_avro"),
        (b"\xc3\x01aaaaaaaabb", "unknown_version"),
        (b"{}", "unknown_type"),
        (b'{"type":null}', "unknown_type"),
        (b'{"type":["lead.captured"]}', "unknown_type"),
        (b'{"type":"lead.Captured"}', "unknown_type"),
        (b'{"type":"rep.changed"}', "wrong_topic"),
        (behaviour()[:-1] + b',"deep":' + b"[" * 300 + b"]" * 300 + b"}", "invalid_field"),
        (behaviour()[:-1] + b',"count":123456789012345678901234567890}', "invalid_field"),
    ],
)  # fmt: skip
def test_bytes_that_cannot_be_accepted_have_a_reason(data: bytes, reason: str) -> None:
    """Each kind of bad message has its reason and a sentence, and never another exception."""
    error = refused(data)
    assert error.reason == reason
    assert error.detail
    assert str(error) == f"{reason}: {error.detail}"


def test_json_is_told_by_its_first_byte_behind_space_and_mark() -> None:
    """White space and a byte order mark may stand before the object."""
    plain = Codec().parse(behaviour(), "leads.raw")
    assert Codec().parse(b"\xef\xbb\xbf \r\n" + behaviour() + b"\n", "leads.raw") == plain


def test_a_topic_that_takes_nothing_from_outside_says_so() -> None:
    """Inboxes, unknown topics and Avro of another topic are refused with the right place."""
    inbox = refused(behaviour(type="x"), "routing.inbox")
    assert (inbox.reason, "leads.raw" in inbox.detail) == ("wrong_topic", True)
    assert refused(behaviour(), "leads.rwa").reason == "wrong_topic"
    avro = refused((EXAMPLES / "RepChanged.1.bin").read_bytes(), "leads.raw")
    assert (avro.reason, "reps.events" in avro.detail) == ("wrong_topic", True)


def test_output_events_are_read_from_json_by_their_topic() -> None:
    """An output topic has one record, so its JSON needs no type."""
    content = orjson.loads((EXAMPLES / "LeadScored.1.json").read_bytes())
    event = from_json("leads.scored", content)
    assert isinstance(event, LeadScored)
    assert to_json(event) == content


def test_bytes_are_base64_in_json() -> None:
    """The original of a dead letter survives JSON whatever it holds."""
    content = orjson.loads((EXAMPLES / "LeadRejected.1.json").read_bytes())
    event = from_json("leads.rejected", content)
    assert isinstance(event, LeadRejected)
    assert event.original == b'{"type":\xff\x00'
    with pytest.raises(Unreadable, match="base64"):
        from_json("leads.rejected", content | {"original": "ö"})


def test_unreleased_events_are_read_so_that_intake_can_refuse_them() -> None:
    """`not_released` is intake's answer; the codec only reads."""
    sent = b'{"type":"lead.claim","event_id":"1","occurred_at":0,"pool":"p","rep_id":"r"}'
    assert not Codec().parse(sent, "pools.commands").released
