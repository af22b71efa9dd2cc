"""CloudEvents 1.0 in structured mode."""

import base64
from typing import Any

import orjson
import pytest

from schemas.codec import Codec, Unreadable
from schemas.lead import LeadBehaviour

DATA = {"email": "a@example.com", "action": "download", "subject": "guide.pdf"}
ENVELOPE: dict[str, Any] = {
    "specversion": "1.0",
    "id": "ce-1",
    "source": "https://forms.example",
    "type": "lead.behaviour",
    "time": "2026-03-02T09:00:00Z",
    "subject": "the envelope's own",
    "datacontenttype": "application/json",
}


def parsed(envelope: dict[str, Any]) -> LeadBehaviour:
    """The event in an envelope."""
    event = Codec().parse(orjson.dumps(envelope), "leads.raw")
    assert isinstance(event, LeadBehaviour)
    return event


def test_the_envelope_fills_what_the_data_does_not_say() -> None:
    """id, source, type and time become ours; the envelope's subject is not the event's."""
    event = parsed(ENVELOPE | {"data": DATA})
    assert (event.event_id, event.sender, event.type) == (
        "ce-1", "https://forms.example", "lead.behaviour"
    )  # fmt: skip
    assert event.occurred_at == 1_772_442_000_000
    assert (event.subject, event.extra) == ("guide.pdf", {})


def test_what_the_data_says_goes_before_the_envelope() -> None:
    """A sender's own id is the one that repeats are known by."""
    event = parsed(ENVELOPE | {"data": DATA | {"event_id": "own", "sender": "s", "occurred_at": 0}})
    assert (event.event_id, event.sender, event.occurred_at) == ("own", "s", 0)


def test_data_may_be_base64_of_json() -> None:
    """`data_base64` holds the same object as bytes."""
    packed = base64.b64encode(orjson.dumps(DATA)).decode()
    assert parsed(ENVELOPE | {"data_base64": packed}) == parsed(ENVELOPE | {"data": DATA})


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"specversion": "0.3", "data": DATA}, "invalid_field", "specversion"),
        ({"specversion": 1.0, "data": DATA}, "invalid_field", "specversion"),
        ({}, "invalid_field", "data"),
        ({"data": None}, "invalid_field", "data"),
        ({"data": "text"}, "invalid_field", "data"),
        ({"data_base64": 5}, "invalid_field", "data_base64"),
        ({"data_base64": "%"}, "invalid_field", "data_base64"),
        ({"data_base64": "ö"}, "invalid_field", "data_base64"),
        ({"data_base64": "eA=="}, "not_json", None),
        ({"data": DATA, "time": None}, "invalid_field", "occurred_at"),
        ({"data": DATA, "type": "com.example.other"}, "unknown_type", "type"),
    ],
)
def test_an_envelope_that_cannot_be_read_is_refused(
    changes: dict[str, Any], reason: str, field: str | None
) -> None:
    """The attribute at fault is named."""
    with pytest.raises(Unreadable) as caught:
        parsed(ENVELOPE | changes)
    assert (caught.value.reason, caught.value.field) == (reason, field)
